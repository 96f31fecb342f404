import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { deadlineTransport, defaultDeadline } from "../../../src/terminal/transports/deadline.js"
import { manualLine } from "../support/lines.js"

const select = hex("00A40000023F00")

describe("deadline", () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it("lets an answer in time through", async () => {
    const line = manualLine()
    const transport = deadlineTransport(line, 1000)
    const answer = transport.transmit(select)
    vi.advanceTimersByTime(999)
    line.answer("9000")
    expect(toHex(await answer)).toBe("9000")
    await transport.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it("gives each command its whole time, whatever came before and however long ago", async () => {
    const line = manualLine()
    const transport = deadlineTransport(line, (command) => (command[1] === 0xa4 ? 1000 : 5000))
    for (const [command, idle, milliseconds] of [
      [select, 0, 1000],
      [select, 0, 1000],
      [hex("00B0000000"), 400, 5000],
      [select, 20_000, 1000],
    ] as const) {
      vi.advanceTimersByTime(idle)
      const answer = transport.transmit(command)
      vi.advanceTimersByTime(milliseconds - 1)
      line.answer("9000")
      expect(toHex(await answer)).toBe("9000")
    }
    vi.advanceTimersByTime(999)
    const mute = transport.transmit(select)
    vi.advanceTimersByTime(1000)
    await expect(mute).rejects.toMatchObject({ code: "TIMEOUT" })
  })

  it("sets no timer for a command that is answered at once", async () => {
    const line = manualLine()
    const transport = deadlineTransport(line, 60_000)
    const arm = vi.spyOn(globalThis, "setTimeout")
    const answer = transport.transmit(select)
    line.answer("9000")
    await answer
    vi.advanceTimersByTime(1)
    expect(arm).not.toHaveBeenCalled()
  })

  it("never keeps the process alive between commands", async () => {
    const line = manualLine()
    const transport = deadlineTransport(line, 60_000)
    for (let command = 0; command < 2; command++) {
      const answer = transport.transmit(select)
      vi.advanceTimersByTime(1)
      expect(vi.getTimerCount()).toBe(1)
      line.answer("9000")
      await answer
      expect(vi.getTimerCount()).toBe(0)
    }
  })

  it("rejects with TIMEOUT when the card is mute", async () => {
    const answer = deadlineTransport(manualLine(), 1000).transmit(select)
    vi.advanceTimersByTime(1000)
    await expect(answer).rejects.toMatchObject({ code: "TIMEOUT", message: "The card did not answer within 1000 ms." })
  })

  it("sends nothing more after a deadline passed", async () => {
    const line = manualLine()
    const transport = deadlineTransport(line, 1000)
    const first = transport.transmit(select)
    vi.advanceTimersByTime(1000)
    await expect(first).rejects.toThrow()
    await expect(transport.transmit(select)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    line.answer("9000")
    await expect(transport.transmit(select)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    expect(line.sent).toHaveLength(1)
  })

  it("closes at once while a command is stuck, and the line itself when the command has returned", async () => {
    const line = manualLine()
    const close = vi.spyOn(line, "close")
    const transport = deadlineTransport(line, 1000)
    const first = transport.transmit(select)
    vi.advanceTimersByTime(1000)
    await expect(first).rejects.toThrow()
    await transport.close()
    expect(close).not.toHaveBeenCalled()
    line.answer("9000")
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce())
  })

  it("passes errors of the line on and takes its timer down", async () => {
    const line = { transmit: () => Promise.reject(new Error("broken")), close: async () => {} }
    const transport = deadlineTransport(line, 1000)
    await expect(transport.transmit(select)).rejects.toThrow("broken")
    await transport.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([0, -1, 1.5, Number.NaN])("refuses a deadline of %s ms", (milliseconds) => {
    expect(() => deadlineTransport(manualLine(), milliseconds)).toThrow(/^deadline: /)
  })
})

describe("default deadline (readers §6.7)", () => {
  it.each([
    ["00A40000023F00", 30_000],
    ["8040000008C0020012C2020013", 120_000],
    ["84D4000A24", 120_000],
  ])("%s has %i ms", (command, milliseconds) => {
    expect(defaultDeadline(hex(command))).toBe(milliseconds)
  })
})
