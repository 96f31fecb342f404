import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { lineMac, testTerminalKeys } from "../../../src/crypto/index.js"
import {
  encodeFrame,
  encodeMessage,
  encodeWithMac,
  PROCESSING_CODE,
  withLength,
} from "../../../src/dictionary/index.js"
import { localTime } from "../../../src/terminal/bank/index.js"
import {
  advice,
  cardIdentity,
  financialRequest,
  followUpFields,
  requestIcData,
  resultIcData,
  reversal,
  type Sender,
  scriptResult,
  signOnMessage,
} from "../../../src/terminal/bank/messages.js"

// host-iso8583 §20: default profile, keys of V-C4, transaction of financial-emv V-B10.
const { tak } = testTerminalKeys()
const sender: Sender = {
  kind: "atm",
  terminalId: "ATM00001",
  merchantId: "SHEBAO000000001",
  acquirer: "00010000",
  algorithm: "3des",
  batch: "000001",
}
const chip = new Map(
  Object.entries({
    40742: "E64152248DEBA48B",
    40743: "80",
    40720: "07010103A00002010A0100000100003769DA83",
    40759: "11223344",
    40758: "0007",
    149: "0000048000",
    154: "251120",
    156: "01",
    40706: "000000050000",
    24362: "0156",
    130: "7C00",
    40730: "0156",
    40707: "000000000000",
    40755: "6040C0",
    40756: "420300",
    40757: "14",
    40734: "53484542414F3031",
    132: "A000000333010101",
    40713: "0030",
    40769: "00000123",
    40803: "53484542414F30303030303030303031",
    90: "6217000000000000046F",
    24372: "01",
    24356: "351231",
    87: "6217000000000000046D35122200000000000F",
  }).map(([tag, value]) => [Number(tag), hex(value)]),
)
const data = { get: (tag: number) => chip.get(tag) }
const begun = localTime(new Date("2025-11-20T02:30:00Z"))
const sent = localTime(new Date("2025-11-20T02:30:05Z"))
const stamp = { stan: 123, begun, sent }
const request = financialRequest(
  sender,
  {
    processingCode: PROCESSING_CODE.WITHDRAWAL,
    amountFen: 50_000,
    card: cardIdentity(data),
    pinBlock: hex("D85A13A0B491E484"),
    icData: requestIcData(data),
  },
  stamp,
)
const withMac = (message: typeof request) => toHex(encodeWithMac(message, (input) => lineMac("ecb", tak, input)))

describe("the message dumps of host-iso8583 §20", () => {
  it("0800", () => {
    expect(toHex(encodeMessage(signOnMessage(sender, 1)))).toBe(
      "08000020000000C0001200000141544D303030303153484542414F30303030303030303100110000000100300003303031",
    )
  })

  it("0200, with its frame", () => {
    const bytes = encodeWithMac(request, (input) => lineMac("ecb", tak, input))
    expect(toHex(bytes)).toBe(
      "0200723C46C120C09A11196217000000000000046001000000000005000011201030050001231030001120351260110510000102060800010000376217000000000000046D35122200000000000041544D303030303153484542414F303030303030303031313536D85A13A0B491E484260000000000000001459F2608E64152248DEBA48B9F2701809F101307010103A00002010A0100000100003769DA839F3704112233449F36020007950500000480009A032511209C01019F02060000000500005F2A02015682027C009F1A0201569F03060000000000009F33036040C09F34034203009F3501149F1E0853484542414F30318408A0000003330101019F090200309F4104000001230013010000010005004141413039333733",
    )
    expect(toHex(withLength(encodeFrame(bytes))).slice(0, 26)).toBe("01276000030000613200320000")
  })

  it("0420 after a time-out", () => {
    const late = localTime(new Date("2025-11-20T02:31:10Z"))
    expect(withMac(reversal(followUpFields(request, data), "98", late))).toBe(
      "0420F23C468102C0821000000040000000011962170000000000000460010000000000050000112010311000012310300011203512601105100001020800010000393841544D303030303153484542414F3030303030303030313135360045950500000480009F1E0853484542414F30319F101307010103A00002010A0100000100003769DA839F3602000700110100000100000200000123112010300500000010000000000000004639313233363244",
    )
  })

  it("DE55 of 0620", () => {
    const after = new Map(chip)
    after.set(0x9f10, hex("07010103600002010A0100000100003769DA83"))
    after.set(0x9f26, hex("E6B9C13B4ED809F0"))
    after.set(0xdf31, hex("2000000001"))
    const message = scriptResult(sender, followUpFields(request, data), {
      stan: 124,
      sent,
      icData: resultIcData(after),
    })
    expect(toHex(message.fields[55]!)).toBe(
      "9F33036040C0950500000480009F3704112233449F1E0853484542414F30319F101307010103600002010A0100000100003769DA839F2608E6B9C13B4ED809F09F3602000782027C00DF310520000000019F1A0201569A03251120",
    )
    expect(message.fields).toMatchObject({
      3: "010000",
      11: "000124",
      90: "020000012311201030050000001000000000000000",
    })
  })
})

describe("other requests", () => {
  it("leave out what they do not have: amount, PIN, sequence number, track 2", () => {
    const bare = new Map([
      [0x5a, hex("6217000000000000046F")],
      [0x5f24, hex("351231")],
    ])
    const inquiry = financialRequest(
      { ...sender, kind: "teller" },
      {
        processingCode: PROCESSING_CODE.BALANCE_INQUIRY,
        card: cardIdentity({ get: (tag) => bare.get(tag) }),
      },
      stamp,
    )
    expect(Object.keys(inquiry.fields).map(Number)).toEqual([2, 3, 7, 11, 12, 13, 14, 18, 22, 25, 32, 41, 42, 49, 60])
    expect(inquiry.fields).toMatchObject({ 18: "6010", 22: "052", 25: "00", 60: "0200000100050" })
  })

  it("say SM4 in DE53 when the PIN block is one", () => {
    const sm4 = financialRequest(
      { ...sender, algorithm: "sm4" },
      {
        processingCode: PROCESSING_CODE.BALANCE_INQUIRY,
        card: cardIdentity(data),
        pinBlock: new Uint8Array(16),
      },
      stamp,
    )
    expect(sm4.fields[53]).toBe("2300000000000000")
  })

  it("advise what was really paid (host-iso8583 §17)", () => {
    const retracted = advice(followUpFields(request, data), { outcome: "retracted", actualFen: 20_000 }, sent)
    expect(retracted.fields).toMatchObject({
      4: "000000050000",
      11: "000123",
      12: "103000",
      13: "1120",
      95: `000000020000${"0".repeat(30)}`,
    })
    expect(toHex(retracted.fields[48]!)).toBe("DF0A0103")
    expect(retracted.fields[39]).toBeUndefined()
    expect(advice(followUpFields(request, data), { outcome: "taken" }, sent).fields[95]!.slice(0, 12)).toBe(
      "000000050000",
    )
  })
})

describe("local time", () => {
  it("is that of the bank, UTC+8, over the end of a year", () => {
    expect(localTime(new Date("2025-12-31T16:00:01Z"))).toEqual({
      date: "260101",
      time: "000001",
      monthDay: "0101",
      transmission: "0101000001",
    })
  })
})
