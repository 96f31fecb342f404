import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { createCard } from "../../../src/card/index.js"
import { formatDumpEvent, memoryReader, openCard, readCard } from "../../../src/terminal/index.js"
import { replayCard, replayReader } from "../../../src/terminal/readers/replay.js"

const recording = `# ATR: 3B6D000000815431008660110816000001
# PROTOCOL: T=0
00A4040007A0000003330101
6110
0020000003FFFFFF
9000
00B2010412
# 12ms
01019000
`

describe("replayed card", () => {
  it("has the ATR and protocol of the recording", () => {
    const card = replayCard(recording)
    expect(toHex(card.atr)).toBe("3B6D000000815431008660110816000001")
    expect(card.protocol).toBe("T=0")
  })

  it("answers what was recorded, in order, whatever the PIN and the Le of a command with data", () => {
    const card = replayCard(recording)
    expect(toHex(card.process(hex("00A4040007A000000333010100")))).toBe("6110")
    expect(toHex(card.process(hex("0020000003123456")))).toBe("9000")
    expect(toHex(card.process(hex("00B2010412")))).toBe("01019000")
  })

  it("starts again at power on, and keeps its place at a reset", () => {
    const card = replayCard(recording)
    card.process(hex("00A4040007A0000003330101"))
    card.reset()
    expect(toHex(card.process(hex("0020000003123456")))).toBe("9000")
    card.powerOn()
    expect(toHex(card.process(hex("00A4040007A0000003330101")))).toBe("6110")
  })

  it("refuses a command that is not next, naming both without their secrets", () => {
    const card = replayCard(recording)
    expect(() => card.process(hex("0020000003123456"))).toThrow(
      "exchange 1: expected 00A4040007A0000003330101, got 0020000003******",
    )
  })

  it("refuses commands after the end", () => {
    expect(() => replayCard("").process(hex("00B2010412"))).toThrow("the recording has ended, got 00B2010412")
  })

  it("may skip forward, never back", () => {
    const card = replayCard(recording, { order: "skip" })
    expect(toHex(card.process(hex("00B2010412")))).toBe("01019000")
    expect(() => card.process(hex("0020000003123456"))).toThrow(expect.objectContaining({ code: "REPLAY_MISMATCH" }))
  })

  it("plays a recorded session back as it was", async () => {
    let recorded = "# PROTOCOL: T=0\n"
    const live = await openCard(memoryReader(createCard({ profile: "employee", seed: 1 })), {
      dump: (event) => {
        recorded += formatDumpEvent(event)
      },
    })
    const first = await readCard(live, { all: true, pin: "123456" })
    expect(recorded).not.toContain("123456")
    const again = await openCard(replayReader(recorded))
    expect(await readCard(again, { all: true, pin: "000000" })).toEqual(first)
  })

  it("sits in a reader of its own", async () => {
    const reader = replayReader(recording)
    const connection = await reader.connect("Replay 00 00")
    expect(toHex(await connection.transmit(hex("00A4040007A0000003330101")))).toBe("6110")
  })
})
