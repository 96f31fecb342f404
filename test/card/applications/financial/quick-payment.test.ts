import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CardRemovedError, concat, hex, parseTlv, type Tlv, toHex } from "../../../../src/apdu/index.js"
import { type Card, cardFromLayout, compileLayout } from "../../../../src/card/index.js"
import { parseProfile, profileToSpec } from "../../../../src/card/profile/index.js"
import {
  applicationCryptogram,
  type EmvPublicKey,
  recoverCertificate,
  recoverDynamicData,
  testEmvKey,
} from "../../../../src/crypto/index.js"
import { getData, issuerKeys, select, send, status } from "../../../support/financial-card.js"
import { sweepPowerCuts } from "../../../support/power-cuts.js"

/** The default card as a contactless reader shows it. */
function contactlessCard(changes: object = {}, more: object = {}): Card {
  const profile = parseProfile({
    extends: "employee",
    atr: { contactless: true },
    financial: {
      state: "active",
      data: { "9F36": "0006", "9F13": "0006" },
      authentication: { method: "dda" },
      ...changes,
    },
    ...more,
  })
  const card = cardFromLayout(compileLayout(profileToSpec(profile)), { seed: "quick" })
  card.powerOn()
  return card
}

const fen = (amount: number) => String(amount).padStart(12, "0")
/** Qualifiers 9F66: qPBOC, on-line PIN, signature. */
const TTQ = {
  any: "26000080",
  old: "26000000",
  online: "26800080",
  offlineOnly: "28000080",
  holder: "26400080",
} as const
const NUMBER = "11223344"

const gpo = (amount: number, qualifiers: string = TTQ.any, currency = "0156") =>
  `80A8000023 8321 ${qualifiers}${fen(amount)}${fen(0)}0156 0000000000 ${currency} 251120 00 ${NUMBER} 00`.replaceAll(
    " ",
    "",
  )

interface Answer {
  readonly tags: readonly string[]
  get(tag: number): string
}

function parsed(answer: string): Answer {
  expect(answer.slice(-4)).toBe("9000")
  const objects = parseTlv(hex(answer.slice(0, -4)))[0]!.children!
  return {
    tags: objects.map(({ tag }) => tag.toString(16).toUpperCase()),
    get: (tag) => toHex(objects.find((object: Tlv) => object.tag === tag)?.value ?? new Uint8Array(0)),
  }
}

function tap(card: Card, amount: number, qualifiers: string = TTQ.any, currency = "0156"): Answer {
  select(card)
  return parsed(send(card, gpo(amount, qualifiers, currency)))
}

const cvr2 = (answer: Answer) => answer.get(0x9f10).slice(8, 10)
const OUTCOME = { tc: "90", arqc: "A0", aac: "80" } as const
const LAST_RECORD = "00B2011C00"
const NEWEST_LOG = "00B2015C00"

describe("qPBOC: GET PROCESSING OPTIONS (financial-emv §24)", () => {
  it("asks for the terminal's qualifiers in the PDOL", () => {
    expect(send(contactlessCard(), "00A4040008A000000333010101")).toContain(
      "9F38189F66049F02069F03069F1A0295055F2A029A039C019F3704",
    )
  })

  it("on-line: no file locator, no 9F27, nothing signed", () => {
    const card = contactlessCard()
    const answer = tap(card, 2_500, TTQ.online)
    expect(answer.tags).toEqual(["82", "9F36", "57", "9F10", "9F26", "5F34", "9F6C", "9F5D"])
    expect(answer.get(0x82)).toBe("7C00")
    expect(answer.get(0x9f36)).toBe("0007")
    expect(answer.get(0x57)).toBe("6217000000000000046D35122200000000000F")
    expect(answer.get(0x9f5d)).toBe(fen(10_000))
    expect(cvr2(answer)).toBe(OUTCOME.arqc)
    expect(status(card, "80AE800034")).toBe("6985")
  })

  it("makes a cryptogram of version 17", () => {
    const answer = tap(contactlessCard(), 2_500, TTQ.online)
    expect(answer.get(0x9f10).slice(0, 8)).toBe("07011703")
    const input = hex(`${fen(2_500)}${NUMBER}0007A0`)
    expect(answer.get(0x9f26)).toBe(toHex(applicationCryptogram("3des", issuerKeys("0007").ac, input)))
  })

  it.each([
    ["what the card can pay", 2_500, TTQ.any, "0156", OUTCOME.tc],
    ["the last fen", 10_000, TTQ.any, "0156", OUTCOME.tc],
    ["more than there is", 10_001, TTQ.any, "0156", OUTCOME.arqc],
    ["more than there is, at a reader that is off-line only", 10_001, TTQ.offlineOnly, "0156", OUTCOME.aac],
    ["what the card can pay, at a reader that is off-line only", 2_500, TTQ.offlineOnly, "0156", OUTCOME.tc],
    ["what the terminal wants on-line", 2_500, TTQ.online, "0156", OUTCOME.arqc],
    ["a foreign currency", 2_500, TTQ.any, "0840", OUTCOME.arqc],
  ] as const)("decides: %s", (_, amount, qualifiers, currency, expected) => {
    expect(cvr2(tap(contactlessCard(), amount, qualifiers, currency))).toBe(expected)
  })

  it("a card that cannot sign, or is told not to, goes on-line", () => {
    expect(cvr2(tap(contactlessCard({ authentication: undefined }), 100))).toBe(OUTCOME.arqc)
    const data = { "9F36": "0006", "9F13": "0006", "9F68": "00000000" }
    const answer = tap(contactlessCard({ data }), 100)
    expect(cvr2(answer)).toBe(OUTCOME.arqc)
    expect(answer.tags).not.toContain("9F5D")
  })

  it.each([
    ["asks for the on-line PIN", 2_500, "26C00080", "8000"],
    ["asks for a signature off-line", 2_500, TTQ.holder, "4000"],
    ["asks above the card's own limit", 10_000, "26800080", "8000"],
    ["asks for nothing", 2_500, TTQ.any, "0000"],
    ["asks for nothing that the terminal does not have", 2_500, "20400080", "0000"],
  ])("cardholder verification: %s", (_, amount, qualifiers, expected) => {
    const card = contactlessCard({ data: { "9F36": "0006", "9F13": "0006", "9F6B": fen(9_999) } })
    expect(tap(card, amount, qualifiers).get(0x9f6c)).toBe(expected)
    expect(getData(card, "9F6C")).toBe(expected)
  })

  it("a terminal without qPBOC gets a contact transaction", () => {
    const card = contactlessCard()
    select(card)
    expect(send(card, gpo(2_500, "40000000"))).toBe("800A7C0008010100100105019000")
  })

  it("on a card with contacts is unknown", () => {
    expect(send(contactlessCard({}, { atr: {} }), "00A4040008A000000333010101")).toContain("9F38099F7A01")
  })

  it("a card that is not active refuses", () => {
    const card = contactlessCard({ state: "blocked" })
    select(card)
    expect(status(card, gpo(100))).toBe("6985")
  })

  it("VERIFY is not for somebody at a distance, unless the profile says so", () => {
    const closed = contactlessCard()
    select(closed)
    expect(status(closed, "002000800826123456FFFFFFFF")).toBe("6985")
    const open = contactlessCard({}, { options: { contactless: "open" } })
    select(open)
    expect(status(open, "002000800826123456FFFFFFFF")).toBe("9000")
  })
})

/** Reads what the file locator of an off-line payment names. */
function readOn(card: Card) {
  const record = (command: string) => parsed(send(card, command))
  return { signed: record("00B2011400"), issuer: record("00B2031400"), card: record("00B2041400") }
}

function cardKeyOf(records: ReturnType<typeof readOn>, profile: string): EmvPublicKey {
  const issuer = recoverCertificate("issuer", testEmvKey("rsa", "authority").publicKey, {
    certificate: hex(records.issuer.get(0x90)),
    remainder: hex(records.issuer.get(0x92)),
    exponent: hex(records.issuer.get(0x9f32)),
  })
  if (!issuer.ok) throw new Error(issuer.fault)
  const staticData = concat(hex(SIGNED_RECORD), hex(profile))
  const own = recoverCertificate(
    "card",
    issuer.value.key,
    {
      certificate: hex(records.card.get(0x9f46)),
      remainder: hex(records.card.get(0x9f48)),
      exponent: hex(records.card.get(0x9f47)),
    },
    staticData,
  )
  if (!own.ok) throw new Error(own.fault)
  return own.value.key
}

/** SFI 2 record 1 of the default card without its template (financial-emv §15). */
const SIGNED_RECORD =
  "5F25032501015F24033512315A0A6217000000000000046F5F3401019F0702FF008E100000000000000000420341031E031F009F0D05D84000A8009F0E0500100000009F0F05D84004F8005F28020156"

describe("qPBOC: an off-line payment (financial-emv §24)", () => {
  it("has a file locator and a signature, and tells what will be left", () => {
    const answer = tap(contactlessCard(), 2_500)
    expect(answer.tags).toEqual(["82", "94", "9F36", "57", "9F10", "9F26", "5F34", "9F6C", "9F5D", "9F4B"])
    expect(answer.get(0x94)).toBe("100101011003040018010100")
    expect(answer.get(0x9f5d)).toBe(fen(7_500))
    expect(answer.get(0x9f10)).toContain("0A010000007500")
  })

  it("is signed over number, amount, currency and the last record's 9F69 (fDDA version 01)", () => {
    const card = contactlessCard()
    const answer = tap(card, 2_500)
    const key = cardKeyOf(readOn(card), answer.get(0x82))
    const last = parsed(send(card, LAST_RECORD))
    expect(last.get(0x9f74)).toBe("454343303031")
    expect(last.get(0x9f69)).toMatch(/^01[0-9A-F]{8}0000$/)
    const terminal = hex(`${NUMBER}${fen(2_500)}0156${last.get(0x9f69)}`)
    expect(recoverDynamicData(key, hex(answer.get(0x9f4b)), terminal).ok).toBe(true)
  })

  it("is signed over the number alone for an older reader (version 00)", () => {
    const card = contactlessCard()
    const answer = tap(card, 2_500, TTQ.old)
    const key = cardKeyOf(readOn(card), answer.get(0x82))
    expect(recoverDynamicData(key, hex(answer.get(0x9f4b)), hex(NUMBER)).ok).toBe(true)
    expect(parsed(send(card, LAST_RECORD)).tags).toEqual(["9F74"])
  })

  it("takes the money and writes the log with the last record, once", () => {
    const card = contactlessCard()
    tap(card, 2_500)
    readOn(card)
    expect(getData(card, "9F79")).toBe(fen(10_000))
    expect(status(card, NEWEST_LOG)).toBe("6A83")
    const first = send(card, LAST_RECORD)
    expect(send(card, LAST_RECORD)).toBe(first)
    expect(getData(card, "9F79")).toBe(fen(7_500))
    expect(send(card, NEWEST_LOG)).toMatch(/^251120000000000000002500.*00079000$/)
    expect(status(card, "00B2025C00")).toBe("6A83")
  })

  it.each([
    ["leaves the field", (card: Card) => card.powerOn()],
    ["is selected again", (card: Card) => select(card)],
  ])("costs nothing when the card %s before the last record", (_, leave) => {
    const card = contactlessCard()
    tap(card, 2_500)
    readOn(card)
    leave(card)
    select(card)
    expect(send(card, LAST_RECORD)).toBe("70099F74064543433030319000")
    expect(getData(card, "9F79")).toBe(fen(10_000))
    expect(status(card, NEWEST_LOG)).toBe("6A83")
  })

  it("the last record costs nothing after a payment that went on-line", () => {
    const card = contactlessCard()
    tap(card, 2_500, TTQ.online)
    expect(status(card, LAST_RECORD)).toBe("9000")
    expect(getData(card, "9F79")).toBe(fen(10_000))
  })
})

describe("qPBOC and power cuts", () => {
  it("GET PROCESSING OPTIONS: counter and qualifiers, or neither", () => {
    const cuts = sweepPowerCuts(
      () => contactlessCard(),
      (card) => select(card),
      hex(gpo(2_500, TTQ.holder)),
    )
    expect(cuts).toBeGreaterThan(4)
  })

  it("the last record: balance and log, or neither", () => {
    const cuts = sweepPowerCuts(
      () => contactlessCard(),
      (card) => tap(card, 2_500),
      hex(LAST_RECORD),
    )
    expect(cuts).toBeGreaterThan(4)
  })

  it("any payments, cut anywhere: what is gone from the balance is in the log", () => {
    const payment = fc.record({ amount: fc.integer({ min: 1, max: 4_000 }), cut: fc.nat(20), torn: fc.boolean() })
    fc.assert(
      fc.property(fc.array(payment, { maxLength: 6 }), (payments) => {
        const card = contactlessCard()
        for (const { amount, cut, torn } of payments) {
          card.cutPowerAfter(cut, { torn })
          try {
            tap(card, amount)
            send(card, LAST_RECORD)
          } catch (error) {
            if (!(error instanceof CardRemovedError)) throw error
          }
          card.cutPowerAfter(Number.POSITIVE_INFINITY)
          card.powerOn()
        }
        select(card)
        let logged = 0
        for (let n = 1; n <= 10; n++) {
          const record = send(card, `00B2${n.toString(16).padStart(2, "0")}5C00`)
          if (record === "6A83") break
          logged += Number(record.slice(12, 24))
        }
        expect(Number(getData(card, "9F79")) + logged).toBe(10_000)
      }),
      { numRuns: 25 },
    )
  })
})
