import { readFileSync, statSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { toHex } from "../../src/apdu/index.js"
import { PERSONAL, PINS, shell } from "./shebao.js"

/** PINs of the demo's holder, as he types them. */
const SECRETS = [PINS.initial, PINS.own, PINS.bank, "864209"]
const identityNumberInHex = toHex(new TextEncoder().encode(PERSONAL.identityNumber))

describe.concurrent("the demo", () => {
  it("does the main job and shows what is refused, for people", async () => {
    const { code, stdout, stderr } = await shell().run(["demo"])
    expect(stderr).toBe("")
    expect(code).toBe(0)
    expect(stdout.match(/^\d+\. .*$/gm)).toEqual([
      "1. The card goes into the reader",
      "2. Who the card belongs to (free to read)",
      "3. Social security function enabled: the initial PIN must go",
      "4. Financial account activated at a branch",
      "5. Balances",
      "6. Deposit of 2000.00 at the counter",
      "7. Withdrawal of 500.00 at an ATM",
      "8. Refused: 3000.00, more than the balance",
      "9. Refused: a wrong PIN",
      "10. Refused: money from the pooled account",
      "11. Refused: medical money without a lawful reason",
      "12. The bank checks its books",
    ])
    expect(stdout).toMatch(/\n +测试一号\n +social security number {2}999999/)
    expect(stdout).toContain("financial account, from the bank: 0.00")
    expect(stdout).toContain("personal account (CIA)            1234.56")
    expect(stdout).toMatch(/bank asked for 500.00: STAN \d{6}, ARQC [0-9A-F]{16}\n/)
    expect(stdout).toMatch(/card: approved, TC [0-9A-F]{16}, TVR 8000048000, TSI 7800\n/)
    expect(stdout).toContain("paid out: 500.00, left: 1500.00")
    expect(stdout).toContain("Refused: insufficient funds (51)")
    expect(stdout).toContain("PIN pad: wrong PIN, asks again, 2 tries left\n   PIN pad: the holder gives up\n")
    expect(stdout).toContain("Refused: wrong PIN, 2 tries left (55)")
    expect(stdout).toContain("(W01, R7)")
    expect(stdout).toContain("(W02, R8)")
    expect(stdout).toMatch(/\d+ entries, sum zero, every invariant holds\n$/)
    expect(stdout).not.toMatch(/ +\n|\n\n\n/)
  })

  it("does it in Chinese", async () => {
    const { code, stdout } = await shell().run(["demo"], { environment: { LANG: "zh_CN.UTF-8" } })
    expect(code).toBe(0)
    expect(stdout).toContain("7. 自动柜员机取款 500.00 元")
    expect(stdout).toMatch(/卡片:批准,TC [0-9A-F]{16}/)
    expect(stdout).toContain("已出钞 500.00 元,可用余额 1500.00 元")
    expect(stdout).toContain("密码键盘:密码错误,请重新输入,剩余 2 次\n   密码键盘:持卡人取消\n")
    expect(stdout).not.toMatch(/approved|declined|cancelled|refused/i)
  })

  it("gives events to programs: numbered, in scenes, nothing else on standard output", async () => {
    const { code, events } = await shell().run(["demo", "--json"])
    expect(code).toBe(0)
    expect(events.map(({ number }) => number)).toEqual(events.map((_, index) => index + 1))
    expect(events.filter(({ type }) => type === "scene").map(({ scene }) => scene)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    )
    expect(events.find(({ type }) => type === "identity").person.name).toBe("测试一号")
    expect(events.find(({ type }) => type === "withdrawn")).toMatchObject({ amountFen: 50_000, availableFen: 150_000 })
    const refused = events.filter(({ type }) => type === "refused")
    expect(refused.map(({ scene, code }) => [scene, code])).toEqual([
      [8, "51"],
      [9, "55"],
      [10, "W01"],
      [11, "W02"],
    ])
    expect(events.at(-1)).toMatchObject({ type: "ledger", ok: true })
    const withdrawal = events.filter(({ scene }) => scene === 7)
    const arqc = withdrawal.find(({ type }) => type === "host-asked").arqc
    const { cryptogram } = withdrawal.find(({ type }) => type === "card-decided")
    expect(arqc).toMatch(/^[0-9A-F]{16}$/)
    expect(cryptogram).toMatchObject({ type: "TC", value: expect.stringMatching(/^[0-9A-F]{16}$/) })
    expect(cryptogram.value).not.toBe(arqc)
  })

  it("traces every APDU and host message into a file without a secret or a person in it", async () => {
    const { run, path } = shell()
    const { code, stdout } = await run(["demo", "--trace=demo.trace", "--json"])
    expect(code).toBe(0)
    const trace = readFileSync(path("demo.trace"), "utf8")
    for (const part of ["READ RECORD", "VERIFY", "GENERATE AC", ">> 0200", "<< 0210", "ARQC"])
      expect(trace).toContain(part)
    for (const secret of [...SECRETS, PERSONAL.pan, PERSONAL.identityNumber, identityNumberInHex, "测试一号"])
      expect(trace).not.toContain(secret)
    // The events show the holder in the scene that is about him, and nobody's PIN or PAN anywhere.
    for (const secret of [PINS.own, PINS.bank, PERSONAL.pan]) expect(stdout).not.toContain(secret)
    expect(statSync(path("demo.trace")).mode & 0o777).toBe(0o600)
  })

  it("traces on standard error without a file, whatever word follows, and in the clear only when told so", async () => {
    const { code, stdout, stderr } = await shell().run(["demo", "--trace", "--unsafe-trace", "--lang", "zh"])
    expect(code).toBe(0)
    expect(stdout).not.toContain("00A4")
    expect(stderr).toContain(`姓名: 测试一号`)
    expect(stderr).toContain(PERSONAL.identityNumber)
  })

  it("ends with 2 for a profile that cannot play it, naming it", async () => {
    const { code, stderr } = await shell().run(["demo", "--profile", "nobody"])
    expect(code).toBe(2)
    expect(stderr).toMatch(/profile: expected one of .*employee.*, got nobody/)
  })

  it("ends with 1 for a card that is active already", async () => {
    const { code, stdout } = await shell().run(["demo", "--profile", "employee-active"])
    expect(code).toBe(1)
    expect(stdout).toContain("Refused")
  })
})
