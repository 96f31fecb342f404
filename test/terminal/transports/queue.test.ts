import { describe, expect, it } from "vitest"
import { CardRemovedError, hex, toHex } from "../../../src/apdu/index.js"
import { queueTransport } from "../../../src/terminal/transports/queue.js"
import { manualLine } from "../support/lines.js"

const numbered = (number: number): Uint8Array => Uint8Array.of(0, 0xb2, number, 4)

/** Lets every promise that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe("queue", () => {
  it("sends 100 concurrent commands one at a time and answers in order", async () => {
    let running = 0
    const transport = queueTransport({
      async transmit(command) {
        running += 1
        await settle()
        expect(running).toBe(1)
        running -= 1
        return Uint8Array.of(command[2]!, 0x90, 0)
      },
      async close() {},
    })
    const order: number[] = []
    const answers = Array.from({ length: 100 }, (_, i) => transport.transmit(numbered(i)))
    for (const answer of answers) answer.then(([first]) => order.push(first!))
    await Promise.all(answers)
    expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  it("keeps a command as it was when it was queued", async () => {
    const line = manualLine()
    const transport = queueTransport(line)
    const first = transport.transmit(numbered(1))
    const buffer = numbered(2)
    const second = transport.transmit(buffer)
    buffer.fill(0xff)
    line.answer("9000")
    await first
    await settle()
    expect(line.sent).toEqual(["00B20104", "00B20204"])
    line.answer("9000")
    await second
  })

  it("goes on after a command failed", async () => {
    let calls = 0
    const transport = queueTransport({
      transmit: async () => {
        calls += 1
        if (calls === 1) throw new CardRemovedError()
        return hex("9000")
      },
      async close() {},
    })
    const first = transport.transmit(numbered(1))
    const second = transport.transmit(numbered(2))
    await expect(first).rejects.toMatchObject({ code: "CARD_REMOVED" })
    expect(toHex(await second)).toBe("9000")
  })

  it("closes after the running command and refuses those that wait", async () => {
    const line = manualLine()
    const transport = queueTransport(line)
    const running = transport.transmit(numbered(1))
    const waiting = transport.transmit(numbered(2))
    const refused = expect(waiting).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    const closing = transport.close()
    line.answer("9000")
    expect(toHex(await running)).toBe("9000")
    await refused
    await closing
    await expect(transport.transmit(numbered(3))).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    expect(line.sent).toEqual(["00B20104"])
  })
})
