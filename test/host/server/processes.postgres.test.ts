import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import { createBank, defaultRegion } from "../../../src/host/index.js"
import { freshSchema } from "../../support/postgres-database.js"
import { CARD } from "../test-terminal.js"
import {
  clock,
  IDS,
  machine,
  OPENING_FEN,
  panOf,
  REGION,
  serverProgram,
  serverSettings,
  TERMINALS,
} from "./machines.js"

const folder = mkdtempSync(join(tmpdir(), "shebao-processes-"))
const program = join(folder, "server.mjs")
writeFileSync(program, serverProgram(new URL("../../../dist/host/index.js", import.meta.url).href))
afterAll(() => rmSync(folder, { recursive: true }))

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

async function startServer(url: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [program, JSON.stringify({ postgres: url }), serverSettings()], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  children.push(child)
  const [line] = (await once(createInterface(child.stdout!), "line")) as [string]
  return { child, port: Number(line) }
}

const openBank = (url: string) =>
  createBank({ store: { postgres: url }, region: defaultRegion(REGION), terminals: TERMINALS, clock })

describe("four host processes on one PostgreSQL", () => {
  it("post everything once, on the same accounts, with every advice sent twice and one of them killed", async () => {
    const url = await freshSchema()
    const bank = openBank(url)
    // Two machines have to do with each account.
    const pans = IDS.map((_, index) => panOf(index % 2))
    for (const pan of new Set(pans)) await bank.enroll({ ...CARD, pan, openingBalanceFen: OPENING_FEN })
    const counters = new Map<string, number>()
    const nextAtc = (pan: string) => () => {
      const atc = (counters.get(pan) ?? 0) + 1
      counters.set(pan, atc)
      return atc
    }
    const servers = await Promise.all(IDS.map(() => startServer(url)))
    const machines = pans.map((pan, index) => machine(index, { pan, nextAtc: nextAtc(pan) }))
    const portOf = (index: number) => servers[index % servers.length]!.port
    for (const [index, one] of machines.entries()) {
      one.connect(portOf(index), portOf(index + 1))
      await one.signOn()
    }
    const answered = () => machines.reduce((sum, one) => sum + one.view().answered, 0)
    const until = (count: number, failures: Error[]) =>
      new Promise<void>((resolve) => {
        const look = () => (answered() >= count || failures.length > 0 ? resolve() : setImmediate(look))
        look()
      })

    const failures: Error[] = []
    const work = machines.map((one) => one.work().catch((error: Error) => failures.push(error)))
    await until(40, failures)
    expect(failures).toEqual([])
    const [killed] = servers.splice(0, 1)
    process.kill(killed!.child.pid!, "SIGKILL")
    await once(killed!.child, "exit")
    // The machines that had to do with it reconnect elsewhere, and everybody goes on.
    await Promise.all([work[0], work[3]])
    for (const index of [0, 3]) {
      await machines[index]!.disconnect()
      machines[index]!.connect(portOf(index), portOf(index + 1))
    }
    expect(failures.map((error) => error.message)).toEqual(["connection lost", "connection lost"])
    failures.length = 0
    for (const index of [0, 3]) work[index] = machines[index]!.work().catch((error: Error) => failures.push(error))
    await until(120, failures)
    expect(failures).toEqual([])
    for (const one of machines) await one.disconnect()
    await Promise.all(work)
    for (const [index, one] of machines.entries()) {
      one.connect(portOf(index), portOf(index + 1))
      await one.drain()
      await one.disconnect()
    }

    const countedFen = new Map(machines.map((one, index) => [IDS[index]!, BigInt(one.view().cassetteFen)]))
    expect((await bank.ledger.verify({ countedFen })).violations).toEqual([])
    const { pendingFen, suspenseFen } = await bank.ledger.summary()
    expect([pendingFen, suspenseFen]).toEqual([0n, 0n])
    for (const pan of new Set(pans)) {
      const hands = machines.filter((_, index) => pans[index] === pan).map((one) => one.view().handsFen)
      expect(hands.every((fen) => fen > 0)).toBe(true)
      expect((await bank.account(pan))?.balanceFen).toBe(BigInt(OPENING_FEN - hands.reduce((a, b) => a + b)))
    }
    await bank.close()
  }, 120_000)
})
