import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { hasPcscd, pcscdForThisFile, USER_READER } from "../terminal/pcsc/machine.js"

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url))
const BINDINGS = ["smartcard", "pcsclite", "pcsc-mini"] as const
const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
const CARD_NUMBER = "0709534230303030303132"
const ATR = "3B6D000000815431008660110816000001"

interface Done {
  readonly code: number
  readonly out: string
  readonly errors: string
}

describe.runIf(hasPcscd)("shebao serve: the emulated card in a real pcscd", () => {
  pcscdForThisFile()
  const home = mkdtempSync(join(tmpdir(), "shebao-serve-"))
  const cardFile = join(home, "my.card")
  const environment = { ...process.env, SHEBAO_HOME: home, LANG: "C" }
  let serving: ChildProcess | undefined

  const run = (program: string, words: readonly string[], secrets: NodeJS.ProcessEnv = {}): Promise<Done> =>
    new Promise((resolve) => {
      const options = { timeout: 20_000, env: { ...environment, ...secrets } }
      execFile(program, [...words], options, (error, out, errors) =>
        resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, errors }),
      )
    })
  const shebao = (words: readonly string[], secrets?: NodeJS.ProcessEnv) =>
    run(process.execPath, [MAIN, ...words], secrets)

  /** Starts `serve` and waits for its ready line. */
  const serve = async (...words: string[]): Promise<unknown> => {
    serving = spawn(process.execPath, [MAIN, "serve", "--json", ...words], {
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    })
    const lines = createInterface({ input: serving.stdout! })
    const [line] = await once(lines, "line")
    return JSON.parse(line)
  }
  const stopServing = async (): Promise<number | null> => {
    const child = serving!
    serving = undefined
    child.kill("SIGTERM")
    const [code] = await once(child, "exit")
    return code
  }

  beforeAll(async () => {
    expect(await shebao(["card", "new", cardFile, "--profile", "employee"])).toMatchObject({ code: 0 })
  })
  afterEach(async () => {
    if (serving) await stopServing()
  })
  afterAll(() => rmSync(home, { recursive: true }))

  it("says that it is ready, and ends with exit code 0 on SIGTERM", async () => {
    expect(await serve("--profile", "employee")).toEqual({ event: "ready", port: 35963, atr: ATR })
    expect(await stopServing()).toBe(0)
  })

  describe("referees read the card", () => {
    it("opensc-tool -a shows its ATR, opensc-tool -s reads its card number", async () => {
      await serve("--card", cardFile)
      const atr = await run("opensc-tool", ["-r", USER_READER, "-a"])
      expect(atr.out.replace(/[:\s]/g, "").toUpperCase()).toContain(ATR)
      const commands = [SSSE, "00A4020002EF05", "00B207040B"].flatMap((command) => ["-s", command])
      const sent = await run("opensc-tool", ["-r", USER_READER, ...commands])
      expect(sent.out.replace(/[^0-9A-F]/g, "")).toContain(CARD_NUMBER)
    })

    it("scriptor reads its version", async () => {
      await serve("--card", cardFile)
      const script = [SSSE, "00A4020002EF05", "00B2030406"].join("\n")
      const done = await run("sh", ["-c", `printf '%s\\n' "$1" | scriptor -r "$2"`, "sh", script, USER_READER])
      expect(done.out.replace(/\s/g, "")).toContain("0304322E30309000")
    })

    it("pyscard reads the holder's name in GBK", async () => {
      await serve("--card", cardFile)
      const program = `
from smartcard.System import readers
from smartcard.util import toBytes
connection = [r for r in readers() if str(r) == ${JSON.stringify(USER_READER)}][0].createConnection()
connection.connect()
for command in ("${SSSE}", "00A4020002EF06", "00B2090020"):
    data, sw1, sw2 = connection.transmit(toBytes(command))
print(bytes(data[2:]).rstrip(b"\\0").decode("gbk"), "%02X%02X" % (sw1, sw2))
`
      const done = await run("/usr/bin/python3", ["-c", program], { PYTHONIOENCODING: "utf-8" })
      expect(done.out.trim(), done.errors).toBe("测试一号 9000")
    })

    it("pcsc_scan sees it come", async () => {
      await serve("--card", cardFile)
      const seen = await run("timeout", ["3", "pcsc_scan", "-n"])
      expect(seen.out.replace(/\s/g, "")).toContain(ATR)
    }, 20_000)
  })

  describe.each(BINDINGS)("over %s, the commands of a kiosk", (binding) => {
    const reader = ["--reader", USER_READER, "--binding", binding]

    it("read the card", async () => {
      await serve("--card", cardFile)
      const done = await shebao(["read", "--json", ...reader])
      expect(JSON.parse(done.out)).toMatchObject({ ok: true, version: "2.00", person: { cardNumber: "SB0000012" } })
    })

    it("activate, deposit, withdraw and show the balances of a fresh card", async () => {
      await serve("--profile", "employee")
      const secrets = { SHEBAO_PIN: "123456", SHEBAO_NEW_PIN: "246813", SHEBAO_BANK_PIN: "135790" }
      const activated = await shebao(["activate", "--json", ...reader], secrets)
      expect(activated, activated.errors + activated.out).toMatchObject({ code: 0 })

      const before = await balance(reader)
      expect(await shebao(["deposit", "2000", ...reader], secrets)).toMatchObject({ code: 0 })
      expect(await shebao(["withdraw", "500", ...reader], secrets)).toMatchObject({ code: 0 })
      const after = await balance(reader)
      expect(after.financial.availableFen - before.financial.availableFen).toBe(150_000)
      expect(after.medical.personalBalanceFen).toBe(123_456)

      const refused = await shebao(["withdraw", "5000", "--json", ...reader], secrets)
      expect(refused.code).toBe(1)
      expect(JSON.parse(refused.out)).toMatchObject({ ok: false, refusal: { code: "51" } })
    }, 60_000)
  })

  const balance = async (reader: readonly string[]) => {
    const secrets = { SHEBAO_PIN: "246813", SHEBAO_BANK_PIN: "135790" }
    const done = await shebao(["balance", "--json", ...reader], secrets)
    expect(done, done.errors).toMatchObject({ code: 0 })
    return JSON.parse(done.out)
  }

  it("keeps what the card learned in its file", async () => {
    await serve("--card", cardFile)
    const secrets = { SHEBAO_PIN: "123456", SHEBAO_NEW_PIN: "246813" }
    expect(await shebao(["pin", "change", "--reader", USER_READER], secrets)).toMatchObject({ code: 0 })
    expect(await stopServing()).toBe(0)
    expect(readFileSync(cardFile, "utf8").startsWith('{"shebao":"card"')).toBe(true)
    expect(await shebao(["pin", "verify", "--card", cardFile], { SHEBAO_PIN: "246813" })).toMatchObject({ code: 0 })
    expect(await shebao(["pin", "verify", "--card", cardFile], { SHEBAO_PIN: "123456" })).toMatchObject({ code: 1 })
  })
})
