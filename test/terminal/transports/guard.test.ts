import { describe, expect, it } from "vitest"
import { CardRemovedError, hex, toHex } from "../../../src/apdu/index.js"
import { guardTransport } from "../../../src/terminal/transports/guard.js"
import { scriptedLine } from "../support/lines.js"

const select = hex("00A40000023F00")

describe("guard", () => {
  it.each([0, 1, 3, 65_536])("refuses a command of %i bytes without touching the card", async (length) => {
    const line = scriptedLine([])
    await expect(guardTransport(line).transmit(new Uint8Array(length))).rejects.toMatchObject({
      code: "COMMAND_LENGTH",
    })
    expect(line.sent).toEqual([])
  })

  it.each([4, 65_535])("lets a command of %i bytes through", async (length) => {
    const line = scriptedLine(["6700"])
    expect(toHex(await guardTransport(line).transmit(new Uint8Array(length)))).toBe("6700")
  })

  it.each(["", "90"])("takes the answer %j for a card that vanished, for ever", async (answer) => {
    const line = scriptedLine([answer, "9000"])
    const transport = guardTransport(line)
    await expect(transport.transmit(select)).rejects.toBeInstanceOf(CardRemovedError)
    await expect(transport.transmit(select)).rejects.toBeInstanceOf(CardRemovedError)
    expect(line.sent).toHaveLength(1)
  })

  it("stays removed after the line said so", async () => {
    let calls = 0
    const transport = guardTransport({
      transmit: async () => {
        calls += 1
        throw new CardRemovedError()
      },
      async close() {},
    })
    await expect(transport.transmit(select)).rejects.toBeInstanceOf(CardRemovedError)
    await expect(transport.transmit(select)).rejects.toBeInstanceOf(CardRemovedError)
    expect(calls).toBe(1)
  })
})
