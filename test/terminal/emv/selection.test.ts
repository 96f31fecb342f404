import { describe, expect, it } from "vitest"
import { encodeTlv, hex, toHex } from "../../../src/apdu/index.js"
import { atmConfiguration, findCandidates, selectByName } from "../../../src/terminal/emv/index.js"
import { DIRECTORY, scriptedCard } from "./scripted-card.js"

const { aids } = atmConfiguration()
const SELECT_PSE = "00A404000E315041592E5359532E444446303100"
const entry = (aid: string, priority?: string): Uint8Array =>
  encodeTlv(0x61, [encodeTlv(0x4f, hex(aid)), ...(priority ? [encodeTlv(0x87, hex(priority))] : [])])
const record = (...entries: Uint8Array[]): string => `${toHex(encodeTlv(0x70, entries))}9000`
const fci = (aid: string, status: string, priority?: string): string =>
  toHex(
    encodeTlv(0x6f, [
      encodeTlv(0x84, hex(aid)),
      encodeTlv(0xa5, priority ? encodeTlv(0x87, hex(priority)) : encodeTlv(0x50, hex("50"))),
    ]),
  ) + status
const select = (aid: string, next = false): string =>
  `00A4040${next ? 2 : 0}${(aid.length / 2).toString(16).padStart(2, "0").toUpperCase()}${aid}00`
const names = (found: readonly { aid: Uint8Array }[]) => found.map(({ aid }) => toHex(aid))

describe("the payment system environment", () => {
  it("lists the application of the default card", async () => {
    const { found, blocked, cardBlocked } = await findCandidates(scriptedCard(DIRECTORY), aids)
    expect(names(found)).toEqual(["A000000333010101"])
    expect({ blocked, cardBlocked }).toEqual({ blocked: [], cardBlocked: false })
  })

  it("is read to its end, 6A83, and sorted by priority; 0 comes last", async () => {
    const card = scriptedCard({
      ...DIRECTORY,
      "00B2010C00": record(entry("A000000333010102"), entry("A0000003330101010001", "02")),
      "00B2020C00": record(entry("A000000333010106", "81")),
      "00B2030C00": "6A83",
    })
    expect(names((await findCandidates(card, aids)).found)).toEqual([
      "A000000333010106",
      "A0000003330101010001",
      "A000000333010102",
    ])
  })

  it("may list an application twice, which counts once, and says what a holder is shown of it", async () => {
    const shown = encodeTlv(0x61, [
      encodeTlv(0x4f, hex("A000000333010101")),
      hex("500450424F43"),
      hex("9F1203434152"),
      hex("870182"),
    ])
    const card = scriptedCard({ ...DIRECTORY, "00B2010C00": record(shown, entry("A000000333010101")) })
    const { found } = await findCandidates(card, aids)
    expect(found).toEqual([
      {
        aid: hex("A000000333010101"),
        priority: 2,
        needsConfirmation: true,
        label: hex("50424F43"),
        preferredName: hex("434152"),
      },
    ])
  })

  it("may hold what the terminal does not know", async () => {
    const card = scriptedCard({
      ...DIRECTORY,
      "00B2010C00": record(entry("A0000000031010"), entry("A000000333010101")),
    })
    expect(names((await findCandidates(card, aids)).found)).toEqual(["A000000333010101"])
  })

  it.each([
    ["is not there", { [SELECT_PSE]: "6A82" }],
    ["is blocked", { [SELECT_PSE]: "6F15840E315041592E5359532E4444463031A5038801016283" }],
    ["gives no file", { [SELECT_PSE]: "6F10840E315041592E5359532E44444630319000" }],
    ["cannot be read to its end", { ...DIRECTORY, "00B2020C00": "6985" }],
    ["lists nothing in common", { ...DIRECTORY, "00B2010C00": record(entry("A0000000031010")) }],
  ])("that %s is replaced by trying the terminal's names", async (_, script) => {
    const card = scriptedCard({ ...script, [select("A000000333010101")]: fci("A000000333010101", "9000") })
    expect(names((await findCandidates(card, aids)).found)).toEqual(["A000000333010101"])
    expect(card.commands).toContain(select("A000000333010106"))
  })
})

describe("the terminal's list of names", () => {
  it("finds every application that begins with a name, by next occurrence until 6A82", async () => {
    const card = scriptedCard({
      [select("A000000333010101")]: fci("A00000033301010101", "9000", "02"),
      [select("A000000333010101", true)]: [fci("A00000033301010102", "9000", "01"), "6A82"],
    })
    expect(names((await findCandidates(card, aids)).found)).toEqual(["A00000033301010102", "A00000033301010101"])
  })

  it("ends when the card gives the same application again", async () => {
    const card = scriptedCard({
      [select("A000000333010101")]: fci("A000000333010101", "9000"),
      [select("A000000333010101", true)]: fci("A000000333010101", "9000"),
    })
    expect(names((await findCandidates(card, aids)).found)).toEqual(["A000000333010101"])
    expect(card.commands.filter((command) => command === select("A000000333010101", true))).toHaveLength(1)
  })

  it("reports a blocked application and does not choose it", async () => {
    const card = scriptedCard({
      [select("A000000333010101")]: fci("A000000333010101", "6283"),
      [select("A000000333010102")]: fci("A000000333010102", "9000"),
    })
    const { found, blocked } = await findCandidates(card, aids)
    expect(names(found)).toEqual(["A000000333010102"])
    expect(blocked.map((name) => toHex(name))).toEqual(["A000000333010101"])
  })

  it("knows a card that is blocked altogether", async () => {
    const card = scriptedCard({ [select("A000000333010101")]: "6A81" })
    expect((await findCandidates(card, aids)).cardBlocked).toBe(true)
  })

  it("does not take an application whose name is another", async () => {
    const card = scriptedCard({ [select("A000000333010101")]: fci("A0000000031010", "9000") })
    expect((await findCandidates(card, aids)).found).toEqual([])
  })
})

describe("selecting by name", () => {
  it("reads the parts of the FCI (financial-emv §14)", async () => {
    const { statusWord, fci: read } = await selectByName(scriptedCard(DIRECTORY), hex("A000000333010101"))
    expect(statusWord).toBe(0x9000)
    expect(toHex(read!.name)).toBe("A000000333010101")
    expect(Object.fromEntries([...read!.values].map(([tag, value]) => [tag.toString(16), toHex(value)]))).toEqual({
      "50": "50424F43204445424954",
      "87": "01",
      "9f38": "9F7A019F02065F2A02",
      "5f2d": "7A68",
      "9f11": "01",
      "9f12": "53484542414F2043415244",
      "9f4d": "0B0A",
      df4d: "0C0A",
    })
  })

  it("gives the FCI of a blocked application too", async () => {
    const card = scriptedCard({ [select("A000000333010101")]: fci("A000000333010101", "6283") })
    const answer = await selectByName(card, hex("A000000333010101"))
    expect(answer.statusWord).toBe(0x6283)
    expect(toHex(answer.fci!.name)).toBe("A000000333010101")
  })

  it.each(["", "6F00", "6F028400", "6F0784058400000000"])("takes FCI %s for none", async (bytes) => {
    const card = scriptedCard({ [select("A000000333010101")]: `${bytes}9000` })
    const { fci: read } = await selectByName(card, hex("A000000333010101"))
    expect(read === undefined).toBe(bytes !== "6F0784058400000000")
  })
})
