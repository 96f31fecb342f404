import { readFileSync, statSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { InputError } from "../../src/apdu/index.js"
import { givenSteps, isExpected, parseScript } from "../../src/cli/apdu-script.js"
import { PERSONAL, PINS, shell } from "./shebao.js"

const MASTER_FILE = "00A40000023F00"
const ENVIRONMENT = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"

describe.concurrent("an APDU script", () => {
  it("has a command a line, comments, and patterns behind `=`", () => {
    const steps = parseScript(
      `# select\n${MASTER_FILE} = *9000 # any answer\r\n\n 00 84 00 00 08 = ................9000\n`,
    )
    expect(steps).toEqual([
      { line: 2, command: givenSteps([MASTER_FILE])[0]!.command, pattern: "*9000" },
      { line: 4, command: Uint8Array.of(0, 0x84, 0, 0, 8), pattern: "................9000" },
    ])
  })

  it.each([
    ["9000", "9000", true],
    ["9000", "900.", true],
    ["9001", "9000", false],
    ["6F019000", "*9000", true],
    ["6F019000", "6F*9000", true],
    ["6F9000", "6F..9000", false],
    ["909000", "9000", false],
  ])("answer %s against pattern %s: %s", (answer, pattern, fits) => {
    const response = Uint8Array.from(answer.match(/../g)!, (digits) => Number.parseInt(digits, 16))
    expect(isExpected(response, { line: 1, command: response, pattern }, false)).toBe(fits)
  })

  it("expects 9000 without a pattern only when strict", () => {
    const step = { line: 1, command: Uint8Array.of(0, 0, 0, 0), pattern: undefined }
    expect(isExpected(Uint8Array.of(0x6a, 0x82), step, false)).toBe(true)
    expect(isExpected(Uint8Array.of(0x6a, 0x82), step, true)).toBe(false)
    expect(isExpected(Uint8Array.of(0x90, 0x00), step, true)).toBe(true)
  })

  it("with several `=` in a line is refused", () => {
    expect(() => parseScript(`${MASTER_FILE} = 9000 = 9000`)).toThrow(InputError)
  })
})

describe.concurrent("shebao apdu", () => {
  it("sends commands and shows the answers", async () => {
    const { run } = shell()
    const { code, stdout } = await run(["apdu", MASTER_FILE, "00B2FF0400", "--profile", "employee"])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^> 00A40000023F00\n< 6F0F[0-9A-F]+9000\n> 00B2FF0400\n< 6[0-9A-F]{3}\n$/)
  })

  it("gives one document for all of them", async () => {
    const { document } = await shell().run(["apdu", MASTER_FILE, "0084000008", "--profile", "employee", "--json"])
    expect(document).toMatchObject({
      ok: true,
      exchanges: [
        { command: MASTER_FILE, statusWord: "9000", asExpected: true },
        { command: "0084000008", statusWord: "9000", response: expect.stringMatching(/^[0-9A-F]{16}9000$/) },
      ],
    })
  })

  it("decodes when asked to", async () => {
    const { stdout } = await shell().run(["apdu", ENVIRONMENT, "--decode", "--profile", "employee", "--lang", "zh"])
    expect(stdout).toContain("选择  SSSE 社会保障系统环境")
  })

  it("shows no PIN that it sends", async () => {
    const verify = `0020000003${PINS.initial}`
    const { run } = shell()
    const words = ["apdu", ENVIRONMENT, verify, "--profile", "employee"]
    for (const form of [[], ["--decode"], ["--json"], ["--trace"]]) {
      const { code, stdout, stderr } = await run([...words, ...form])
      expect(code).toBe(0)
      expect(stdout + stderr).toContain("0020000003")
      expect(stdout + stderr).not.toContain(PINS.initial)
    }
  })

  it("stops a script at the first answer that is not as expected, and ends with 1", async () => {
    const { run, path } = shell()
    writeFileSync(path("check.script"), `${MASTER_FILE} = *9000\n0084000008 = 6A82\n${MASTER_FILE}\n`)
    const { code, document, stderr } = await run([
      "apdu",
      "--script",
      "check.script",
      "--profile",
      "employee",
      "--json",
    ])
    expect(code).toBe(1)
    expect(document.ok).toBe(false)
    expect(document.exchanges.map(({ asExpected }: { asExpected: boolean }) => asExpected)).toEqual([true, false])
    expect(stderr).toBe("script line 2: expected 6A82, got an answer of 10 bytes with status word 9000\n")
  })

  it("expects 9000 everywhere with --expect", async () => {
    const { run } = shell()
    expect(await run(["apdu", MASTER_FILE, "--expect", "--profile", "employee"])).toMatchObject({ code: 0 })
    expect(await run(["apdu", "00A4000002FFFF", "--expect", "--profile", "employee"])).toMatchObject({ code: 1 })
    expect(await run(["apdu", "00A4000002FFFF", "--profile", "employee"])).toMatchObject({ code: 0 })
  })
})

describe.concurrent("a recording", () => {
  it("is made, decoded, and answers as the card", async () => {
    const { run, path } = shell()
    const read = await run(["read", "--profile", "employee", "--json"])
    const made = await run(["record", "session.dump", "--profile", "employee", "--json"])
    expect(made.document).toMatchObject({ ok: true, file: "session.dump" })
    expect(statSync(path("session.dump")).mode & 0o777).toBe(0o600)
    const dump = readFileSync(path("session.dump"), "utf8")
    expect(dump).toMatch(/^# ATR: 3B6D[0-9A-F]+\n# PROTOCOL: T=0\n/)

    const replayed = await run(["read", "--replay", "session.dump", "--json"])
    expect(replayed.document).toEqual(read.document)

    const traced = await run(["trace", "session.dump", "--json"])
    expect(traced.events).toHaveLength(made.document.exchanges)
    expect(traced.events.map(({ number }) => number)).toEqual(traced.events.map((_, index) => index + 1))
    for (const secret of [PERSONAL.identityNumber, "测试一号"]) expect(traced.stdout).not.toContain(secret)
    const open = await run(["trace", "session.dump", "--unsafe-trace"])
    expect(open.stdout).toContain(PERSONAL.identityNumber)
  })

  it("may be made of given commands, and never holds a PIN", async () => {
    const { run, path } = shell()
    const commands = [ENVIRONMENT, `0020000003${PINS.initial}`]
    expect((await run(["record", "pin.dump", ...commands, "--profile", "employee"])).stdout).toMatch(
      /^pin\.dump: \d+ ex/,
    )
    expect(readFileSync(path("pin.dump"), "utf8")).toContain("0020000003FFFFFF\n")
    const replayed = await run(["apdu", ...commands, "--replay", "pin.dump", "--json"])
    expect(replayed.document.exchanges[1]).toMatchObject({ statusWord: "9000" })
  })

  it("is never overwritten", async () => {
    const { run, path } = shell()
    writeFileSync(path("mine.dump"), "")
    const { code, stderr } = await run(["record", "mine.dump", "--profile", "employee"])
    expect([code, stderr]).toEqual([2, "shebao: file: expected a new file, mine.dump exists already\n"])
  })

  it("that does not hold what is asked says what it holds instead", async () => {
    const { run } = shell()
    await run(["record", "short.dump", MASTER_FILE, "--profile", "employee"])
    const { code, document } = await run(["apdu", "0084000008", "--replay", "short.dump", "--json"])
    expect(code).toBe(2)
    expect(document.error).toEqual({
      code: "REPLAY_MISMATCH",
      message: `exchange 1: expected ${MASTER_FILE}, got 0084000008`,
    })
  })
})
