import { describe, expect, it } from "vitest"
import { hex, SW, statusWord, toHex } from "../../../src/apdu/index.js"
import { createCard } from "../../../src/card/index.js"
import { logicalChannel, memoryReader, openCard, openChannel } from "../../../src/terminal/index.js"
import { scriptedLine } from "../support/lines.js"

describe("the class byte on a channel (ISO 7816-4 §5.4.1)", () => {
  it.each([
    [0, "00A4", "00A4"],
    [1, "00A4", "01A4"],
    [3, "04DC", "07DC"],
    [3, "105C", "135C"],
    [4, "00A4", "40A4"],
    [19, "00A4", "4FA4"],
    [19, "04DC", "6FDC"],
    [5, "1CD6", "71D6"],
    [2, "805E", "825E"],
    [2, "84D4", "86D4"],
    [5, "805E", "805E"],
    [2, "B026", "B026"],
    [2, "40A4", "40A4"],
  ])("channel %i: %s goes out as %s", async (channel, command, sent) => {
    const line = scriptedLine(["9000"])
    await logicalChannel(line, channel).transmit(hex(`${command}0000`))
    expect(line.sent).toEqual([`${sent}0000`])
  })

  it("takes numbers from 0 to 19", () => {
    expect(() => logicalChannel(scriptedLine([]), 20)).toThrow(/^channel: /)
  })

  it("leaves the caller's bytes alone", async () => {
    const command = hex("00A40000")
    await logicalChannel(scriptedLine(["9000"]), 1).transmit(command)
    expect(toHex(command)).toBe("00A40000")
  })
})

describe("logical channels of a card (ISO 7816-4 §11.1.2)", () => {
  it("are opened, each with a state of its own, and closed without closing the card", async () => {
    const card = await openCard(memoryReader(createCard({ profile: "iso" })))
    const select = hex("00A4040C06F00000000001")
    const status = async (transport: { transmit: typeof card.transmit }, command: string) =>
      statusWord(await transport.transmit(hex(command)))
    const opened = await openChannel(card)
    if (!opened.ok) throw new Error("refused")
    const { channel } = opened
    expect(channel.number).toBe(1)
    expect(statusWord(await channel.transmit(select))).toBe(SW.OK)
    // NUMBER lies in LOANS, which is selected on channel 1 alone.
    expect(await status(channel, "00A4020C020001")).toBe(SW.OK)
    expect(await status(card, "00A4020C020001")).toBe(SW.FILE_NOT_FOUND)
    await channel.close()
    expect(await status(channel, "00A4020C020001")).toBe(SW.LOGICAL_CHANNEL_NOT_SUPPORTED)
    expect(await status(card, "0084000008")).toBe(SW.OK)
  })

  it("reach up to 19", async () => {
    const card = await openCard(memoryReader(createCard({ profile: "iso" })))
    const numbers: number[] = []
    for (;;) {
      const opened = await openChannel(card)
      if (!opened.ok) {
        expect(opened.statusWord).toBe(SW.FUNCTION_NOT_SUPPORTED)
        break
      }
      numbers.push(opened.channel.number)
      expect(statusWord(await opened.channel.transmit(hex("00A4040C06F00000000001")))).toBe(SW.OK)
    }
    expect(numbers).toEqual(Array.from({ length: 19 }, (_, at) => at + 1))
  })

  it("are refused by a card that has only one", async () => {
    const card = await openCard(memoryReader(createCard({ profile: "employee" })))
    expect(await openChannel(card)).toMatchObject({ ok: false })
    expect(await openChannel(scriptedLine(["009000"]))).toEqual({
      ok: false,
      statusWord: SW.LOGICAL_CHANNEL_NOT_SUPPORTED,
    })
  })
})
