import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { createCard, type DirectorySpec, type FileSpec, parseProfile, profileToSpec } from "../../../src/card/index.js"
import { deriveTestCardKey, encodeField, findField, socialSecurityTables } from "../../../src/dictionary/index.js"
import { send } from "../../support/financial-card.js"
import { personProfile } from "../../support/profiles.js"

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"

function cardOf(changes: object = {}) {
  const card = createCard({ profile: parseProfile({ extends: "employee", ...changes }), seed: "compile" })
  card.powerOn()
  return card
}

const directory = (name: string, changes: object = {}): DirectorySpec => {
  const { root } = profileToSpec(parseProfile({ extends: "employee", ...changes }))
  const all = [root, ...root.directories!, ...root.directories!.flatMap((child) => child.directories ?? [])]
  return all.find((candidate) => candidate.name === name)!
}

/** The records of a file as READ RECORD gives them. */
function recordsOf({ files }: DirectorySpec, select: (file: FileSpec) => boolean): Uint8Array[] {
  const file = files!.find(select)!
  if (file.structure === "transparent") return [file.content]
  return (file.records ?? []).map((record) => (record instanceof Uint8Array ? record : record.content))
}

const named = (name: string) => (file: FileSpec) => file.name === name

describe("a card of the profile employee", () => {
  const card = cardOf()

  it("has the ATR of real social security cards", () => {
    expect(toHex(card.atr)).toBe("3B6D00000081543100866011081600 0001".replace(" ", ""))
  })

  it("answers the free read of card-commands §14.1", () => {
    expect(send(card, SSSE)).toBe("6F16840F7378312E73682EC9E7BBE1B1A3D5CFA5038801019000")
    expect(send(card, "00A4020002EF05")).toBe("9000")
    // Vector T1: the check bytes of the card identification code are computed with the card's IRK.
    expect(send(card, "00B2010412")).toBe("0110320800D156000005160000018F385B8F9000")
    expect(send(card, "00B2030406")).toBe("0304322E30309000")
    expect(send(card, "00B207040B")).toBe("07095342303030303031329000")
    expect(send(card, "00A4020002EF06")).toBe("9000")
    expect(send(card, "00B2090020")).toBe(`091E${"B2E2CAD4D2BBBAC5".padEnd(60, "0")}9000`)
  })

  it.each([
    ["card class", "00B2020C00".replace("0C", "2C"), "020131"],
    ["initialising body", "00B2042C00", "040C320800000001320800000001"],
    ["issue date", "00B2052C00", "050420250101"],
    ["expiry date", "00B2062C00", "060420341231"],
    ["social security number", "00B2013400", "0812393939393939313939303031303130303136"],
    ["name extension, not written", "00B2033400", `4E14${"00".repeat(20)}`],
    ["sex", "00B2043400", "0A0131"],
    ["nation", "00B2053400", "0B0101"],
    ["birth place", "00B2063400", "0C03320800"],
    ["birth date", "00B2073400", "0D0419900101"],
  ])("holds the %s", (_, command, record) => {
    expect(send(card, command)).toBe(`${record}9000`)
  })

  it("has an MF with a list of its applications", () => {
    expect(send(card, "00A4000000")).toBe("6F0F8408C9E7BBE1B1A3D5CFA5038801019000")
    expect(send(card, "00B2010C00")).toBe("611B4F0F7378312E73682EC9E7BBE1B1A3D5CF5008C9E7BBE1B1A3D5CF9000")
    expect(send(card, "00B2020C00")).toBe("61164F08A000000333010101500A50424F432044454249549000")
    expect(send(card, "00B2030C00")).toBe("6A83")
  })

  it("opens DF01 with the PIN", () => {
    send(card, SSSE)
    expect(send(card, "00A4000002DF01")).toBe("6F0D8406D15600000500A5038801019000")
    expect(send(card, "00B2012C00")).toBe("6982")
    expect(send(card, "0020000003123456")).toBe("9000")
    expect(send(card, "00B2012C00")).toBe("2002 3130 9000".replace(/ /g, ""))
  })
})

describe("fields", () => {
  it("of any directory are coded as the dictionary says", () => {
    const { field } = findField(socialSecurityTables("2.00"), "householdAddress", "DF01")!
    const spec = directory("DF01", { fields: { "DF01.householdAddress": "示例路1号" } })
    const record = recordsOf(spec, named("EF05"))[1]!
    expect(toHex(record.subarray(2))).toBe(toHex(encodeField(field, "示例路1号")))
  })

  it("that repeat take their records in order", () => {
    const spec = directory("DF02", { fields: { "DF02.qualification": [{ code: "AAA" }, { code: "BBB" }] } })
    const records = recordsOf(spec, named("EF05"))
    expect(toHex(records[2]!)).toContain("5A0741414100000000")
    expect(toHex(records[3]!)).toContain("5A0742424200000000")
  })

  it("of cyclic files are records, newest first", () => {
    const spec = directory("DF02", { fields: { "DF02.employmentRecord": [{ employer: "B" }, { employer: "A" }] } })
    const records = recordsOf(spec, ({ structure }) => structure === "cyclic")
    expect(records.map((record) => String.fromCharCode(record[0x0f]!))).toEqual(["B", "A"])
  })

  it("that are not written are blank, digits with FF or as the profile wants", () => {
    const digits = (changes: object) => toHex(recordsOf(directory("DF03", changes), named("EF05"))[0]!)
    expect(digits({})).toBe("6103FFFFFF")
    expect(digits({ options: { blankCn: "00" } })).toBe("6103000000")
  })

  it("of transparent files are hexadecimal and filled up", () => {
    const spec = directory("SSSE", { fields: { "SSSE.photo": "FFD8FF" } })
    const content = recordsOf(spec, named("EF08"))[0]!
    expect(content).toHaveLength(0x1000)
    expect(toHex(content.subarray(0, 4))).toBe("FFD8FF00")
  })

  it.each<[string, object, RegExp]>([
    [
      "too many repetitions",
      { "DF02.qualification": [{}, {}, {}] },
      /fields\.DF02\.qualification: expected at most 2 entries, got 3/,
    ],
    [
      "text where a list belongs",
      { "DF02.qualification": "x" },
      /fields\.DF02\.qualification: expected an object or a list of objects/,
    ],
    [
      "an unknown item",
      { "DF02.qualification": [{ colour: "x" }] },
      /fields\.DF02\.qualification\.colour: expected one of/,
    ],
    [
      "too many records",
      { "DF02.employmentRecord": [{}, {}, {}, {}, {}] },
      /employmentRecord: expected at most 4 records, got 5/,
    ],
    ["records that are no objects", { "DF02.employmentRecord": ["x"] }, /employmentRecord: expected a list of records/],
    [
      "digits that are none",
      { "DF01.householdRegion": "x" },
      /fields\.DF01\.householdRegion: expected decimal digits only/,
    ],
    ["a computed field", { "SSSE.cardId": "00" }, /fields\.SSSE\.cardId: computed from region, ATR and IRK, not here/],
  ])("are refused: %s", (_, fields, message) => {
    expect(() => profileToSpec(parseProfile({ extends: "employee", fields }))).toThrow(message)
  })
})

describe("keys", () => {
  it("are derived from the published test master keys", () => {
    const { keys } = directory("SSSE")
    const factors = { atr: hex("3B6D0000008154310086601108160000 01"), region: "320800" }
    for (const name of ["RKssse", "UKssse", "PUK", "IRK"])
      expect(toHex(keys!.find((key) => key.name === name)!.value)).toBe(toHex(deriveTestCardKey("3des", name, factors)))
    expect(keys!.find((key) => key.name === "RKssse")).toMatchObject({ id: 0x0a, tries: 3, use: "external" })
    expect(keys!.find((key) => key.name === "STKssse")).toMatchObject({ id: 2, use: "maintenance" })
  })

  it("of the profile's own take their place, and the card identification code follows the IRK", () => {
    const own = "00112233445566778899AABBCCDDEEFF"
    const changed = directory("SSSE", { keys: { test: true, values: { IRK: own } } })
    expect(toHex(changed.keys!.find(({ name }) => name === "IRK")!.value)).toBe(own)
    const cardId = (spec: DirectorySpec) => toHex(recordsOf(spec, named("EF05"))[0]!)
    expect(cardId(changed).slice(0, 28)).toBe(cardId(directory("SSSE")).slice(0, 28))
    expect(cardId(changed)).not.toBe(cardId(directory("SSSE")))
  })
})

describe("a card without", () => {
  const { financial: _financial, bank: _bank, medical: _medical, ...rest } = personProfile("employee")

  it("a financial section has no payment applications (domain-rules R15)", () => {
    const card = createCard({ profile: parseProfile(rest) })
    card.powerOn()
    expect(send(card, "00A4040008A000000333010101")).toBe("6A82")
    expect(send(card, "00A404000E315041592E5359532E4444463031")).toBe("6A82")
    expect(send(card, "00B2020C00")).toBe("6A83")
    expect(send(card, SSSE)).toMatch(/9000$/)
  })

  it("a medical section has no medical commands", () => {
    const card = createCard({ profile: parseProfile(rest) })
    card.powerOn()
    send(card, SSSE)
    send(card, "00A4000002DF04")
    expect(send(card, "B026000104")).toBe("6E00")
  })
})

it("employee-pin-locked has a PIN without tries", () => {
  const card = createCard({ profile: "employee-pin-locked" })
  card.powerOn()
  send(card, SSSE)
  expect(send(card, "0020000003753951")).toBe("6983")
})

it("retiree presents the bank's ATR", () => {
  expect(toHex(createCard({ profile: "retiree" }).atr)).toBe("3B6D00005381543100866025010100 0003".replace(" ", ""))
})

describe("the option cardFactor", () => {
  it("derives the card's keys from the serial alone (card-commands §9.1)", () => {
    const keyOf = (changes: object) => directory("SSSE", changes).keys!.find(({ name }) => name === "RKssse")!.value
    const atr = hex("3B6D00000081543100866011081600 0001")
    const factors = { atr, region: "320800", form: "serial6+0000" } as const
    expect(keyOf({ options: { cardFactor: "serial6+0000" } })).toEqual(deriveTestCardKey("3des", "RKssse", factors))
    expect(keyOf({})).not.toEqual(deriveTestCardKey("3des", "RKssse", factors))
  })
})
