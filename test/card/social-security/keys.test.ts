import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../../src/apdu/index.js"
import { type Card, createCard, parseProfile } from "../../../src/card/index.js"
import {
  type Algorithm,
  authenticationData,
  challengeSessionKey,
  deriveCardKey,
  testMasterKey,
} from "../../../src/crypto/index.js"
import { send } from "../../support/financial-card.js"

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
const X = hex("0102030405060708")
/** Factors of region 320800 and serial 110816000001 (card-commands §9.1). */
const PROVINCE = hex("3332303030307368")
const CITY = hex("3332303830307378")
const CARD = hex("8660110816000001")

/** Keys that authenticate a terminal (card-structure §16.4): directory, name, card id, test master key, levels. */
const KEYS = `
SSSE RKssse 0A 0A 2
SSSE PUK 06 10 2
SSSE UKssse 04 12 2
SSSE UKEF0D 0D 13 2
DF01 RK1DF01 82 2E 2
DF01 UK1DF01 83 42 2
DF01 UK2DF01 84 43 2
DF01 UK3DF01 85 24 2
DF01 UK4DF01 86 25 2
DF01 UK5DF01 87 44 2
DF01 UK6DF01 89 2F 2
DF01 UK7DF01 8A 30 2
DF01 UK8DF01 8B 31 2
DF01 UK9DF01 8C 32 2
DF01 UKADF01 8D 33 2
DF01 UKBDF01 8E 34 2
DF02 RK1DF02 82 35 2
DF02 UK1DF02 83 26 2
DF02 UK2DF02 84 45 2
DF02 UK3DF02 85 46 2
DF02 UK4DF02 86 27 2
DF02 UK5DF02 87 28 2
DF02 UK6DF02 89 36 2
DF03 RK1DF03 82 2B 2
DF03 RK2DF03 83 2C 2
DF03 UK1DF03 86 47 2
DF03 UK2DF03 87 29 2
DF03 UK3DF03 88 48 2
DF03 UK4DF03 89 37 2
DF03 UK5DF03 8A 38 2
DF03 UK6DF03 8B 39 2
DF03 UK7DF03 8C 3A 2
DF03 UK8DF03 8D 3B 2
DF04 RK1DF04 84 2D 3
DF04 UK1DF04 85 49 2
DF04 UK2DF04 86 2A 2
DF05 UK1DF05 83 B4 2
DF06 RK1DF06 83 52 2
DF06 UK1DF06 85 53 2
DF06 UK2DF06 86 54 2
DF07 RK1DF07 83 3D 2
DF07 RK2DF07 84 3F 2
DF07 RK3DF07 85 B1 2
DF07 UK1DF07 86 3E 2
DF07 UK2DF07 87 B0 2
DF07 UK3DF07 88 B2 2`
  .trim()
  .split("\n")
  .map((line) => line.split(" ") as [directory: string, name: string, cardId: string, master: string, levels: string])

function cardOf(algorithm: Algorithm, changes: object = {}): Card {
  const version = algorithm === "sm4" ? { algorithm, specVersion: "3.00" } : {}
  const profile = parseProfile({ extends: "employee", local: "jiangsu", ...version, ...changes })
  const card = createCard({ profile, seed: "keys" })
  card.powerOn()
  send(card, SSSE)
  return card
}

/** EXTERNAL AUTHENTICATE as a terminal does it that holds a card key. */
function authenticate(card: Card, cardId: string, key: Uint8Array): string {
  const { algorithm } = card.layout
  const challenge = hex(send(card, "0084000008")).subarray(0, 8)
  const proof = authenticationData(algorithm, challengeSessionKey(algorithm, key, challenge), X)
  return toHex(card.process(concat(0x00, 0x82, 0x00, hex(cardId), proof.length + 8, proof, X)))
}

const cardKey = (algorithm: Algorithm, master: string, levels: string) =>
  deriveCardKey(algorithm, testMasterKey(algorithm, master), levels === "3" ? [PROVINCE, CITY, CARD] : [CITY, CARD])

const WRONG = new Uint8Array(16).fill(0x5a)

describe.each<Algorithm>(["3des", "sm4"])("keys of a %s card", (algorithm) => {
  it.each(KEYS)("%s %s has id %s and is derived from the test master key %s over %s levels", (...row) => {
    const [directory, , cardId, master, levels] = row
    const card = cardOf(algorithm)
    if (directory !== "SSSE") send(card, `00A4000002${directory}`)
    expect(authenticate(card, cardId, cardKey(algorithm, master, levels))).toBe("9000")
  })

  it.each(KEYS)(
    "%s %s counts three wrong attempts, and a right one makes good for them",
    (directory, _, cardId, master, levels) => {
      const card = cardOf(algorithm)
      if (directory !== "SSSE") send(card, `00A4000002${directory}`)
      const right = cardKey(algorithm, master, levels)
      const answers = [WRONG, WRONG, right, WRONG, WRONG, WRONG, right].map((key) => authenticate(card, cardId, key))
      expect(answers).toEqual(["63C2", "63C1", "9000", "63C2", "63C1", "63C0", "6983"])
    },
  )
})

describe("key counters of a profile", () => {
  it("are the card's", () => {
    const counters = { RKssse: { tries: 5 }, UK1DF01: { tries: 3, triesLeft: 0 } }
    const card = cardOf("3des", { keys: { test: true, counters } })
    expect(authenticate(card, "0A", WRONG)).toBe("63C4")
    send(card, "00A4000002DF01")
    expect(authenticate(card, "83", WRONG)).toBe("6983")
  })
})

it("ids that the table leaves out mean no key (§16.4)", () => {
  const card = cardOf("3des")
  send(card, "00A4000002DF01")
  for (const cardId of ["88", "80", "81", "01", "02"]) expect(authenticate(card, cardId, WRONG)).toBe("6A88")
})
