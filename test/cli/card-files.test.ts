import { writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { openCardFile } from "../../src/card/index.js"
import { shell } from "./shebao.js"

const WRONG_PIN = { environment: { SHEBAO_PIN: "999999" } }

describe.concurrent("snapshots on the command line", () => {
  it("are taken, listed, compared and restored", async () => {
    const { run } = shell()
    await run(["card", "new", "my.card", "--profile", "employee-v3"])
    expect(await run(["card", "snapshot", "my.card", "before"])).toMatchObject({ code: 0, stderr: "" })
    await run(["pin", "verify", "--card", "my.card"], WRONG_PIN)
    const difference = {
      directory: "SSSE",
      name: "PIN",
      kind: "tries",
      change: "changed",
      before: 6,
      after: 5,
    }
    const since = await run(["card", "diff", "my.card", "before", "--json"])
    expect(since.document).toEqual({
      ok: true,
      same: false,
      sameLayout: true,
      before: "before",
      after: "my.card",
      differences: [difference],
    })
    const everything = await run(["card", "diff", "my.card", "--json"])
    expect(everything.document.differences).toEqual([difference])
    const listed = await run(["card", "snapshot", "my.card", "--json"])
    expect(listed.document.snapshots).toMatchObject([{ name: "before" }])
    expect((await run(["card", "restore", "my.card", "before"])).code).toBe(0)
    expect((await run(["card", "diff", "my.card", "before"])).stdout).toBe("before → my.card\nno difference\n")
  })

  it("of two cards are compared by field, and secrets are only said to differ", async () => {
    const { run } = shell()
    await run(["card", "new", "a.card", "--profile", "employee"])
    await run([
      "card",
      "new",
      "b.card",
      "--profile",
      "employee",
      "--set",
      "holder.sex=1",
      "--set",
      "pin.value=111111",
      "--set",
      "DF01.maritalStatus=2",
    ])
    const { stdout, code } = await run(["card", "diff", "a.card", "b.card"])
    expect(code).toBe(0)
    expect(stdout.split("\n").map((line) => line.replace(/ {2,}/g, " | "))).toEqual([
      "a.card → b.card",
      "SSSE | PIN | changed | ***",
      "DF01 | EF08 record 1 | marital status | changed | single → married",
      "",
    ])
    const old = await run(["card", "new", "old.card", "--profile", "employee-v1"])
    expect(old.code).toBe(0)
    expect((await run(["card", "diff", "a.card", "old.card"])).stdout).toContain("The cards are laid out differently")
  })

  it.each([
    [["card", "restore", "my.card"], /snapshot: expected the name of a snapshot/],
    [["card", "restore", "my.card", "none"], /snapshot: expected one of no snapshot at all, or a file, got none/],
    [["card", "diff", "my.card", "none"], /snapshot: expected one of/],
    [["card", "snapshot", "my.card", "a:b"], /snapshot: expected a name of letters/],
    [["card", "snapshot", "text.card", "a"], /card: .*text\.card is no card file of shebao/],
    [["card", "show", "text.card"], /card: .*text\.card is no card file of shebao/],
  ])("that make no sense are refused: %j", async (words, message) => {
    const { run, path } = shell()
    await run(["card", "new", "my.card", "--profile", "employee"])
    writeFileSync(path("text.card"), "PIN 123456\n")
    const { code, stderr } = await run(words)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe.concurrent("a card made with --set", () => {
  it("has the bytes of a file in its photo, items in its lists, and no section that was taken off", async () => {
    const { run, path } = shell()
    writeFileSync(path("photo.jpg"), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0x01))
    const set = ["SSSE.photo=@photo.jpg", "DF02.qualification[0].level=4", "financial=null", "bank=null", "pin.tries=3"]
    const made = await run([
      "card",
      "new",
      "my.card",
      "--profile",
      "employee",
      ...set.flatMap((each) => ["--set", each]),
    ])
    expect(made).toMatchObject({ code: 0, stderr: "" })
    const file = openCardFile(path("my.card"))
    expect(file.profile).toMatchObject({ fields: { "SSSE.photo": "FFD8FFE001" }, pin: { tries: 3 } })
    expect(file.profile).not.toHaveProperty("financial")
    file.close()
  })

  it.each([
    ["SSSE.photo=@none.jpg", /SSSE\.photo: cannot read none\.jpg/],
    ["holder.age=3", /holder\.age: unknown field/],
    ["noequals", /set: expected FIELD=VALUE/],
  ])("refuses %s", async (set, message) => {
    const { code, stderr } = await shell().run(["card", "new", "my.card", "--profile", "employee", "--set", set])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe.concurrent("a profile with mistakes", () => {
  it("is told field by field, in Chinese too", async () => {
    const { run, path } = shell()
    writeFileSync(path("bad.json"), '{"extends":"employee","region":"1","pin":{"value":"x"}}')
    const english = await run(["card", "lint", "bad.json"])
    expect(english).toMatchObject({ code: 2, stderr: "" })
    expect(english.lines).toEqual([
      'error  region  expected 6 digits, got "1"',
      "error  pin.value  expected 4 to 12 digits, got 1 characters",
    ])
    const chinese = await run(["card", "lint", "bad.json", "--lang", "zh"])
    expect(chinese.lines).toEqual(['错误  region  应为6位数字,收到"1"', "错误  pin.value  应为4至12位数字,收到1个字符"])
  })
})

describe.concurrent("a card of another kind", () => {
  it("is shown by what it holds, without its keys", async () => {
    const { run } = shell()
    await run(["card", "new", "sam.card", "--profile", "psam"])
    const { stdout, code } = await run(["card", "show", "sam.card"])
    expect(code).toBe(0)
    expect(stdout).toMatch(/EF0016 +6 bytes {2}320800000001/)
    expect(stdout).toMatch(/67\/08 +\*\*\*/)
  })
})
