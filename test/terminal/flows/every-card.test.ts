import { describe, expect, it } from "vitest"
import { hex, SW, toHex } from "../../../src/apdu/index.js"
import { type Card, type CardSpec, cardFromLayout, compileLayout, createCard } from "../../../src/card/index.js"
import {
  activateSocial,
  beginReading,
  type CardReading,
  type CardSession,
  checkGenuine,
  finishReading,
  issueCard,
  memoryReader,
  openCard,
  pinStatus,
  readCard,
  resetPin,
  testKeyService,
  unblockPin,
  verifyPin,
  writeCard,
} from "../../../src/terminal/index.js"
import { isEmployer, socialSecurityProfiles } from "../../support/profiles.js"
import { testCardSpec } from "../../support/test-card.js"

const keys = testKeyService()

async function insert(profile: string): Promise<{ card: Card; session: CardSession }> {
  const card = createCard({ profile, seed: 1 })
  return { card, session: await openCard(memoryReader(card)) }
}

async function read(session: CardSession, options: Parameters<typeof readCard>[1]): Promise<CardReading> {
  const reading = await readCard(session, options)
  if (!reading.ok) throw new Error(`${reading.code} ${reading.statusWord?.toString(16)}`)
  return reading
}

const profiles = socialSecurityProfiles()
/** A blocked application lets nobody read anything. */
const living = profiles.filter((profile) => profile.state === "active")

describe.each(living)("the card of profile $name", (profile) => {
  const { name, pin } = profile
  // At a distance a card takes no PIN (card-structure §3.3).
  const atDistance = profile.atr.contactless === true
  const usable = pin.triesLeft !== 0 && !atDistance

  it("is read whole with PIN and keys, down to the last file of its tables", async () => {
    const { session } = await insert(name)
    const reading = await read(session, { all: true, keys, ...(usable && { pin: pin.value }) })
    expect(reading.genuine).toEqual({ ok: true })
    expect(reading.person.version).toBe(profile.specVersion)
    expect(reading.person.missing).toEqual([])
    const { name: first = "", nameExtension = "", employerName } = reading.person.values
    expect(employerName ?? `${first}${nameExtension}`).toBe(
      isEmployer(profile) ? profile.employer.employerName : profile.holder.name,
    )
    const files = reading.directories.flatMap((directory) => directory.files)
    expect(files.flatMap(({ unknown }) => unknown)).toEqual([])
    expect(files.filter(({ unlisted }) => unlisted)).toEqual([])
    if (usable) expect(files.flatMap(({ missing }) => missing)).toEqual([])
  })

  it("gives without keys what its version gives", async () => {
    const { session } = await insert(name)
    const reading = await read(session, {})
    const refused = new Set(reading.person.missing.map(({ statusWord }) => statusWord))
    expect([...refused]).toEqual(profile.specVersion === "3.00" ? [SW.SECURITY_STATUS_NOT_SATISFIED] : [])
    expect(reading.person.values.cardId).toMatch(/^[0-9A-F]{32}$/)
  })

  it("gets a new PIN without the old one, and all its tries back; at a distance it does not (card-commands §5.3, §5.4)", async () => {
    const { session } = await insert(name)
    if (atDistance) {
      const refused = { ok: false, statusWord: SW.CONDITIONS_NOT_SATISFIED }
      expect(await unblockPin(session, { keys })).toMatchObject(refused)
      expect(await resetPin(session, { keys, newPin: "135791" })).toMatchObject(refused)
      return
    }
    await verifyPin(session, { pin: "909090" })
    expect(await unblockPin(session, { keys })).toEqual({ ok: true, triesLeft: pin.tries })
    expect(await verifyPin(session, { pin: pin.value })).toEqual({ ok: true })
    expect(await resetPin(session, { keys, newPin: "135791" })).toMatchObject({ ok: true })
    expect(await verifyPin(session, { pin: "135791" })).toEqual({ ok: true })
    expect(await verifyPin(session, { pin: pin.value })).toMatchObject({ ok: false })
  })
})

describe("a back office behind a line (card-commands §14.3)", () => {
  it.each(["employee", "employee-v3", "employee-v3-3des", "employer-v3"])("reads %s in two steps", async (name) => {
    const { session } = await insert(name)
    const step = await beginReading(session)
    if (!step.ok) throw new Error(step.code)
    expect(step.authentication === undefined).toBe(name === "employee")
    const proof = await keys.internalAuthentication(step.genuine)
    const data = step.authentication && (await keys.externalAuthentication(step.authentication))
    if (!proof.ok || data?.ok === false) throw new Error("no key")
    const read = await finishReading(session, step, { proof: proof.proof, ...(data && { data: data.data }) })
    expect(read.ok && read.person.missing).toEqual([])
  })

  it("is refused with a wrong proof, and with wrong data costs a try", async () => {
    const { session } = await insert("employee-v3")
    const begin = async () => {
      const step = await beginReading(session)
      if (!step.ok) throw new Error(step.code)
      const answer = await keys.internalAuthentication(step.genuine)
      if (!answer.ok) throw new Error(answer.code)
      return { step, proof: answer.proof }
    }
    const first = await begin()
    expect(await finishReading(session, first.step, { proof: new Uint8Array(16) })).toMatchObject({
      code: "NOT_GENUINE",
    })
    const second = await begin()
    const wrong = { proof: second.proof, data: new Uint8Array(16) }
    expect(await finishReading(session, second.step, wrong)).toMatchObject({ code: "KEY_WRONG", triesLeft: 2 })
    // Without the external part only what is free is read.
    const third = await begin()
    const free = await finishReading(session, third.step, { proof: third.proof })
    expect(free.ok && free.person.missing.length).toBeGreaterThan(0)
  })
})

describe("instant issue of a card of version 3.00 (card-commands §14.7)", () => {
  it("turns a blank card into somebody's", async () => {
    const { session } = await insert("employee-v3-blank")
    expect(await checkGenuine(session, { keys })).toMatchObject({ ok: true })
    const outcome = await issueCard(session, {
      keys,
      holder: {
        socialSecurityNumber: "999999200001010016",
        name: "测试卅号",
        sex: "1",
        nation: "01",
        birthDate: "20000101",
      },
      issuer: { cardClass: "1", issueDate: "20260101", expiryDate: "20351231", cardNumber: "S00000020" },
    })
    expect(outcome).toMatchObject({ ok: true })
    expect(outcome.written.every(({ readBack }) => readBack === "same")).toBe(true)
    const reading = await read(session, { keys })
    expect(reading.person.values).toMatchObject({ name: "测试卅号", cardNumber: "S00000020" })
  })
})

describe("an employer's card", () => {
  it.each(["employer", "employer-v3"])("is written by its own tables (%s)", async (name) => {
    const { session } = await insert(name)
    const outcome = await writeCard(session, {
      keys,
      writes: [{ directory: "DF03", fid: 0xef06, fields: { headCount: 17, amountPaid: "12.34" } }],
    })
    expect(outcome).toMatchObject({ ok: true, written: [{ readBack: "same" }, { readBack: "same" }] })
    const reading = await read(session, { all: true, keys })
    const declaration = reading.directories.flatMap(({ files }) => files).find(({ file }) => file.id === "declaration")
    expect(declaration?.values.find(({ field }) => field.id === "headCount")?.value).toBe(17)
    expect(declaration?.values.find(({ field }) => field.id === "amountPaid")?.value).toBe(1234)
  })
})

describe("the PIN over a key service", () => {
  it("is unlocked when it was locked, and then it can be used", async () => {
    const { session } = await insert("employee-pin-locked")
    expect(await pinStatus(session)).toMatchObject({ state: "locked" })
    expect(await unblockPin(session, { keys })).toEqual({ ok: true, triesLeft: 6 })
    expect(await verifyPin(session, { pin: "753951" })).toEqual({ ok: true })
  })

  it("may be reset to the initial one, and then the card can be activated", async () => {
    const { session } = await insert("employee-pin-locked")
    expect(await resetPin(session, { keys, newPin: "123456" })).toEqual({ ok: true, triesLeft: 6 })
    expect(await activateSocial(session, { newPin: "246810" })).toEqual({ ok: true })
  })

  it("is not touched with keys that are not the card's", async () => {
    const { session } = await insert("employee")
    const strange = {
      ...keys,
      internalAuthentication: async () => ({ ok: true, proof: new Uint8Array(8) }) as const,
    }
    expect(await resetPin(session, { keys: strange, newPin: "135791" })).toMatchObject({ code: "NOT_GENUINE" })
    await expect(resetPin(session, { keys, newPin: "12" })).rejects.toThrow(/^newPin: /)
    expect(await verifyPin(session, { pin: "123456" })).toEqual({ ok: true })
  })
})

describe("a card of an odd layout", () => {
  /** The test card, its files changed. */
  const oddCard = (change: (spec: CardSpec) => CardSpec): Card =>
    cardFromLayout(compileLayout(change(testCardSpec())), { seed: "odd" })

  it("is read as far as it goes: short files, missing ones, and others that no table names", async () => {
    const session = await openCard(memoryReader(oddCard((spec) => spec)))
    const reading = await read(session, { all: true, pin: "123456" })
    expect(reading.person.values).toMatchObject({ cardId: "320800D156000005160000018F385B8F", sex: "1" })
    const named = (name: string) => reading.directories.find(({ directory }) => directory.name === name)!
    expect(named("DF02").refusal).toBe(SW.FILE_NOT_FOUND)
    // SSSE EF08 has 1000 bytes here, not 1000 hex.
    const photo = named("SSSE").files.find(({ file }) => file.id === "photo")!
    expect(photo.values[0]?.bytes.length).toBe(1000)
    // DF04 EF11 is no file of the tables: five-byte records without tags.
    const own = named("DF04").files.find(({ file }) => file.fid === 0xef11)!
    expect(own).toMatchObject({ unlisted: true, file: { id: "unlisted11" } })
    expect(own.unknown.map(({ bytes }) => toHex(bytes))).toEqual(["0102030405", "1112131415", "0000000000"])
    // EF09 repeats a tag that the tables have once; nothing is lost.
    const employer = named("DF01").files.find(({ file }) => file.fid === 0xef09)!
    expect(employer.values.map(({ record, field, value }) => [record, field.id, value])).toEqual([
      [1, "employerName", "A"],
      [2, "employerOrgCode", "B"],
      [3, "employerName", "C"],
      [4, "employerName", "D"],
    ])
    // The free file of tag-less content is read to its end.
    const spare = named("DF01").files.find(({ file }) => file.fid === 0xef16)!
    expect(spare.values[0]?.bytes.length).toBe(128)
  })

  it("keeps an unlisted transparent file, and says that one is closed", async () => {
    const card = oddCard((spec) => {
      const root = spec.root
      const directories = root.directories!.map((directory) =>
        directory.name !== "SSSE"
          ? directory
          : {
              ...directory,
              files: [
                ...directory.files!,
                {
                  name: "EF0C",
                  fid: 0xef0c,
                  structure: "transparent",
                  read: "free",
                  write: "never",
                  content: hex("AABBCC"),
                } as const,
                {
                  name: "EF0E",
                  fid: 0xef0e,
                  structure: "transparent",
                  read: "RKssse",
                  write: "never",
                  content: hex("DDEEFF"),
                } as const,
              ],
            },
      )
      return { ...spec, root: { ...root, directories } }
    })
    const session = await openCard(memoryReader(card))
    const files = (reading: CardReading) => reading.directories[0]!.files
    const open = files(await read(session, { all: true }))
    expect(open.find(({ file }) => file.fid === 0xef0c)?.values[0]?.value).toBe("AABBCC")
    expect(open.find(({ file }) => file.fid === 0xef0e)?.missing).toEqual([
      { field: expect.anything(), statusWord: SW.SECURITY_STATUS_NOT_SATISFIED },
    ])
    const keyed = files(await read(session, { all: true, keys }))
    expect(keyed.find(({ file }) => file.fid === 0xef0e)?.values[0]?.value).toBe("DDEEFF")
  })
})
