import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { bundledProfiles, openCardFile } from "../../src/card/index.js"
import { PERSONAL, PINS, type Shell, shell } from "./shebao.js"

const ALL_PINS = { SHEBAO_PIN: PINS.initial, SHEBAO_NEW_PIN: PINS.own, SHEBAO_BANK_PIN: PINS.bank }
const BANK_PIN = { environment: { SHEBAO_BANK_PIN: PINS.bank } }

/** A folder with a card of the profile `employee` in it, activated or not. */
async function withCard({ activated = false } = {}): Promise<Shell> {
  const made = shell()
  expect(await made.run(["card", "new", "my.card", "--profile", "employee"])).toMatchObject({ code: 0, stderr: "" })
  if (activated)
    expect(await made.run(["activate", "--card", "my.card"], { environment: ALL_PINS })).toMatchObject({ code: 0 })
  return made
}

describe.concurrent("a card in a file", () => {
  it("is made with fields of its own, shown, and looked through for mistakes", async () => {
    const { run, path } = shell()
    const set = ["--set", "holder.name=测试三号", "--set", "holder.birthPlace=110000"]
    const made = await run(["card", "new", ...set, "my.card", "--profile", "employee", "--json"])
    expect(made.document).toMatchObject({ ok: true, file: path("my.card"), profile: "employee" })
    const shown = await run(["card", "show", "my.card", "--json"])
    expect(shown.document).toMatchObject({
      ok: true,
      profile: "employee",
      atr: made.document.atr,
      pinTriesLeft: "6",
      person: { name: "测试三号", birthPlace: "110000" },
    })
    expect((await run(["card", "lint", "my.card", "--json"])).document).toMatchObject({ ok: true, profile: "employee" })
  })

  it("is never overwritten", async () => {
    const { run, path } = await withCard()
    const before = readFileSync(path("my.card"))
    const again = await run(["card", "new", "my.card", "--profile", "retiree"])
    expect(again).toMatchObject({ code: 2, stderr: "shebao: card: expected a new file, my.card exists already\n" })
    expect(readFileSync(path("my.card"))).toEqual(before)
  })

  it("can be of every profile that comes along", async () => {
    const { profiles } = (await shell().run(["card", "profiles", "--json"])).document
    expect(profiles.map(({ name }: { name: string }) => name)).toEqual(bundledProfiles())
  })

  it("lives through activation, deposit, withdrawal and balance, each with one document", async () => {
    const { run } = await withCard()
    const activated = await run(["activate", "--card", "my.card", "--json"], { environment: ALL_PINS })
    expect(activated.code).toBe(0)
    expect(activated.document).toEqual({ ok: true, social: { ok: true }, financial: { ok: true, confirmed: true } })

    const again = await run(["activate", "--card", "my.card", "--json"], { environment: ALL_PINS })
    expect(again.code).toBe(1)
    expect(again.document).toMatchObject({ ok: false, social: { refusal: { code: "ALREADY_ACTIVATED" } } })

    const paidIn = await run(["deposit", "2000", "--card", "my.card", "--json"])
    expect(paidIn.document).toMatchObject({ ok: true, amountFen: 200_000 })
    const paidOut = await run(["withdraw", "500.00", "--card", "my.card", "--json"], BANK_PIN)
    expect(paidOut.document).toMatchObject({ ok: true, amountFen: 50_000, availableFen: 150_000 })
    const byTeller = await run(["withdraw", "0.50", "--counter", "--card", "my.card", "--json"], BANK_PIN)
    expect(byTeller.document).toMatchObject({ ok: true, amountFen: 50, availableFen: 149_950 })

    const input = `${PINS.own}\n${PINS.bank}\n`
    const balance = await run(["balance", "--card", "my.card", "--pin-stdin", "--json"], { input })
    expect(balance.document).toMatchObject({
      ok: true,
      medical: { personalBalanceFen: 123_456, ownPaymentsFen: 32_000, pooledPaymentsFen: 150_000 },
      financial: { availableFen: 149_950 },
    })
  })

  it("may be activated one function after the other", async () => {
    const { run } = await withCard()
    const social = await run(["activate", "social", "--card", "my.card", "--json"], { environment: ALL_PINS })
    expect(social.document).toEqual({ ok: true, social: { ok: true } })
    const financial = await run(["activate", "financial", "--card", "my.card", "--json"], { environment: ALL_PINS })
    expect(financial.document).toEqual({ ok: true, financial: { ok: true, confirmed: true } })
  })

  it("is not activated for somebody with another's document", async () => {
    const { run } = await withCard()
    const words = ["activate", "financial", "--card", "my.card", "--id-number", "110101199003070011", "--json"]
    const { code, document } = await run(words, { environment: ALL_PINS })
    expect(code).toBe(1)
    expect(document.financial.refusal.code).toBe("HOLDER_MISMATCH")
  })

  it("made anew with the same PAN is a new chip to the bank, on the old account", async () => {
    const { run, folder } = await withCard({ activated: true })
    await run(["deposit", "700", "--card", "my.card"])
    expect(await run(["card", "new", "again.card", "--profile", "employee"])).toMatchObject({ code: 0 })
    const early = await run(["withdraw", "100", "--card", "again.card", "--json"], BANK_PIN)
    expect(early.document.refusal.code).toBe("APPLICATION_BLOCKED")
    const activated = await run(["activate", "--card", join(folder, "again.card")], { environment: ALL_PINS })
    expect(activated.code).toBe(0)
    const paidOut = await run(["withdraw", "100", "--card", "again.card", "--json"], BANK_PIN)
    expect(paidOut.document).toMatchObject({ ok: true, availableFen: 60_000 })
  })

  it("keeps ledger and journals to its owner", async () => {
    const { path } = await withCard({ activated: true })
    const mode = (name: string) => statSync(path(name)).mode & 0o777
    expect(mode("home")).toBe(0o700)
    expect(mode("home/bank.db")).toBe(0o600)
    expect(mode("home/journals/TLR00001.journal")).toBe(0o600)
    expect(mode("my.card")).toBe(0o600)
  })

  it("shows what is refused with the bank's or the card's reason, and ends with 1", async () => {
    const { run } = await withCard({ activated: true })
    const poor = await run(["withdraw", "100", "--card", "my.card", "--json"], BANK_PIN)
    expect([poor.code, poor.document]).toEqual([
      1,
      { ok: false, refusal: { code: "51", reason: "insufficient funds" } },
    ])
    const mistyped = await run(["withdraw", "100", "--card", "my.card"], { input: "999999\n", ...wrongBankPin() })
    expect(mistyped.code).toBe(1)
    expect(mistyped.stdout).toMatch(/Refused: wrong PIN, 2 tries left \(55\)\n$/)
    const pin = await run(["pin", "verify", "--card", "my.card", "--json"], { environment: { SHEBAO_PIN: "999999" } })
    expect(pin.document).toMatchObject({ ok: false, refusal: { code: "PIN_WRONG", statusWord: "63C5", triesLeft: 5 } })
    expect((await run(["pin", "status", "--card", "my.card"])).stdout).toBe("PIN needed, 5 tries left\n")
  })

  it("never tries the social security PIN as the bank's where both are asked for", async () => {
    const { run } = await withCard({ activated: true })
    const environment = { SHEBAO_PIN: PINS.own }
    const { code, document, stderr } = await run(["balance", "--card", "my.card", "--json"], { environment })
    expect(code).toBe(2)
    expect(document.medical.ok).toBe(true)
    expect(document.error.message).toContain("SHEBAO_BANK_PIN")
    expect(stderr).not.toContain("SHEBAO_PIN")
  })

  it("has its PIN changed", async () => {
    const { run } = await withCard()
    const change = ["pin", "change", "--card", "my.card", "--pin-stdin"]
    expect(await run(change, { input: `${PINS.initial}\n${PINS.own}\n` })).toMatchObject({ code: 0 })
    expect(await run(["pin", "verify", "--card", "my.card", "--pin-stdin"], { input: `${PINS.own}\n` })).toMatchObject({
      code: 0,
      stdout: "The PIN is right.\n",
    })
  })

  it("is read more of with the PIN", async () => {
    const { run } = await withCard()
    const environment = { SHEBAO_PIN: PINS.initial }
    const open = (await run(["read", "--all", "--card", "my.card", "--json"])).document
    const more = (await run(["read", "--all", "--card", "my.card", "--json"], { environment })).document
    const readable = ({ directories }: typeof open) =>
      directories.flatMap(({ files }: { files: { missing: unknown[] }[] }) =>
        files.filter((file) => !file.missing.length),
      )
    expect(readable(more).length).toBeGreaterThan(readable(open).length)
  })
})

describe.concurrent("without the package for the ledger", () => {
  /** Node that finds no libsql. */
  function withoutLibsql({ path }: Shell) {
    writeFileSync(
      path("no-libsql.cjs"),
      `const { Module } = require("node:module")
       const find = Module._resolveFilename
       Module._resolveFilename = (name, ...rest) => {
         if (name === "libsql") throw Object.assign(new Error("no libsql"), { code: "MODULE_NOT_FOUND" })
         return find(name, ...rest)
       }`,
    )
    return { environment: { NODE_OPTIONS: `--require ${path("no-libsql.cjs")}`, SHEBAO_BANK_PIN: PINS.bank } }
  }

  it("a card can be made and read; a remark says that its account is not kept", async () => {
    const made = shell()
    const without = withoutLibsql(made)
    const card = await made.run(["card", "new", "my.card", "--profile", "employee", "--json"], without)
    expect([card.code, card.document.ok]).toEqual([0, true])
    expect(card.stderr).toContain("npm install libsql")
    expect(await made.run(["read", "--card", "my.card"], without)).toMatchObject({ code: 0, stderr: "" })
  })

  it("the account of a card that lasts cannot be used: 2, and the line that mends it", async () => {
    const made = shell()
    const without = withoutLibsql(made)
    await made.run(["card", "new", "my.card", "--profile", "employee-active"], without)
    const { code, document } = await made.run(["withdraw", "100", "--card", "my.card", "--json"], without)
    expect([code, document.error.code]).toEqual([2, "SQLITE_MISSING"])
    expect(document.error.message).toContain("npm install libsql")
  })

  it("a fresh card's account works, in memory", async () => {
    const made = shell()
    const words = ["withdraw", "100", "--profile", "employee-active", "--json"]
    expect((await made.run(words, withoutLibsql(made))).document).toMatchObject({ ok: true, availableFen: 490_000 })
  })
})

describe.concurrent("a damaged card file", () => {
  it("cut off in the middle of a change works as it was before, with a warning", async () => {
    const { run, path } = await withCard()
    await run(["pin", "change", "--card", "my.card", "--pin-stdin"], { input: `${PINS.initial}\n${PINS.own}\n` })
    const whole = statSync(path("my.card")).size
    truncateSync(path("my.card"), whole - 5)
    const { code, stdout, stderr } = await run(["pin", "status", "--card", "my.card"])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^PIN needed/)
    expect(stderr).toContain("the last change in the card file was half written and is dropped")
    expect(await run(["pin", "status", "--card", "my.card"])).toMatchObject({ code: 0, stderr: "" })
  })

  it("without its head is refused, and named", async () => {
    const { run, path } = await withCard()
    truncateSync(path("my.card"), 100)
    const { code, stderr } = await run(["read", "--card", "my.card"])
    expect(code).toBe(2)
    expect(stderr).toContain("my.card")
  })

  it("that another process holds is left alone; the process is named", async () => {
    const { run, path } = await withCard()
    const held = openCardFile(path("my.card"))
    try {
      const { code, document } = await run(["read", "--card", "my.card", "--json"])
      expect(code).toBe(2)
      expect(document.error).toEqual({
        code: "CARD_FILE_LOCKED",
        message: `The card file ${path("my.card")} is in use by process ${process.pid}.`,
      })
    } finally {
      held.close()
    }
    copyFileSync(path("my.card"), path("copy.card"))
    expect(await run(["read", "--card", "copy.card"])).toMatchObject({ code: 0 })
  })
})

describe.concurrent("traces and errors of a card's life", () => {
  it("hold no PIN, PAN or identity number", async () => {
    const { run, path } = await withCard({ activated: true })
    const traced = await run(["balance", "--card", "my.card", "--trace=balance.trace", "--pin-stdin"], {
      input: `${PINS.own}\n${PINS.bank}\n`,
    })
    expect(traced.code).toBe(0)
    const shown = await run(["withdraw", "--trace", "1", "--counter", "--card", "my.card"], BANK_PIN)
    expect(shown.stdout).toContain("Refused: insufficient funds (51)")
    const texts = [readFileSync(path("balance.trace"), "utf8"), shown.stderr, shown.stdout, traced.stdout]
    expect(texts[0]).toContain("VERIFY")
    expect(texts[0]).toContain(">> 0200")
    expect(texts[1]).toContain("GENERATE AC")
    for (const text of texts)
      for (const secret of [PINS.own, PINS.bank, PERSONAL.pan, PERSONAL.identityNumber])
        expect(text).not.toContain(secret)
  })
})

function wrongBankPin() {
  return { environment: { SHEBAO_BANK_PIN: "999999" } }
}
