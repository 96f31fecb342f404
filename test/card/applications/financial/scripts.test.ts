import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../../src/apdu/index.js"
import type { Card } from "../../../../src/card/index.js"
import {
  activeCard,
  approve,
  challenge,
  externalAuthenticate,
  financialCard,
  GPO,
  generateAc,
  getData,
  onlineCard,
  pinChange,
  scriptCommand,
  select,
  send,
  status,
} from "../../../support/financial-card.js"

const nextCvr = (card: Card) => {
  select(card)
  send(card, GPO)
  return generateAc(card, "80").cvr
}

/** Makes the MAC of a command wrong. */
function broken(command: string): string {
  const bytes = hex(command)
  bytes[bytes.length - 1]! ^= 1
  return toHex(bytes)
}

const verify = (card: Card, pin: string) => status(card, `00200080082${pin.length.toString(16)}${pin.padEnd(14, "F")}`)

describe("issuer scripts (financial-emv §22)", () => {
  it.each([
    ["between ARQC and second GENERATE AC", false],
    ["after it", true],
  ])("are taken %s", (_, after) => {
    const { card, arqc } = onlineCard()
    externalAuthenticate(card, arqc)
    if (after) generateAc(card, "40", "3030")
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "841E0000"))).toBe("9000")
    expect(select(card)).toBe("6283")
  })

  it("all use the first cryptogram of the transaction", () => {
    const { card, arqc } = onlineCard()
    externalAuthenticate(card, arqc)
    const tc = generateAc(card, "40", "3030")
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84240000"))).toBe("9000")
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84180000"))).toBe("9000")
    expect(status(card, scriptCommand(arqc.counter, tc.cryptogram, "84180000"))).toBe("6988")
  })

  it("are taken after an AAC or TC at once, with that as the anchor", () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    const aac = generateAc(card, "00")
    expect(status(card, scriptCommand(aac.counter, aac.cryptogram, "841E0000"))).toBe("9000")
  })

  it("are taken with class 04 too, whose MAC is another one", () => {
    const { card, arqc } = onlineCard()
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "04240000"))).toBe("9000")
    const other = scriptCommand(arqc.counter, arqc.cryptogram, "84240000")
    expect(status(card, `04${other.slice(2)}`)).toBe("6988")
  })

  it("are refused without an anchor: no GENERATE AC and no challenge", () => {
    const card = activeCard()
    select(card)
    const zeros = new Uint8Array(8)
    expect(status(card, scriptCommand("0006", zeros, "841E0000"))).toBe("6985")
  })

  it("are refused between GET PROCESSING OPTIONS and GENERATE AC, a challenge notwithstanding", () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    const anchor = challenge(card)
    expect(status(card, scriptCommand("0007", anchor, "841E0000"))).toBe("6985")
    generateAc(card, "80")
    expect(status(card, scriptCommand("0007", anchor, "841E0000"))).toBe("6988")
  })

  it("end with a wrong MAC: nothing more is taken until the next SELECT", () => {
    const { card, arqc } = onlineCard()
    const command = scriptCommand(arqc.counter, arqc.cryptogram, "841E0000")
    expect(status(card, broken(command))).toBe("6988")
    expect(status(card, command)).toBe("6985")
    challenge(card)
    expect(status(card, command)).toBe("6985")
    expect(select(card)).toBe("9000")
  })

  it.each([
    ["841E010004", "00000000", "6A86"],
    ["841E000204", "00000000", "6A86"],
    ["8418000104", "00000000", "6A86"],
    ["8416010004", "00000000", "6A86"],
    ["8424000304", "00000000", "6A86"],
    ["8424010004", "00000000", "6A86"],
    ["841E000008", "0000000000000000", "6700"],
    ["841E0000", "", "6700"],
    ["8424000014", "00".repeat(20), "6700"],
    ["8424000204", "00000000", "6700"],
  ])("%s is refused before its MAC is looked at", (header, data, expected) => {
    const { card, arqc } = onlineCard()
    expect(status(card, header + data)).toBe(expected)
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84180000"))).toBe("9000")
  })

  it("after the second GENERATE AC are counted for the next transaction, until one is approved", () => {
    const { card, arqc } = onlineCard()
    externalAuthenticate(card, arqc)
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84240000"))).toBe("9000")
    generateAc(card, "40", "3030")
    for (let i = 0; i < 2; i++) status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84240000"))
    expect(nextCvr(card)).toBe("03A00020")
    approve(card)
    expect(nextCvr(card)).toBe("03A00000")
  })

  it("are counted to fifteen", () => {
    const { card, arqc } = onlineCard()
    externalAuthenticate(card, arqc)
    generateAc(card, "40", "3030")
    for (let i = 0; i < 17; i++) status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84240000"))
    expect(nextCvr(card)).toBe("03A000F0")
  })

  it("that fail show in the next transaction", () => {
    const { card, arqc } = onlineCard()
    externalAuthenticate(card, arqc)
    generateAc(card, "40", "3030")
    status(card, broken(scriptCommand(arqc.counter, arqc.cryptogram, "84240000")))
    expect(nextCvr(card)).toBe("03A00008")
  })

  it("that block the application make the second GENERATE AC an AAC", () => {
    const { card, arqc } = onlineCard()
    externalAuthenticate(card, arqc)
    status(card, scriptCommand(arqc.counter, arqc.cryptogram, "841E0000"))
    expect(generateAc(card, "40", "3030").cid).toBe("00")
    expect(send(card, "00B2015C00")).toBe("6A83")
  })

  it("are not taken again in a later transaction", () => {
    const { card, arqc } = onlineCard()
    const command = scriptCommand(arqc.counter, arqc.cryptogram, "84240000")
    expect(status(card, command)).toBe("9000")
    select(card)
    send(card, GPO)
    generateAc(card, "80")
    expect(status(card, command)).toBe("6988")
  })
})

describe("PIN CHANGE/UNBLOCK (financial-emv §22)", () => {
  const blockPin = (card: Card) => {
    for (let i = 0; i < 3; i++) verify(card, "999999")
    expect(getData(card, "9F17")).toBe("00")
  }

  it("00 unblocks the PIN and keeps it", () => {
    const { card, arqc } = onlineCard()
    blockPin(card)
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84240000"))).toBe("9000")
    expect(getData(card, "9F17")).toBe("03")
    expect(verify(card, "123456")).toBe("9000")
  })

  it.each(["1234", "12345", "246810", "123456789012"])("02 sets PIN %s and gives back its tries", (pin) => {
    const { card, arqc } = onlineCard()
    blockPin(card)
    expect(status(card, pinChange(arqc.counter, arqc.cryptogram, pin))).toBe("9000")
    expect(getData(card, "9F17")).toBe("03")
    expect(verify(card, "123456")).toBe("63C2")
    expect(verify(card, pin)).toBe("9000")
  })

  it("01 sets a PIN by means of the old one", () => {
    const { card, arqc } = onlineCard()
    expect(status(card, pinChange(arqc.counter, arqc.cryptogram, "246810", "123456"))).toBe("9000")
    expect(verify(card, "246810")).toBe("9000")
  })

  it("01 with another old PIN is wrong data, changes nothing and shows in the next transaction", () => {
    const { card, arqc } = onlineCard()
    expect(status(card, pinChange(arqc.counter, arqc.cryptogram, "246810", "654321"))).toBe("6A80")
    expect(verify(card, "123456")).toBe("9000")
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A08008")
  })

  it("a block that does not decipher is wrong data", () => {
    const { card, arqc } = onlineCard()
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84240002", new Uint8Array(16)))).toBe("6A80")
    expect(verify(card, "123456")).toBe("9000")
  })
})

describe("the unblocking session (financial-emv §28)", () => {
  it("anchors scripts in the last challenge", () => {
    const card = financialCard()
    select(card)
    const first = challenge(card)
    const second = challenge(card)
    expect(status(card, scriptCommand("0000", first, "84180000"))).toBe("6988")
    select(card)
    const third = challenge(card)
    expect(toHex(third)).not.toBe(toHex(second))
    expect(status(card, scriptCommand("0000", third, "84180000"))).toBe("9000")
    expect(select(card)).toBe("9000")
  })

  it.each(["SELECT", "reset"])("ends with %s: the challenge is gone", (event) => {
    const card = financialCard()
    select(card)
    const anchor = challenge(card)
    if (event === "reset") card.reset()
    select(card)
    expect(status(card, scriptCommand("0000", anchor, "84180000"))).toBe("6985")
  })

  it("activates in either order, and is mended when it was broken off", () => {
    const card = financialCard()
    select(card)
    let anchor = challenge(card)
    expect(status(card, pinChange("0000", anchor, "246810"))).toBe("9000")
    expect(status(card, scriptCommand("0000", anchor, "84180000"))).toBe("9000")
    select(card)
    expect(verify(card, "246810")).toBe("9000")

    const interrupted = financialCard()
    select(interrupted)
    anchor = challenge(interrupted)
    expect(status(interrupted, scriptCommand("0000", anchor, "84180000"))).toBe("9000")
    interrupted.reset()
    expect(select(interrupted)).toBe("9000")
    expect(getData(interrupted, "9F17")).toBe("00")
    expect(verify(interrupted, "123456")).toBe("6983")
    anchor = challenge(interrupted)
    expect(status(interrupted, scriptCommand("0000", anchor, "84180000"))).toBe("9000")
    expect(status(interrupted, pinChange("0000", anchor, "246810"))).toBe("9000")
    expect(verify(interrupted, "246810")).toBe("9000")
  })

  it("leaves no trace in the card verification results", () => {
    const card = financialCard()
    select(card)
    status(card, broken(scriptCommand("0000", challenge(card), "84180000")))
    select(card)
    const anchor = challenge(card)
    status(card, scriptCommand("0000", anchor, "84180000"))
    status(card, pinChange("0000", anchor, "246810"))
    expect(nextCvr(card)).toBe("03A01000")
  })
})

describe("the life of the application (financial-emv §28)", () => {
  const PSE = "00A404000E315041592E5359532E4444463031"
  const PPSE = "00A404000E325041592E5359532E4444463031"

  /** A card in each state, in the way that leads there. */
  const brought: Readonly<Record<string, () => Card>> = {
    inactive: () => financialCard(),
    active: () => activeCard(),
    blocked: () => scripted("841E0000"),
    closed: () => scripted("841E0001"),
    cardBlocked: () => scripted("84160000"),
  }

  function scripted(header: string): Card {
    const { card, arqc } = onlineCard()
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, header))).toBe("9000")
    return card
  }

  it.each([
    // state, SELECT, GPO, VERIFY, GET DATA, GET CHALLENGE, READ RECORD
    ["inactive", "6283", "6985", "6983", "9000", "9000", "9000"],
    ["active", "9000", "9000", "63C2", "9000", "9000", "9000"],
    ["blocked", "6283", "6985", "6983", "9000", "9000", "9000"],
    ["closed", "6A81", "6985", "6985", "6985", "6985", "6985"],
    ["cardBlocked", "6A81", "6985", "6985", "6985", "6985", "6985"],
  ])("%s: SELECT %s, GPO %s, VERIFY %s, GET DATA %s, GET CHALLENGE %s, READ RECORD %s", (state, ...expected) => {
    for (const card of [brought[state]!(), financialCard({ state })]) {
      card.reset()
      expect([
        select(card),
        status(card, GPO),
        verify(card, "999999"),
        status(card, "80CA9F3600"),
        status(card, "0084000008"),
        status(card, "00B2010C00"),
      ]).toEqual(expected)
    }
  })

  it.each([
    ["inactive", "84180000", "9000", "9000"],
    ["inactive", "841E0000", "9000", "6283"],
    ["inactive", "841E0001", "9000", "6A81"],
    ["inactive", "84160000", "9000", "6A81"],
    ["inactive", "84240000", "9000", "6283"],
    ["active", "84180000", "9000", "9000"],
    ["active", "841E0000", "9000", "6283"],
    ["active", "841E0001", "9000", "6A81"],
    ["active", "84160000", "9000", "6A81"],
    ["blocked", "84180000", "9000", "9000"],
    ["blocked", "841E0001", "9000", "6A81"],
    ["blocked", "84160000", "9000", "6A81"],
  ])("%s takes %s in an unblocking session: %s, then SELECT %s", (state, header, answer, afterwards) => {
    const card = brought[state]!()
    select(card)
    const counter = getData(card, "9F36")
    expect(status(card, scriptCommand(counter, challenge(card), header))).toBe(answer)
    card.reset()
    expect(select(card)).toBe(afterwards)
  })

  it("blocked gives its FCI with 6283", () => {
    const card = brought.blocked!()
    expect(send(card, "00A4040008A000000333010101")).toMatch(/^6F4B8408A000000333010101.*6283$/)
  })

  it("closed says that UNBLOCK is for ever too late, and takes no other script", () => {
    const card = brought.closed!()
    select(card)
    expect(status(card, "8418000004F2DEA2D4")).toBe("9303")
    for (const header of ["841E0000", "84160000", "84240000"]) expect(status(card, `${header}0400000000`)).toBe("6985")
  })

  it("a blocked card takes no script at all, not even UNBLOCK", () => {
    const card = brought.cardBlocked!()
    select(card)
    for (const header of ["84180000", "841E0000", "84240000"]) expect(status(card, `${header}0400000000`)).toBe("6985")
  })

  it("a blocked card refuses PSE and PPSE; any other state lists the application", () => {
    for (const [state, make] of Object.entries(brought)) {
      const card = make()
      const expected = state === "cardBlocked" ? "6A81" : "9000"
      expect(status(card, PSE)).toBe(expected)
      expect(status(card, "00B2010C00")).toBe(state === "cardBlocked" ? "6985" : "9000")
      expect(status(card, PPSE)).toBe(expected)
    }
  })

  it("a blocked card still has its social security application", () => {
    const card = brought.cardBlocked!()
    expect(status(card, "00A404000F7378312E73682EC9E7BBE1B1A3D5CF")).toBe("9000")
    expect(status(card, "0020000003123456")).toBe("9000")
  })

  it("an unblocked application works from the next SELECT on", () => {
    const card = brought.blocked!()
    select(card)
    const counter = getData(card, "9F36")
    expect(status(card, scriptCommand(counter, challenge(card), "84180000"))).toBe("9000")
    expect(status(card, GPO)).toBe("6985")
    expect(select(card)).toBe("9000")
    expect(status(card, GPO)).toBe("9000")
  })

  it("a transaction that has begun ends with an AAC when the card is blocked in it", () => {
    const { card, arqc } = onlineCard()
    externalAuthenticate(card, arqc)
    status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84160000"))
    expect(generateAc(card, "40", "3030").sw).toBe("6985")
    expect(select(card)).toBe("6A81")
  })
})

describe("CARD BLOCK (financial-emv §28)", () => {
  const SELECT_SOCIAL_SECURITY = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
  it.each([
    ["financial", "9000"],
    ["card", "6A81"],
  ])("with the scope %s leaves the social security application at %s", (cardBlockScope, expected) => {
    const { card, arqc } = onlineCard({ cardBlockScope })
    expect(status(card, scriptCommand(arqc.counter, arqc.cryptogram, "84160000"))).toBe("9000")
    card.reset()
    expect(select(card)).toBe("6A81")
    expect(status(card, SELECT_SOCIAL_SECURITY)).toBe(expected)
  })
})
