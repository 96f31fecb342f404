import { describe, expect, it } from "vitest"
import { CardRemovedError, concat, hex, SW, type Transport, toHex } from "../../../src/apdu/index.js"
import { type Card, createCard } from "../../../src/card/index.js"
import type { CardKeyService } from "../../../src/dictionary/index.js"
import {
  type CardEvent,
  type CardSession,
  checkGenuine,
  issueCard,
  memoryReader,
  openCard,
  readCard,
  readHolderFile,
  testKeyService,
  verifyPin,
  writeCard,
  writeHolderFile,
} from "../../../src/terminal/index.js"

const keys = testKeyService()

async function insert(profile = "employee"): Promise<{ card: Card; session: CardSession }> {
  const card = createCard({ profile, seed: 1 })
  return { card, session: await openCard(memoryReader(card)) }
}

/** A key service of another issuer: whatever it makes is wrong for our cards. */
const strangeKeys: CardKeyService = {
  async internalAuthentication(request) {
    const answer = await keys.internalAuthentication(request)
    return answer.ok ? { ok: true, proof: answer.proof.map((byte) => byte ^ 1) } : answer
  },
  async externalAuthentication(request) {
    const answer = await keys.externalAuthentication(request)
    return answer.ok ? { ok: true, data: answer.data.map((byte) => byte ^ 1) } : answer
  },
  secureCommand: (request) => keys.secureCommand(request),
}

const NO_KEY = { ok: false, code: "KEY_UNKNOWN", message: "no such key", messageZh: "无此密钥" } as const

/** A SAM that holds only some keys. */
const samWith = (...names: string[]): CardKeyService => ({
  internalAuthentication: async (request) =>
    names.includes(request.key.name) ? keys.internalAuthentication(request) : NO_KEY,
  externalAuthentication: async (request) =>
    names.includes(request.key.name) ? keys.externalAuthentication(request) : NO_KEY,
  secureCommand: async (request) => (names.includes(request.key.name) ? keys.secureCommand(request) : NO_KEY),
})

/** A line that is asked before a command goes to the card; what it gives is the answer. */
const watching = (
  { atr, transmit, close }: CardSession,
  before: (command: string) => string | undefined,
): Transport & { readonly atr: Uint8Array } => ({
  atr,
  close,
  async transmit(command) {
    const answer = before(toHex(command))
    return answer === undefined ? transmit(command) : hex(answer)
  },
})

const phone = (value: string) => ({ directory: "DF01", fid: 0xef06, fields: { phone: value } }) as const

describe("the genuine-card check (card-commands §14.2)", () => {
  it("makes the card prove that it knows IRK", async () => {
    const { session } = await insert()
    const events: CardEvent[] = []
    const checked = await checkGenuine(session, { keys, onEvent: (event) => events.push(event) })
    expect(checked).toMatchObject({ ok: true, identity: { region: "320800", version: "2.00", algorithm: "3des" } })
    expect(events.map(({ type }) => type)).toEqual(["selected", "genuine"])
  })

  it("refuses a card of other keys, which costs no try", async () => {
    const { session } = await insert()
    expect(await checkGenuine(session, { keys: strangeKeys })).toMatchObject({ ok: false, code: "NOT_GENUINE" })
  })

  it("says what a key service says", async () => {
    const { session } = await insert()
    expect(await checkGenuine(session, { keys: samWith("RKssse") })).toMatchObject({ code: "KEY_UNKNOWN" })
  })

  it("needs the ATR where the card is a bare transport", async () => {
    const { session } = await insert()
    const { transmit, close, atr } = session
    await expect(checkGenuine({ transmit, close }, { keys })).rejects.toThrow(/^atr: /)
    expect(await checkGenuine({ transmit, close }, { keys, atr })).toMatchObject({ ok: true })
  })

  it("finds no keys for SSF33 and for a card that hides its identification code", async () => {
    const { session } = await insert()
    await checkGenuine(session, { keys })
    const ssf33 = watching(session, (command) =>
      command.startsWith("00A40400") ? "6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988010153049F0C86029000" : undefined,
    )
    expect(await checkGenuine(ssf33, { keys })).toMatchObject({ code: "ALGORITHM_NOT_SUPPORTED" })
    const closed = watching(session, (command) => (command.startsWith("00B201") ? "6982" : undefined))
    expect(await checkGenuine(closed, { keys })).toMatchObject({ code: "CARD_ID_UNUSABLE", statusWord: 0x6982 })
    const short = watching(session, (command) =>
      command.startsWith("00B201") ? "01023208 9000".replace(" ", "") : undefined,
    )
    expect(await checkGenuine(short, { keys })).toMatchObject({ code: "CARD_ID_UNUSABLE" })
    const other = watching(session, () => "6A82")
    expect(await checkGenuine(other, { keys })).toMatchObject({ code: "NOT_A_SOCIAL_SECURITY_CARD" })
  })
})

describe("reading with keys", () => {
  const fileOf = (reading: Awaited<ReturnType<typeof readCard>>, directory: string, id: string) => {
    if (!reading.ok) throw new Error(reading.code)
    const found = reading.directories.find((candidate) => candidate.directory.name === directory)
    return found!.files.find(({ file }) => file.id === id)!
  }

  it("opens every file whose rule is a key, and says which", async () => {
    const { session } = await insert()
    const reading = await readCard(session, { all: true, keys })
    expect(reading).toMatchObject({ ok: true, genuine: { ok: true } })
    expect(fileOf(reading, "DF01", "residence").missing).toEqual([])
    expect(fileOf(reading, "SSSE", "fingerprint")).toMatchObject({ missing: [], keys: [{ key: "RKssse" }] })
    expect(fileOf(reading, "SSSE", "photo").missing).toEqual([])
    // PIN and key: the key alone does not open it.
    expect(fileOf(reading, "DF04", "offlineSettlement").missing).not.toEqual([])
    const withPin = await readCard(session, { all: true, keys, pin: "123456" })
    expect(fileOf(withPin, "DF04", "offlineSettlement")).toMatchObject({ missing: [], keys: [{ key: "RK1DF04" }] })
    if (!withPin.ok) throw new Error(withPin.code)
    expect(withPin.directories.flatMap(({ files }) => files.flatMap(({ missing }) => missing))).toEqual([])
  })

  it("uses no key on a card that does not prove to be genuine", async () => {
    const { session } = await insert()
    const sent: string[] = []
    const card = watching(session, (command) => {
      sent.push(command.slice(0, 4))
      return undefined
    })
    const reading = await readCard(card, { all: true, keys: strangeKeys })
    expect(reading).toMatchObject({ ok: true, genuine: { code: "NOT_GENUINE" } })
    expect(reading.ok && reading.person.values.cardNumber).toBe("SB0000012")
    expect(sent).not.toContain("0082")
  })

  it("tries a key that does not work once", async () => {
    const { session } = await insert()
    let tries = 0
    const wrong: CardKeyService = {
      ...keys,
      async externalAuthentication(request) {
        if (request.key.name !== "RK1DF02") return keys.externalAuthentication(request)
        tries += 1
        return strangeKeys.externalAuthentication(request)
      },
    }
    const reading = await readCard(session, { all: true, keys: wrong })
    expect(tries).toBe(1)
    expect(fileOf(reading, "DF02", "employment").keys).toMatchObject([
      { key: "RK1DF02", refusal: { code: "KEY_WRONG", triesLeft: 2 } },
    ])
    expect(fileOf(reading, "DF03", "pension").missing).toEqual([])
  })

  it("goes on where a SAM lacks a key", async () => {
    const { session } = await insert()
    const reading = await readCard(session, { all: true, keys: samWith("RK1DF01") })
    expect(reading).toMatchObject({ genuine: { code: "KEY_UNKNOWN" } })
    expect(fileOf(reading, "DF01", "residence").missing).toEqual([])
    expect(fileOf(reading, "DF02", "employment").keys).toMatchObject([{ refusal: { code: "KEY_UNKNOWN" } }])
  })

  it("tries the read keys of a directory where a card guards more than the tables say", async () => {
    const { session } = await insert()
    let opened = false
    const strict = watching(session, (command) => {
      if (command.startsWith("0082000A")) opened = true
      return command.startsWith("00B205") && !opened ? "6982" : undefined
    })
    const reading = await readCard(strict, { all: true, keys })
    expect(fileOf(reading, "SSSE", "issuer")).toMatchObject({ missing: [], keys: [{ key: "RKssse" }] })
  })
})

describe("writing under keys (card-commands §4.2, §14.4)", () => {
  it("writes fields by id and reads them back", async () => {
    const { session } = await insert()
    const outcome = await writeCard(session, {
      keys,
      writes: [
        { directory: "DF01", fid: 0xef06, fields: { phone: "13000000099", contactName: "测试八号" } },
        { directory: "DF01", fid: 0xef15, fields: { educationHistory: [undefined, { school: "测试大学" }] } },
        { directory: "SSSE", fid: 0xef06, fields: { sex: "2" } },
      ],
    })
    expect(outcome).toEqual({
      ok: true,
      written: [
        { directory: "DF01", fid: 0xef06, record: 3, fieldId: "phone", readBack: "same" },
        { directory: "DF01", fid: 0xef06, record: 4, fieldId: "contactName", readBack: "same" },
        { directory: "DF01", fid: 0xef15, record: 3, fieldId: "educationHistory", readBack: "same" },
        { directory: "SSSE", fid: 0xef06, record: 4, fieldId: "sex", readBack: "same" },
      ],
    })
    const reading = await readCard(session, { all: true, keys })
    expect(reading.ok && reading.person.values.sex).toBe("2")
  })

  it("appends to a cyclic file: the new record is the first", async () => {
    const { session } = await insert()
    const append = (code: string) =>
      ({ directory: "DF02", fid: 0xef07, append: { occupation: code, startDate: "20250101" } }) as const
    const outcome = await writeCard(session, { keys, writes: [append("0000001"), append("0000002")] })
    expect(outcome).toMatchObject({ ok: true, written: [{ readBack: "same" }, { readBack: "same" }] })
    const reading = await readCard(session, { all: true, keys })
    if (!reading.ok) throw new Error(reading.code)
    const records = reading.directories
      .find(({ directory }) => directory.name === "DF02")!
      .files.find(({ file }) => file.fid === 0xef07)!
      .values.filter(({ field }) => field.id === "occupation")
    expect(records.map(({ record, value }) => [record, value])).toEqual([
      [1, "0000002"],
      [2, "0000001"],
    ])
  })

  it.each([
    ["an unknown directory", { directory: "DF06", fid: 0xef05, fields: {} }, /^directory: expected one of SSSE/],
    ["an unknown file", { directory: "DF01", fid: 0xef11, fields: {} }, /^DF01.EF11: expected a file of the tables/],
    [
      "an unknown field",
      { directory: "DF01", fid: 0xef06, fields: { fone: "1" } },
      /^DF01.EF06.fone: expected one of residenceAddress/,
    ],
    ["a value that does not fit", phone("1".repeat(16)), /^DF01.EF06.phone: expected at most 15 bytes/],
    [
      "too many values",
      { directory: "DF01", fid: 0xef06, fields: { phone: ["1", "2"] } },
      /phone: expected at most 1 values, got 2/,
    ],
    ["a file that nobody writes", { directory: "DF04", fid: 0xef08, append: {} }, /^DF04.EF08: nobody may write/],
    [
      "content for records",
      { directory: "DF01", fid: 0xef06, content: new Uint8Array(1) },
      /expected fields of records/,
    ],
    ["fields for content", { directory: "SSSE", fid: 0xef08, fields: {} }, /^SSSE.EF08: expected content/],
    [
      "a record for a file that does not take one",
      { directory: "DF01", fid: 0xef06, append: {} },
      /expected a cyclic file/,
    ],
    [
      "too much content",
      { directory: "SSSE", fid: 0xef07, content: new Uint8Array(0x301) },
      /expected at most 768 bytes, got 769/,
    ],
  ] as const)("writes nothing at all for %s", async (_, write, message) => {
    const { session } = await insert()
    const sent: string[] = []
    const card = watching(session, (command) => {
      sent.push(command.slice(2, 4))
      return undefined
    })
    await expect(writeCard(card, { keys, writes: [phone("13000000099"), write] })).rejects.toThrow(message)
    expect(sent.filter((ins) => ["82", "DC", "D6"].includes(ins))).toEqual([])
  })

  it("says how far it came when the card refuses", async () => {
    const { session } = await insert()
    const card = watching(session, (command) => (command.startsWith("00DC04") ? "6581" : undefined))
    const fields = { phone: "13000000099", contactName: "测试八号", contactPhone: "13000000098" }
    expect(await writeCard(card, { keys, writes: [{ directory: "DF01", fid: 0xef06, fields }] })).toMatchObject({
      ok: false,
      code: "CARD_REFUSED",
      statusWord: SW.MEMORY_FAILURE,
      written: [{ fieldId: "phone", readBack: "same" }],
      notWritten: [{ fieldId: "contactName" }, { fieldId: "contactPhone" }],
    })
  })

  it("says how far it came when the card goes away", async () => {
    const { session } = await insert()
    const card = watching(session, (command) => {
      if (command.startsWith("00DC04")) throw new CardRemovedError()
      return undefined
    })
    const fields = { phone: "13000000099", contactName: "测试八号" }
    expect(await writeCard(card, { keys, writes: [{ directory: "DF01", fid: 0xef06, fields }] })).toMatchObject({
      ok: false,
      code: "CARD_REMOVED",
      written: [{ fieldId: "phone", readBack: "refused" }],
      notWritten: [{ fieldId: "contactName" }],
    })
  })

  it("finds out when the card did not keep what it took", async () => {
    const { session } = await insert()
    const card = watching(session, (command) => (command.startsWith("00DC03") ? "9000" : undefined))
    expect(await writeCard(card, { keys, writes: [phone("13000000099")] })).toMatchObject({
      ok: false,
      code: "READ_BACK_DIFFERS",
      written: [{ readBack: "different" }],
    })
  })

  it("is refused without the key, and with a wrong one costs a try", async () => {
    const { session } = await insert()
    expect(await writeCard(session, { keys: samWith("IRK"), writes: [phone("1")] })).toMatchObject({
      ok: false,
      code: "KEY_UNKNOWN",
      written: [],
      notWritten: [{ fieldId: "phone" }],
    })
    const wrong = { ...keys, externalAuthentication: strangeKeys.externalAuthentication }
    for (const [code, triesLeft] of [
      ["KEY_WRONG", 2],
      ["KEY_WRONG", 1],
      ["KEY_LOCKED", 0],
      ["KEY_LOCKED", 0],
    ] as const)
      expect(await writeCard(session, { keys: wrong, writes: [phone("1")] })).toMatchObject({ code, triesLeft })
    expect(await writeCard(session, { keys: strangeKeys, writes: [phone("1")] })).toMatchObject({ code: "NOT_GENUINE" })
  })

  it("says of what may not be read back that it was not compared", async () => {
    const { session } = await insert()
    const outcome = await writeCard(session, { keys: samWith("UK4DF01"), writes: [phone("13000000099")] })
    expect(outcome).toMatchObject({ ok: true, written: [{ readBack: "refused" }] })
    expect(await writeCard(session, { keys: samWith("UK4DF01"), pin: "123456", writes: [phone("1")] })).toMatchObject({
      written: [{ readBack: "same" }],
    })
    expect(await writeCard(session, { keys, pin: "000000", writes: [phone("1")] })).toMatchObject({ code: "PIN_WRONG" })
  })
})

describe("photo and fingerprint (card-structure §5.3)", () => {
  const photo = concat(hex("FFD8FFE0"), new Uint8Array(300).fill(7), hex("FFD9"))

  it("are nothing on a card where nobody wrote them", async () => {
    const { session } = await insert()
    expect(await readHolderFile(session, "photo", { keys })).toEqual({ ok: true, content: undefined })
  })

  it("are written, and read without their padding", async () => {
    const { session } = await insert()
    expect(await writeHolderFile(session, "photo", { keys, content: photo })).toMatchObject({
      ok: true,
      written: [{ directory: "SSSE", fid: 0xef08, readBack: "same" }],
    })
    expect(await readHolderFile(session, "photo", { keys })).toEqual({ ok: true, content: photo })
    expect(await writeHolderFile(session, "fingerprint", { keys, content: hex("0102") })).toMatchObject({ ok: true })
    expect(await readHolderFile(session, "fingerprint", { keys })).toEqual({ ok: true, content: hex("0102") })
    expect(await readHolderFile(session, "photo", { keys: samWith("IRK") })).toMatchObject({ code: "KEY_UNKNOWN" })
  })
})

describe("instant issue (card-commands §14.7)", () => {
  it("makes a card its holder's own", async () => {
    const { session } = await insert()
    const outcome = await issueCard(session, {
      keys,
      holder: {
        socialSecurityNumber: "999999200001010010",
        name: "测试持卡人".repeat(4),
        sex: "2",
        nation: "02",
        birthDate: "20000101",
      },
      issuer: { issueDate: "20260101", expiryDate: "20351231", cardNumber: "S00000020" },
    })
    if (!outcome.ok) throw new Error(outcome.reason.en)
    expect(outcome.written.map(({ fid, record, readBack }) => [fid.toString(16), record, readBack])).toEqual([
      ["ef06", 1, "same"],
      ["ef06", 2, "same"],
      ["ef06", 4, "same"],
      ["ef06", 5, "same"],
      ["ef06", 7, "same"],
      ["ef06", 3, "same"],
      ["ef05", 5, "same"],
      ["ef05", 6, "same"],
      ["ef05", 7, "same"],
    ])
    const reading = await readCard(session, { keys })
    expect(reading.ok && reading.person.values).toMatchObject({
      cardNumber: "S00000020",
      socialSecurityNumber: "999999200001010010",
      name: "测试持卡人".repeat(3),
      nameExtension: "测试持卡人",
    })
    expect(await verifyPin(session, { pin: "123456" })).toEqual({ ok: true })
  })
})
