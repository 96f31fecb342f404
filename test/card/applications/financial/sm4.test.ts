import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../../../src/apdu/index.js"
import { arpcMethod1, scriptMac, scriptPinBlock } from "../../../../src/crypto/index.js"
import {
  activeCard,
  GPO,
  generateAc,
  getData,
  issuerKeys,
  PAN,
  PSN,
  select,
  send,
  status,
} from "../../../support/financial-card.js"

const keys = (counter: string) => issuerKeys(counter, PAN, PSN, "sm4")

function scripted(counter: string, anchor: Uint8Array, header: string, data: Uint8Array = new Uint8Array(0)): string {
  const full = concat(hex(header), data.length + 4)
  return toHex(concat(full, data, scriptMac("sm4", keys(counter).mac, full, hex(counter), anchor, data)))
}

describe("a card with SM4 keys (financial-emv §25)", () => {
  function online() {
    const card = activeCard({ algorithm: "sm4" })
    select(card)
    send(card, GPO)
    const arqc = generateAc(card, "80")
    const arpc = arpcMethod1("sm4", keys(arqc.counter).ac, arqc.cryptogram, hex("3030"))
    return { card, arqc, arpc }
  }

  it("believes its issuer, and approves", () => {
    const { card, arpc } = online()
    expect(status(card, `008200000A${toHex(arpc)}3030`)).toBe("9000")
    expect(generateAc(card, "40", "3030").cid).toBe("40")
    expect(getData(card, "9F13")).toBe("0007")
  })

  it("does not believe a cryptogram of 3DES", () => {
    const { card, arqc } = online()
    const arpc = arpcMethod1("3des", issuerKeys(arqc.counter).ac, arqc.cryptogram, hex("3030"))
    expect(status(card, `008200000A${toHex(arpc)}3030`)).toBe("6300")
  })

  it("takes scripts and a new PIN", () => {
    const { card, arqc } = online()
    const { enc, udkAc } = keys(arqc.counter)
    expect(status(card, scripted(arqc.counter, arqc.cryptogram, "04DA9F58", hex("05")))).toBe("9000")
    const pin = scriptPinBlock("sm4", enc, udkAc, "9876")
    expect(status(card, scripted(arqc.counter, arqc.cryptogram, "84240002", pin))).toBe("9000")
    expect(status(card, "0020008008249876FFFFFFFFFF")).toBe("9000")
  })
})
