import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { toHex } from "../../src/apdu/index.js"
import { complete } from "../../src/cli/apdu-shell/completion.js"
import { mayBeKept } from "../../src/cli/apdu-shell/history.js"
import { parseLine } from "../../src/cli/apdu-shell/words.js"
import { PERSONAL, PINS, shell } from "./shebao.js"
import { hasTerminals, terminalOf } from "./terminal.js"

/** What a line sends, in hex. */
function sent(line: string, directory = ""): string[] {
  const command = parseLine(line, directory)
  return command.kind === "send" ? command.steps.map((step) => toHex(step.command)) : []
}

describe.concurrent("a line of the shell", () => {
  it.each([
    ["select MF", "00A40000023F0000"],
    ["select SSSE", "00A404000F7378312E73682EC9E7BBE1B1A3D5CF00"],
    ["SELECT df04", "00A4000002DF0400"],
    ["select EF05", "00A4020002EF0500"],
    ["select 3F00", "00A40000023F0000"],
    ["select ..", "00A4030000"],
    ["select A000000333010101", "00A4040008A00000033301010100"],
    ["read 2", "00B2020400"],
    ["read record 2", "00B2020400"],
    ["read tag 4E", "00B24E0000"],
    ["read binary", "00B0000000"],
    ["read binary 300 16", "00B0012C10"],
    ["update record 4 0A 01 31", "00DC0404030A0131"],
    ["update binary 256 AABB", "00D6010002AABB"],
    ["append 000102", "00DC000303000102"],
    ["challenge", "0084000008"],
    ["challenge 16", "0084000010"],
    ["verify status", "00200000"],
    ["00 84 00 00 08 # eight", "0084000008"],
  ])("%s sends %s", (line, command) => {
    expect(sent(line)).toEqual([command])
  })

  it("selects a path step by step, files by what the tables call them", () => {
    expect(sent("select SSSE/holder")).toEqual(["00A404000F7378312E73682EC9E7BBE1B1A3D5CF00", "00A4020002EF0600"])
    expect(sent("select medicalTransaction", "DF04")).toEqual(["00A4020002EF0800"])
  })

  it("may say what answer is expected", () => {
    expect(parseLine("0084000008 = ................9000", "")).toMatchObject({
      steps: [{ pattern: "................9000" }],
    })
  })

  it.each([
    "select",
    "select nowhere",
    "read record",
    "read 300",
    "read xx",
    "update record",
    "update file 1 2",
    "frobnicate",
    "12345",
    "123456",
  ])("%s is not understood", (line) => {
    expect(() => parseLine(line, "")).toThrow(/^[a-z ]+[0-9]*: /)
  })

  it("that may be a mistyped PIN is not repeated", () => {
    for (const line of ["12345", "123456", "123456789012"])
      try {
        parseLine(line, "")
        expect(line.length).toBe(12)
      } catch (error) {
        expect(String(error)).not.toContain(line)
      }
  })
})

describe.concurrent("completion", () => {
  it.each([
    ["sel", "", ["select"]],
    ["select SS", "", ["SSSE"]],
    ["select SSSE/EF0", "", ["SSSE/EF05", "SSSE/EF06", "SSSE/EF07", "SSSE/EF08"]],
    ["select SSSE/ho", "", ["SSSE/holder"]],
    ["select ssse/DF04/EF1", "", ["ssse/DF04/EF15"]],
    ["select EF", "DF04", ["EF05", "EF06", "EF08", "EF15"]],
    ["read t", "", ["tag"]],
    ["authenticate RK1DF0", "", ["RK1DF01", "RK1DF02", "RK1DF03", "RK1DF04", "RK1DF06", "RK1DF07"]],
    ["read record 1", "", []],
    ["00A4", "", []],
  ])("of %j in directory %j", (line, directory, candidates) => {
    expect(complete(line, directory)[0]).toEqual(candidates)
  })
})

describe.concurrent("the history", () => {
  it.each([
    "select SSSE/EF05",
    "read all",
    "verify",
    "verify status",
    "00A40000023F00",
    "0084000008",
    "authenticate RKssse",
  ])("keeps %s", (line) => {
    expect(mayBeKept(line)).toBe(true)
  })

  it.each([
    "0020000003123456",
    "00 20 00 00 03 12 34 56",
    "805E010007123456FF654321",
    "842400010CD3C829A7803F2F92F6CDF497",
    "84D4000A24572CE7E0",
    "update record 2 091EB2E2CAD4",
    "00DC02040409024142",
    "append 000102",
    "123456",
    "pin 123456",
    "read all # 123456",
    "00B2020400 = 091E*",
    "",
  ])("never keeps %j", (line) => {
    expect(mayBeKept(line)).toBe(false)
  })
})

describe.concurrent("the shell with lines from a pipe", () => {
  const piped = (input: string, words: readonly string[] = [], environment = {}) =>
    shell().run(["apdu", "--profile", "employee", ...words], { input, environment })

  it("decodes every answer, and says what its status word means", async () => {
    const { code, stdout } = await piped("select SSSE/EF06\nread record 2\nverify status\nread\n")
    expect(code).toBe(0)
    expect(stdout).toContain("SELECT  EF06 holder data")
    expect(stdout).toContain("name: ***号")
    expect(stdout).toContain("63C6  wrong PIN or key, 6 tries left")
    expect(stdout).toContain("< 6A83  record not found")
    expect(stdout).not.toContain(PERSONAL.identityNumber)
    expect((await piped("select SSSE\nverify status\n", ["--lang", "zh"])).stdout).toContain("密码或密钥错误,剩余6次")
  })

  it("takes the PIN from the environment and shows it to nobody", async () => {
    const lines = "select SSSE/DF04\nverify\nselect EF08\nread\n"
    const { code, stdout, stderr } = await piped(lines, [], { SHEBAO_PIN: PINS.initial })
    expect(code).toBe(0)
    expect(stdout).toContain("> 0020000003******\n")
    expect(stdout + stderr).not.toContain(PINS.initial)
    const without = await piped("verify\n")
    expect([without.code, without.stderr]).toEqual([2, "shebao: pin: no terminal to ask on: set SHEBAO_PIN\n"])
  })

  it("authenticates with the keys of the card", async () => {
    const { code, stdout } = await piped("select SSSE\nauthenticate RKssse\nselect EF07\nread binary 0 16\n", [
      "--expect",
    ])
    expect(code).toBe(0)
    expect(stdout).toContain("EXTERNAL AUTHENTICATE  RKssse")
    expect(await piped("authenticate RK9\n")).toMatchObject({ code: 2 })
  })

  it("is a script that stops at what is not expected", async () => {
    const lines = "00A40000023F00 = *9000\n0084000008 = 6A82\nselect SSSE\n"
    const { code, document } = await piped(lines, ["--json"])
    expect(code).toBe(1)
    expect(document.exchanges.map(({ statusWord }: { statusWord: string }) => statusWord)).toEqual(["9000", "9000"])
    expect(await piped("select EF99\n", ["--expect"])).toMatchObject({ code: 1 })
    expect(await piped("select EF99\nexit\nselect EF99 = 9000\n")).toMatchObject({ code: 0 })
  })

  it("ends with 2 at a line that it does not understand", async () => {
    const { code, stderr } = await piped("frobnicate\nselect SSSE\n")
    expect(code).toBe(2)
    expect(stderr).toMatch(/^shebao: line: expected a command in hex, or one of select, read/)
  })

  it("resets the card, tells its ATR and what it knows", async () => {
    const { stdout } = await piped("select SSSE\nfiles\nreset\nfiles\natr\nhelp\n")
    expect(stdout).toContain("EF05  issuer  EF06  holder  EF07  fingerprint  EF08  photo\n3B6D")
    expect(stdout).toContain("authenticate  KEY")
  })
})

describe.runIf(hasTerminals)("the shell on a terminal", () => {
  it("has a prompt that tells where the card is, completion, and a PIN that is not shown", async () => {
    const made = shell()
    const terminal = terminalOf(made, ["apdu", "--profile", "employee"])
    await terminal.type("> ", "select SSSE/DF04/medicalT\t")
    await terminal.type("ransaction", "\r")
    await terminal.type("DF04/EF08> ", "verify\r")
    await terminal.type("PIN: ", `${PINS.initial}\r`)
    await terminal.type("DF04/EF08> ", "read\r")
    await terminal.type("DF04/EF08> ", "frobnicate\r")
    await terminal.type("DF04/EF08> ", `0020000003${PINS.initial}\r`)
    await terminal.type("DF04/EF08> ", "\x04")
    const { code, text } = await terminal.end()
    expect(code).toBe(0)
    expect(text).toContain("line: expected a command in hex")
    // Only where it was typed as a command of its own.
    expect(text.split(PINS.initial).length - 1).toBe(1)
    const history = readFileSync(made.path("home/apdu-history"), "utf8")
    expect(history).toBe("select SSSE/DF04/medicalTransaction\nverify\nread\n")
    expect(statSync(made.path("home/apdu-history")).mode & 0o777).toBe(0o600)
  })

  it("remembers what was typed the last time", async () => {
    const made = shell()
    mkdirSync(made.path("home"), { mode: 0o700 })
    writeFileSync(made.path("home/apdu-history"), "select SSSE/EF05\n0020000003123456\n", { mode: 0o600 })
    const terminal = terminalOf(made, ["apdu", "--profile", "employee"])
    await terminal.type("> ", "\x1b[A\r")
    await terminal.type("SSSE/EF05> ", "exit\r")
    expect((await terminal.end()).code).toBe(0)
    expect(readFileSync(made.path("home/apdu-history"), "utf8")).not.toContain("123456")
    expect(existsSync(made.path("home/apdu-history"))).toBe(true)
  })
})
