import { mkdirSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { PERSONAL, PINS, type Shell, shell } from "./shebao.js"

/** Runs a command that must be refused because of what was given; gives the message. */
async function refused(
  { run }: Shell,
  words: readonly string[],
  environment?: Record<string, string>,
): Promise<string> {
  const { code, stderr, document } = await run([...words, "--json"], environment ? { environment } : {})
  expect(code).toBe(2)
  expect(document.error.code).not.toBe("BUG")
  expect(stderr).toContain(`shebao: ${document.error.message}`)
  expect(stderr).not.toMatch(/^ +at /m)
  return document.error.message
}

describe.concurrent("an amount", () => {
  it.each(["abc", "1e3", "0.001", "-1", "", "99999999999"])(
    "of %j is none: the message says so, what came, and how it should look",
    async (amount) => {
      const message = await refused(shell(), ["withdraw", amount, "--profile", "employee-active"])
      expect(message).toBe(`amount: expected an amount in yuan such as 500 or 500.00, got ${JSON.stringify(amount)}`)
    },
  )

  it.each([
    ["0", "AMOUNT_ZERO"],
    ["0.01", "AMOUNT_NOT_MULTIPLE"],
    ["9999999900", "AMOUNT_OVER_LIMIT"],
  ])("of %s can be read but not paid by a machine: %s", async (amount, refusal) => {
    const { code, document } = await shell().run(["withdraw", amount, "--profile", "employee-active", "--json"])
    expect([code, document.refusal.code]).toEqual([1, refusal])
  })

  it.each(["500", " 500.00 "])("may be written %j", async (amount) => {
    const words = ["withdraw", amount, "--profile", "employee-active", "--json"]
    const { document } = await shell().run(words, { environment: { SHEBAO_BANK_PIN: PINS.bank } })
    expect(document).toMatchObject({ ok: true, amountFen: 50_000 })
  })

  it("below a yuan cannot be deposited: there are no such notes", async () => {
    const message = await refused(shell(), ["deposit", "1.50", "--profile", "employee-active"])
    expect(message).toBe("amount: expected whole yuan, got 1.50: there are no notes for less")
  })

  it("of nothing at all is refused by the machine", async () => {
    const { code, document } = await shell().run(["deposit", "0", "--profile", "employee-active", "--json"])
    expect([code, document.refusal.code]).toEqual([1, "NO_CASH"])
  })
})

describe.concurrent("where the card is", () => {
  it("must be said", async () => {
    expect(await refused(shell(), ["read"])).toContain("--profile NAME, --card FILE, --reader NAME or --replay FILE")
  })

  it("must be said once", async () => {
    const message = await refused(shell(), ["read", "--profile", "employee", "--card", "x"])
    expect(message).toBe("card: expected one card, got --card and --profile")
  })

  it("must be a profile that there is", async () => {
    const message = await refused(shell(), ["read", "--profile", "employe"])
    expect(message).toMatch(/^profile: expected one of employee, .*, or a JSON file that can be read, got employe$/)
  })
})

describe.concurrent("a profile", () => {
  it.each([
    ["that is no JSON", "{", /profile.*mine\.json/],
    ["of the wrong shape", '{"extends":"employee","holder":{"name":5}}', /holder\.name/],
    ["with a field that nobody knows", '{"extends":"employee","holder":{"nickname":"x"}}', /nickname/],
    ["of a version that there is not", '{"extends":"employee","specVersion":"9.99"}', /specVersion/],
    ["that goes on from one that there is not", '{"extends":"nobody"}', /nobody/],
  ])("%s is refused, its field named", async (_, text, message) => {
    const made = shell()
    writeFileSync(made.path("mine.json"), text)
    expect(await refused(made, ["read", "--profile", "mine.json"])).toMatch(message)
  })

  it("with a mistake is found by lint, and makes no card", async () => {
    const made = shell()
    const identityNumber = "110101199003070012"
    writeFileSync(
      made.path("mine.json"),
      `{"extends":"employee","holder":{"socialSecurityNumber":"${identityNumber}"}}`,
    )
    const { code, document, stdout } = await made.run(["card", "lint", "mine.json", "--json"])
    expect([code, document.ok]).toEqual([2, false])
    expect(document.findings[0].field).toBe("holder.socialSecurityNumber")
    expect(stdout).not.toContain(identityNumber)
    const message = await refused(made, ["card", "new", "my.card", "--profile", "mine.json"])
    expect(message).toMatch(/^holder\.socialSecurityNumber: /)
    expect(message).not.toContain(identityNumber)
  })

  it.each([
    ["holder.name", "set: expected FIELD=VALUE, got"],
    ["=x", "set: expected FIELD=VALUE, got"],
    ["holder.shoeSize=5", "shoeSize"],
    ["holder.name=", "holder.name"],
    ["financial.pan=6217000000000000047", "financial.pan"],
  ])("is not changed by --set %s", async (assignment, message) => {
    const words = ["card", "new", "my.card", "--profile", "employee", "--set", assignment]
    const told = await refused(shell(), words)
    expect(told).toContain(message)
    expect(told).not.toContain("6217000000000000047")
  })
})

describe.concurrent("a file", () => {
  const files: Record<string, string> = {
    "not-a.card": "PIN 123456\n",
    "other.card": '{"shebao":"card","version":99,"image":"x","profile":{},"sum":"0"}\n',
    "bad.dump": "00A40000\n9000\n0084000008\n",
    "worse.dump": "# ATR: 3B6D\n00A40000023F00\nxyz\n",
    "bad.script": "# fine\n00A40000023F00 = 9000\n0020000003 12 34 5 = 9000\n",
    "worse.script": "00A4\n",
    "odd.script": "00A40000023F00 = 90G0\n",
  }
  it.each([
    [["read", "--card", "none.card"], /none\.card/],
    [["read", "--card", "not-a.card"], /not-a\.card/],
    [["read", "--card", "other.card"], /other\.card|version 99/],
    [["card", "show", "none.card"], /none\.card/],
    [["card", "lint", "none.json"], /none\.json/],
    [["trace", "none.dump"], /file: cannot read none\.dump: ENOENT/],
    [["trace", "bad.dump"], /dump line 3: expected a response after this command, got the end of the dump/],
    [["trace", "worse.dump"], /dump line 3: expected hexadecimal digits, got "x"/],
    [["read", "--replay", "bad.dump"], /dump line 3: /],
    [["replay", "worse.dump"], /dump line 3: /],
    [["apdu", "--script", "none.script", "--profile", "employee"], /script: cannot read none\.script/],
    [
      ["apdu", "--script", "bad.script", "--profile", "employee"],
      /script line 3: expected an even number of hex digits/,
    ],
    [["apdu", "--script", "worse.script", "--profile", "employee"], /script line 1: expected a command of at least 4/],
    [["apdu", "--script", "odd.script", "--profile", "employee"], /script line 1: .*behind `=`, got "90G0"/],
    [["apdu", "00A4", "--profile", "employee"], /command 1: expected a command of at least 4 bytes, got 2/],
    [["apdu", "0084000008", "zz", "--profile", "employee"], /command 2: expected hexadecimal digits, got "z"/],
    [["demo", "--trace=none/x.trace"], /trace: cannot write none\/x\.trace/],
    [["card", "new", "none/my.card", "--profile", "employee"], /none/],
    [["card", "new"], /file: expected the name of a file/],
    [["card", "new", "my.card"], /profile: expected --profile with one of employee/],
    [["card", "new", "my.card", "--profile", "employee", "--home", "not-a.card"], /home: cannot use/],
    [["serve"], /card: expected either --profile NAME or --card FILE/],
    [["serve", "--profile", "employee", "--port", "0"], /port: expected a port in 1\.\.65535, got "0"/],
    [["host", "start", "--port", "65536"], /port: expected a port in 0\.\.65535, got "65536"/],
    [["host", "start", "--card", "not-a.card"], /not-a\.card/],
    [["withdraw", "100", "--profile", "employee-active", "--bank", "8583"], /bank: expected HOST:PORT, got "8583"/],
    [["read", "--profile", "employee", "--timeout", "soon"], /timeout: expected seconds in 0\.\.3600, got "soon"/],
  ])("or word that is wrong is named: shebao %j", async (words, message) => {
    const made = shell()
    for (const [name, text] of Object.entries(files)) writeFileSync(made.path(name), text)
    mkdirSync(made.path("folder"))
    const told = await refused(made, words)
    expect(told).toMatch(message)
    for (const secret of [PINS.initial, PERSONAL.pan, PERSONAL.identityNumber]) expect(told).not.toContain(secret)
  })
})
