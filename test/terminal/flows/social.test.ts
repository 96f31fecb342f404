import { beforeEach, describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { type Card, createCard } from "../../../src/card/index.js"
import {
  activateSocial,
  type CardEvent,
  type CardSession,
  changePin,
  medicalBalances,
  memoryReader,
  openCard,
  pinStatus,
  readCard,
  verifyPin,
} from "../../../src/terminal/index.js"

let events: CardEvent[] = []
const onEvent = (event: CardEvent) => events.push(event)
const steps = () =>
  events.map((event) => ("directory" in event && event.type === "selected" ? event.directory : event.type))

beforeEach(() => {
  events = []
})

async function insert(profile: string): Promise<{ card: Card; session: CardSession }> {
  const card = createCard({ profile, seed: 1 })
  return { card, session: await openCard(memoryReader(card)) }
}

describe("PIN", () => {
  it("is verified, and its state costs no try", async () => {
    const { session } = await insert("employee")
    expect(await pinStatus(session)).toMatchObject({ ok: true, state: "needed", triesLeft: 6 })
    expect(await verifyPin(session, { pin: "123456", onEvent })).toEqual({ ok: true })
    expect(await pinStatus(session)).toEqual({ ok: true, state: "verified" })
    expect(steps()).toEqual(["SSSE", "pin-verified"])
  })

  it("counts down to the lock", async () => {
    const { session } = await insert("employee")
    for (const left of [5, 4, 3, 2, 1])
      expect(await verifyPin(session, { pin: "000000" })).toMatchObject({
        ok: false,
        code: "PIN_WRONG",
        triesLeft: left,
      })
    expect(await verifyPin(session, { pin: "000000", onEvent })).toMatchObject({ ok: false, code: "C10", triesLeft: 0 })
    expect(await verifyPin(session, { pin: "123456" })).toMatchObject({ ok: false, code: "C10", statusWord: 0x6983 })
    expect(await pinStatus(session)).toEqual({ ok: true, state: "locked", triesLeft: 0 })
    expect(steps()).toEqual(["SSSE", "refused"])
  })

  it("is changed, but not back to the initial one (C09)", async () => {
    const { session } = await insert("employee")
    expect(await changePin(session, { oldPin: "123456", newPin: "246810", onEvent })).toEqual({ ok: true })
    expect(steps()).toEqual(["SSSE", "pin-changed"])
    expect(await changePin(session, { oldPin: "246810", newPin: "123456" })).toMatchObject({ ok: false, code: "C09" })
    expect(await verifyPin(session, { pin: "246810" })).toEqual({ ok: true })
    expect(await changePin(session, { oldPin: "111111", newPin: "222222" })).toMatchObject({
      code: "PIN_WRONG",
      triesLeft: 5,
    })
  })

  it("of wrong form is never sent", async () => {
    const { session } = await insert("employee")
    await expect(verifyPin(session, { pin: "12" })).rejects.toThrow(/^pin: expected 4 to 12 digits/)
    await expect(changePin(session, { oldPin: "123456", newPin: "abc" })).rejects.toThrow(/^newPin: expected digits/)
    await expect(activateSocial(session, { newPin: "" })).rejects.toThrow(/^newPin: /)
    await expect(medicalBalances(session, { pin: "x" })).rejects.toThrow(/^pin: /)
    await expect(readCard(session, { pin: "123" })).rejects.toThrow(/^pin: /)
    expect(await pinStatus(session)).toMatchObject({ triesLeft: 6 })
  })
})

describe("activation of the social security function (domain-rules L3, L4)", () => {
  it("makes the initial PIN the holder's own", async () => {
    const { session } = await insert("employee")
    expect(await activateSocial(session, { newPin: "246810", onEvent })).toEqual({ ok: true })
    expect(events).toEqual([
      { type: "selected", directory: "SSSE" },
      { type: "pin-verified", which: "initial" },
      { type: "pin-changed" },
      { type: "pin-verified", which: "new" },
    ])
    await session.reset()
    expect(await verifyPin(session, { pin: "246810" })).toEqual({ ok: true })
  })

  it("refuses the initial PIN as new one (C09), without a try", async () => {
    const { session } = await insert("employee")
    expect(await activateSocial(session, { newPin: "123456", onEvent })).toMatchObject({ ok: false, code: "C09" })
    expect(steps()).toEqual(["refused"])
    expect(await pinStatus(session)).toMatchObject({ triesLeft: 6 })
  })

  it("is done once", async () => {
    const { session } = await insert("employee")
    await activateSocial(session, { newPin: "246810" })
    await session.reset()
    expect(await activateSocial(session, { newPin: "135790" })).toMatchObject({
      ok: false,
      code: "ALREADY_ACTIVATED",
      triesLeft: 5,
    })
  })

  it("does not spend the last try on a guess", async () => {
    const { session } = await insert("employee")
    await activateSocial(session, { newPin: "246810" })
    await session.reset()
    for (let i = 0; i < 5; i++) await verifyPin(session, { pin: "000000" })
    expect(await activateSocial(session, { newPin: "135790" })).toMatchObject({ code: "LAST_TRY", triesLeft: 1 })
    expect(await verifyPin(session, { pin: "246810" })).toEqual({ ok: true })
  })

  it("finds a locked PIN", async () => {
    const { session } = await insert("employee-pin-locked")
    expect(await activateSocial(session, { newPin: "246810" })).toMatchObject({ code: "C10", triesLeft: 0 })
  })
})

describe("reading a card", () => {
  it("reads who it belongs to, without a PIN", async () => {
    const { session } = await insert("employee")
    const reading = await readCard(session, { onEvent })
    if (!reading.ok) throw new Error(reading.code)
    expect(reading.person.version).toBe("2.00")
    expect(reading.person.values).toMatchObject({
      cardNumber: "SB0000012",
      socialSecurityNumber: "999999199001010016",
      name: "测试一号",
      sex: "1",
      birthDate: "19900101",
    })
    expect(reading.person.missing).toEqual([])
    expect(reading.directories).toEqual([])
    expect(steps()).toEqual(["person-read"])
  })

  it("lists what is refused without the PIN, and reads it with the PIN", async () => {
    const { session } = await insert("employee")
    const closed = await readCard(session, { all: true })
    const opened = await readCard(session, { all: true, pin: "123456", onEvent })
    if (!closed.ok || !opened.ok) throw new Error("refused")
    const phone = (reading: typeof opened) =>
      reading.directories
        .find(({ directory }) => directory.name === "DF01")!
        .files.flatMap(({ values }) => values)
        .find(({ field }) => field.id === "phone")?.value
    expect(phone(closed)).toBeUndefined()
    expect(phone(opened)).toBe("13000000001")
    const refused = closed.directories.flatMap(({ files }) => files.flatMap(({ missing }) => missing))
    expect(refused.length).toBeGreaterThan(20)
    expect(new Set(refused.map(({ statusWord }) => statusWord))).toEqual(new Set([0x6982]))
    // Only keys open fingerprint, photo and the off-line settlement (card-structure §15).
    const kept = opened.directories.flatMap(({ files }) => files.filter(({ missing }) => missing.length > 0))
    expect(kept.map(({ file }) => file.id)).toEqual(
      expect.arrayContaining(["fingerprint", "photo", "offlineSettlement"]),
    )
    expect(steps()).toEqual(expect.arrayContaining(["pin-verified", "file-read", "DF01", "DF02", "DF03", "DF04"]))
  })

  it("reads what is free when the PIN is wrong, and says so", async () => {
    const { session } = await insert("employee")
    const reading = await readCard(session, { all: true, pin: "000000" })
    expect(reading).toMatchObject({ ok: true, pin: { code: "PIN_WRONG", triesLeft: 5 } })
    expect(await pinStatus(session)).toMatchObject({ triesLeft: 5 })
  })

  it("lists a directory that the card does not have", async () => {
    const { session } = await insert("employee")
    const without = {
      transmit: (command: Uint8Array) =>
        command[1] === 0xa4 && command[6] === 0x02 ? Promise.resolve(hex("6A82")) : session.transmit(command),
      close: () => session.close(),
    }
    const reading = await readCard(without, { all: true })
    expect(reading.ok && reading.directories.find(({ directory }) => directory.name === "DF02")).toMatchObject({
      refusal: 0x6a82,
      files: [],
    })
  })

  it("refuses a card without the application", async () => {
    const empty = { transmit: async () => hex("6A82"), close: async () => {} }
    expect(await readCard(empty, { onEvent })).toMatchObject({
      ok: false,
      code: "NOT_A_SOCIAL_SECURITY_CARD",
      statusWord: 0x6a82,
    })
    expect(await verifyPin(empty, { pin: "123456" })).toMatchObject({ code: "NOT_A_SOCIAL_SECURITY_CARD" })
    expect(await pinStatus(empty)).toMatchObject({ code: "NOT_A_SOCIAL_SECURITY_CARD" })
    expect(await changePin(empty, { oldPin: "123456", newPin: "111111" })).toMatchObject({ ok: false })
    expect(await activateSocial(empty, { newPin: "111111" })).toMatchObject({ ok: false })
    expect(await medicalBalances(empty, { pin: "123456" })).toMatchObject({ code: "NOT_A_SOCIAL_SECURITY_CARD" })
    expect(steps()).toEqual(["refused"])
  })
})

describe("medical balances (card-commands §10.1)", () => {
  it("need the PIN", async () => {
    const { session } = await insert("employee")
    expect(await medicalBalances(session, { pin: "000000" })).toMatchObject({ ok: false, code: "PIN_WRONG" })
    const account = await medicalBalances(session, { pin: "123456", records: true, onEvent })
    if (!account.ok) throw new Error(account.code)
    expect(account.personalBalanceFen).toBeGreaterThanOrEqual(0)
    expect(account.ownPaymentsYear).toMatch(/^20\d\d$/)
    expect(account.transactions).toBeDefined()
    expect(steps()).toEqual(["DF04", "pin-verified"])
  })
})

describe("flows", () => {
  it("keep other programs off the card", async () => {
    const reader = memoryReader(createCard({ profile: "employee", seed: 1 }))
    const [mine, other] = [await openCard(reader), await openCard(reader)]
    const order: string[] = []
    const reading = readCard(mine, { onEvent: () => order.push("read") })
    const theirs = other.transmit(hex("00A40000023F00")).then(() => order.push("other"))
    await Promise.all([reading, theirs])
    expect(order).toEqual(["read", "other"])
  })
})
