import { describe, expect, it } from "vitest"
import { CardRemovedError, hex, parseDump, toHex } from "../../src/apdu/index.js"
import {
  faultTransport,
  formatDumpEvent,
  memoryReader,
  openCard,
  replayReader,
  type TraceEntry,
} from "../../src/terminal/index.js"
import { FLOW_14_1 } from "./support/flow-14-1.js"
import { manualLine } from "./support/lines.js"
import { pinStatus, tinyCard, verify } from "./support/tiny-card.js"

const selectEnvironment = hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
const fci = "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA503880101"

/** The recording of the flow with its FCI fetched, as T=0 asks for it. */
const recording = FLOW_14_1.replace("6118\n", `6118\n00C0000018\n${fci}9000\n`)

describe("openCard", () => {
  it("gives whole answers of a T=0 card", async () => {
    const card = await openCard(replayReader(recording))
    expect(card).toMatchObject({ reader: "Replay 00 00", protocol: "T=0" })
    expect(toHex(card.atr)).toBe("3B6D000000815431008660110816000001")
    expect(toHex(await card.transmit(selectEnvironment))).toBe(`${fci}9000`)
  })

  it("lets 6Cxx of a T=1 card through", async () => {
    const card = await openCard(replayReader("# PROTOCOL: T=1\n00B2010410\n6C12"))
    expect(toHex(await card.transmit(hex("00B2010410")))).toBe("6C12")
  })

  it("runs concurrent commands one after the other", async () => {
    const card = await openCard(memoryReader(tinyCard()))
    const answers = await Promise.all([card.transmit(pinStatus), card.transmit(verify), card.transmit(pinStatus)])
    expect(answers.map((answer) => toHex(answer))).toEqual(["63C6", "9000", "9000"])
  })

  it("traces whole answers and dumps what went over the line", async () => {
    const entries: TraceEntry[] = []
    let dump = ""
    const card = await openCard(replayReader(recording), {
      trace: (entry) => entries.push(entry),
      dump: (event) => {
        dump += formatDumpEvent(event)
      },
    })
    await card.transmit(selectEnvironment)
    await card.transmit(hex("00A4020002EF05"))
    expect(entries.map((entry) => entry.describe("en").command)).toEqual(["SELECT", "SELECT"])
    expect(entries[0]!.response()).toBe(`${fci}9000`)
    expect(parseDump(dump).entries.map(({ command }) => toHex(command))).toEqual([
      toHex(selectEnvironment),
      "00C0000018",
      "00A4020002EF05",
    ])
  })

  it("traces an exchange that failed, and forgets what was selected at a reset", async () => {
    const entries: TraceEntry[] = []
    const reader = memoryReader(tinyCard())
    const card = await openCard(reader, { trace: (entry) => entries.push(entry) })
    await card.transmit(hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF"))
    await card.reset()
    await card.transmit(hex("00B2012C00"))
    reader.pull()
    await expect(card.transmit(pinStatus)).rejects.toBeInstanceOf(CardRemovedError)
    expect(entries[2]!.describe("en").outcome).toBe("The card was removed.")
    expect(entries[2]!.response()).toBeUndefined()
  })

  it("ends the wait for a mute card", async () => {
    const reader = memoryReader(tinyCard())
    const card = await openCard(reader, { timeout: 1, line: () => manualLine() })
    await expect(card.transmit(pinStatus)).rejects.toMatchObject({ code: "TIMEOUT" })
    await expect(card.transmit(pinStatus)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    await card.close()
  })

  it("stays removed when the line lost the card once", async () => {
    const lost = { kind: "lose-answer" } as const
    const card = await openCard(memoryReader(tinyCard()), { line: (line) => faultTransport(line, () => lost) })
    await expect(card.transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
    await expect(card.transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
  })

  it("runs a transaction and keeps others out of it", async () => {
    const reader = memoryReader(tinyCard())
    const [mine, other] = [await openCard(reader), await openCard(reader)]
    const order: string[] = []
    let theirs: Promise<unknown> = Promise.resolve()
    await mine.transaction(async () => {
      theirs = other.transmit(pinStatus).then(() => order.push("other"))
      await mine.transmit(verify)
      order.push("mine")
    })
    await theirs
    expect(order).toEqual(["mine", "other"])
  })

  it("ends the session of the card with the last connection", async () => {
    const reader = memoryReader(tinyCard())
    const first = await openCard(reader)
    await first.transmit(verify)
    await first.close()
    await expect(first.transmit(verify)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    expect(toHex(await (await openCard(reader)).transmit(pinStatus))).toBe("63C6")
  })

  it("hands on how to share and which protocol to speak", async () => {
    const reader = memoryReader(tinyCard())
    await expect(openCard(reader, { protocol: "T=1" })).rejects.toMatchObject({ code: "PROTOCOL_MISMATCH" })
    await openCard(reader, { share: "exclusive" })
    await expect(openCard(reader)).rejects.toMatchObject({ code: "SHARING_VIOLATION" })
  })

  it("says that there is no card", async () => {
    await expect(openCard(memoryReader())).rejects.toMatchObject({ code: "NO_CARD" })
  })
})
