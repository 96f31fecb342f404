import { afterEach, describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { type CardLine, type FakeDriver, fakeDriver, GET_ATR, ON } from "../virtual-reader/fake-driver.js"
import { shell } from "./shebao.js"

const drivers: FakeDriver[] = []
afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.close()
})

async function driver(port = 0): Promise<FakeDriver> {
  const made = await fakeDriver({ port })
  drivers.push(made)
  return made
}

async function powered(line: CardLine): Promise<string> {
  await line.tell(ON)
  return toHex(await line.ask(GET_ATR))
}

const PSAM_ATR = "3B7D94000057434D31038660000000000001"
const PURCHASE = "80700000240F1E2D3C000B0000100006201104011200000101" + "8660110816000001" + "3332303830307378"

describe("shebao sam", () => {
  it("shows number, serial and keys, and no value of a key", async () => {
    const { run } = shell()
    const { code, document } = await run(["sam", "show", "--sam-profile", "psam", "--json"])
    expect(code).toBe(0)
    expect(document).toMatchObject({
      ok: true,
      terminalNumber: "320800000001",
      serial: "00000000000000000001",
      environments: [{ algorithm: "3des" }],
    })
    expect(document.environments[0].keys[0]).toEqual({
      usage: "67",
      id: "08",
      levels: 3,
      type: 7,
      typeName: "encryption",
      key: "IRK",
    })
    const { stdout } = await run(["sam", "show", "--sam-profile", "psam-sm4"])
    expect(stdout).toMatch(/Terminal number {2}320800000002/)
    expect(stdout).toMatch(/SM4 keys[\s\S]*47 {5}0A {2}2 {7}encryption +RKssse/)
    expect(stdout).not.toMatch(/[0-9A-F]{32}/)
  })

  it.each([
    ["a fresh SAM, chosen by the card's algorithm", ["--profile", "employee"]],
    ["a SAM by profile", ["--profile", "employee", "--sam-profile", "psam"]],
  ])("checks that a card is genuine with %s", async (_, words) => {
    const { code, document } = await shell().run(["sam", "check", ...words, "--json"])
    expect([code, document]).toEqual([0, { ok: true, genuine: true, region: "320800" }])
  })

  it("shows with --trace what goes to the SAM, apart from the card, and no PIN block", async () => {
    const { stderr } = await shell().run(["sam", "check", "--profile", "employee", "--trace"])
    expect(stderr).toMatch(/^SAM .*INIT KEY \(SAM\)$/m)
    expect(stderr).toMatch(/^SAM {6,}> 80FA000008\*+00$/m)
    expect(stderr).toMatch(/^ +\d+ INTERNAL AUTHENTICATE/m)
    const shown = await shell().run(["sam", "show", "--sam-profile", "psam", "--trace"])
    expect(shown.stderr).toMatch(/^SAM {6,}> 00B0960006$/m)
  })

  it("says that a card is not genuine: its IRK is another", async () => {
    const { run } = shell()
    const words = ["--set", "keys.test=true", "--set", `keys.values.IRK=${"00".repeat(16)}`]
    const made = await run(["card", "new", "other.card", "--profile", "employee", ...words])
    if (made.code !== 0) throw new Error(made.stderr)
    const { code, document } = await run(["sam", "check", "--card", "other.card", "--json"])
    expect(code).toBe(1)
    expect(document).toMatchObject({ ok: false, refusal: { code: "NOT_GENUINE" } })
  })

  it("refuses with a SAM of the other algorithm", async () => {
    const words = ["--profile", "employee", "--sam-profile", "psam-sm4"]
    const { code, document } = await shell().run(["sam", "check", ...words, "--json"])
    expect([code, document.refusal.code]).toEqual([1, "ALGORITHM_NOT_SUPPORTED"])
  })

  it.each([
    [["show", "--sam-profile", "employee"], 2, /profile of a SAM/],
    [["show", "--sam-profile", "psam", "--sam-card", "x"], 2, /one of --sam-profile/],
    [["check", "--sam-profile", "psam"], 2, /where the card is/],
    [["show", "--sam-card", "missing"], 2, /missing/],
  ])("says what is wrong with %j", async (words, expected, message) => {
    const { code, stderr } = await shell().run(["sam", ...words])
    expect(code).toBe(expected)
    expect(stderr).toMatch(message)
  })
})

describe("shebao serve --sam (readers §4)", () => {
  it("puts the card and the SAM into two slots, a ready line for each", async () => {
    const [first, second] = [await driver(), await driver()]
    const { start } = shell()
    const words = ["--port", String(first.port), `--sam=${second.port}`, "--json"]
    const serving = start(["serve", "--profile", "employee", ...words])
    const [card, sam] = [await first.card(), await second.card()]
    const atrs = [await powered(card), await powered(sam)]
    const ready = [await serving.nextLine(), await serving.nextLine()].map((line) => JSON.parse(line))
    expect(ready).toContainEqual({ event: "ready", port: first.port, atr: atrs[0] })
    expect(ready).toContainEqual({ event: "ready", port: second.port, atr: PSAM_ATR })
    expect(toHex(await sam.ask(hex("00B0960006")))).toBe("3208000000019000")
    const { code, stderr } = await serving.stop("SIGTERM")
    expect([code, stderr]).toEqual([0, ""])
  })

  it("takes the port behind the card's by itself", async () => {
    // Two ports in a row that are free: the second is tried until it is.
    let pair: [FakeDriver, FakeDriver] | undefined
    while (!pair) {
      const first = await driver()
      pair = await driver(first.port + 1).then(
        (second): [FakeDriver, FakeDriver] => [first, second],
        () => undefined,
      )
    }
    const serving = shell().start(["serve", "--profile", "employee", "--port", String(pair[0].port), "--sam", "--json"])
    await powered(await pair[0].card())
    expect(await powered(await pair[1].card())).toBe(PSAM_ATR)
    expect(await serving.stop("SIGTERM")).toMatchObject({ code: 0 })
  })

  it("keeps the terminal's transaction number of a SAM in a file", async () => {
    const { run, start } = shell()
    await run(["card", "new", "sam.card", "--profile", "psam"])
    const numbers: string[] = []
    for (let time = 0; time < 2; time++) {
      const [first, second] = [await driver(), await driver()]
      const words = ["--port", String(first.port), `--sam=${second.port}`, "--sam-card", "sam.card"]
      const serving = start(["serve", "--profile", "employee", ...words])
      await powered(await first.card())
      const sam = await second.card()
      await powered(sam)
      await sam.ask(hex("00A4000002DF01"))
      await sam.ask(hex(PURCHASE))
      numbers.push(toHex(await sam.ask(hex("00C0000008"))).slice(0, 8))
      expect(await serving.stop("SIGTERM")).toMatchObject({ code: 0 })
    }
    expect(numbers).toEqual(["00000001", "00000002"])
  })

  it.each([
    [["--sam=0"], /port in 1/],
    [["--sam", "--sam-profile", "employee"], /profile of a SAM/],
    [["--sam-profile", "psam", "--sam-card", "x"], /one of --sam-profile/],
  ])("says what is wrong with %j", async (words, message) => {
    const { code, stderr } = await shell().run(["serve", "--profile", "employee", ...words])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it("lets go of the card's file when the SAM cannot be served", async () => {
    const { run } = shell()
    await run(["card", "new", "my.card", "--profile", "employee"])
    expect((await run(["serve", "--card", "my.card", "--sam-card", "my.card"])).code).toBe(2)
    expect((await run(["pin", "status", "--card", "my.card"])).code).toBe(0)
  })
})

describe("shebao host start --keys-port", () => {
  it("serves card keys beside the bank, and logs no secret", async () => {
    const host = shell().start(["host", "start", "--memory", "--port", "0", "--keys-port", "0", "--json"])
    expect(JSON.parse(await host.nextLine())).toMatchObject({ event: "ready" })
    const { event, url } = JSON.parse(await host.nextLine())
    expect(event).toBe("keys-ready")
    const body = {
      serviceFlag: "246",
      aab301: "320800",
      aaz507: "00815431008660110816000001",
      sfbs: "01",
      sjs1: "1122334455667788",
      sjs2: "0102030405060708",
    }
    const headers = { "content-type": "application/json" }
    const answer = await fetch(`${url}/key-service`, { method: "POST", headers, body: JSON.stringify(body) })
    expect(await answer.json()).toEqual({ ok: true, data: "F4F14BF11083845F" })
    expect(JSON.parse(await host.nextLine())).toEqual({
      event: "key-used",
      service: "internalAuthentication",
      key: "IRK",
      region: "320800",
      outcome: "ok",
    })
    const { code, stdout } = await host.stop("SIGTERM")
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/F4F14BF1|11223344/)
  })
})
