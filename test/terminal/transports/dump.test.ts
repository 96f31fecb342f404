import { describe, expect, it } from "vitest"
import { CardRemovedError, hex, parseDump, toHex } from "../../../src/apdu/index.js"
import { dumpTransport, formatDumpEvent } from "../../../src/terminal/transports/dump.js"
import { scriptedLine } from "../support/lines.js"

describe("dump", () => {
  it("writes a file that reads back as the same exchanges", async () => {
    let text = ""
    const transport = dumpTransport(scriptedLine(["6118", "6A83"]), (event) => {
      text += formatDumpEvent(event)
    })
    await transport.transmit(hex("00A40000023F00"))
    await transport.transmit(hex("00B2010400"))
    const { entries } = parseDump(text)
    expect(entries.map((entry) => [toHex(entry.command), toHex(entry.response)])).toEqual([
      ["00A40000023F00", "6118"],
      ["00B2010400", "6A83"],
    ])
    expect(entries.every((entry) => entry.milliseconds! >= 0)).toBe(true)
  })

  it.each([
    ["VERIFY", "0020000003123456", "0020000003FFFFFF"],
    ["CHANGE PIN", "805E010007123456FF654321", "805E010007FFFFFFFFFFFFFF"],
    ["PIN RELOAD", "842400010CD3C829A7803F2F92F6CDF497", "842400010CFFFFFFFFFFFFFFFFFFFFFFFF"],
  ])("keeps no PIN of %s", async (_, command, recorded) => {
    const line = scriptedLine(["9000"])
    let text = ""
    await dumpTransport(line, (event) => {
      text += formatDumpEvent(event)
    }).transmit(hex(command))
    expect(line.sent).toEqual([command])
    expect(toHex(parseDump(text).entries[0]!.command)).toBe(recorded)
  })

  it("writes a command without answer as a comment and passes the error on", async () => {
    let text = ""
    const transport = dumpTransport(
      { transmit: () => Promise.reject(new CardRemovedError()), close: async () => {} },
      (event) => {
        text += formatDumpEvent(event)
      },
    )
    await expect(transport.transmit(hex("0020000003123456"))).rejects.toBeInstanceOf(CardRemovedError)
    expect(text).toMatch(/^# 0020000003FFFFFF failed after [\d.]+ms: The card was removed\.\n$/)
    expect(parseDump(text).entries).toEqual([])
  })
})
