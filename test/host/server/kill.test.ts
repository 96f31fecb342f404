import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { computeLuhn, type HostLink, type Message, splitFrames, withLength } from "../../../src/dictionary/index.js"
import { createBank, defaultRegion } from "../../../src/host/index.js"
import { CARD, digits, testClock, testTerminal } from "../test-terminal.js"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const IDS = ["ATM00001", "ATM00002", "ATM00003", "ATM00004"]
const REGION = { bank: { atmPerDay: 1_000_000 } }
const TERMINALS = IDS.map((id) => ({ id, kind: "atm" as const }))
const OPENING_FEN = 100_000_000
const CASH_FEN = 100_000_000

const panOf = (index: number) => {
  const body = `621700${digits(index, 12)}`
  return body + computeLuhn(body)
}

/** A bank server on a file; prints its port. */
const SERVER = `
import { createBank, defaultRegion, startBankServer } from "./host/index.js"
const [path, settings] = process.argv.slice(2)
const { region, terminals, now } = JSON.parse(settings)
const clock = () => new Date(now)
const bank = createBank({ store: { sqlite: path }, region: defaultRegion(region), terminals, clock })
await bank.ledger.summary()
const server = await startBankServer({ bank })
console.log(server.port)
`

let folder: string
const children: ChildProcess[] = []

beforeAll(() => {
  // Plain Node runs no TypeScript; inside the package dependencies are found. Type errors are the business of lint.
  folder = mkdtempSync(join(root, "node_modules", ".shebao-children-"))
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  const options = ["-p", "tsconfig.build.json", "--declaration", "false", "--outDir", folder]
  spawnSync(process.execPath, [tsc, ...options], { cwd: root })
  writeFileSync(join(folder, "server.mjs"), SERVER)
})

afterAll(() => {
  for (const child of children) child.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})

const clock = testClock()

async function startServer(path: string): Promise<{ child: ChildProcess; port: number }> {
  const settings = JSON.stringify({ region: REGION, terminals: TERMINALS, now: clock().toISOString() })
  const child = spawn(process.execPath, [join(folder, "server.mjs"), path, settings], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  children.push(child)
  const [line] = (await once(createInterface(child.stdout!), "line")) as [string]
  return { child, port: Number(line) }
}

/** One connection; a lost one rejects whoever waits for an answer. */
function tcpLink(port: number): HostLink {
  const socket: Socket = connect(port, "127.0.0.1")
  let waiting: { resolve(frame: Uint8Array): void; reject(error: Error): void } | undefined
  let received: Uint8Array = new Uint8Array(0)
  const fail = () => waiting?.reject(new Error("connection lost"))
  socket.on("error", fail)
  socket.on("close", fail)
  socket.on("data", (chunk) => {
    const { frames, rest } = splitFrames(Buffer.concat([received, chunk]))
    received = rest
    for (const frame of frames) waiting?.resolve(frame)
  })
  return {
    exchange: (frame) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) reject(new Error("connection lost"))
        waiting = { resolve, reject }
        socket.write(withLength(frame))
      }),
    async close() {
      socket.destroy()
    },
  }
}

/** A machine that keeps its journal on paper: what it still has to send, and what its cassettes hold. */
function machine(index: number) {
  let link: HostLink | undefined
  const terminal = testTerminal(
    { exchange: (frame) => link!.exchange(frame), close: async () => {} },
    { id: IDS[index]!, clock },
  )
  const queue: Message[] = []
  let cassetteFen = CASH_FEN
  let handsFen = 0
  let answered = 0
  let round = 0

  async function settle(message: Message): Promise<void> {
    queue.push(message)
    await drain()
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const { code } = await terminal.sendMessage(queue[0]!)
      expect(code).toBe("00")
      answered++
      queue.shift()
    }
  }

  /** The notes are out, or not: after an approval, in the order a machine does it. */
  async function withdraw(): Promise<void> {
    const request = terminal.withdrawal(10_000, { pan: panOf(index), pin: "123456" })
    // Written down before it is sent: an answer that never comes is reversed.
    queue.push(terminal.reversal(request, "98"))
    const { code } = await terminal.sendMessage(request)
    queue.pop()
    answered++
    expect(code).toBe("00")
    if (++round % 3 === 0) return settle(terminal.reversal(request, "06"))
    cassetteFen -= 10_000
    handsFen += 10_000
    return settle(terminal.advice(request, "taken"))
  }

  return {
    terminal,
    connect: (port: number) => {
      link = tcpLink(port)
    },
    signOn: () => terminal.signOn(),
    drain,
    async work() {
      await drain()
      for (;;) await withdraw()
    },
    view: () => ({ cassetteFen, handsFen, answered }),
  }
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
