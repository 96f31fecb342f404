import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest"
import { hasPcscd, pcscdForThisFile, SAM_PORT, SAM_READER, USER_READER } from "../terminal/pcsc/machine.js"

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url))
const BINDINGS = ["smartcard", "pcsclite", "pcsc-mini"] as const
const CARD_ATR = "3B6D000000815431008660110816000001"
const SAM_ATR = "3B7D94000057434D31038660000000000001"
const IRK = "BFDE670820" + "8660110816000001" + "3332303830307378" + "3332303030307368" + "1122334455667788"

interface Done {
  readonly code: number
  readonly out: string
  readonly errors: string
}

describe.runIf(hasPcscd)("shebao serve --sam: card and SAM in two slots of a real pcscd (readers §4)", () => {
  pcscdForThisFile()
  const home = mkdtempSync(join(tmpdir(), "shebao-sam-"))
  const environment = { ...process.env, SHEBAO_HOME: home, LANG: "C" }
  let serving: ChildProcess | undefined

  const run = (program: string, words: readonly string[]): Promise<Done> =>
    new Promise((resolve) => {
      execFile(program, [...words], { timeout: 20_000, env: environment }, (error, out, errors) =>
        resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, errors }),
      )
    })
  const shebao = (words: readonly string[]) => run(process.execPath, [MAIN, ...words])

  let ready: unknown[] = []
  beforeEach(async () => {
    serving = spawn(process.execPath, [MAIN, "serve", "--profile", "employee", "--sam", "--json"], {
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    })
    const lines = createInterface({ input: serving.stdout! })
    ready = []
    for await (const line of lines) if (ready.push(JSON.parse(line)) === 2) break
  })
  afterEach(async () => {
    const child = serving!
    child.kill("SIGTERM")
    if (child.exitCode === null) await once(child, "exit")
  })
  afterAll(() => rmSync(home, { recursive: true }))

  it("says of each when it is ready", () => {
    expect(ready).toContainEqual({ event: "ready", port: 35963, atr: CARD_ATR })
    expect(ready).toContainEqual({ event: "ready", port: SAM_PORT, atr: SAM_ATR })
  })

  it("opensc-tool sees both, and talks to the SAM", async () => {
    const listed = await run("opensc-tool", ["-l"])
    expect(listed.out).toContain(USER_READER)
    expect(listed.out).toContain(SAM_READER)
    const sent = await run("opensc-tool", ["-r", SAM_READER, "-s", "00A40000023F00", "-s", "00B0960006"])
    expect(sent.out.replace(/[^0-9A-F]/g, "")).toContain("320800000001")
  })

  it("pyscard holds both at once: card and SAM prove the same", async () => {
    const program = `
from smartcard.System import readers
from smartcard.util import toBytes, toHexString
def connect(name):
    connection = [r for r in readers() if str(r) == name][0].createConnection()
    connection.connect()
    return connection
card, sam = connect(${JSON.stringify(USER_READER)}), connect(${JSON.stringify(SAM_READER)})
def send(connection, command):
    data, sw1, sw2 = connection.transmit(toBytes(command))
    if sw1 == 0x61:
        data, sw1, sw2 = connection.transmit([0, 0xC0, 0, 0, sw2])
    assert (sw1, sw2) == (0x90, 0), "%s: %02X%02X" % (command, sw1, sw2)
    return toHexString(data).replace(" ", "")
send(card, "00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
send(sam, "00A4000002DF01")
send(sam, "${IRK}")
print(send(card, "008800001011223344556677880102030405060708"), send(sam, "80FA0000080102030405060708"))
`
    const done = await run("/usr/bin/python3", ["-c", program])
    expect(done.out.trim(), done.errors).toBe("F4F14BF11083845F F4F14BF11083845F")
  })

  describe.each(BINDINGS)("over %s", (binding) => {
    it("sam check finds the SAM beside the card by its answer to reset", async () => {
      const done = await shebao(["sam", "check", "--reader", USER_READER, "--binding", binding, "--json"])
      expect(done, done.errors).toMatchObject({ code: 0 })
      expect(JSON.parse(done.out)).toEqual({ ok: true, genuine: true, region: "320800" })
    })

    it("sam show reads the SAM, named or found", async () => {
      for (const where of [[], ["--sam-reader", SAM_READER]]) {
        const done = await shebao(["sam", "show", "--binding", binding, "--json", ...where])
        expect(done, done.errors).toMatchObject({ code: 0 })
        expect(JSON.parse(done.out)).toMatchObject({ terminalNumber: "320800000001" })
      }
    })
  })
})
