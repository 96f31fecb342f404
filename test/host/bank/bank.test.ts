import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { type BankEvent, createBank, type ExchangeEvent } from "../../../src/host/index.js"
import { CARD, PAN, PIN, testClock, testTerminal } from "../test-terminal.js"
import { openWorld } from "../world.js"

const directory = mkdtempSync(join(tmpdir(), "shebao-bank-"))
afterAll(() => rmSync(directory, { recursive: true }))

describe("enrolment", () => {
  it("is idempotent: a known card stays as it is", async () => {
    const bank = createBank()
    expect(await bank.enroll(CARD)).toBe(true)
    expect(await bank.enroll({ ...CARD, state: "closed", openingBalanceFen: 5 })).toBe(false)
    expect(await bank.account(PAN)).toEqual({
      accountNumber: "0000000018",
      accountClass: "I",
      state: "active",
      balanceFen: 1_000_000n,
      pinTriesLeft: 3,
    })
  })

  it("gives every card an account of its own, not activated", async () => {
    const bank = createBank()
    const { state: _state, pin: _pin, openingBalanceFen: _balance, ...issued } = CARD
    await bank.enroll(issued)
    await bank.enroll({ ...issued, pan: "6217999990000000017" })
    const [first, second] = [await bank.account(PAN), await bank.account("6217999990000000017")]
    expect(first).toMatchObject({ state: "notActivated", balanceFen: 0n })
    expect(second!.accountNumber).not.toBe(first!.accountNumber)
  })

  it("is one enrolment when many come at once", async () => {
    const bank = createBank()
    const news = await Promise.all(Array.from({ length: 10 }, () => bank.enroll(CARD)))
    expect(news.filter((isNew) => isNew)).toHaveLength(1)
    expect((await bank.ledger.summary()).customersFen).toBe(1_000_000n)
  })

  it.each([
    ["pan", { pan: "6217000000000000047" }],
    ["pan", { pan: "62170000" }],
    ["sequenceNumber", { sequenceNumber: "1" }],
    ["expiry", { expiry: "1335" }],
    ["holderName", { holderName: " " }],
    ["idNumber", { idNumber: "" }],
    ["idType", { idType: "AB" }],
    ["pin", { pin: "97" }],
  ])("refuses a wrong %s and names it, without repeating it", async (field, wrong) => {
    const refused = createBank().enroll({ ...CARD, ...wrong })
    await expect(refused).rejects.toMatchObject({ code: "INVALID_INPUT", field })
    for (const value of Object.values(wrong).filter((text) => text.trim() !== ""))
      await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining(value) })
  })

  it.each([0.5, -1, 1_000_000_000_000, Number.NaN])(
    "refuses an opening balance of %s fen",
    async (openingBalanceFen) => {
      await expect(createBank().enroll({ ...CARD, openingBalanceFen })).rejects.toBeInstanceOf(RangeError)
    },
  )
})

describe("bank", () => {
  it("knows nothing of a card it never saw", async () => {
    const bank = createBank()
    expect(await bank.account(PAN)).toBeUndefined()
    expect(await bank.setCardState(PAN, "closed")).toBe(false)
    expect(await bank.listCard(PAN, "41")).toBe(false)
  })

  it("supplies its terminals with cash once, however often it is opened", async () => {
    const path = join(directory, "supply.db")
    for (let i = 0; i < 2; i++) {
      const bank = createBank({
        store: { sqlite: path },
        terminals: [{ id: "ATM00001", kind: "atm", cashFen: 500_000 }],
      })
      const { cashFen, vaultFen } = await bank.ledger.summary()
      expect([cashFen.get("1003:ATM00001"), vaultFen]).toEqual([500_000n, 0n])
      expect((await bank.ledger.verify()).violations).toEqual([])
      await bank.close()
    }
  })

  it("goes on with cards, keys and open transactions when it is opened again on its file", async () => {
    const options = { store: { sqlite: join(directory, "again.db") }, clock: testClock() }
    const first = createBank(options)
    await first.enroll(CARD)
    let bank = first
    const terminal = testTerminal({ exchange: async (frame) => (await bank.handle(frame))!, close: async () => {} })
    await terminal.signOn()
    const request = terminal.withdrawal(50_000)
    await terminal.sendMessage(request)
    await first.close()
    bank = createBank(options)
    expect(await terminal.sendMessage(terminal.advice(request, "taken"))).toMatchObject({
      code: "00",
      isMacRight: true,
    })
    expect((await terminal.sendMessage(request)).code).toBe("94")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 950_000n })
    await bank.close()
  })

  it("takes a card off the stop list", async () => {
    const { bank, terminal } = await openWorld()
    await bank.listCard(PAN, "41")
    expect((await terminal.sendMessage(terminal.inquiry())).code).toBe("41")
    await bank.listCard(PAN, undefined)
    expect((await terminal.sendMessage(terminal.inquiry())).code).toBe("00")
  })

  it.each([
    ["a terminal id that is no DE41", { terminals: [{ id: "TOO LONG 9", kind: "atm" as const }] }, /terminals\.id/],
    [
      "a key of the wrong length",
      { terminals: [{ id: "ATM1", kind: "atm" as const, masterKey: new Uint8Array(8) }] },
      /^masterKey/,
    ],
    ["a file that cannot be", { store: { sqlite: directory } }, /Cannot open the ledger/],
  ])("refuses %s", (_what, options, message) => {
    expect(() => createBank(options)).toThrow(message)
  })
})

describe("events", () => {
  it("tell of an exchange with everything secret masked", async () => {
    const { terminal, events } = await openWorld()
    const request = terminal.withdrawal(50_000)
    await terminal.sendMessage(request)
    const event = events.findLast((one): one is ExchangeEvent => one.type === "exchange")!
    expect(event).toMatchObject({
      terminal: "ATM00001",
      stan: request.fields[11],
      messageType: "0200",
      answerCode: "00",
    })
    const shown = JSON.stringify([event.describeRequest("en"), event.describeRequest("zh"), event.describeAnswer("en")])
    expect(shown).toContain("621700*********0046")
    for (const secret of [PAN, PIN, `${PAN}D3512`]) expect(shown).not.toContain(secret)
    expect(JSON.stringify(events)).not.toContain("6217000000000000046")
  })

  it("do not show the keys of a sign-on", async () => {
    const { events, terminal } = await openWorld()
    const answer = await terminal.signOn()
    const event = events.findLast((one: BankEvent): one is ExchangeEvent => one.type === "exchange")!
    const keys = Buffer.from(answer.fields[62]!).toString("hex").toUpperCase()
    expect(JSON.stringify(event.describeAnswer("en"))).not.toContain(keys.slice(0, 16))
  })
})
