import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../../src/apdu/index.js"
import { blockEncrypt, keyCheckValue, testTerminalKeys } from "../../../src/crypto/index.js"
import { keyModule, scriptedPinPad, softwarePinPad } from "../../../src/terminal/bank/index.js"
import { WORKING_KEYS } from "./scripted-host.js"

const { tmk } = testTerminalKeys()
const PAN = "6217000000000000046"

describe("the key module", () => {
  it("unwraps the working keys of V-C4 and checks their values", () => {
    expect(toHex(WORKING_KEYS)).toBe("CB4AB541CD5AD4FC256A882726936A5A08D7B4FB256A882726936A5ACB4AB541CD5AD4FC7B83586D")
    const keys = keyModule({ tmk })
    expect(keys.ready).toBe(false)
    expect(keys.load(WORKING_KEYS)).toBe(true)
    expect(keys.ready).toBe(true)
    // V-C2
    expect(toHex(keys.pinBlock("123456", PAN))).toBe("D85A13A0B491E484")
  })

  it("makes the MAC of V-C3 with a single-length key", () => {
    const master = hex("70F2A84CCBC2AE8625CBB0F2C22AB923")
    const pinKey = concat(blockEncrypt("3des", master, testTerminalKeys().tpk), hex("08D7B4FB"))
    const macKey = concat(hex("96D605EA176B7E9E0000000000000000"), keyCheckValue("3des", hex("C24A8FB57AA20123"), 4))
    const keys = keyModule({ tmk: master })
    expect(keys.load(concat(pinKey, macKey))).toBe(true)
    const message =
      "0200302004C020C0981100000000000000005100183402100006326217000000000006D3512220000000003136363838303134303030303030303030303030303031313536ACF46E73838A82F92600000000000000000822000001"
    expect(Buffer.from(keys.mac(hex(message))).toString()).toBe("D14D7AD6")
  })

  it.each([
    ["of the PIN key", 16],
    ["of the MAC key", 36],
  ])("refuses keys with a wrong check value %s and keeps the ones it has", (_, at) => {
    const keys = keyModule({ tmk })
    keys.load(WORKING_KEYS)
    const damaged = WORKING_KEYS.slice()
    damaged[at]! ^= 1
    expect(keys.load(damaged)).toBe(false)
    expect(toHex(keys.pinBlock("123456", PAN))).toBe("D85A13A0B491E484")
  })

  it.each([0, 39, 41])("refuses %i bytes", (length) => {
    expect(keyModule({ tmk }).load(new Uint8Array(length))).toBe(false)
  })

  it("does nothing without keys", () => {
    const keys = keyModule({ tmk })
    keys.load(WORKING_KEYS)
    keys.forget()
    expect(keys.ready).toBe(false)
    expect(() => keys.mac(new Uint8Array(8))).toThrow("no working keys")
    expect(() => keys.pinBlock("123456", PAN)).toThrow("no working keys")
  })

  it("wants a master key of 16 bytes", () => {
    expect(() => keyModule({ tmk: new Uint8Array(8) })).toThrow(/^tmk/)
  })

  it("tells a right MAC from a wrong one", () => {
    const keys = keyModule({ tmk })
    keys.load(WORKING_KEYS)
    const mac = keys.mac(hex("0200"))
    expect(keys.isMac(hex("0200"), mac)).toBe(true)
    expect(keys.isMac(hex("0210"), mac)).toBe(false)
    expect(keys.isMac(hex("0200"), mac.subarray(0, 4))).toBe(false)
  })
})

describe("the PIN pad", () => {
  const keys = keyModule({ tmk })
  keys.load(WORKING_KEYS)

  it("gives nothing but the enciphered block", async () => {
    const entry = await scriptedPinPad(keys, ["123456"]).enterPin({ purpose: "current", pan: PAN })
    expect(entry).toEqual({ outcome: "entered", block: hex("D85A13A0B491E484") })
  })

  it("has a new PIN typed twice and compares", async () => {
    const typed = ["246810", "246811", "246810", "246810"]
    const problems: (string | undefined)[] = []
    const pad = softwarePinPad(keys, async ({ problem }) => {
      problems.push(problem)
      return typed.shift()
    })
    // host-iso8583 §11.7: DE52 of the new PIN 246810.
    expect(await pad.enterPin({ purpose: "new", pan: PAN })).toEqual({
      outcome: "entered",
      block: hex("3EF5911C7020B1B9"),
    })
    expect(problems).toEqual([undefined, undefined, "mismatch", undefined])
  })

  it("asks again when the PIN is too short, and gives up after three entries", async () => {
    const pad = scriptedPinPad(keys, ["123", "abc", "", "123456"])
    expect(await pad.enterPin({ purpose: "current", pan: PAN })).toEqual({ outcome: "cancelled" })
  })

  it("is cancelled when nothing is typed", async () => {
    const pad = scriptedPinPad(keys, [])
    expect(await pad.enterPin({ purpose: "new", pan: PAN })).toEqual({ outcome: "cancelled" })
  })
})
