import { describe, expect, it } from "vitest"
import { concat, hex, ShebaoError, toHex } from "../../../src/apdu/index.js"
import {
  type ControlledReader,
  controlCode,
  FINANCIAL_VERIFY,
  offlinePinOnReader,
  parseFeatures,
  pinModifyStructure,
  pinVerifyStructure,
  readerFeatures,
  SOCIAL_SECURITY_CHANGE,
  SOCIAL_SECURITY_VERIFY,
  securePinEntry,
} from "../../../src/terminal/pcsc/index.js"

const SIX = { minimumDigits: 6, maximumDigits: 6 }
/** GET_FEATURE of terminal-devices §4: tags 06, 07, 0A, 12. */
const ANSWER = hex("060442330006 070442330007 0A044233000A 120442330012")

describe("the structures of terminal-devices §4", () => {
  it.each<[string, Uint8Array, string]>([
    [
      "VERIFY of the social security application",
      pinVerifyStructure(SOCIAL_SECURITY_VERIFY, SIX),
      "1E 1E 81 03 00 06 06 02 01 04 08 00 00 00 00 08 00 00 00  00 20 00 00 03 FF FF FF",
    ],
    [
      "VERIFY of the financial application",
      pinVerifyStructure(FINANCIAL_VERIFY, SIX),
      "1E 1E 89 47 04 06 06 02 01 04 08 00 00 00 00 0D 00 00 00  00 20 00 80 08 20 FF FF FF FF FF FF FF",
    ],
    [
      "CHANGE PIN of the social security application",
      pinModifyStructure(SOCIAL_SECURITY_CHANGE, SOCIAL_SECURITY_CHANGE.offsets, SIX),
      "1E 1E 81 03 00 00 04 06 06 03 02 03 04 08 00 01 02 00 00 00 0C 00 00 00  80 5E 01 00 07 FF FF FF FF FF FF FF",
    ],
    [
      "VERIFY with an ASCII PIN",
      pinVerifyStructure(
        { format: 0x82, block: 0x08, lengthFormat: 0x00, command: hex("00200000083030303000000000") },
        { minimumDigits: 4, maximumDigits: 8, timeoutSeconds: 0, language: 0x0409 },
      ),
      "00 00 82 08 00 08 04 02 01 09 04 00 00 00 00 0D 00 00 00  00 20 00 00 08 30 30 30 30 00 00 00 00",
    ],
  ])("%s", (_, structure, expected) => {
    expect(toHex(structure)).toBe(toHex(hex(expected)))
  })

  it("refuse what is no number of digits or seconds", () => {
    expect(() => pinVerifyStructure(FINANCIAL_VERIFY, { minimumDigits: 6, maximumDigits: 4 })).toThrow(
      /^minimumDigits: /,
    )
    expect(() => pinVerifyStructure(FINANCIAL_VERIFY, { ...SIX, timeoutSeconds: 256 })).toThrow(/^timeoutSeconds: /)
  })
})

/** A reader with keys, as its driver answers. */
const reader = (...answers: string[]): ControlledReader & { readonly calls: [number, string][] } => {
  const calls: [number, string][] = []
  return {
    calls,
    async control(code, data = new Uint8Array(0)) {
      calls.push([code, toHex(data)])
      return code === controlCode(3400) ? ANSWER : hex(answers.shift() ?? "")
    },
  }
}

describe("what a reader can do", () => {
  it("is read from GET_FEATURE, control codes with their highest byte first", async () => {
    expect([...(await readerFeatures(reader()))]).toEqual([
      [0x06, 0x42330006],
      [0x07, 0x42330007],
      [0x0a, 0x4233000a],
      [0x12, 0x42330012],
    ])
  })
  it.each(["", "06", "060342330006", "0644233000"])("is nothing for the answer %s", (answer) => {
    expect([...parseFeatures(hex(answer))]).toEqual([])
  })
  it("keeps what stands before a broken part", () => {
    expect([...parseFeatures(concat(ANSWER.subarray(0, 6), 0x07, 0x04))]).toEqual([[0x06, 0x42330006]])
  })
  it.each(["NOT_SUPPORTED", "COMMUNICATION", "PCSC_ERROR"])("is nothing when the driver answers %s", async (code) => {
    const plain: ControlledReader = { control: () => Promise.reject(new ShebaoError(code, "")) }
    expect(await securePinEntry(plain)).toBeUndefined()
  })
  it("is unknown when the reader has gone", async () => {
    const gone: ControlledReader = { control: () => Promise.reject(new ShebaoError("READER_GONE", "")) }
    await expect(securePinEntry(gone)).rejects.toMatchObject({ code: "READER_GONE" })
  })
})

describe("a PIN typed at the reader", () => {
  it("goes to the card without anybody seeing it", async () => {
    const keys = reader("9000")
    const pad = await securePinEntry(keys)
    expect(await offlinePinOnReader(pad!, SIX)()).toEqual({ outcome: "verified", statusWord: 0x9000 })
    expect(keys.calls[1]).toEqual([0x42330006, toHex(pinVerifyStructure(FINANCIAL_VERIFY, SIX))])
  })
  it.each<[string, string[], object]>([
    ["a wrong PIN", ["63C2"], { outcome: "verified", statusWord: 0x63c2 }],
    ["the cancel key", ["6401"], { outcome: "cancelled" }],
    ["nobody at the keys", ["6400"], { outcome: "cancelled" }],
    ["a length that is wrong, then right", ["6403", "9000"], { outcome: "verified", statusWord: 0x9000 }],
    ["wrong lengths for ever", ["6403", "6403", "6403", "9000"], { outcome: "cancelled" }],
    ["a structure that the reader does not like", ["6B80"], { outcome: "unavailable" }],
    ["no answer", [""], { outcome: "unavailable" }],
  ])("%s", async (_, answers, entry) => {
    const pad = await securePinEntry(reader(...answers))
    expect(await offlinePinOnReader(pad!)()).toEqual(entry)
  })
})
