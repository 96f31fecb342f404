import { describe, expect, it } from "vitest"
import type { Card } from "../../../../src/card/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import { send } from "../../../support/financial-card.js"
import {
  adminProof,
  CHALLENGE_16,
  changeAdminPin,
  GENERATE,
  MK,
  masterProof,
  openForWriting,
  pkiCard,
  SELECT_CERT,
  SELECT_PKI,
  updateMasterKey,
  userProof,
} from "../../../support/pki-card.js"
import { triesOf, withWrongMac } from "../../../support/social-security-card.js"

const R = "00112233445566778899AABBCCDDEEFF"
const NEW_KEY = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"

describe("the PKI application among the others (card-structure §4.1, §12)", () => {
  it("is selected by name, its certificate application from anywhere", () => {
    const card = pkiCard()
    card.reset()
    expect(send(card, SELECT_PKI)).toBe("6F19840C504B492EC9E7BBE1B1A3D5CFA50988010153049F0C86039000")
    expect(send(card, SELECT_CERT)).toBe("6F19840C53532E434552542E41444631A50988010153049F0C86039000")
    exchange(card, "00A4000000")
    expect(send(card, SELECT_CERT)).toMatch(/9000$/)
    exchange(card, "00A4000000")
    expect(send(card, "00B2030C00")).toMatch(/^61134F0C504B492EC9E7BBE1B1A3D5CF5003504B499000$/)
  })

  it("takes proofs in its environment, the rest in the certificate application only", () => {
    const card = pkiCard()
    exchange(card, SELECT_PKI)
    exchangeAll(card, [() => `${adminProof(card)} < 9000`, () => `${masterProof(card)} < 9000`, `${GENERATE} < 6D00`])
    exchangeAll(card, ["00A40000020012 < 6A82", SELECT_CERT, `${GENERATE} < 9000`])
  })

  it("forgets every proof when another environment is selected, and with a reset", () => {
    const card = pkiCard()
    openForWriting(card)
    exchangeAll(card, ["00A4000002DDF1", SELECT_CERT, `${GENERATE} < 6982`])
    openForWriting(card)
    card.reset()
    exchangeAll(card, [SELECT_CERT, `${GENERATE} < 6982`])
  })
})

describe("PIN digest (80 C4, card-commands §12)", () => {
  it.each([
    ["user PIN", "80C4010305C103123456 00", "3DE741F445DD357BEA4E6C3FE6437036F62B5E3EC0F00D62796EDB4305ED627F"],
    [
      "administrator PIN",
      "80C4010306C10412345678 00",
      "4D59306C7397E06DE3CD82A14A926FBAFED44352AD3EF88A06F5CBE600AF3DCF",
    ],
  ])("of the %s", (_, command, digest) => {
    const card = pkiCard()
    expect(exchange(card, command)).toBe("6120")
    expect(send(card, command)).toBe(`${digest}9000`)
  })

  it.each([
    ["P1P2 0100", "80C4010005C103123456", "6A86"],
    ["a PIN of two bytes", "80C4010304C1021234", "6700"],
    ["a PIN of five bytes", "80C4010307C1051234567890", "6700"],
    ["another tag", "80C4010305C203123456", "6A80"],
    ["a wrong length byte", "80C4010305C104123456", "6A80"],
    ["no data", "80C4010300", "6700"],
  ])("refuses %s", (_, command, expected) => {
    expect(exchange(pkiCard(), command)).toBe(expected)
  })
})

describe("proofs (card-commands §12)", () => {
  it.each([
    ["user PIN", "0020018110 4794C07B485910BBA3B6CADA20F62211"],
    ["administrator PIN", "0020010010 FB88472E093DEE3300F737691D8B615D"],
    ["master key", "0082000010 B1C2FF78FC22FF05018AD65CF558CA9B"],
  ])("accepts the vector of the %s", (_, command) => {
    exchangeAll(pkiCard({ challenges: [R] }), [`${CHALLENGE_16} < ${R}9000`, `${command} < 9000`, `${command} < 6984`])
  })

  it.each<[string, string, (card: Card) => string, number]>([
    ["user PIN", "pkiUserPin", userProof, 6],
    ["administrator PIN", "pkiAdminPin", adminProof, 6],
    ["master key", "MKpki", masterProof, 3],
  ])(
    "counts wrong ones of the %s down to the lock, restores the counter, keeps it over a reset",
    (_, name, make, most) => {
      const card = pkiCard()
      const wrong = () => withWrongMac(make(card))
      exchangeAll(card, [() => `${wrong()} < 63C${most - 1}`, () => `${make(card)} < 9000`])
      expect(triesOf(card, name)).toBe(most)
      for (let left = most - 1; left >= 0; left--) exchangeAll(card, [() => `${wrong()} < 63C${left}`])
      exchangeAll(card, [() => `${make(card)} < 6983`])
      card.reset()
      exchange(card, SELECT_CERT)
      exchangeAll(card, [() => `${make(card)} < 6983`])
    },
  )

  it("takes a proof away with a wrong one", () => {
    const card = pkiCard()
    openForWriting(card)
    exchangeAll(card, [() => `${withWrongMac(adminProof(card))} < 63C5`, `${GENERATE} < 6982`])
    openForWriting(card)
    exchangeAll(card, [() => `${withWrongMac(masterProof(card))} < 63C2`, `${GENERATE} < 6982`])
  })

  it("wants a fresh challenge of sixteen bytes", () => {
    const card = pkiCard()
    const command = userProof(card)
    exchangeAll(card, [`${command} < 9000`, `${command} < 6984`, "0084000008", `${command} < 6984`])
    exchangeAll(card, [CHALLENGE_16, `${command} < 63C5`])
  })

  it("writes the counter before it compares", () => {
    const card = pkiCard()
    const command = adminProof(card)
    card.cutPowerAfter(1)
    expect(() => exchange(card, command)).toThrow()
    card.powerOn()
    expect(triesOf(card, "pkiAdminPin")).toBe(5)
  })

  it("tells the tries of a PIN without data", () => {
    const card = pkiCard({ pki: { adminPin: { triesLeft: 0 } } })
    exchangeAll(card, [
      "00200181 < 63C6",
      "0020018100 < 63C6",
      "00200100 < 6983",
      () => `${userProof(card)} < 9000`,
      "00200181 < 9000",
    ])
  })

  it.each([
    ["P2 of the social security PIN", "0020000003123456", "6A86"],
    ["a PIN in the clear", "0020018103123456", "6700"],
    ["P1 01 of the master key", `0082010010${"00".repeat(16)}`, "6A86"],
    ["a master key proof of eight bytes", `0082000008${"00".repeat(8)}`, "6700"],
    ["INTERNAL AUTHENTICATE", `0088000010${"00".repeat(16)}`, "6D00"],
    ["CHANGE PIN", "805E010007123456FF654321", "6D00"],
  ])("refuses %s", (_, command, expected) => {
    const card = pkiCard()
    exchange(card, CHALLENGE_16)
    expect(exchange(card, command)).toBe(expected)
    expect(triesOf(card, "pkiUserPin")).toBe(6)
  })
})

describe("change of the administrator PIN and update of the master key (card-commands §12)", () => {
  const proofs = ["0020010010FB88472E093DEE3300F737691D8B615D", "0082000010B1C2FF78FC22FF05018AD65CF558CA9B"]

  it("accept the vectors", () => {
    const vectors = [
      "845E010014C7C95A4F5876FAC773FFD8633FAA451FBD5031CE",
      "84D4010024210617D7DBE6215314277356AC36696799D496DA430AB6F843D70035DB7C503DCE625CCD",
    ]
    for (const command of vectors) {
      const card = pkiCard({ challenges: [R, R, R] })
      for (const each of proofs) exchangeAll(card, [CHALLENGE_16, `${each} < 9000`])
      exchangeAll(card, [CHALLENGE_16, `${command} < 9000`])
    }
  })

  it("ask for both proofs", () => {
    const card = pkiCard()
    exchangeAll(card, [
      () => `${changeAdminPin(card, "87654321")} < 6982`,
      () => `${updateMasterKey(card, NEW_KEY)} < 6982`,
    ])
    exchangeAll(card, [() => `${adminProof(card)} < 9000`, () => `${changeAdminPin(card, "87654321")} < 6982`])
    card.reset()
    exchange(card, SELECT_CERT)
    exchangeAll(card, [() => `${masterProof(card)} < 9000`, () => `${updateMasterKey(card, NEW_KEY)} < 6982`])
  })

  it("put the new PIN in place, with all tries, to be proved", () => {
    const card = pkiCard()
    openForWriting(card)
    exchangeAll(card, [() => `${changeAdminPin(card, "87654321")} < 9000`, `${GENERATE} < 6982`])
    exchangeAll(card, [
      () => `${adminProof(card)} < 63C5`,
      () => `${adminProof(card, "87654321")} < 9000`,
      `${GENERATE} < 9000`,
    ])
  })

  it("put the new master key in place, with all tries, to be proved", () => {
    const card = pkiCard()
    openForWriting(card)
    exchangeAll(card, [() => `${updateMasterKey(card, NEW_KEY)} < 9000`, `${GENERATE} < 6982`])
    exchangeAll(card, [
      () => `${masterProof(card)} < 63C2`,
      () => `${masterProof(card, NEW_KEY)} < 9000`,
      `${GENERATE} < 9000`,
    ])
    exchangeAll(card, [
      () => `${updateMasterKey(card, MK)} < 6988`,
      () => `${updateMasterKey(card, MK, NEW_KEY)} < 9000`,
    ])
  })

  it("refuse a wrong MAC, a replay and an old challenge, and lock the master key", () => {
    const card = pkiCard()
    openForWriting(card)
    const command = changeAdminPin(card, "87654321")
    exchangeAll(card, [`${withWrongMac(command)} < 6988`, `${command} < 6984`])
    expect(triesOf(card, "MKpki")).toBe(2)
    exchangeAll(card, [CHALLENGE_16, `${command} < 6988`, "0084000008", `${command} < 6984`])
    exchangeAll(card, [() => `${withWrongMac(updateMasterKey(card, NEW_KEY))} < 6988`])
    exchangeAll(card, [() => `${updateMasterKey(card, NEW_KEY)} < 6983`, () => `${masterProof(card)} < 6983`])
    exchangeAll(card, [() => `${adminProof(card)} < 9000`])
  })

  it.each([
    ["P1 00", "845E000014", 20, "6A86"],
    ["a byte less", "845E010013", 19, "6700"],
    ["P2 01 of the master key", "84D4010124", 36, "6A86"],
    ["a master key of one block", "84D4010014", 20, "6700"],
  ])("refuse %s", (_, header, length, expected) => {
    const card = pkiCard()
    openForWriting(card)
    exchange(card, CHALLENGE_16)
    expect(exchange(card, header + "00".repeat(length))).toBe(expected)
  })

  it("refuse a PIN of another length behind a right MAC", () => {
    const card = pkiCard()
    openForWriting(card)
    exchangeAll(card, [() => `${changeAdminPin(card, "123456")} < 6A80`, `${GENERATE} < 9000`])
    expect([triesOf(card, "MKpki"), triesOf(card, "pkiAdminPin")]).toEqual([3, 6])
  })
})
