import { describe, expect, it } from "vitest"
import { PINS, shell } from "./shebao.js"

const NEW_BANK_PIN = "864202"
const PIN = { environment: { SHEBAO_BANK_PIN: PINS.bank } }

describe("the financial account from the command line", () => {
  it("transfers money, shows its movements, and refuses what the bank refuses", async () => {
    const { run } = shell()
    await run(["card", "new", "my.card", "--profile", "employee-active"])
    await run([
      "card",
      "new",
      "other.card",
      "--profile",
      "employee",
      "--set",
      "bank.state=active",
      "--set",
      "bank.pin=864201",
    ])
    const transfer = (amount: string, to: string) => ["transfer", amount, "--to", to, "--card", "my.card"]
    const done = await run([...transfer("200", "6217000000000000046"), "--json"], PIN)
    expect([done.code, done.document]).toMatchObject([0, { ok: true, amountFen: 20_000, isDelayed: true }])
    const unknown = await run([...transfer("200", "6217000000000000999"), "--json"], PIN)
    expect([unknown.code, unknown.document.refusal.code]).toEqual([1, "14"])
    const nobody = await run([...transfer("200", "张三"), "--json"], PIN)
    expect([nobody.code, nobody.document.error.message]).toEqual([2, expect.stringContaining("to")])
    const statement = await run(["statement", "--card", "my.card", "--lang", "zh"], PIN)
    expect(statement.code).toBe(0)
    expect(statement.stdout).toMatch(/转账 +-200\.00 +4800\.00/)
    expect(statement.stdout).toMatch(/开户余额 +5000\.00 +5000\.00/)
    expect((await run(["host", "verify", "--json"])).document).toMatchObject({ ok: true })
  })

  it("changes the bank PIN on the card and at the bank", async () => {
    const { run } = shell()
    await run(["card", "new", "my.card", "--profile", "employee-active"])
    const words = ["--card", "my.card", "--json"]
    const environment = { ...PIN.environment, SHEBAO_NEW_BANK_PIN: NEW_BANK_PIN }
    const changed = await run(["pin", "change", "--financial", ...words], { environment })
    expect([changed.code, changed.document]).toMatchObject([0, { ok: true, confirmed: true }])
    const withOld = await run(["withdraw", "100", ...words], PIN)
    expect([withOld.code, withOld.document.refusal.code]).toEqual([1, "55"])
    const withNew = await run(["withdraw", "100", ...words], { environment: { SHEBAO_BANK_PIN: NEW_BANK_PIN } })
    expect(withNew.document).toMatchObject({ ok: true })
    const again = await run(["pin", "change", "--financial", "--card", "my.card", "--pin-stdin", "--json"], {
      input: `${NEW_BANK_PIN}\n111111\n`,
    })
    expect([again.code, again.document.refusal.code]).toEqual([1, "12"])
  })

  it("has no other use for --financial: 2", async () => {
    const { code } = await shell().run(["pin", "verify", "--financial", "--profile", "employee", "--json"])
    expect(code).toBe(2)
  })
})
