import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { createBank } from "../../../src/host/index.js"
import { memoryStore } from "../../../src/host/store/memory-store.js"
import { sqliteStore } from "../../../src/host/store/sqlite-store.js"
import { faultyStore } from "../faulty-store.js"
import { CARD, PAN, testClock, testTerminal } from "../test-terminal.js"
import { openWorld, violations } from "../world.js"

describe("idempotency (host-iso8583 §13)", () => {
  it("approves one of many equal requests that arrive at once, and answers 94 to the others", async () => {
    const { bank, terminal } = await openWorld()
    const frame = terminal.sign(terminal.withdrawal(50_000))
    const answers = await Promise.all(Array.from({ length: 20 }, () => terminal.sendFrame(frame)))
    expect(answers.map((answer) => answer.code).sort()).toEqual(["00", ...Array<string>(19).fill("94")])
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 950_000n })
  })

  it("posts one of many equal reversals that arrive at once, and answers all alike", async () => {
    const { bank, terminal } = await openWorld()
    const request = terminal.withdrawal(50_000)
    await terminal.sendMessage(request)
    const frame = terminal.sign(terminal.reversal(request))
    const answers = await Promise.all(Array.from({ length: 20 }, () => terminal.sendFrame(frame)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer.message))).size).toBe(1)
    expect(answers[0]!.code).toBe("00")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
    expect(await violations(bank)).toEqual([])
  })

  it("lets one of a request and its reversal win when they arrive at once", async () => {
    for (const isReversalFirst of [true, false]) {
      const { bank, terminal } = await openWorld()
      const request = terminal.withdrawal(50_000)
      const frames = [terminal.sign(request), terminal.sign(terminal.reversal(request))]
      await Promise.all((isReversalFirst ? frames.reverse() : frames).map((frame) => terminal.sendFrame(frame)))
      expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
      expect(await violations(bank)).toEqual([])
    }
  })

  it("gives the stored answer to an equal request where the bank does that, 94 to another with its key", async () => {
    const { bank, terminal, events } = await openWorld({ policies: { duplicates: "replay" } })
    const request = terminal.withdrawal(50_000)
    const first = await terminal.sendMessage(request)
    expect((await terminal.sendMessage(request)).message).toEqual(first.message)
    const changed = { ...request, fields: { ...request.fields, 4: "000000060000" } }
    expect((await terminal.sendMessage(changed)).code).toBe("94")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 950_000n })
    expect(events).toContainEqual(expect.objectContaining({ reason: "a key was used again for something else" }))
  })

  it("knows a STAN of another day as another request", async () => {
    const { bank, terminal, clock } = await openWorld()
    await terminal.sendMessage(terminal.withdrawal(50_000))
    clock.set("2025-11-21T02:30:00Z")
    await terminal.signOn()
    terminal.setStan(1)
    expect((await terminal.sendMessage(terminal.withdrawal(50_000))).code).toBe("00")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 900_000n })
    expect(await violations(bank)).toEqual([])
  })

  it("knows a STAN of the same date a year later as another request", async () => {
    const { terminal, clock } = await openWorld({ card: { expiry: "3512" } })
    await terminal.sendMessage(terminal.withdrawal(50_000))
    clock.set("2026-11-20T02:30:00Z")
    await terminal.signOn()
    terminal.setStan(1)
    expect((await terminal.sendMessage(terminal.withdrawal(50_000))).code).toBe("00")
  })

  it("takes the date of yesterday and of tomorrow: clocks differ around midnight", async () => {
    for (const date of ["1119", "1121"]) {
      const { terminal } = await openWorld()
      expect((await terminal.sendMessage(terminal.withdrawal(50_000, { fields: { 13: date } }))).code).toBe("00")
    }
  })

  it("takes a reversal that a terminal kept for months", async () => {
    const { bank, terminal, clock } = await openWorld()
    const request = terminal.withdrawal(50_000)
    await terminal.sendMessage(request)
    clock.set("2026-06-01T02:30:00Z")
    await terminal.signOn()
    expect((await terminal.sendMessage(terminal.reversal(request))).code).toBe("00")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
  })
})

/** A day at a machine: every kind of posting message. Each frame once. */
function script(terminal: ReturnType<typeof testTerminal>): Uint8Array[] {
  const [taken, reversed, partial, unknown] = [50_000, 60_000, 70_000, 80_000].map((fen) => terminal.withdrawal(fen))
  const stored = terminal.cashIn(40_000)
  const returned = terminal.cashIn(30_000)
  const messages = [
    taken!,
    terminal.advice(taken!, "taken"),
    reversed!,
    terminal.reversal(reversed!),
    partial!,
    terminal.advice(partial!, "partial", 20_000),
    unknown!,
    terminal.advice(unknown!, "unknown"),
    stored,
    terminal.advice(stored, "stored"),
    returned,
    terminal.advice(returned, "returned"),
    terminal.reversal(terminal.withdrawal(10_000)),
  ]
  return messages.map(terminal.sign)
}

const directory = mkdtempSync(join(tmpdir(), "shebao-crash-"))
afterAll(() => rmSync(directory, { recursive: true }))

describe.each([
  ["memory", () => memoryStore()],
  ["sqlite", () => sqliteStore(join(directory, "ledger.db"))],
])("crash points, %s", (_name, make) => {
  it("leaves both posting and answer, or neither, wherever the store breaks", async () => {
    const store = faultyStore(make())
    const clock = testClock()
    const bank = createBank({ store, clock })
    await bank.enroll(CARD)
    const terminal = testTerminal(bank.link(), { clock })
    await terminal.signOn()
    let broken = 0
    for (const frame of script(terminal)) {
      let answer: Awaited<ReturnType<typeof terminal.sendFrame>> | undefined
      for (let operations = 0; answer?.code !== "00"; operations++) {
        const before = await bank.ledger.summary()
        store.breakAfter(operations)
        answer = await terminal.sendFrame(frame)
        store.breakAfter(Number.POSITIVE_INFINITY)
        if (answer.code === "00") break
        broken++
        expect(answer.code).toBe("96")
        expect(await bank.ledger.summary()).toEqual(before)
        expect(await violations(bank)).toEqual([])
      }
      expect(await violations(bank)).toEqual([])
    }
    expect(broken).toBeGreaterThan(100)
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n - 50_000n - 20_000n - 80_000n + 40_000n })
    await bank.close()
  })
})
