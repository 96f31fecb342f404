import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import {
  type Card,
  type CardDifference,
  compareCards,
  createCard,
  loadProfile,
  parseProfile,
  profileTables,
} from "../../../src/card/index.js"
import { exchangeAll } from "../../support/exchange.js"
import { authenticate } from "../../support/terminal.js"

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
const profile = loadProfile("employee")
const tables = profileTables(profile)

function cardOf(changes: object = {}): Card {
  const card = createCard({ profile: parseProfile({ extends: "employee", ...changes }), seed: "compare" })
  card.powerOn()
  exchangeAll(card, [SSSE])
  return card
}

/** Place, field and kind of change. */
const brief = ({ directory, name, kind, record, field, change }: CardDifference) =>
  [`${directory}.${name}`, record, field?.id, kind === "tries" ? `tries ${change}` : change]
    .filter((part) => part !== undefined)
    .join(" ")

const compare = (before: Card, after: Card) => compareCards({ card: before, tables }, { card: after, tables })

describe("two states of a card", () => {
  it("differ in nothing when nothing was written", () => {
    expect(compare(cardOf(), cardOf())).toEqual({ sameLayout: true, differences: [] })
  })

  it("differ by directory, file, record and field; PIN and keys without their values", () => {
    const card = cardOf()
    exchangeAll(card, ["805E010007123456FF654321 < 9000", "0020000003111111 < 63C5"])
    authenticate(card, "UKssse")
    exchangeAll(card, ["00A4000002EF06", "00DC040403 0A0132 < 9000", "00D6880101AA < 9000"])
    const { sameLayout, differences } = compare(cardOf(), card)
    expect(sameLayout).toBe(true)
    expect(differences.map(brief)).toEqual([
      "SSSE.PIN changed",
      "SSSE.PIN tries changed",
      "SSSE.EF06 4 sex changed",
      "SSSE.EF08 photo changed",
    ])
    expect(differences[0]).toEqual({ directory: "SSSE", name: "PIN", kind: "pin", secret: true, change: "changed" })
    expect(differences[1]).toMatchObject({ before: hex("06"), after: hex("05") })
    expect(differences[2]).toMatchObject({ before: hex("31"), after: hex("32") })
  })

  it("differ by one record when one was pushed, whatever moved with it", () => {
    const push = (card: Card, number: string) => {
      authenticate(card, "UK2DF04")
      exchangeAll(card, ["00A4000002EF15", `00DC000303${number}31 < 9000`])
    }
    const [before, after] = [cardOf(), cardOf()]
    for (const card of [before, after]) {
      exchangeAll(card, ["00A4000002DF04"])
      push(card, "0001")
    }
    push(after, "0002")
    expect(compare(before, after).differences.map(brief)).toEqual([
      "DF04.EF15 1 number added",
      "DF04.EF15 1 code added",
    ])
    for (let count = 3; count < 12; count++) push(after, `00${count.toString(16).padStart(2, "0")}`)
    // Eight records there are, and none of those that were: all are new.
    expect(compare(before, after).differences).toHaveLength(16)
  })
})

describe("two cards", () => {
  it("of one profile differ in their fields, keys and counters", () => {
    const other = cardOf({
      holder: { name: "测试二号" },
      pin: { triesLeft: 2 },
      keys: { test: true, values: { UK1DF01: "00".repeat(16) } },
      fields: { "DF02.employmentRecord": [{ employer: "X" }] },
    })
    const { sameLayout, differences } = compare(cardOf(), other)
    expect(sameLayout).toBe(true)
    expect(differences.map(brief)).toEqual([
      "SSSE.PIN tries changed",
      "SSSE.EF06 2 name changed",
      "DF01.UK1DF01 changed",
      "DF02.EF07 1 occupation added",
      "DF02.EF07 1 startDate added",
      "DF02.EF07 1 endDate added",
      "DF02.EF07 1 employer added",
    ])
    const back = compare(other, cardOf()).differences.map(brief)
    expect(back).toContain("DF02.EF07 1 employer removed")
  })

  it("of different layouts are compared as far as they go, and say so", () => {
    const retired = parseProfile({ extends: "employee-v1" })
    const old = createCard({ profile: retired })
    const { sameLayout, differences } = compareCards(
      { card: old, tables: profileTables(retired) },
      { card: cardOf(), tables },
    )
    expect(sameLayout).toBe(false)
    const places = differences.map(brief)
    expect(places).toContain("SSSE.EF05 7 cardNumber changed")
    expect(places).toContain("SSSE.EF06 3 nameExtension onlyAfter")
    expect(places).toContain("SSSE.EF06 5 nation changed")
    expect(places.filter((place) => place.includes("birthDate"))).toEqual(["SSSE.EF06 7 birthDate changed"])
    expect(places).toContain("SSSE.EF08 photo onlyAfter")
    expect(places).toContain("DF07.EF05 1 otherCodeF0 onlyAfter")
    expect(places).toContain("DF02.EF08 1 migrantCertNumber52 onlyBefore")
    expect(places).toContain("DF02.EF16 onlyAfter")
  })

  it("without tables are compared by whole records", () => {
    const [before, after] = [cardOf(), cardOf({ holder: { name: "测试二号" } })]
    const { differences } = compareCards({ card: before }, { card: after })
    expect(differences.map(brief)).toEqual(["SSSE.EF06 2 changed"])
    expect(differences[0]!.before).toHaveLength(0x20)
  })
})
