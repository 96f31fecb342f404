import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex } from "../../../src/apdu/index.js"
import {
  decodeMessage,
  describeMessage,
  encodePrivateData,
  type Message,
  renderMessage,
} from "../../../src/dictionary/index.js"
import { REVERSAL, SIGN_ON, SIGN_ON_ANSWER, WITHDRAWAL, WITHDRAWAL_ANSWER } from "./dumps.js"

const rowsOf = (message: Message, language: "zh" | "en" = "en") =>
  Object.fromEntries(describeMessage(message, language).map(({ id, name, value }) => [id, `${name}: ${value}`]))

describe("renderMessage", () => {
  it("reads as the message in Chinese", () => {
    const lines = renderMessage(decodeMessage(hex(WITHDRAWAL)), "zh").split("\n")
    expect(lines[0]).toBe("0200 金融交易请求")
    expect(lines).toContain("  DE3       交易处理码: 010000 (取款)")
    expect(lines).toContain("  DE4       交易金额: 000000050000 (500.00)")
    expect(lines).toContain("  DE22      服务点输入方式: 051 (IC卡,有PIN)")
    expect(lines).toContain("  DE55.9F27 密文信息数据: ARQC")
    expect(lines).toContain('  DE64      报文鉴别码: "AAA09373"')
  })

  it("reads as the message in English", () => {
    const rows = rowsOf(decodeMessage(hex(WITHDRAWAL_ANSWER)))
    expect(rows.DE39).toBe("answer code: 00 (approved)")
    expect(rows.DE54).toBe("balances: 1001156C0000009500001002156C000000950000 (ledger 9500.00, available 9500.00)")
    expect(rows["DE55.91"]).toBe("issuer authentication data: 4C70186B21450E763030")
  })

  it("leaves digits that are no personal data as they are", () => {
    const rows = rowsOf(decodeMessage(hex(REVERSAL)))
    expect(rows.DE90).toBe("original data elements: 020000012311201030050000001000000000000000")
    expect(rowsOf(decodeMessage(hex(WITHDRAWAL))).DE53).toBe("security control: 2600000000000000")
  })

  it("shows an unknown message type by its number", () => {
    expect(renderMessage({ messageType: "0999", fields: {} }, "en")).toBe("0999")
  })
})

describe("masking", () => {
  const withdrawal = decodeMessage(hex(WITHDRAWAL))

  it("hides PAN, track, PIN block and keys", () => {
    const rows = rowsOf(withdrawal)
    expect(rows.DE2).toBe("PAN: 621700*********0046")
    expect(rows.DE35).toBe("track 2: 621700*********0046D*****************")
    expect(rows.DE52).toBe("PIN block: ****************")
    expect(rowsOf(decodeMessage(hex(SIGN_ON_ANSWER))).DE62).toBe(`keys: ${"**".repeat(40)}`)
  })

  it("hides identity number, name and new PIN block of DE48", () => {
    const data = encodePrivateData({
      identityNumber: "999999199001010016",
      name: "测试一号",
      newPinBlock: hex("3EF5911C7020B1B9"),
      remark: "id 999999199001010016",
      teller: "T0001",
    })
    const text = renderMessage({ messageType: "0200", fields: { 48: data } }, "en")
    expect(text).toContain("999999********0016")
    expect(text).toContain("***号")
    expect(text).toContain("T0001")
    for (const secret of ["199001010016", "测试", "3EF5911C7020B1B9"]) expect(text).not.toContain(secret)
  })

  it("hides accounts, numbers in free text and the data of PIN scripts", () => {
    const script = hex("7219 9F180400000001 8610842400020BAABBCCDDEEFF0011223344")
    const text = renderMessage(
      {
        messageType: "0210",
        fields: { 55: script, 63: "card 6217000000000000046", 102: "6217000000000000046" },
      },
      "en",
    )
    expect(text).not.toContain("000000000000046")
    expect(text).not.toContain("AABBCC")
    expect(text).toContain("PIN CHANGE/UNBLOCK")
  })

  it("hides DE48 and DE55 that do not parse", () => {
    const pan = hex("5A0A6217000000000000046F")
    const rows = rowsOf({ messageType: "0200", fields: { 48: hex("DF01"), 55: concat(pan, 0x9f) } })
    expect(rows.DE48).toBe("private data: ****")
    expect(rows.DE55).not.toContain("6217000000")
  })

  it("shows no whole PAN, PIN block or identity number of any message that decodes", () => {
    const dumps = [SIGN_ON, SIGN_ON_ANSWER, WITHDRAWAL, WITHDRAWAL_ANSWER, REVERSAL].map((dump) => hex(dump))
    fc.assert(
      fc.property(
        fc.constantFrom(...dumps),
        fc.nat(),
        fc.nat(255),
        fc.constantFrom("zh", "en"),
        (dump, at, byte, language) => {
          const bytes = dump.slice()
          bytes[at % bytes.length] = byte
          let message: Message
          try {
            message = decodeMessage(bytes)
          } catch {
            return
          }
          const text = renderMessage(message, language as "zh" | "en")
          const pan = message.fields[2]
          if (pan && pan.length > 12) expect(text).not.toContain(pan)
          expect(text).not.toContain("D85A13A0B491E484")
        },
      ),
      { numRuns: 2000 },
    )
  })
})
