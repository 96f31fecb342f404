import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../../src/apdu/index.js"
import { blockDecrypt, encryptPinBlock, keyCheckValue, lineMac, testTerminalKeys } from "../../../src/crypto/index.js"
import { createHsm } from "../../../src/host/hsm/hsm.js"
import { unwrapKey, wrapKey } from "../../../src/host/hsm/key-block.js"
import { isAllowedPin } from "../../../src/host/hsm/pin-verifier.js"

const PAN = "6217000000000000046"
const CARD = { pan: PAN, sequenceNumber: "01", keyIndex: 1, algorithm: "3des" } as const
const { tmk, tpk, tak } = testTerminalKeys()

/** Gives these bytes first, then different ones for ever. */
function scripted(...first: Uint8Array[]) {
  let counter = 0
  return (length: number) => first.shift() ?? new Uint8Array(length).fill(++counter)
}

function signedOn(algorithm: "3des" | "sm4" = "3des") {
  const hsm = createHsm({ random: scripted(hex("00".repeat(12)), tpk, tak) })
  const master = hsm.loadTerminalMasterKey(algorithm, tmk)
  return { hsm, keys: hsm.newWorkingKeys(master) }
}

const pinOf = (pin: string, keys: { pinKey: Uint8Array }, pan = PAN) => ({
  pinKey: keys.pinKey,
  block: encryptPinBlock("3des", tpk, pin, pan),
  pan,
})

describe("working keys", () => {
  it("hands out PIN and MAC key under the terminal's master key with their check values (V-C4)", () => {
    expect(toHex(signedOn().keys.forTerminal)).toBe(
      "CB4AB541CD5AD4FC256A882726936A5A08D7B4FB256A882726936A5ACB4AB541CD5AD4FC7B83586D",
    )
  })

  it("makes DES keys of odd parity", () => {
    const hsm = createHsm()
    const { forTerminal } = hsm.newWorkingKeys(hsm.loadTerminalMasterKey("3des", tmk))
    for (const byte of blockDecrypt("3des", tmk, forTerminal.slice(0, 16)))
      expect([...byte.toString(2)].filter((bit) => bit === "1").length % 2).toBe(1)
  })

  it("wraps SM4 keys with SM4", () => {
    const { keys } = signedOn("sm4")
    expect(blockDecrypt("sm4", tmk, keys.forTerminal.slice(0, 16))).toEqual(tpk)
    expect(keys.forTerminal.slice(16, 20)).toEqual(keyCheckValue("sm4", tpk, 4))
  })

  it("makes and checks the MAC of a line", () => {
    const { hsm, keys } = signedOn()
    const mac = hsm.lineMac(keys.macKey, "ecb", hex("0200"))
    expect(mac).toEqual(lineMac("ecb", tak, hex("0200")))
    expect(hsm.isLineMac(keys.macKey, "ecb", hex("0200"), mac)).toBe(true)
    expect(hsm.isLineMac(keys.macKey, "ecb", hex("0201"), mac)).toBe(false)
    expect(hsm.isLineMac(keys.macKey, "ecb", hex("0200"), mac.slice(1))).toBe(false)
  })
})

describe("key blocks", () => {
  const [localMasterKey, nonce] = [hex("00112233445566778899AABBCCDDEEFF"), new Uint8Array(12)]
  const block = wrapKey(localMasterKey, "pin", { algorithm: "3des", key: tpk }, nonce)

  it("do not show the key", () => {
    expect(toHex(block)).not.toContain(toHex(tpk).slice(0, 8))
    expect(unwrapKey(localMasterKey, "pin", block)).toEqual({ algorithm: "3des", key: tpk })
  })

  it.each([
    ["a PIN key used as a MAC key", () => unwrapKey(localMasterKey, "mac", block)],
    ["a usage that was changed", () => unwrapKey(localMasterKey, "mac", concat(block.slice(0, 1), 2, block.slice(2)))],
    [
      "a changed byte",
      () =>
        unwrapKey(
          localMasterKey,
          "pin",
          block.map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
        ),
    ],
    ["another master key", () => unwrapKey(tmk, "pin", block)],
    ["a cut block", () => unwrapKey(localMasterKey, "pin", block.slice(0, 40))],
    ["nothing", () => unwrapKey(localMasterKey, "pin", new Uint8Array(0))],
  ])("refuse %s", (_what, unwrap) => {
    expect(unwrap).toThrow(expect.objectContaining({ code: "KEY_BLOCK_INVALID" }))
  })
})

describe("PIN", () => {
  it("is right, wrong or not there", () => {
    const { hsm, keys } = signedOn()
    const verifier = hsm.issuedPinVerifier(PAN, "123456")
    expect(hsm.checkPin(pinOf("123456", keys), verifier)).toBe("right")
    expect(hsm.checkPin(pinOf("123457", keys), verifier)).toBe("wrong")
    expect(hsm.checkPin({ ...pinOf("123456", keys), block: new Uint8Array(8) }, verifier)).toBe("undecodable")
    expect(hsm.checkPin(pinOf("123456", keys), null)).toBe("wrong")
  })

  it("decodes the block of the default card (V-C2)", () => {
    const { hsm, keys } = signedOn()
    const verifier = hsm.issuedPinVerifier(PAN, "123456")
    expect(hsm.checkPin({ pinKey: keys.pinKey, block: hex("D85A13A0B491E484"), pan: PAN }, verifier)).toBe("right")
  })

  it("belongs to one card", () => {
    const { hsm, keys } = signedOn()
    const other = "6217998765432101232"
    expect(hsm.checkPin(pinOf("123456", keys, other), hsm.issuedPinVerifier(PAN, "123456"))).toBe("wrong")
  })

  it("gives a different verifier each time, without the PIN in it", () => {
    const { hsm, keys } = signedOn()
    const [first, second] = [hsm.newPinVerifier(pinOf("246810", keys)), hsm.newPinVerifier(pinOf("246810", keys))]
    expect(first).toBeInstanceOf(Uint8Array)
    expect(first).not.toEqual(second)
    expect(hsm.checkPin(pinOf("246810", keys), second as Uint8Array)).toBe("right")
  })

  it.each([
    ["111111", false],
    ["123456", false],
    ["654321", false],
    ["12345", false],
    ["2468101", false],
    ["246810", true],
    ["112233", true],
    ["123457", true],
  ])("%s as a new PIN is allowed: %s", (pin, allowed) => expect(isAllowedPin(pin)).toBe(allowed))

  it("refuses a new PIN that is too simple", () => {
    const { hsm, keys } = signedOn()
    expect(hsm.newPinVerifier(pinOf("111111", keys))).toBe("forbidden")
    expect(hsm.newPinVerifier({ ...pinOf("111111", keys), block: new Uint8Array(8) })).toBe("undecodable")
  })
})

describe("card cryptograms", () => {
  const atc = hex("0007")
  const data = hex("000000050000 000000000000 0156 0000048000 0156 251120 01 11223344 7C00 0007 03A00002")
  const arqc = hex("E64152248DEBA48B")

  it("recognises the ARQC of the default card and answers it (V-B10)", () => {
    const hsm = createHsm()
    expect(hsm.isCryptogram(CARD, atc, data, arqc)).toBe(true)
    expect(toHex(hsm.answerCryptogram(CARD, atc, arqc, hex("3030")))).toBe("4C70186B21450E76")
  })

  it("recognises the SM4 cryptogram of the same card (V-B10)", () => {
    const card = { ...CARD, algorithm: "sm4" } as const
    expect(createHsm().isCryptogram(card, atc, data, hex("DA3C044890F2F2D0"))).toBe(true)
  })

  it.each([
    ["another card", { ...CARD, pan: "6217998765432101232" }, atc, data],
    ["another sequence number", { ...CARD, sequenceNumber: "02" }, atc, data],
    ["another counter", CARD, hex("0008"), data],
    ["another amount", CARD, atc, concat(data.slice(0, 5), 1, data.slice(6))],
  ])("refuses it for %s", (_what, card, counter, covered) => {
    expect(createHsm().isCryptogram(card, counter, covered, arqc)).toBe(false)
  })

  it("has no keys of an unknown index", () => {
    const hsm = createHsm()
    expect(hsm.hasCardKeys(CARD)).toBe(true)
    expect(hsm.hasCardKeys({ ...CARD, keyIndex: 2 })).toBe(false)
    expect(() => hsm.isCryptogram({ ...CARD, keyIndex: 2 }, atc, data, arqc)).toThrow(
      expect.objectContaining({ code: "KEY_UNKNOWN" }),
    )
  })

  it("writes the script commands that activate the default card (V-B13)", () => {
    const { hsm, keys } = signedOn()
    const [counter, anchor] = [hex("0000"), hex("0102030405060708")]
    const pin = { pinKey: keys.pinKey, block: hex("3EF5911C7020B1B9"), pan: PAN }
    expect(toHex(hsm.unblockCommand(CARD, counter, anchor))).toBe("84180000044FA0C4BA")
    expect(toHex(hsm.changePinCommand(CARD, counter, anchor, pin))).toBe(
      "842400021469EC92B9A5449ED037EAD3AE9CD88C0A693846F8",
    )
  })

  it("writes APPLICATION UNBLOCK after an ARQC (V-B10)", () => {
    expect(toHex(createHsm().unblockCommand(CARD, atc, arqc))).toBe("8418000004F2DEA2D4")
  })
})
