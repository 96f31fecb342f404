import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createBank, defaultRegion } from "../../../src/host/index.js"
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

const root = fileURLToPath(new URL("../../..", import.meta.url))
let folder: string
const children: ChildProcess[] = []

beforeAll(() => {
  // Plain Node runs no TypeScript; inside the package dependencies are found. Type errors are the business of lint.
  folder = mkdtempSync(join(root, "node_modules", ".shebao-children-"))
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  const options = ["-p", "tsconfig.build.json", "--declaration", "false", "--outDir", folder]
  spawnSync(process.execPath, [tsc, ...options], { cwd: root })
  writeFileSync(join(folder, "server.mjs"), serverProgram("./host/index.js"))
})

afterAll(() => {
  for (const child of children) child.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})

async function startServer(path: string): Promise<{ child: ChildProcess; port: number }> {
  const store = JSON.stringify({ sqlite: path })
  const child = spawn(process.execPath, [join(folder, "server.mjs"), store, serverSettings()], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  children.push(child)
  const [line] = (await once(createInterface(child.stdout!), "line")) as [string]
  return { child, port: Number(line) }
}

describe("a bank server that is killed under load", () => {
  it("loses no answered transaction; notes and debits agree when the terminals have caught up", async () => {
    const path = join(folder, "ledger.db")
    let server = await startServer(path)
    const enrolling = createBank({ store: { sqlite: path }, terminals: TERMINALS, clock })
    for (const index of IDS.keys())
      await enrolling.enroll({ ...CARD, pan: panOf(index), openingBalanceFen: OPENING_FEN })
    await enrolling.close()
    const machines = IDS.map((_, index) => machine(index))
    for (const one of machines) {
      one.connect(server.port)
      await one.signOn()
    }
    const answered = () => machines.reduce((sum, one) => sum + one.view().answered, 0)
    for (const kill of [20, 55, 130, 250]) {
      const failures: Error[] = []
      const work = machines.map((one) => one.work().catch((error: Error) => failures.push(error)))
      while (answered() < kill && failures.length === 0) await new Promise((resolve) => setImmediate(resolve))
      expect(failures).toEqual([])
      process.kill(server.child.pid!, "SIGKILL")
      await Promise.all([...work, once(server.child, "exit")])
      expect(failures.map((error) => error.message)).toEqual(machines.map(() => "connection lost"))
      const bank = createBank({ store: { sqlite: path }, region: defaultRegion(REGION), terminals: TERMINALS, clock })
      expect((await bank.ledger.verify()).violations).toEqual([])
      await bank.close()
      server = await startServer(path)
      for (const one of machines) one.connect(server.port)
    }
    for (const one of machines) await one.drain()
    process.kill(server.child.pid!, "SIGKILL")
    await once(server.child, "exit")

    const bank = createBank({ store: { sqlite: path }, region: defaultRegion(REGION), terminals: TERMINALS, clock })
    const countedFen = new Map(machines.map((one, index) => [IDS[index]!, BigInt(one.view().cassetteFen)]))
    expect((await bank.ledger.verify({ countedFen })).violations).toEqual([])
    const { pendingFen, suspenseFen } = await bank.ledger.summary()
    expect([pendingFen, suspenseFen]).toEqual([0n, 0n])
    for (const [index, one] of machines.entries())
      expect((await bank.account(panOf(index)))?.balanceFen).toBe(BigInt(OPENING_FEN - one.view().handsFen))
    await bank.close()
  }, 120_000)
})
