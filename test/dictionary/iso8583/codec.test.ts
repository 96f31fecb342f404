import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex, InputError, toHex } from "../../../src/apdu/index.js"
import { lineMac } from "../../../src/crypto/index.js"
import {
  answerHead,
  answerType,
  dataElements,
  decodeFrame,
  decodeMessage,
  defaultFrameHead,
  encodeFrame,
  encodeMessage,
  encodeWithMac,
  type Message,
  macInput,
  messageMac,
  splitFrames,
  withLength,
} from "../../../src/dictionary/index.js"
import { FRAME_HEAD, POS_MESSAGE, REVERSAL, SIGN_ON, SIGN_ON_ANSWER, WITHDRAWAL, WITHDRAWAL_ANSWER } from "./dumps.js"

// host-iso8583 §10 V-C4
const TAK = hex("FEDCBA98765432100123456789ABCDEF")

const text = (bytes: Uint8Array) => String.fromCharCode(...bytes)

describe("message dumps of host-iso8583 §20", () => {
  it.each([
    ["0800", SIGN_ON],
    ["0810", SIGN_ON_ANSWER],
    ["0200", WITHDRAWAL],
    ["0210", WITHDRAWAL_ANSWER],
    ["0420", REVERSAL],
  ])("the %s is read and written back byte for byte", (messageType, dump) => {
    const message = decodeMessage(hex(dump))
    expect(message.messageType).toBe(messageType)
    expect(toHex(encodeMessage(message))).toBe(dump)
  })

  it("the withdrawal has the fields it was made of", () => {
    const { fields } = decodeMessage(hex(WITHDRAWAL))
    const { 52: pinBlock, 55: icData, 64: mac, ...rest } = fields
    expect(rest).toEqual({
      2: "6217000000000000046",
      3: "010000",
      4: "000000050000",
      7: "1120103005",
      11: "000123",
      12: "103000",
      13: "1120",
      14: "3512",
      18: "6011",
      22: "051",
      23: "001",
      25: "02",
      26: "06",
      32: "00010000",
      35: "6217000000000000046D35122200000000000",
      41: "ATM00001",
      42: "SHEBAO000000001",
      49: "156",
      53: "2600000000000000",
      60: "0100000100050",
    })
    expect(toHex(pinBlock!)).toBe("D85A13A0B491E484")
    expect(icData).toHaveLength(145)
    expect(text(mac!)).toBe("AAA09373")
  })

  it("the answer carries account data, answer code and issuer authentication", () => {
    const { fields } = decodeMessage(hex(WITHDRAWAL_ANSWER))
    expect(fields[15]).toBe("1120")
    expect(fields[37]).toBe("532410000123")
    expect(fields[38]).toBe("A00123")
    expect(fields[39]).toBe("00")
    expect(fields[54]).toBe("1001156C0000009500001002156C000000950000")
    expect(toHex(fields[55]!)).toBe("910A4C70186B21450E763030")
  })

  it("the reversal has a long bitmap and its MAC in DE128", () => {
    const message = decodeMessage(hex(REVERSAL))
    expect(message.fields[64]).toBeUndefined()
    expect(message.fields[90]).toBe("020000012311201030050000001000000000000000")
    expect(text(messageMac(message)!)).toBe("F912362D")
  })

  it.each([
    ["0200", WITHDRAWAL, "AAA09373"],
    ["0210", WITHDRAWAL_ANSWER, "75C17777"],
    ["0420", REVERSAL, "F912362D"],
  ])("the MAC of the %s is made over all before it", (_, dump, mac) => {
    expect(text(lineMac("ecb", TAK, macInput(hex(dump))))).toBe(mac)
    const message = decodeMessage(hex(dump))
    expect(toHex(encodeWithMac(message, (input) => lineMac("ecb", TAK, input)))).toBe(dump)
  })

  it("V-C3: a POS message with track 2 of even length", () => {
    // The vector stops before the MAC that its bitmap announces.
    const message = decodeMessage(concat(hex(POS_MESSAGE), new Uint8Array(8)))
    expect(message.fields[35]).toBe("6217000000000006D351222000000000")
    expect(message.fields[60]).toBe("22000001")
    expect(toHex(macInput(encodeMessage(message)))).toBe(POS_MESSAGE)
  })
})

const withdrawal = decodeMessage(hex(WITHDRAWAL))
const changed = (change: Record<number, unknown>): Message =>
  ({ ...withdrawal, fields: { ...withdrawal.fields, ...change } }) as Message

describe("encodeMessage", () => {
  it.each<[string, Record<number, unknown>, string]>([
    ["a letter among digits", { 4: "00000005000A" }, "DE4"],
    ["too few digits", { 4: "50000" }, "DE4"],
    ["a PAN of 20 digits", { 2: "62170000000000000466" }, "DE2"],
    ["a track with a wrong separator", { 35: "6217000000000000046=3512" }, "DE35"],
    ["a terminal of 9 characters", { 41: "ATM000001" }, "DE41"],
    ["Chinese text", { 42: "网点" }, "DE42"],
    ["text where bytes belong", { 55: "9F26" }, "DE55"],
    ["bytes where text belongs", { 11: Uint8Array.of(1) }, "DE11"],
    ["a PIN block of 7 bytes", { 52: new Uint8Array(7) }, "DE52"],
    ["a PIN block of 16 bytes that DE53 does not announce", { 52: new Uint8Array(16) }, "DE53"],
    ["IC data of 256 bytes", { 55: new Uint8Array(256) }, "DE55"],
    ["an element that is not in use", { 6: "1" }, "DE6"],
    ["the MAC in DE64 beside an element above 64", { 90: "0".repeat(42) }, "DE64"],
  ])("refuses %s", (_, change, field) => {
    expect(() => encodeMessage(changed(change))).toThrow(expect.objectContaining({ field }))
  })

  it("refuses a message type that is not 4 digits", () => {
    expect(() => encodeMessage({ messageType: "20", fields: {} })).toThrow(expect.objectContaining({ field: "DE0" }))
  })

  it("never repeats a refused value, which may be secret", () => {
    try {
      encodeMessage(changed({ 2: "6217000000000000046A" }))
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain("6217")
    }
  })

  it("leaves out elements that are undefined", () => {
    expect(toHex(encodeMessage({ messageType: "0800", fields: { 11: "000001", 39: undefined } }))).toBe(
      "08000020000000000000000001",
    )
  })

  it("takes an SM4 PIN block of 16 bytes when DE53 names SM4 (§4.4)", () => {
    const block = hex("07D7CE6A7FA5753C2B2E1B9F4F59A8A3")
    const message = changed({ 52: block, 53: "2300000000000000" })
    const again = decodeMessage(encodeMessage(message))
    expect(toHex(again.fields[52]!)).toBe(toHex(block))
    expect(again.fields[53]).toBe("2300000000000000")
  })

  it("pads digits and text as §1 says", () => {
    const fields = { 2: "621700000000000", 22: "051", 23: "001", 32: "12345", 41: "ATM", 60: "22000" }
    const bytes = toHex(encodeMessage({ messageType: "0200", fields }))
    expect(bytes).toBe(
      `020040000601008000 10 15 6217000000000000 0510 0001 05012345 41544D2020202020 0005220000`.replaceAll(" ", ""),
    )
    expect(decodeMessage(hex(bytes)).fields).toEqual(fields)
  })
})

describe("decodeMessage", () => {
  it.each([
    ["nothing", "", "DE0"],
    ["a message type with a letter", "02A0", "DE0"],
    ["half a bitmap", "02007020", "DE1"],
    ["a second bitmap without elements", "0800 A000000000000000 0000000000000000 000001", "DE1"],
    ["an element that is not in use", "0800 0400000000000000", "DE6"],
    ["a truncated element", "0800 0020000000000000 0001", "DE11"],
    ["a nibble that is no digit", "0800 0020000000000000 00000A", "DE11"],
    ["a length that is not BCD", "0200 4000000000000000 1A 00", "DE2"],
    ["a length above the maximum", "0200 4000000000000000 20 62170000000000000460", "DE2"],
    ["a length beyond the end", "0200 0000000000000200 0099 00", "DE55"],
    ["padding that is not zero", "0200 4000000000000000 03 6211", "DE2"],
    ["a leading nibble in DE23", "0200 0000020000000000 1001", "DE23"],
    ["a control character", "0200 0000000000800000 4154004D20202020", "DE41"],
    ["bytes behind the last element", "0800 0020000000000000 000001 00", "DE11"],
    ["DE64 in a message with elements above 64", "0420 8000000000000001 0000000000000001", "DE64"],
  ])("refuses %s", (_, dump, field) => {
    expect(() => decodeMessage(hex(dump))).toThrow(expect.objectContaining({ field, code: "INVALID_INPUT" }))
  })

  const dumps = [SIGN_ON, SIGN_ON_ANSWER, WITHDRAWAL, WITHDRAWAL_ANSWER, REVERSAL].map((dump) => hex(dump))

  it("answers any mutated message with its exact inverse or an InputError naming a data element", () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...dumps),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(300),
      )
      .map(([dump, changes, cut]) => {
        const bytes = dump.slice(0, cut < 100 ? dump.length - cut : dump.length)
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
        return bytes
      })
    fc.assert(fc.property(mutated, decodesExactlyOrRefuses), { numRuns: 5000 })
  })

  it("does so for any bytes at all", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), decodesExactlyOrRefuses), { numRuns: 3000 })
  })
})

function decodesExactlyOrRefuses(bytes: Uint8Array): void {
  let message: Message
  try {
    message = decodeMessage(bytes)
  } catch (error) {
    if (error instanceof InputError && /^DE\d+$/.test(error.field)) return
    throw error
  }
  expect(toHex(encodeMessage(message))).toBe(toHex(bytes))
}

describe("encodeWithMac", () => {
  it("replaces an old MAC and moves it to DE128 when the message grows", () => {
    const bytes = encodeWithMac(changed({ 90: "0".repeat(42) }), () => hex("4142434445464748"))
    const { fields } = decodeMessage(bytes)
    expect(fields[64]).toBeUndefined()
    expect(text(fields[128]!)).toBe("ABCDEFGH")
  })
})

describe("field table", () => {
  it("says of each element how long its length is, or that it is fixed", () => {
    for (const element of dataElements.values()) {
      const isCounted = element.format.endsWith("Var") || element.format === "nVarRight" || element.format === "z"
      expect(element.lengthDigits !== undefined, `DE${element.number}`).toBe(isCounted)
      if (element.lengthDigits) expect(element.length).toBeLessThan(10 ** element.lengthDigits)
    }
  })

  it("hides what is secret", () => {
    for (const number of [2, 35, 48, 52, 62, 102, 103]) expect(dataElements.get(number)?.mask).toBeDefined()
  })

  it("names the answer of each request", () => {
    expect(["0200", "0220", "0420", "0500", "0620", "0800"].map(answerType)).toEqual([
      "0210",
      "0230",
      "0430",
      "0510",
      "0630",
      "0810",
    ])
  })
})

describe("frames", () => {
  it("put TPDU and header in front of the message (§20)", () => {
    const frame = encodeFrame(hex(WITHDRAWAL))
    expect(toHex(withLength(frame)).startsWith(`0127${FRAME_HEAD}0200723C`)).toBe(true)
    expect(decodeFrame(frame)).toEqual({ ...defaultFrameHead, message: hex(WITHDRAWAL) })
  })

  it("swap the addresses for the answer: 6000030000 becomes 6000000003", () => {
    const answer = encodeFrame(new Uint8Array(), answerHead(decodeFrame(hex(FRAME_HEAD))))
    expect(toHex(answer)).toBe("6000000003613200320000")
  })

  it("are refused when too short or not a TPDU", () => {
    expect(() => decodeFrame(hex("6000030000"))).toThrow(InputError)
    expect(() => decodeFrame(hex("6100030000613200320000"))).toThrow(InputError)
    expect(() => encodeFrame(new Uint8Array(), { ...defaultFrameHead, source: "00" })).toThrow(
      expect.objectContaining({ field: "source" }),
    )
  })

  it("are cut out of a stream in any pieces", () => {
    const stream = concat(withLength(hex("010203")), withLength(new Uint8Array()), withLength(hex("04")))
    for (let cut = 0; cut <= stream.length; cut++) {
      const first = splitFrames(stream.slice(0, cut))
      const second = splitFrames(concat(first.rest, stream.slice(cut)))
      expect([...first.frames, ...second.frames].map((frame) => toHex(frame))).toEqual(["010203", "", "04"])
      expect(second.rest).toHaveLength(0)
    }
  })
})
