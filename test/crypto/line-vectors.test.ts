import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import {
  blockDecrypt,
  blockEncrypt,
  decryptPinBlock,
  encodePinBlock,
  encryptPinBlock,
  keyCheckValue,
  lineMac,
  testTerminalKeys,
} from "../../src/crypto/index.js"
import { foldBlocks } from "../../src/crypto/line-mac.js"

const CLASSIC = hex("0123456789ABCDEFFEDCBA9876543210")
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

describe("PIN blocks (host-iso8583 §8, §10)", () => {
  it.each([
    ["V-C1", "12345678".repeat(4), "1234", "1234567890123456", "0412719876FEDCBA", "ABE38E29B58EA392"],
    ["V-C2", toHex(CLASSIC), "123456", "6217998765432101232", "0612B333BCDEFEDC", "2C8F9FB42F785B63"],
    ["V-C2 default PAN", toHex(CLASSIC), "123456", "6217000000000000046", "06123456FFFFFFFB", "D85A13A0B491E484"],
  ])("%s: ISO 9564-0", (_, key, pin, pan, clear, block) => {
    expect(toHex(encodePinBlock("iso0", pin, pan))).toBe(clear)
    expect(toHex(encryptPinBlock("3des", hex(key), pin, pan))).toBe(block)
    expect(decryptPinBlock("3des", hex(key), hex(block), pan)).toBe(pin)
  })

  it("V-C5: SM4", () => {
    const tmk = hex("1234567890ABCDEFABCDEF0987654321")
    const tpk = blockDecrypt("sm4", tmk, hex("3D66234C49E4296FF9C78D8BACBD6A76"))
    expect(toHex(tpk)).toBe("F351D490994603795C6EBEE8FAEBB481")
    expect(toHex(keyCheckValue("sm4", tpk, 8))).toBe("861E83E31FAEBF10")
    expect(toHex(encodePinBlock("sm4", "123456", "6217998765432101232"))).toBe("06123456FFFFFFFFFFFF789ABCDEFEDC")
    const block = encryptPinBlock("sm4", tpk, "123456", "6217998765432101232")
    expect(toHex(block)).toBe("07D7CE6A7FA5753C2B2E1B9F4F59A8A3")
    expect(decryptPinBlock("sm4", tpk, block, "6217998765432101232")).toBe("123456")
  })
})

describe("line MACs (host-iso8583 §9, §10)", () => {
  const message = hex(
    "0200302004C020C0981100000000000000005100183402100006326217000000000006D351222000000000313636383830313430303030" +
      "3030303030303030303031313536ACF46E73838A82F92600000000000000000822000001",
  )

  it("V-C3: XOR of the blocks", () => {
    expect(toHex(foldBlocks(message, 8))).toBe("D9A4EB17A36AC6A4")
    expect(toHex(foldBlocks(message, 16))).toBe("020062F64B4ACEACDBA489E1E8200808")
  })

  it("V-C3: single-length TAK", () => {
    const tak = blockDecrypt("3des", hex("70F2A84CCBC2AE8625CBB0F2C22AB923"), hex("96D605EA176B7E9E"))
    expect(toHex(tak)).toBe("C24A8FB57AA20123")
    expect(text(lineMac("ecb", tak, message))).toBe("D14D7AD6")
    expect(toHex(lineMac("x99", tak, message))).toBe("3BC10CEBF1AE4B7D")
  })

  it("V-C3: double-length TAK", () => {
    const tak = hex("FEDCBA98765432100123456789ABCDEF")
    expect(text(lineMac("ecb", tak, message))).toBe("476DD366")
    expect(toHex(lineMac("x919", tak, message))).toBe("6CBE08D417E74AD0")
  })

  it("V-C3: SM4", () => {
    expect(text(lineMac("sm4ecb", CLASSIC, message))).toBe("69D4F49B")
  })

  it.each([
    ["0200", "EB8549F5280713D1", "AAA09373"],
    ["0210", "FB3F732E4A003AFB", "75C17777"],
    ["0420", "41D7A80CA43447B2", "F912362D"],
  ])("§20: MAC of the %s dump from its folded block", (_, folded, mac) => {
    expect(text(lineMac("ecb", testTerminalKeys().tak, hex(folded)))).toBe(mac)
  })
})

it("V-C4: keys of the default terminal", () => {
  const { tmk, tpk, tak } = testTerminalKeys()
  expect(toHex(keyCheckValue("3des", tmk, 4))).toBe("D2B91CC5")
  expect(toHex(blockEncrypt("3des", tmk, tpk))).toBe("CB4AB541CD5AD4FC256A882726936A5A")
  expect(toHex(keyCheckValue("3des", tpk, 4))).toBe("08D7B4FB")
  expect(toHex(blockEncrypt("3des", tmk, tak))).toBe("256A882726936A5ACB4AB541CD5AD4FC")
  expect(toHex(keyCheckValue("3des", tak, 4))).toBe("7B83586D")
})
