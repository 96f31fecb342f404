import { describe, expect, it } from "vitest"
import type { Card } from "../../src/card/index.js"
import { deriveTestCardKey, type PersonalAccountCard, softwareMedicalKeys } from "../../src/dictionary/index.js"
import {
  type FaultPlan,
  faultTransport,
  memoryReader,
  type OrderMemory,
  openCard,
  personalAccountCard,
} from "../../src/terminal/index.js"
import { BILL_I, giveAccount, openMedicalWorld, PERSON, yuan } from "../host/medical-centre/world.js"
import { amounts, enterAccount, medicalCard } from "../support/medical-card.js"

const accountKeys = softwareMedicalKeys(({ key, algorithm, factors }) =>
  deriveTestCardKey(algorithm, key.name, factors),
)
const CARD_NUMBER = "SB0000012"

const emptyCard = () => medicalCard({ medical: { cia: "0.00", year: "2025" } }, { pin: false })

const insert = (card: Card, plan?: FaultPlan) =>
  openCard(memoryReader(card), plan ? { line: (line) => faultTransport(line, plan) } : {})

/** Presents the card at a terminal, whose every transaction may go wrong by the plan. */
async function present(card: Card, memory: OrderMemory, plan?: FaultPlan): Promise<PersonalAccountCard> {
  const session = await insert(card)
  const line = plan ? faultTransport(session, plan) : session
  const presented = await personalAccountCard(
    { ...session, transmit: line.transmit },
    { pin: "123456", terminalNumber: "320800000001", accountKeys, memory },
  )
  if (!presented.ok) throw new Error(presented.code)
  return presented.account
}

/** A centre whose insured has this card, with 4,200.00 in his account there. */
async function world() {
  const { centre, visit } = await openMedicalWorld({ balanceYuan: 0 })
  await centre.changeInsured(PERSON, { cardNumber: CARD_NUMBER })
  await giveAccount(centre, PERSON, 4_200)
  return { centre, visit }
}

/** What the card holds: personal account, own payments and pooled payments of the year, in fen. */
function holds(card: Card): number[] {
  card.powerOn()
  enterAccount(card)
  return amounts(card).map((text) => Number.parseInt(text.slice(0, 8), 16))
}

describe("a hospital visit paid with the account on a real card", () => {
  it("moves the money from the centre to the card, and from the card to the hospital, to the fen", async () => {
    const { centre, visit } = await world()
    const card = emptyCard()
    const memory: OrderMemory = new Map()
    const account = await present(card, memory)
    expect(account.cardNumber).toBe(CARD_NUMBER)
    expect(await centre.transferToCard({ serial: "L1", person: PERSON, kind: "load" }, account)).toMatchObject({
      ok: true,
      amountFen: yuan(4_200),
      cardFen: yuan(4_200),
    })
    expect(holds(card)[0]).toBe(420_000)

    const asked = { serial: "S1", visit: await visit(), lines: BILL_I, pinVerified: true }
    const settled = await centre.settle(asked, await present(card, memory))
    if (!settled.ok) throw new Error(settled.code)
    expect(settled.split.accountFen).toBe(yuan(4_200))
    expect(holds(card)).toEqual([0, 420_000, Number(settled.split.fundFen)])
    expect((await centre.ledger.verify()).violations).toEqual([])
  })

  it("is refused with a card of somebody else", async () => {
    const { centre } = await world()
    const card = medicalCard({ medical: { cia: "0.00" } }, { pin: false })
    const account = { ...(await present(card, new Map())), cardNumber: "SB0000020" }
    expect(await centre.transferToCard({ serial: "L1", person: PERSON, kind: "load" }, account)).toMatchObject({
      ok: false,
      code: "L01",
    })
    expect(holds(card)[0]).toBe(0)
  })
})

describe.each([
  ["before it reaches the card", "remove"],
  ["before its answer arrives", "lose-answer"],
] as const)("a card pulled at any command, %s", (_, kind) => {
  it("leaves card and centre in agreement when it is presented again", async () => {
    const ends = new Set<string>()
    for (let at = 1; ; at++) {
      const { centre, visit } = await world()
      const card = emptyCard()
      const memory: OrderMemory = new Map()
      await centre.transferToCard({ serial: "L1", person: PERSON, kind: "load" }, await present(card, memory))
      const asked = { serial: "S1", visit: await visit(), lines: BILL_I, pinVerified: true }
      // Commands are counted from the first of the payment: presenting the card went well.
      let seen = 0
      let paying = false
      const plan: FaultPlan = () => (paying && ++seen === at ? { kind } : undefined)
      const account = await present(card, memory, plan)
      paying = true
      const first = await centre.settle(asked, account)
      ends.add(first.ok ? "settled" : first.code)
      const again = await centre.settle(asked, await present(card, memory))
      const [cia, spip, spfp] = holds(card)
      const { violations } = await centre.ledger.verify()
      expect(violations).toEqual([])
      const centreSays = await centre.account(PERSON)
      expect(centreSays?.cardFen, `cut at command ${at}`).toBe(BigInt(cia!))
      if (again.ok) {
        expect(again.split.accountFen).toBe(BigInt(spip!))
        expect(again.split.fundFen).toBe(BigInt(spfp!))
      } else expect([cia, spip, spfp]).toEqual([420_000, 0, 0])
      if (seen < at) break
    }
    expect(ends.size).toBeGreaterThan(1)
  })
})

describe("an order that stayed unanswered", () => {
  const debit = {
    serial: "D1",
    kind: "debit",
    personalFen: 1000n,
    pooledFen: 500n,
    date: "20250610",
    time: "100000",
  } as const

  it("is found in the card's journal, after another transaction took the proof's place", async () => {
    const card = medicalCard({ medical: { cia: "100.00", year: "2025" } }, { pin: false })
    const memory: OrderMemory = new Map()
    let lost = false
    const plan: FaultPlan = (command) => {
      if (command[1] !== 0x24 || lost) return undefined
      lost = true
      return { kind: "lose-answer" }
    }
    const account = await present(card, memory, plan)
    expect(await account.transact(debit)).toEqual({ outcome: "unknown" })
    // Elsewhere, at a terminal that knows nothing of it.
    const elsewhere = await present(card, new Map())
    expect(await elsewhere.transact({ ...debit, serial: "E1" })).toMatchObject({ outcome: "done" })
    expect(await (await present(card, memory)).prove(debit)).toEqual({ outcome: "done", proof: new Uint8Array(0) })
    expect(holds(card)[0]).toBe(8000)
  })

  it("of another terminal is none of this one's", async () => {
    const account = await present(medicalCard({}, { pin: false }), new Map())
    expect(await account.prove(debit)).toMatchObject({ outcome: "refused" })
  })

  it("the card's refusal is told in both languages", async () => {
    const account = await present(emptyCard(), new Map())
    const outcome = await account.transact(debit)
    expect(outcome).toMatchObject({ outcome: "refused", reason: { zh: expect.any(String), en: expect.any(String) } })
  })
})
