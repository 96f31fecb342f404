import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Bank, createBank, defaultRegion } from "../../../src/host/index.js"
import { CARD, testClock, testTerminal } from "../test-terminal.js"
import { violations } from "../world.js"

const OTHER = { ...CARD, pan: "6217999990000000017", openingBalanceFen: 30_000 }
const LIMITS = defaultRegion({ bank: { atmPerDay: 3000, atmPerMonth: 5000, atmCountPerDay: 12 } })

/** What a terminal may do, in any order and as often as it likes. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("request" as const),
      kind: fc.constantFrom("withdrawal" as const, "cashIn" as const, "inquiry" as const),
      terminal: fc.nat(2),
      card: fc.boolean(),
      fen: fc.integer({ min: 0, max: 8 }).map((notes) => notes * 10_000),
      pin: fc.constantFrom("123456", "123456", "123456", "123456", "000000"),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("advice" as const),
      about: fc.nat(),
      outcome: fc.constantFrom("taken", "partial", "retracted", "unknown", "stored", "returned") as fc.Arbitrary<
        "taken" | "partial" | "retracted" | "unknown" | "stored" | "returned"
      >,
      actual: fc.option(
        fc.integer({ min: 0, max: 8 }).map((notes) => notes * 10_000),
        { nil: undefined },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("reversal" as const),
      about: fc.nat(),
      amount: fc.option(fc.constant("000000010000"), { nil: undefined, freq: 6 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("repeat" as const), about: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unsent" as const), terminal: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("nextDay" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("closeDay" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("settle" as const), about: fc.nat(), toCustomer: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("state" as const),
      state: fc.constantFrom("active", "frozen") as fc.Arbitrary<"active" | "frozen">,
    }),
  },
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const IDS = ["ATM00001", "ATM00002", "TLR00001"]

async function open() {
  const clock = testClock()
  const terminals = IDS.map((id) => ({ id, kind: id.startsWith("TLR") ? ("teller" as const) : ("atm" as const) }))
  const bank = createBank({ clock, region: LIMITS, terminals })
  for (const card of [CARD, OTHER]) await bank.enroll(card)
  const connected = IDS.map((id) => testTerminal(bank.link(), { id, clock }))
  for (const terminal of connected) await terminal.signOn()
  return { bank, clock, terminals: connected }
}

/** Plays steps; each message that was sent can be sent again, reversed, and reported on. */
async function play(steps: readonly Step[], check: (bank: Bank) => Promise<void>): Promise<Bank> {
  const { bank, clock, terminals } = await open()
  const requests: {
    terminal: (typeof terminals)[number]
    message: ReturnType<(typeof terminals)[number]["withdrawal"]>
  }[] = []
  const sent: (typeof requests)[number][] = []
  let atc = 0
  const pick = <Item>(list: readonly Item[], at: number): Item | undefined => list[at % Math.max(1, list.length)]
  const send = async (item: (typeof requests)[number]) => {
    sent.push(item)
    const { code } = await item.terminal.sendMessage(item.message)
    expect(code).not.toBe("96")
  }
  for (const move of steps) {
    if (move.do === "request") {
      const terminal = terminals[move.terminal]!
      const pan = move.card ? CARD.pan : OTHER.pan
      const chip = { atc: ++atc }
      const more = { pan, pin: move.pin, chip }
      const message = move.kind === "inquiry" ? terminal.inquiry(more) : terminal[move.kind](move.fen, more)
      requests.push({ terminal, message })
      await send({ terminal, message })
    } else if (move.do === "unsent") {
      const terminal = terminals[move.terminal]!
      requests.push({ terminal, message: terminal.withdrawal(10_000, { chip: { atc: ++atc } }) })
    } else if (move.do === "nextDay") {
      clock.advance(86_400_000)
    } else if (move.do === "closeDay") {
      await bank.closeDay()
    } else if (move.do === "state") {
      await bank.setCardState(CARD.pan, move.state)
    } else if (move.do === "repeat") {
      const item = pick(sent, move.about)
      if (item) await send(item)
    } else {
      const item = pick(requests, move.about)
      if (!item) continue
      const { terminal, message } = item
      if (move.do === "settle") {
        const key = `00010000-${message.fields[41]}-${message.fields[11]}-2025${message.fields[13]}`
        await bank.settleSuspense(key, move.toCustomer ? "customer" : "machine")
      } else if (message.fields[4] !== undefined) {
        const about =
          move.do === "advice"
            ? terminal.advice(message, move.outcome, move.actual)
            : terminal.reversal(message, "98", move.amount ? { 4: move.amount } : {})
        await send({ terminal, message: about })
      }
    }
    await check(bank)
  }
  return bank
}

describe("any messages in any order, repeated and contradicting", () => {
  it("keep the invariants of the ledger after each (host-iso8583 §18)", async () => {
    const seen = { pending: false, suspense: false, cases: false }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const bank = await play(steps, async (current) => {
          expect(await violations(current)).toEqual([])
          const { pendingFen, suspenseFen } = await current.ledger.summary()
          seen.pending ||= pendingFen > 0n
          seen.suspense ||= suspenseFen > 0n
        })
        seen.cases ||= (await bank.cases()).length > 0
      }),
      { numRuns: 60 },
    )
    expect(seen).toEqual({ pending: true, suspense: true, cases: true })
  })
})
