import { beforeAll, describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../src/apdu/index.js"
import { type KeyDefinition, socialSecurityTables } from "../../src/dictionary/index.js"
import {
  activateSocial,
  beginAuthentication,
  type CardSession,
  changePin,
  checkGenuine,
  finishAuthentication,
  openChannel,
  pinStatus,
  readCard,
  readHolderFile,
  readIdentity,
  resetPin,
  type SocialCardIdentity,
  secureMessagingTransport,
  socialSecurityClient,
  testKeyService,
  unblockPin,
  verifyPin,
  writeCard,
  writeHolderFile,
} from "../../src/terminal/index.js"

/** Where the suite finds cards: in memory, or in a reader. */
export interface CardPlace {
  /** A fresh card of a bundled profile; the one before it is gone. */
  insert(profile: string): Promise<CardSession>
}

/** A 3DES card of 2.00, an SM4 card of 3.00, and the old tables. */
const VERSIONS = ["employee-v1", "employee", "employee-v3"] as const
const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF00"

/** Steps before a command, the command, and the status word that the tables give (card-commands §3-§7, §15). */
const STATUS_WORDS: readonly (readonly [what: string, steps: readonly string[], command: string, expected: string])[] =
  [
    ["§3 an AID that the card does not have", [], "00A4040006D1560000FFFF00", "6A82"],
    ["§3 a file that the directory does not have", [SSSE], "00A4020002EF1F", "6A82"],
    ["§3 parameters that mean nothing", [SSSE], "00A4050002EF05", "6A86"],
    ["§4.1 a record without a file", [SSSE], "00B2010400", "6986"],
    ["§4.1 a record of a transparent file", [SSSE, "00A4020002EF08"], "00B2010400", "6981"],
    ["§4.1 a record that is not there", [SSSE, "00A4020002EF05"], "00B2090400", "6A83"],
    ["§4.1 a tag that is not there", [SSSE, "00A4020002EF05"], "00B2EE0000", "6A83"],
    ["§4.1 a short file identifier that is not there", [SSSE], "00B201F400", "6A82"],
    ["§4.1 a record that the PIN guards", [SSSE, "00A4000002DF01", "00A4020002EF06"], "00B2010400", "6982"],
    ["§4.2 a record that a key guards", [SSSE, "00A4020002EF06"], "00DC0404030A0131", "6982"],
    [
      "§4.2 a file that nobody writes",
      [SSSE, "00A4000002DF04", "0020000003123456", "00A4020002EF08"],
      `00DC00031C${"00".repeat(28)}`,
      "6982",
    ],
    ["§4.4 bytes that a key guards", [SSSE, "00A4020002EF08"], "00B0000010", "6982"],
    ["§4.4 an offset behind the end", [SSSE, "00A4000002DF01", "00A4020002EF16"], "00B0020010", "6B00"],
    ["§5.1 a PIN that is too short", [SSSE], "002000000112", "6700"],
    ["§5.1 another reference", [SSSE], "0020000103123456", "6A86"],
    ["§5.1 a wrong PIN", [SSSE], "0020000003999999", "63C5"],
    ["§5.1 no PIN: tries left", [SSSE, "0020000003999999"], "00200000", "63C5"],
    ["§5.1 no PIN: verified", [SSSE, "0020000003123456"], "00200000", "9000"],
    ["§5.2 a new PIN of wrong form", [SSSE], "805E010005123456FF12", "6A80"],
    ["§5.2 a wrong old PIN", [SSSE], "805E010007999999FF654321", "63C5"],
    ["§5.3 reload without PUK", [SSSE, "0084000008"], "842400010CD3C829A7803F2F92F6CDF497", "6982"],
    ["§5.4 unblock without PUK", [SSSE, "0084000008"], "84240000045F70B247", "6982"],
    ["§6.2 a factor without its original", [SSSE], "00880000081122334455667788", "6700"],
    ["§6.3 no challenge was drawn", [SSSE], "0082000A1000000000000000000102030405060708", "6984"],
    [
      "§6.3 a key that the card does not have",
      [SSSE, "0084000008"],
      "008200771000000000000000000102030405060708",
      "6A88",
    ],
    ["§6.3 data of a wrong length", [SSSE, "0084000008"], "0082000A040102030400", "6700"],
    ["§7.1 a MAC without a challenge", [SSSE, "00A4020002EF06"], "04DC0404070A013191599F3E", "6984"],
    ["§7.1 a wrong MAC", [SSSE, "00A4020002EF06", "0084000008"], "04DC0404070A013100000000", "6988"],
    ["§7.2 a block with a wrong MAC", [SSSE, "0084000008"], "841E00000400000000", "6988"],
    ["§2 nothing waits", [SSSE], "00C0000010", "6985"],
    ["§1 an instruction that no card has", [SSSE], "00FE0000", "6D00"],
    ["§1 a class that no card has", [SSSE], "F0A40000", "6E00"],
    ["§1 medical commands out of DF04", [SSSE], "B026000104", "6E00"],
  ]

/**
 * What a social security card does before any terminal, whatever lies between: the same suite over memory and over every
 * PC/SC binding.
 */
export function socialSecuritySuite(place: CardPlace): void {
  const keys = testKeyService()

  describe.each(VERSIONS)("%s", (profile) => {
    let card: CardSession
    beforeAll(async () => {
      card = await place.insert(profile)
    })
    const client = () => socialSecurityClient(card)
    const version = profile === "employee" ? "2.00" : profile === "employee-v1" ? "1.00" : "3.00"

    it("is somebody's, and genuine", async () => {
      const reading = await readCard(card, { keys })
      expect(reading).toMatchObject({ ok: true, genuine: { ok: true }, person: { version, missing: [], unknown: [] } })
      expect(reading.ok && String(reading.person.values.name)).toMatch(/^测试/)
    })

    it("is read whole, every file of its tables, with PIN and keys", async () => {
      const reading = await readCard(card, { all: true, keys, pin: "123456" })
      if (!reading.ok) throw new Error(reading.code)
      const files = reading.directories.flatMap((directory) => directory.files)
      expect(files.map(({ file }) => file.id)).toEqual(
        [...socialSecurityTables(version)].flatMap((directory) => directory.files.map((file) => file.id)),
      )
      expect(files.flatMap(({ missing, unknown }) => [...missing, ...unknown])).toEqual([])
      expect(reading.payment?.map(({ aid }) => toHex(aid))).toEqual(version === "1.00" ? [] : ["A000000333010101"])
      expect(reading.pki?.refusal).toBe(version === "3.00" ? undefined : 0x6a82)
    })

    it("takes every key of its tables that opens something (card-structure §16.4)", async () => {
      const found = await readIdentity(card, card.atr)
      if (!found.ok) throw new Error(found.why)
      for (const directory of socialSecurityTables(version)) {
        await client().selectDirectory(directory.name)
        for (const key of directory.keys.filter(opens))
          expect(await prove(card, found.identity, key)).toEqual({ ok: true })
      }
    })

    it("checks the PIN in every directory, and counts (card-commands §5.1)", async () => {
      await client().selectDirectory("SSSE")
      expect(await client().verifyPin("000000")).toMatchObject({ triesLeft: 5 })
      for (const { name } of socialSecurityTables(version)) {
        await client().selectDirectory(name)
        expect(await client().verifyPin("123456"), name).toEqual({ ok: true })
      }
    })

    it("is written under keys: fields, a cyclic record, content (card-commands §4.2-§4.4)", async () => {
      const outcome = await writeCard(card, {
        keys,
        writes: [
          { directory: "SSSE", fid: 0xef06, fields: { sex: "2" } },
          { directory: "DF01", fid: 0xef06, fields: { phone: "13000000077" } },
          { directory: "DF02", fid: 0xef07, append: { occupation: "0000001", startDate: "20260101" } },
        ],
      })
      expect(outcome).toMatchObject({
        ok: true,
        written: [{ readBack: "same" }, { readBack: "same" }, { readBack: "same" }],
      })
      const template = concat(hex("01020304"), new Uint8Array(200).fill(0x5a))
      expect(await writeHolderFile(card, "fingerprint", { keys, content: template })).toMatchObject({ ok: true })
      expect(await readHolderFile(card, "fingerprint", { keys })).toEqual({ ok: true, content: template })
    })

    it("takes writes behind a MAC, in the clear and enciphered (card-commands §7.1)", async () => {
      const found = await readIdentity(card, card.atr)
      if (!found.ok) throw new Error(found.why)
      for (const [encipher, value] of [
        [false, "31"],
        [true, "32"],
      ] as const) {
        const secured = secureMessagingTransport(card, { keys, identity: found.identity, keyName: "STKDF01", encipher })
        await client().selectDirectory("DF01")
        await client().verifyPin("123456")
        await client().selectFile(0xef07)
        expect(await socialSecurityClient(secured).updateRecord(1, hex(`2901${value}`))).toEqual({ ok: true })
        expect(await client().readRecord(1)).toEqual({ ok: true, record: hex(`2901${value}`) })
      }
    })

    it("offers one channel", async () => {
      expect(await openChannel(card)).toMatchObject({ ok: false })
    })

    it("has its PIN activated, changed, locked, unblocked and reset (card-commands §14.5, §14.8)", async () => {
      expect(await activateSocial(card, { newPin: "246810" })).toEqual({ ok: true })
      expect(await changePin(card, { oldPin: "246810", newPin: "135791" })).toEqual({ ok: true })
      for (const triesLeft of [5, 4, 3, 2, 1, 0])
        expect(await verifyPin(card, { pin: "999999" })).toMatchObject({ triesLeft })
      expect(await verifyPin(card, { pin: "135791" })).toMatchObject({ code: "C10" })
      expect(await unblockPin(card, { keys })).toEqual({ ok: true, triesLeft: 6 })
      expect(await verifyPin(card, { pin: "135791" })).toEqual({ ok: true })
      expect(await resetPin(card, { keys, newPin: "123456" })).toMatchObject({ ok: true })
      expect(await verifyPin(card, { pin: "123456" })).toEqual({ ok: true })
      expect(await pinStatus(card)).toMatchObject({ state: "verified" })
    })
  })

  it("an employer's card is read by its own tables, and proves itself", async () => {
    const card = await place.insert("employer")
    expect(await checkGenuine(card, { keys })).toMatchObject({ ok: true, identity: { cardClass: "2" } })
    const reading = await readCard(card, { all: true, keys })
    expect(reading.ok && reading.person.values).toMatchObject({ employerName: expect.stringMatching(/^测试/) })
  })

  describe("status words (card-commands §15)", () => {
    let card: CardSession
    beforeAll(async () => {
      card = await place.insert("employee")
    })

    it.each(STATUS_WORDS)("%s", async (_, steps, command, expected) => {
      // From the master file and a full counter: what went before leaves nothing behind.
      for (const step of [SSSE, "0020000003123456", "00A40000023F0000", ...steps]) await card.transmit(hex(step))
      expect(toHex((await card.transmit(hex(command))).slice(-2))).toBe(expected)
    })
  })

  const opens = ({ role }: KeyDefinition) => role === "read" || role === "update" || role === "unblock"

  async function prove(card: CardSession, identity: SocialCardIdentity, { name }: KeyDefinition) {
    const step = await beginAuthentication(card, identity, name)
    if (!step.ok) throw new Error(`${name}: no challenge`)
    const answer = await keys.externalAuthentication(step)
    if (!answer.ok) throw new Error(`${name}: ${answer.code}`)
    return finishAuthentication(card, step, answer.data)
  }
}
