import { describe, expect, it } from "vitest"
import { CardRemovedError, hex, ShebaoError, toHex } from "../../../src/apdu/index.js"
import { type Fault, faultTransport } from "../../../src/terminal/transports/fault.js"
import { scriptedLine } from "../support/lines.js"

const read = hex("00B2010400")
const second = (fault: Fault) => (_: Uint8Array, number: number) => (number === 2 ? fault : undefined)

describe("faults on the line", () => {
  it("leaves commands without a fault alone", async () => {
    const line = scriptedLine(["9000", "6A83"])
    const transport = faultTransport(line, () => undefined)
    expect(toHex(await transport.transmit(read))).toBe("9000")
    expect(toHex(await transport.transmit(read))).toBe("6A83")
  })

  it("removes the card before a command reaches it, for good", async () => {
    const line = scriptedLine(["9000", "9000", "9000"])
    const transport = faultTransport(line, second({ kind: "remove" }))
    await transport.transmit(read)
    await expect(transport.transmit(read)).rejects.toBeInstanceOf(CardRemovedError)
    await expect(transport.transmit(read)).rejects.toBeInstanceOf(CardRemovedError)
    expect(line.sent).toHaveLength(1)
  })

  it("loses the answer of a command that the card ran", async () => {
    const line = scriptedLine(["9000", "9000", "9000"])
    const transport = faultTransport(line, second({ kind: "lose-answer" }))
    await transport.transmit(read)
    await expect(transport.transmit(read)).rejects.toBeInstanceOf(CardRemovedError)
    await expect(transport.transmit(read)).rejects.toBeInstanceOf(CardRemovedError)
    expect(line.sent).toHaveLength(2)
  })

  it("answers instead of the card", async () => {
    const line = scriptedLine(["9000", "9000"])
    const transport = faultTransport(line, second({ kind: "answer", response: hex("6581") }))
    await transport.transmit(read)
    expect(toHex(await transport.transmit(read))).toBe("6581")
    expect(toHex(await transport.transmit(read))).toBe("9000")
    expect(line.sent).toHaveLength(2)
  })

  it("changes an answer on its way", async () => {
    const cut: Fault = { kind: "change-answer", change: (response) => response.subarray(-2) }
    const transport = faultTransport(scriptedLine(["AABB9000"]), () => cut)
    expect(toHex(await transport.transmit(read))).toBe("9000")
  })

  it("fails with any error", async () => {
    const error = new ShebaoError("COMMUNICATION", "noise on the line")
    const transport = faultTransport(scriptedLine([]), () => ({ kind: "fail", error }))
    await expect(transport.transmit(read)).rejects.toBe(error)
  })

  it("delays an answer", async () => {
    const transport = faultTransport(scriptedLine(["9000"]), () => ({ kind: "delay", milliseconds: 1 }))
    expect(toHex(await transport.transmit(read))).toBe("9000")
  })
})
