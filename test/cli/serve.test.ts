import { afterEach, describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { type FakeDriver, fakeDriver, GET_ATR, ON } from "../virtual-reader/fake-driver.js"
import { PINS, shell } from "./shebao.js"

const ENVIRONMENT = hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
const drivers: FakeDriver[] = []
afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.close()
})

async function driver(): Promise<FakeDriver> {
  const made = await fakeDriver()
  drivers.push(made)
  return made
}

describe("shebao serve", () => {
  it("puts a fresh card into the driver's slot and says when it is in", async () => {
    const { start } = shell()
    const { card, port } = await driver()
    const serving = start(["serve", "--profile", "employee", "--port", String(port), "--json"])
    const line = await card()
    await line.tell(ON)
    const atr = toHex(await line.ask(GET_ATR))
    expect(await serving.nextLine()).toBe(`{"event":"ready","port":${port},"atr":"${atr}"}`)
    expect(toHex(await line.ask(ENVIRONMENT))).toMatch(/^61|9000$/)
    const { code, events, stderr } = await serving.stop("SIGTERM")
    await line.closed
    expect([code, stderr]).toEqual([0, ""])
    expect(events.at(-1)).toEqual({ event: "removed", port })
  })

  it("keeps what happened to a card in its file", async () => {
    const { start, run } = shell()
    await run(["card", "new", "my.card", "--profile", "employee"])
    const { card, port } = await driver()
    const serving = start(["serve", "--card", "my.card", "--port", String(port)])
    const line = await card()
    await line.tell(ON)
    const atr = toHex(await line.ask(GET_ATR))
    expect(await serving.nextLine()).toBe(`ready  port ${port}  ATR ${atr}`)
    await line.ask(ENVIRONMENT)
    expect(toHex(await line.ask(hex("0020000003999999")))).toBe("63C5")
    expect(await serving.stop("SIGINT")).toMatchObject({ code: 0 })
    expect((await run(["pin", "status", "--card", "my.card", "--json"])).document).toMatchObject({ triesLeft: 5 })
    expect((await run(["read", "--card", "my.card"])).code).toBe(0)
  })

  it("tells the bank of the home folder about a fresh chip, every time", async () => {
    const { start, run } = shell()
    const words = ["withdraw", "100", "--profile", "employee-active", "--json"]
    for (let time = 0; time < 2; time++) {
      const { card, port } = await driver()
      const serving = start(["serve", "--profile", "employee-active", "--port", String(port), "--json"])
      const line = await card()
      await line.tell(ON)
      await line.ask(GET_ATR)
      await serving.nextLine()
      const host = start(["host", "start", "--port", "0", "--json"])
      const bank = JSON.parse(await host.nextLine()).port
      const paid = await run([...words, "--bank", `127.0.0.1:${bank}`], { environment: { SHEBAO_BANK_PIN: PINS.bank } })
      expect(paid.document).toMatchObject({ ok: true, availableFen: 490_000 - time * 10_000 })
      await host.stop("SIGTERM")
      await serving.stop("SIGTERM")
    }
  })

  it("waits for the driver, and says so", async () => {
    const { start } = shell()
    const { port, close } = await driver()
    await close()
    const serving = start(["serve", "--profile", "employee", "--port", String(port), "--json", "--lang", "en"])
    const remark = await new Promise<string>((resolve) => serving.child.stderr!.once("data", resolve))
    expect(remark).toMatch(/\w/)
    const { code, stdout } = await serving.stop("SIGTERM")
    expect([code, stdout]).toEqual([0, ""])
  })
})

describe("shebao replay", () => {
  it("puts a recording into the driver's slot; what it does not hold is 6F00 there and told here", async () => {
    const { start, run } = shell()
    await run(["record", "one.dump", toHex(ENVIRONMENT), "--profile", "employee"])
    const { card, port } = await driver()
    const replaying = start(["replay", "one.dump", "--port", String(port), "--json"])
    const line = await card()
    await line.tell(ON)
    const atr = toHex(await line.ask(GET_ATR))
    expect(JSON.parse(await replaying.nextLine())).toEqual({ event: "ready", port, atr })
    expect(toHex(await line.ask(ENVIRONMENT))).toMatch(/^61/)
    expect(toHex(await line.ask(hex("0084000008")))).toBe("6F00")
    const { code, stderr } = await replaying.stop("SIGTERM")
    expect(code).toBe(0)
    expect(stderr).toMatch(/exchange 2: expected 00C0.*, got 0084000008/)
  })
})
