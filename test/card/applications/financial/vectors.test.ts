import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../../src/apdu/index.js"
import { cryptogramInput } from "../../../../src/card/applications/financial/cryptogram.js"
import { compileDol } from "../../../../src/card/applications/financial/rules.js"
import { transactionData } from "../../../../src/card/applications/financial/transaction-data.js"
import { applicationCryptogram } from "../../../../src/crypto/index.js"
import {
  activeCard,
  CDOL_VALUES,
  financialCard,
  GPO,
  SELECT_FINANCIAL,
  scriptCommand,
  send,
} from "../../../support/financial-card.js"

const CDOL1 = hex("9F02069F03069F1A0295055F2A029A039C019F37049F21039F4E14")

describe("default bytes (financial-emv §14, §15)", () => {
  const card = financialCard({
    state: "active",
    authentication: { method: "dda" },
    data: { "9F13": "0001", "9F36": "0001" },
  })

  it("of the PSE", () => {
    expect(send(card, "00A404000E315041592E5359532E4444463031")).toBe(
      "6F1E840E315041592E5359532E4444463031A50C8801015F2D027A689F1101019000",
    )
    expect(send(card, "00B2010C00")).toBe("701B61194F08A000000333010101500A50424F432044454249548701019000")
    expect(send(card, "00B2020C00")).toBe("6A83")
  })

  it("of the PPSE", () => {
    expect(send(card, "00A404000E325041592E5359532E4444463031")).toBe(
      "6F30840E325041592E5359532E4444463031A51EBF0C1B61194F08A000000333010101500A50424F432044454249548701019000",
    )
  })

  it("of the application", () => {
    expect(send(card, SELECT_FINANCIAL)).toBe(
      "6F4B8408A000000333010101A53F500A50424F432044454249548701019F38099F7A019F02065F2A025F2D027A689F1101019F120B" +
        "53484542414F2043415244BF0C0A9F4D020B0ADF4D020C0A9000",
    )
    expect(send(card, GPO)).toBe("800A7C0008010100100105019000")
  })

  it.each([
    [
      "SFI 1 record 1",
      "00B2010C00",
      "704957136217000000000000046D35122200000000000F5F200B43455348492F594948414F9F1F0A303030303030303030309F6112393939393939313939303031303130303136" +
        "9F620100",
    ],
    [
      "SFI 2 record 1",
      "00B2011400",
      "70505F25032501015F24033512315A0A6217000000000000046F5F3401019F0702FF008E100000000000000000420341031E031F009F0D05D84000A8009F0E0500100000009F0F05D84004F8005F28020156",
    ],
    [
      "SFI 2 record 2",
      "00B2021400",
      "70668C1B9F02069F03069F1A0295055F2A029A039C019F37049F21039F4E148D1D8A029F02069F03069F1A0295055F2A029A039C019F37049F21039F4E149F080200309F420201565F300202209F631053484542414F303030303030303030319F1401009F230100",
    ],
  ])("of %s", (_, command, record) => {
    expect(send(card, command)).toBe(`${record}9000`)
  })

  it("of the shipped profile: no off-line data authentication is announced", () => {
    const shipped = financialCard({ state: "active" })
    send(shipped, SELECT_FINANCIAL)
    expect(send(shipped, GPO)).toBe("800A1C0008010100100102009000")
  })
})

/** The default card of this vector made a dynamic data authentication. */
const authenticatedCard = () => activeCard({ authentication: { method: "dda" } })
const INTERNAL_AUTHENTICATE = "00880000041122334400"

it("V-B10: an ATM withdrawal of 500.00 on the default card, counter 0007", () => {
  const card = authenticatedCard()
  send(card, SELECT_FINANCIAL)
  expect(send(card, GPO)).toBe("800A7C0008010100100105019000")
  expect(send(card, INTERNAL_AUTHENTICATE)).toMatch(/9000$/)
  expect(send(card, `80AE800034${CDOL_VALUES}00`)).toBe(
    "801E800007E64152248DEBA48B07010103A00002010A0100000100003769DA839000",
  )
  expect(send(card, "008200000A4C70186B21450E763030")).toBe("9000")
  expect(send(card, `80AE4000363030${CDOL_VALUES}00`)).toBe(
    "801E400007E6B9C13B4ED809F007010103600002010A0100000100003769DA839000",
  )
  expect(send(card, "8418000004F2DEA2D4")).toBe("9000")
})

it("V-B10: the PIN change of that transaction", () => {
  const card = authenticatedCard()
  send(card, SELECT_FINANCIAL)
  send(card, GPO)
  send(card, INTERNAL_AUTHENTICATE)
  send(card, `80AE800034${CDOL_VALUES}00`)
  const enciphered = hex("DE6F79804B2ACB7D05C6474EC7217217")
  expect(send(card, scriptCommand("0007", hex("E64152248DEBA48B"), "84240002", enciphered))).toBe("9000")
  expect(send(card, "0020008008 26123456FFFFFFFF")).toBe("9000")
})

it.each([
  ["version 17", { cryptogramVersion: "17" }, "900D9A28EDE8D86F", "07011703A0000201"],
  ["SM4", { algorithm: "sm4" }, "DA3C044890F2F2D0", "07010103A0000204"],
])("V-B10 with %s", (_, changes, cryptogram, issuerData) => {
  const card = activeCard({ authentication: { method: "dda" }, ...changes })
  send(card, SELECT_FINANCIAL)
  send(card, GPO)
  send(card, INTERNAL_AUTHENTICATE)
  expect(send(card, `80AE800034${CDOL_VALUES}00`)).toContain(`801E800007${cryptogram}${issuerData}`)
})

it("V-B13: activation of the default card", () => {
  const card = financialCard({}, { random: () => hex("0102030405060708") })
  expect(send(card, SELECT_FINANCIAL)).toMatch(/^6F4B.*6283$/)
  expect(send(card, "0084000008")).toBe("01020304050607089000")
  expect(send(card, "80CA9F3600")).toBe("9F360200009000")
  expect(send(card, "84180000044FA0C4BA")).toBe("9000")
  expect(send(card, "842400021469EC92B9A5449ED037EAD3AE9CD88C0A693846F8")).toBe("9000")
  expect(send(card, SELECT_FINANCIAL)).toMatch(/9000$/)
  expect(send(card, "80CA9F1700")).toBe("9F1701039000")
  expect(send(card, "0020008008 26246810FFFFFFFF")).toBe("9000")
})

describe("application cryptogram of version 01", () => {
  it.each([
    [
      "V-B1",
      "C3D3F062E9992B4E923D338D66193526",
      "000000001234 000000000034 0156 D86004A800 0156 120516 01 01010101",
      "03A4B904",
      "F294D7022FA9B058",
    ],
    [
      "V-B4",
      "04059F755F702FE3167597A238E6238F",
      "000000050000 000000000000 0156 0000048000 0156 160803 63 A1B2C3D4",
      "03A4B004",
      "5D661B24FA1D0A26",
    ],
  ])("%s", (_, sessionKey, values, cvr, expected) => {
    const data = transactionData(compileDol(CDOL1), hex(`${values} 000000 ${"00".repeat(20)}`))
    const input = cryptogramInput(data, hex("7C00"), hex("000E"), hex(cvr))
    expect(toHex(applicationCryptogram("3des", hex(sessionKey), input))).toBe(expected)
  })
})
