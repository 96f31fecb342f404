import { once } from "node:events"
import { createRequire } from "node:module"
import { createConnection, createServer } from "node:net"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { PERSONAL, PINS, type Shell, type Started, shell } from "./shebao.js"

const Sqlite = createRequire(import.meta.url)("libsql") as new (
  path: string,
) => { exec(sql: string): void; close(): void }

const PIN = { environment: { SHEBAO_BANK_PIN: PINS.bank } }

async function startHost({ start }: Shell, ...words: string[]): Promise<Started & { port: number; address: string }> {
  const host = start(["host", "start", "--port", "0", "--json", ...words])
  const ready = JSON.parse(await host.nextLine())
  expect(ready).toEqual({ event: "ready", host: "127.0.0.1", port: expect.any(Number) })
  return { ...host, port: ready.port, address: `127.0.0.1:${ready.port}` }
}

describe("the bank as a server", () => {
  it("answers the terminals of other processes, tells what was exchanged and nothing of what was in it", async () => {
    const made = shell()
    const { run } = made
    const set = ["--set", "holder.name=测试三号"]
    await run(["card", "new", "my.card", "--profile", "employee", ...set])
    const host = await startHost(made, "--memory", "--card", "my.card")
    const environment = { SHEBAO_PIN: PINS.initial, SHEBAO_NEW_PIN: PINS.own, SHEBAO_BANK_PIN: PINS.bank }
    const bank = ["--card", "my.card", "--bank", host.address, "--json"]
    expect((await run(["activate", ...bank], { environment })).document).toMatchObject({ ok: true })
    expect((await run(["deposit", "1000", ...bank])).document).toMatchObject({ ok: true })
    expect((await run(["withdraw", "300", ...bank], PIN)).document).toMatchObject({ ok: true, availableFen: 70_000 })

    const { code, events, stdout, stderr } = await host.stop("SIGTERM")
    expect([code, stderr]).toEqual([0, ""])
    const exchanges = events.filter(({ event }) => event === "exchange")
    expect(exchanges.map(({ terminal, messageType, answerCode }) => [terminal, messageType, answerCode])).toEqual([
      ["TLR00001", "0800", "00"],
      ["TLR00001", "0200", "00"],
      ["TLR00001", "0620", "00"],
      ["TLR00001", "0200", "00"],
      ["TLR00001", "0800", "00"],
      ["TLR00001", "0200", "00"],
      ["ATM00001", "0800", "00"],
      ["ATM00001", "0200", "00"],
      ["ATM00001", "0220", "00"],
    ])
    for (const { at, stan } of exchanges)
      expect([at, stan]).toEqual([expect.stringMatching(/^\d{4}-/), expect.stringMatching(/^\d{6}$/)])
    for (const secret of [PERSONAL.pan, PERSONAL.identityNumber, "6217", "测试三号", PINS.bank])
      expect(stdout).not.toContain(secret)
  })

  it("keeps its ledger in the home folder from one run to the next", async () => {
    const made = shell()
    const words = (amount: string, address: string) => [
      "withdraw",
      amount,
      "--profile",
      "employee-active",
      "--bank",
      address,
      "--json",
    ]
    const first = await startHost(made)
    expect((await made.run(words("100", first.address), PIN)).document).toMatchObject({ availableFen: 490_000 })
    expect((await first.stop("SIGINT")).code).toBe(0)
    const second = await startHost(made)
    const late = await made.run(words("100", second.address), PIN)
    // The card is fresh once more and counts from the beginning: to this bank it looks like a copy.
    expect(late.document.refusal.code).toBe("59")
    const { events } = await second.stop("SIGTERM")
    expect(events.some(({ answerCode }) => answerCode === "59")).toBe(true)
  })

  it("logs lines for people", async () => {
    const made = shell()
    const host = made.start(["host", "start", "--port", "0", "--memory", "--lang", "zh"])
    const port = Number(/^就绪 {2}127\.0\.0\.1:(\d+)$/.exec(await host.nextLine())![1])
    const socket = createConnection(port, "127.0.0.1")
    expect(await host.nextLine()).toMatch(/^已连接 {2}127\.0\.0\.1:\d+$/)
    socket.write(Uint8Array.of(0, 3, 1, 2, 3))
    expect(await host.nextLine()).toMatch(/丢弃 3 字节/)
    socket.destroy()
    expect(await host.nextLine()).toMatch(/^已断开/)
    expect((await host.stop("SIGTERM")).code).toBe(0)
  })

  it("does not start on a port that is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1")
    await once(taken, "listening")
    const { port } = taken.address() as { port: number }
    const { code, document } = await shell().run(["host", "start", "--memory", "--port", String(port), "--json"])
    taken.close()
    expect(code).toBe(2)
    expect(document.error).toMatchObject({
      code: "CANNOT_LISTEN",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    })
  })

  it("that is not there is a broken connection: 3, and no money", async () => {
    const nobody = createServer().listen(0, "127.0.0.1")
    await once(nobody, "listening")
    const { port } = nobody.address() as { port: number }
    nobody.close()
    await once(nobody, "close")
    const words = ["withdraw", "100", "--profile", "employee-active", "--bank", `127.0.0.1:${port}`, "--json"]
    const { code, document } = await shell().run(words, PIN)
    expect([code, document.refusal.code]).toEqual([3, "NO_ANSWER"])
  })

  it("proves its ledger, and reports its day, while it runs", async () => {
    const made = shell()
    const host = await startHost(made)
    await made.run(["withdraw", "100", "--profile", "employee-active", "--bank", host.address, "--json"], PIN)
    const verified = await made.run(["host", "verify", "--json"])
    expect([verified.code, verified.document]).toMatchObject([0, { ok: true, violations: [] }])
    const { code, document } = await made.run(["host", "report", "--json"])
    expect(code).toBe(0)
    expect(document).toMatchObject({ violations: [], suspense: [], pending: [], answers: { "00": 1 } })
    expect(document.terminals[0]).toMatchObject({
      id: "ATM00001",
      totals: { withdrawals: { count: 1, amountFen: 10_000 } },
    })
    const status = await made.run(["host", "status", "--port", String(host.port)])
    expect(status.code).toBe(0)
    expect(status.stdout).toContain(`running  127.0.0.1:${host.port}`)
    expect(status.stdout).toMatch(/ATM00001 +yes +[\d.]+ +1 \/ 100\.00/)
    await host.stop("SIGTERM")
    const stopped = await made.run(["host", "status", "--port", String(host.port), "--json"])
    expect([stopped.code, stopped.document.running]).toEqual([3, false])
  })

  it("finds a fen that somebody took out of the ledger: 1", async () => {
    const made = shell()
    await made.run(["card", "new", "my.card", "--profile", "employee-active"])
    const database = new Sqlite(join(made.folder, "home", "bank.db"))
    database.exec(`UPDATE "legs" SET "fen" = "fen" + 1 WHERE "entry" = 1 AND "position" = 0`)
    database.close()
    const { code, document } = await made.run(["host", "verify", "--json"])
    expect(code).toBe(1)
    expect(document.violations).toContainEqual({ invariant: 1, text: expect.stringContaining("sums to 1") })
    const people = await made.run(["host", "verify", "--lang", "zh"])
    expect([people.code, people.stdout]).toEqual([1, expect.stringContaining("不变式 1")])
  })

  it.each([
    ["verify", [], "home"],
    ["report", ["--database", "nothing.db"], "database"],
    ["report", ["--date", "today"], "date"],
  ] as const)("%s %j does not make a ledger to look at: 2", async (action, words, field) => {
    const { code, document } = await shell().run(["host", action, ...words, "--json"])
    expect([code, document.error.message]).toEqual([2, expect.stringContaining(field)])
  })
})
