import fc from "fast-check"
import { expect, it } from "vitest"
import { CardRemovedError, hex, toHex } from "../../../../src/apdu/index.js"
import type { Card } from "../../../../src/card/index.js"
import {
  activeCard,
  type CryptogramAnswer,
  externalAuthenticate,
  financialCard,
  GPO,
  generateAc,
  pinChange,
  scriptCommand,
  select,
  send,
  status,
} from "../../../support/financial-card.js"

const STATES = ["inactive", "active", "blocked", "closed", "cardBlocked"] as const
const SCRIPTS = ["84180000", "841E0000", "841E0001", "84160000", "84240000"] as const

/** What may happen to a card, and what a terminal may send to it, in any order. */
const step = fc.oneof(
  // The next step of an orderly transaction: without it hardly one would come to its end.
  { weight: 24, arbitrary: fc.constant({ kind: "proceed" as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: "select" as const }) },
  { weight: 4, arbitrary: fc.constant({ kind: "gpo" as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("generateAc" as const),
      asked: fc.constantFrom("80" as const, "40" as const, "00" as const),
      responseCode: fc.constantFrom("", "3030", "3030", "5933", "5A33"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("externalAuthenticate" as const), right: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("script" as const),
      header: fc.constantFrom(...SCRIPTS),
      anchor: fc.constantFrom("cryptogram" as const, "challenge" as const, "none" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("pinChange" as const), pin: fc.constantFrom("1234", "987654") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("verify" as const), pin: fc.constantFrom("123456", "000000") }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "challenge" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "reset" as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cut" as const), after: fc.nat(12), torn: fc.boolean() }) },
)
type AnyStep = typeof step extends fc.Arbitrary<infer T> ? T : never
type Step = Exclude<AnyStep, { kind: "proceed" }>

/** What the memory says, read past all commands. */
function observe(card: Card) {
  const { elements, pin, filesBySfi } = card.layout.applications.find(({ name }) => name === "PBOC")!
  const { memory } = card
  return {
    state: STATES[memory.readByte(elements.lifecycle!.offset)]!,
    counter: memory.readUint16(elements.applicationTransactionCounter!),
    lastOnline: memory.readUint16(elements.lastOnlineTransactionCounter!),
    tries: memory.readByte(pin!.triesOffset),
    maximumTries: pin!.maximumTries,
    logged: memory.readByte(filesBySfi[0x0b]!.region.offset + 1),
  }
}

/** A terminal that plays the steps and holds the card to what it must never do. */
class Watch {
  private anchor: Uint8Array | undefined = undefined
  private arqc: CryptogramAnswer | undefined = undefined
  private authenticated = false
  private selected = false
  private begun = false
  private ended = false
  /** Approvals that the card gave. */
  approvals = 0
  private readonly counters = new Set<number>()
  private readonly card: Card

  constructor(card: Card) {
    this.card = card
  }

  play(next: AnyStep): void {
    this.run(next.kind === "proceed" ? this.orderly() : next)
  }

  private orderly(): Step {
    if (!this.selected || this.ended) return { kind: "select" }
    if (!this.begun) return { kind: "gpo" }
    if (!this.arqc) return { kind: "generateAc", asked: "80", responseCode: "" }
    if (!this.authenticated) return { kind: "externalAuthenticate", right: true }
    return { kind: "generateAc", asked: "40", responseCode: "3030" }
  }

  private run(next: Step): void {
    const before = observe(this.card)
    try {
      this.act(next, before)
    } catch (error) {
      if (!(error instanceof CardRemovedError)) throw error
      this.card.powerOn()
      this.forget()
    }
    this.compare(next, before)
  }

  private forget(): void {
    this.anchor = undefined
    this.arqc = undefined
    this.authenticated = false
    this.selected = false
    this.begun = false
    this.ended = false
  }

  private act(next: Step, before: ReturnType<typeof observe>): void {
    const { card } = this
    const counter = before.counter.toString(16).padStart(4, "0").toUpperCase()
    switch (next.kind) {
      case "select":
        this.forget()
        this.selected = true
        select(card)
        return
      case "reset":
        card.reset()
        this.forget()
        return
      case "cut":
        card.cutPowerAfter(next.after, { torn: next.torn })
        return
      case "challenge":
        this.anchor = hex(send(card, "0084000008").slice(0, -4))
        return
      case "gpo":
        if (status(card, GPO) !== "9000") {
          this.ended = true
          return
        }
        this.begun = true
        expect(before.state).toBe("active")
        expect(this.counters.has(before.counter + 1)).toBe(false)
        this.counters.add(before.counter + 1)
        return
      case "generateAc":
        this.generate(next, before)
        return
      case "externalAuthenticate": {
        if (!this.arqc) {
          expect(status(card, "008200000A00112233445566773030")).not.toBe("9000")
          return
        }
        const answer = externalAuthenticate(card, this.arqc, next.right)
        if (answer === "9000") expect(next.right).toBe(true)
        this.authenticated ||= answer === "9000"
        this.ended ||= answer === "6300"
        return
      }
      case "script":
      case "pinChange": {
        const anchor = this.anchorOf(next.kind === "script" ? next.anchor : "cryptogram")
        const command =
          next.kind === "script" ? scriptCommand(counter, anchor, next.header) : pinChange(counter, anchor, next.pin)
        const answer = status(card, command)
        if (answer === "9000") expect(toHex(anchor)).not.toBe("00".repeat(8))
        if (answer === "9000") expect(["closed", "cardBlocked"]).not.toContain(before.state)
        return
      }
      case "verify":
        status(card, `00200080082${next.pin.length}${next.pin.padEnd(14, "F")}`)
    }
  }

  private anchorOf(kind: "cryptogram" | "challenge" | "none"): Uint8Array {
    const known = kind === "cryptogram" ? this.arqc?.cryptogram : kind === "challenge" ? this.anchor : undefined
    return known?.length === 8 ? known : new Uint8Array(8)
  }

  private generate(next: Extract<Step, { kind: "generateAc" }>, before: ReturnType<typeof observe>): void {
    const answer = generateAc(this.card, next.asked, next.responseCode)
    if (answer.sw !== "9000") return
    this.ended = this.arqc !== undefined || answer.cid !== "80"
    if (answer.cid === "40") {
      this.approvals++
      // The profile allows no off-line approval and wants the issuer authenticated.
      expect(before.state).toBe("active")
      expect(next.responseCode).toBe("3030")
      expect(next.asked).toBe("40")
      expect(this.arqc?.cid).toBe("80")
      expect(this.authenticated).toBe(true)
      expect(observe(this.card)).toMatchObject({ lastOnline: before.counter, logged: Math.min(before.logged + 1, 10) })
    }
    if (answer.cid === "80") expect(next.asked).not.toBe("00")
    if (!this.arqc) this.arqc = answer
  }

  private compare(next: Step, before: ReturnType<typeof observe>): void {
    const after = observe(this.card)
    expect(after.counter - before.counter).toBeGreaterThanOrEqual(0)
    expect(after.counter - before.counter).toBeLessThanOrEqual(next.kind === "gpo" ? 1 : 0)
    expect(after.lastOnline).toBeGreaterThanOrEqual(before.lastOnline)
    expect(after.lastOnline).toBeLessThanOrEqual(after.counter)
    expect(after.tries).toBeLessThanOrEqual(after.maximumTries)
    if (next.kind === "verify" && next.pin === "000000") expect(before.tries - after.tries).toBeOneOf([0, 1])
    if (after.state !== before.state) {
      expect(next.kind).toBe("script")
      expect(["closed", "cardBlocked"]).not.toContain(before.state)
    }
    if (after.tries > before.tries) expect(["verify", "script", "pinChange"]).toContain(next.kind)
    if (after.logged !== before.logged) {
      expect(next.kind).toBe("generateAc")
      expect(after.lastOnline).toBe(after.counter)
    }
  }
}

it("in any order of commands, resets and power cuts the card keeps its rules", () => {
  let approvals = 0
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 20, maxLength: 80 }), (active, steps) => {
      const watch = new Watch(active ? activeCard() : financialCard())
      for (const next of steps) watch.play(next)
      approvals += watch.approvals
    }),
    { numRuns: 400 },
  )
  expect(approvals).toBeGreaterThan(50)
}, 60_000)
