import { describe, expect, it } from "vitest"
import { hex, InputError, type Transport, toHex } from "../../../src/apdu/index.js"
import { deriveTestCardKey } from "../../../src/dictionary/index.js"
import { keyAuthenticator, socialSecurityClient } from "../../../src/terminal/clients/index.js"
import { scriptedLine } from "../support/lines.js"

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF00"

describe("PIN (card-commands §5, card-structure §17)", () => {
  it.each([
    ["1234", "00200000021234"],
    ["123456", "0020000003123456"],
    ["1234567", "0020000004123456" + "7F"],
    ["123456789012", "0020000006123456789012"],
  ])("VERIFY of %s", async (pin, sent) => {
    const line = scriptedLine(["9000"])
    expect(await socialSecurityClient(line).verifyPin(pin)).toEqual({ ok: true })
    expect(line.sent).toEqual([sent])
  })

  it.each(["", "123", "1234567890123", "12345a", "12 456", "\uff11\uff12\uff13\uff14"])(
    "sends nothing for a PIN of wrong form, and does not repeat it (%j)",
    async (pin) => {
      const line = scriptedLine([])
      const error = await socialSecurityClient(line)
        .verifyPin(pin)
        .catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(InputError)
      expect(pin === "" || !String((error as Error).message).includes(pin)).toBe(true)
      expect(line.sent).toEqual([])
    },
  )

  it.each([
    ["63C2", { ok: false, statusWord: 0x63c2, locked: false, triesLeft: 2 }],
    ["63C0", { ok: false, statusWord: 0x63c0, locked: true, triesLeft: 0 }],
    ["6983", { ok: false, statusWord: 0x6983, locked: true, triesLeft: 0 }],
    ["6700", { ok: false, statusWord: 0x6700, locked: false, triesLeft: undefined }],
  ])("tells what %s means", async (answer, outcome) => {
    expect(await socialSecurityClient(scriptedLine([answer])).verifyPin("123456")).toEqual(outcome)
  })

  it("CHANGE PIN sends old, FF, new", async () => {
    const line = scriptedLine(["9000"])
    expect(await socialSecurityClient(line).changePin("123456", "654321")).toEqual({ ok: true })
    expect(line.sent).toEqual(["805E010007123456FF654321"])
  })

  it.each([
    ["9000", { ok: true, state: "verified" }],
    ["63C6", { ok: true, state: "needed", triesLeft: 6 }],
    ["6983", { ok: true, state: "locked", triesLeft: 0 }],
    ["6D00", { ok: false, statusWord: 0x6d00 }],
  ])("empty VERIFY, answered %s", async (answer, status) => {
    const line = scriptedLine([answer])
    expect(await socialSecurityClient(line).pinStatus()).toEqual(status)
    expect(line.sent).toEqual(["00200000"])
  })
})

describe("selecting and reading (card-commands §3, §4)", () => {
  it("selects the environment by name, directories and files by FID", async () => {
    const line = scriptedLine(["9000", "6F009000", "9000", "6A82"])
    const client = socialSecurityClient(line)
    await client.selectDirectory("SSSE")
    expect(await client.selectDirectory("DF04")).toEqual({ ok: true, fci: hex("6F00") })
    await client.selectFile(0xef08)
    expect(await client.selectDirectory("DF06")).toEqual({ ok: false, statusWord: 0x6a82 })
    expect(line.sent).toEqual([SSSE, "00A4000002DF0400", "00A4020002EF0800", "00A4000002DF0600"])
  })

  it("reads records by number and by tag, and writes them", async () => {
    const line = scriptedLine(["0A01319000", "0A01319000", "9000", "9000"])
    const client = socialSecurityClient(line)
    expect(await client.readRecord(4)).toEqual({ ok: true, record: hex("0A0131") })
    expect(await client.readRecordByTag(0x0a)).toEqual({ ok: true, record: hex("0A0131") })
    expect(await client.updateRecord(4, hex("0A0132"))).toEqual({ ok: true })
    expect(await client.appendCyclicRecord(hex("000102"))).toEqual({ ok: true })
    expect(line.sent).toEqual(["00B2040400", "00B20A0000", "00DC0404030A0132", "00DC000303000102"])
  })

  it("reads a transparent file in chunks of 70 hex", async () => {
    const chunk = "AB".repeat(0x70)
    const line = scriptedLine([`${chunk}9000`, `${chunk}9000`, `${"CD".repeat(0x20)}9000`])
    const progress: number[] = []
    const outcome = await socialSecurityClient(line).readBinary(0x100, (bytes) => progress.push(bytes))
    expect(outcome).toEqual({ ok: true, content: hex(chunk + chunk + "CD".repeat(0x20)) })
    expect(line.sent).toEqual(["00B0000070", "00B0007070", "00B000E020"])
    expect(progress).toEqual([0x70, 0xe0, 0x100])
  })

  it("takes a file that is shorter than its table says", async () => {
    const chunk = "AB".repeat(0x70)
    const line = scriptedLine([`${chunk}9000`, "6C08", "01020304050607089000", "6B00"])
    const outcome = await socialSecurityClient(line).readBinary(0x100)
    expect(outcome).toEqual({ ok: true, content: hex(`${chunk}0102030405060708`) })
    expect(line.sent.slice(1, 3)).toEqual(["00B0007070", "00B0007008"])
  })

  it("writes a transparent file in chunks and says how far it came", async () => {
    const line = scriptedLine(["9000", "6581"])
    const outcome = await socialSecurityClient(line).updateBinary(new Uint8Array(0x80))
    expect(outcome).toEqual({ ok: false, statusWord: 0x6581, written: 0x70 })
    expect(line.sent[1]).toBe(`00D6007010${"00".repeat(0x10)}`)
  })
})

describe("authentication (card-commands §6, §9.4, §9.5)", () => {
  const factors = { atr: hex("3B6D000000815431008660110816000001"), region: "320800" }

  it("T2: INTERNAL AUTHENTICATE", async () => {
    const line = scriptedLine(["F4F14BF11083845F9000"])
    const outcome = await socialSecurityClient(line).internalAuthenticate(
      hex("1122334455667788"),
      hex("0102030405060708"),
    )
    expect(outcome).toEqual({ ok: true, proof: hex("F4F14BF11083845F") })
    expect(line.sent).toEqual(["00880000101122334455667788010203040506070800"])
  })

  it.each([
    ["T3", "3des", "RKssse", 0x0a, "A1A2A3A4A5A6A7A8", "0082000A102898438E02652C170102030405060708"],
    ["T5", "3des", "PUK", 0x06, "D1D2D3D4D5D6D7D8", "0082000610194E6DE3C5E83C6C0102030405060708"],
    ["S3", "sm4", "RKssse", 0x0a, "A1A2A3A4A5A6A7A8", "0082000A10E857CBBA403E828137F835B32576FA8D"],
    ["S4", "sm4", "UKssse", 0x04, "B1B2B3B4B5B6B7B8", "0082000410ADEC297EF305984DCB5E805ABE93D13D"],
  ] as const)("%s: EXTERNAL AUTHENTICATE, %s, %s", async (_, algorithm, key, keyId, challenge, sent) => {
    const line = scriptedLine(["01020304050607089000", `${challenge}9000`, "9000"])
    const authenticator = keyAuthenticator(algorithm, deriveTestCardKey(algorithm, key, factors))
    expect(await socialSecurityClient(line).externalAuthenticate(keyId, authenticator)).toEqual({ ok: true })
    expect(line.sent).toEqual(["0084000008", "0084000008", sent])
  })

  it("stops when the card gives no challenge, and counts tries of a key", async () => {
    const authenticator = () => new Uint8Array(16)
    const refused = await socialSecurityClient(scriptedLine(["6D00"])).externalAuthenticate(4, authenticator)
    expect(refused).toEqual({ ok: false, statusWord: 0x6d00, locked: false, triesLeft: undefined })
    const line = scriptedLine(["01020304050607089000", "11020304050607089000", "63C2"])
    expect(await socialSecurityClient(line).externalAuthenticate(4, authenticator)).toMatchObject({ triesLeft: 2 })
  })
})

/** A line that answers reads by the file that was selected last; of what it does not know it says `otherwise`. */
function filesLine(files: Record<string, Record<string, string>>, otherwise = "6A83"): Transport {
  let file: Record<string, string> = {}
  return {
    async transmit(command) {
      const text = toHex(command)
      if (!text.startsWith("00A4")) return hex(file[text] ?? (command[2]! > 7 ? "6A83" : otherwise))
      file = files[text] ?? {}
      return hex("9000")
    },
    async close() {},
  }
}

describe("reading a person", () => {
  it("decodes by field, lists what is missing, and keeps local records (values of card-commands §14.1)", async () => {
    const card = filesLine({
      "00A4020002EF0500": {
        "00B2010400": "0110320800D156000005160000018F385B8F9000",
        "00B2030400": "0304322E30309000",
        "00B2070400": "07095342303030303031329000",
      },
      "00A4020002EF0600": {
        "00B2020400": "091EB2E2CAD4B3D6BFA8C8CB00000000000000000000000000000000000000009000",
        "00B2040400": "0A01319000",
        "00B2080400": "EA034142439000",
      },
    })
    const person = await socialSecurityClient(card).readPerson()
    expect(person.version).toBe("2.00")
    expect(person.values).toEqual({
      cardId: "320800D156000005160000018F385B8F",
      specVersion: "2.00",
      cardNumber: "SB0000012",
      name: "测试持卡人",
      sex: "1",
    })
    expect(person.missing.map(({ field }) => field?.id)).toEqual([
      "cardClass",
      "initialisingBody",
      "issueDate",
      "expiryDate",
      "socialSecurityNumber",
      "nameExtension",
      "nation",
      "birthPlace",
      "birthDate",
    ])
    expect(person.missing.every(({ statusWord }) => statusWord === 0x6a83)).toBe(true)
    expect(person.unknown).toEqual([{ record: 8, bytes: hex("EA03414243"), reason: "unknownTag" }])
  })

  it("goes on past records that only a key opens (version 3.00)", async () => {
    const line = filesLine({ "00A4020002EF0500": { "00B2030400": "0304332E30309000" } }, "6982")
    const person = await socialSecurityClient(line).readPerson()
    expect(person.values).toEqual({ specVersion: "3.00" })
    expect(person.missing.every(({ statusWord }) => statusWord === 0x6982)).toBe(true)
    expect(person.missing.map(({ field }) => field?.id)).toContain("socialSecurityNumber")
  })

  it("takes a card without the application for what it is", async () => {
    const person = await socialSecurityClient(scriptedLine(["6A82"])).readPerson()
    expect(person).toMatchObject({ refusal: 0x6a82, version: undefined, values: {} })
  })

  it("keeps records that do not parse", async () => {
    const line = filesLine({ "00A4020002EF0500": { "00B2010400": "0510ABCD9000", "00B2050400": "0504ABCDEF019000" } })
    const person = await socialSecurityClient(line).readPerson()
    expect(person.unknown).toContainEqual({ record: 1, bytes: hex("0510ABCD"), reason: "malformed" })
    expect(person.unknown).toContainEqual({ record: 5, bytes: hex("0504ABCDEF01"), reason: "malformed" })
  })
})
