import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../../src/apdu/index.js"
import { TEST_RSA_INDEX, testEmvKey } from "../../../src/crypto/index.js"
import {
  authorityKeys,
  type EmvOptions,
  type EmvResult,
  posConfiguration,
  runEmvTransaction,
  testAuthorityKeys,
} from "../../../src/terminal/emv/index.js"
import { AC, type SigningCardOptions, signingCard } from "./signing-card.js"

const SDA = "4C00"
const DDA = "7C00"
const CDA = "7D00"
/** POS with CDA, and an on-line answer that approves. */
const configuration = posConfiguration({
  capabilities: hex("60F8C8"),
  authorityKeys: testAuthorityKeys(),
  velocityChecking: false,
  floorLimitFen: 1_000_000,
  actionCodes: { denial: hex("0000000000"), online: hex("FC00000000"), default: hex("0000000000") },
})

async function run(
  card: SigningCardOptions,
  more: Partial<EmvOptions> = {},
): Promise<EmvResult & { commands: string[] }> {
  const emulated = signingCard(card)
  const result = await runEmvTransaction({
    card: emulated,
    configuration,
    input: {
      type: 0,
      amountFen: 100,
      date: "251120",
      time: "103000",
      unpredictableNumber: hex("11223344"),
      forceOnline: true,
    },
    online: async () => ({
      code: hex("3030"),
      issuerAuthenticationData: undefined,
      scriptsBefore: [],
      scriptsAfter: [],
    }),
    ...more,
  })
  return { ...result, commands: emulated.commands }
}

const firstByte = (result: EmvResult) => toHex(result.tvr.subarray(0, 1))
const isPerformed = (result: EmvResult) => (result.tsi[0]! & 0x80) !== 0
const reasons = (result: EmvResult) =>
  result.why.flatMap((reason) => ("rule" in reason && reason.rule === "offline data authentication" ? [reason.en] : []))

describe.each(["rsa", "sm2"] as const)("a good card with %s keys", (algorithm) => {
  it.each([
    ["SDA", SDA, "9F45", "DAC1"],
    ["DDA", DDA, "9F4C", "0102030405060708"],
    ["CDA", CDA, "9F4C", "0102030405060708"],
  ])("passes %s", async (_, aip, tag, value) => {
    const result = await run(
      { algorithm, aip, first: 0x40 },
      { configuration: { ...configuration, randomSelection: undefined } },
    )
    expect(firstByte(result)).toBe("00")
    expect(isPerformed(result)).toBe(true)
    expect(toHex(result.data!.get(Number.parseInt(tag, 16))!)).toBe(value)
    expect(result.commands.some((command) => command.startsWith("0088"))).toBe(aip === DDA)
  })

  it("gives the cryptogram out of its signature, on-line and at the end", async () => {
    const result = await run({ algorithm, aip: CDA })
    expect(result).toMatchObject({
      outcome: "approved",
      first: { type: "ARQC", value: AC },
      second: { type: "TC", value: AC },
    })
    expect(result.commands.filter((command) => command.startsWith("80AE"))).toEqual(
      expect.arrayContaining(["80AE5000"]),
    )
  })
})

describe("what makes a card fail", () => {
  const other = toHex(new Uint8Array(160).fill(0x11))
  it.each<[string, SigningCardOptions, string, string]>([
    ["an authority that the terminal does not know", { index: 0x77 }, "08", "no key of that authority"],
    ["another card's PAN in the certificate", { subject: { card: "6217000000000000053F" } }, "08", "another PAN"],
    ["an issuer of other cards", { subject: { issuer: "621800FF" } }, "08", "another PAN"],
    ["an issuer identifier of two digits", { subject: { issuer: "62FFFFFF" } }, "08", "another PAN"],
    ["certificates of last month", { expiry: "1025" }, "08", "expired"],
    ["an expiry that is no month", { expiry: "1335" }, "08", "expired"],
    ["no authority index", { without: [0x8f] }, "28", "missing"],
    ["no issuer certificate", { without: [0x90] }, "28", "missing"],
    ["no exponent of the issuer", { without: [0x9f32] }, "28", "missing"],
    ["no card certificate", { without: [0x9f46] }, "28", "missing"],
    ["no exponent of the card", { without: [0x9f47] }, "28", "missing"],
    ["an issuer certificate that is another", { changed: { 144: other } }, "08", "length"],
    ["a card certificate over other data", { changed: { 24357: "250102" } }, "08", "hash"],
    ["a tag list that names more than the AIP", { changed: { 40778: "8250" } }, "08", "form"],
    ["a DDOL without the unpredictable number", { changed: { 40777: "9F0206" } }, "08", "form"],
    [
      "a signature over another number",
      { tamper: (ins, answer) => (ins === 0x88 ? answer.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) : answer) },
      "08",
      "",
    ],
    ["INTERNAL AUTHENTICATE refused", { tamper: (ins, answer) => (ins === 0x88 ? hex("6985") : answer) }, "08", "form"],
    [
      "INTERNAL AUTHENTICATE without data",
      { tamper: (ins, answer) => (ins === 0x88 ? hex("9000") : answer) },
      "08",
      "form",
    ],
  ])("%s", async (_, card, tvr, reason) => {
    // The card itself signs the right data; what a test changes is in the records alone.
    const result = await run(card)
    expect(firstByte(result)).toBe(tvr)
    expect(isPerformed(result)).toBe(true)
    expect(reasons(result).join()).toContain(reason)
    expect(reasons(result)).toHaveLength(1)
  })

  it("is SDA's bit with SDA, and CDA's with CDA", async () => {
    const broken = { changed: { 24357: "250102" } }
    expect(firstByte(await run({ ...broken, aip: SDA }))).toBe("40")
    expect(firstByte(await run({ ...broken, aip: CDA }))).toBe("04")
    expect(firstByte(await run({ aip: SDA, without: [0x93] }))).toBe("60")
  })

  it("is a revoked or expired key of the authority", async () => {
    const key = { rid: hex("A000000333"), index: TEST_RSA_INDEX, key: testEmvKey("rsa", "authority").publicKey }
    const using = (more: object) => ({
      configuration: { ...configuration, authorityKeys: authorityKeys([{ ...key, ...more }]) },
    })
    expect(reasons(await run({}, using({ revoked: [hex("000001")] })))).toEqual([expect.stringContaining("revoked")])
    expect(reasons(await run({}, using({ expiry: "251119" })))).toEqual([expect.stringContaining("no key of that")])
    expect(firstByte(await run({}, using({ expiry: "251120" })))).toBe("00")
  })
})

describe("CDA", () => {
  /** Changes one byte of the signature. */
  const broken = (times: number): SigningCardOptions["tamper"] => {
    let seen = 0
    return (ins, answer) => {
      if (ins !== 0xae || ++seen !== times) return answer
      return answer.map((byte, i) => (i === answer.length - 10 ? byte ^ 1 : byte))
    }
  }

  it("ends an ARQC whose signature is wrong with an AAC, without asking the issuer", async () => {
    let asked = false
    const online = async () => {
      asked = true
      return undefined
    }
    const result = await run({ aip: CDA, tamper: broken(1) }, { online })
    expect(asked).toBe(false)
    expect(result).toMatchObject({ outcome: "declinedOffline", first: { type: "ARQC" }, second: { type: "AAC" } })
    expect(firstByte(result)).toBe("04")
    expect(result.why.at(-1)).toMatchObject({ rule: "card signature" })
  })

  it("declines a TC whose signature is wrong, and asks for no other", async () => {
    const offline = {
      input: { type: 0, amountFen: 100, date: "251120", time: "103000", unpredictableNumber: hex("11223344") },
    }
    const result = await run({ aip: CDA, first: 0x40, tamper: broken(1) }, offline)
    expect(result).toMatchObject({ outcome: "declinedOffline", first: { type: "TC" } })
    expect(result.second).toBeUndefined()
    expect(toHex(result.data!.get(0x8a)!)).toBe("5A31")
  })

  it("believes no TC at the end with a wrong signature, though the issuer approved", async () => {
    const result = await run({ aip: CDA, tamper: broken(2) })
    expect(result).toMatchObject({ outcome: "declinedByCard", second: { type: "TC" } })
    expect(firstByte(result)).toBe("04")
  })

  it("fails when the card answers without a signature", async () => {
    const plain = concat(hex("801E800007"), AC, hex("07010103A00002010A0100000100003769DA839000"))
    const result = await run({ aip: CDA, tamper: (ins, answer) => (ins === 0xae ? plain : answer) })
    expect(firstByte(result)).toBe("04")
    expect(result.outcome).not.toBe("approved")
  })

  it("asks for no signature with an AAC, and says that nothing was authenticated", async () => {
    const denying = { ...configuration, actionCodes: { ...configuration.actionCodes, denial: hex("0000000800") } }
    const result = await run({ aip: CDA, first: 0x00 }, { configuration: denying })
    expect(result.commands.at(-1)).toBe("80AE0000")
    expect(firstByte(result)).toBe("80")
    expect(isPerformed(result)).toBe(false)
  })
})

describe("the method", () => {
  it.each([
    ["7D00", "60F8C8", "80AE5000"],
    ["7D00", "60F8C0", "00880000"],
    ["5D00", "60F880", "80AE4000"],
  ])("card %s at a terminal %s: %s", async (aip, capabilities, command) => {
    const { commands } = await run({ aip }, { configuration: { ...configuration, capabilities: hex(capabilities) } })
    expect(commands).toContain(command)
  })
  it("is none without authority keys (TVR byte 1 b8)", async () => {
    const result = await run({}, { configuration: { ...configuration, authorityKeys: undefined } })
    expect(firstByte(result)).toBe("80")
    expect(isPerformed(result)).toBe(false)
  })
})

describe("authority keys", () => {
  const key = { rid: hex("A000000333"), index: 0xc2, key: testEmvKey("rsa", "authority").publicKey }
  it("are loaded once, with their own hash", () => {
    expect(() => authorityKeys([key, key])).toThrow(/^keys: /)
    expect(() => authorityKeys([{ ...key, hash: new Uint8Array(20) }])).toThrow(/^hash: /)
    expect(testAuthorityKeys().find(hex("A000000333"), 0xc1)).toBeDefined()
    expect(testAuthorityKeys().find(hex("A000000004"), 0xc1)).toBeUndefined()
  })
})

describe("an enciphered offline PIN", () => {
  const LIST = "00000000000000000400"
  const block = hex("24123456FFFFFFFF")
  const holder = { offlinePin: async () => ({ outcome: "entered" as const, block }) }
  it("reaches the card under its key, with the card's challenge inside", async () => {
    const result = await run(
      { aip: DDA, cvmList: LIST, pin: "1234" },
      { holder: { offlinePin: async () => ({ outcome: "entered", block: hex("241234FFFFFFFFFF") }) } },
    )
    expect(result.commands).toContain("00200088")
    expect(toHex(result.data!.get(0x9f34)!)).toBe("040002")
  })
  it("is not sent when the card's key is not believed", async () => {
    const result = await run({ aip: DDA, cvmList: LIST, expiry: "1025" }, { holder })
    expect(result.commands).not.toContain("00200088")
    expect(toHex(result.data!.get(0x9f34)!)).toBe("040001")
  })
  it("counts as entered when the reader has verified it itself", async () => {
    const verified = { offlinePin: async () => ({ outcome: "verified" as const, statusWord: 0x9000 }) }
    const result = await run({ aip: DDA, cvmList: "00000000000000000100" }, { holder: verified })
    expect(toHex(result.data!.get(0x9f34)!)).toBe("010002")
    expect(result.commands.some((command) => command.startsWith("0020"))).toBe(false)
  })
})
