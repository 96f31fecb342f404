import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { inProcessLink } from "../../src/host/index.js"
import { type DispenserFault, scriptedPinPad, withdraw } from "../../src/terminal/index.js"
import { ACTIVE, settle, worldOf } from "./world.js"

/** What may go wrong at one visit. */
interface Visit {
  readonly amountFen: number
  readonly pins: readonly string[]
  /** Commands after which the card is pulled. */
  readonly pull: number
  /** Physical writes after which the card loses power. */
  readonly cut: number
  readonly torn: boolean
  /** Messages of this visit whose request or answer is lost. */
  readonly lost: readonly number[]
  readonly fault: DispenserFault | undefined
  readonly cardTaken: boolean
}

const never = fc.constant(Number.POSITIVE_INFINITY)
const visit: fc.Arbitrary<Visit> = fc.record({
  amountFen: fc.integer({ min: 1, max: 8 }).map((notes) => notes * 10_000),
  pins: fc.oneof(
    { weight: 4, arbitrary: fc.constant([ACTIVE.pin]) },
    { weight: 1, arbitrary: fc.constantFrom([], ["000000", ACTIVE.pin], ["000000"]) },
  ),
  pull: fc.oneof({ weight: 3, arbitrary: never }, fc.nat(25)),
  cut: fc.oneof({ weight: 3, arbitrary: never }, fc.nat(25)),
  torn: fc.boolean(),
  lost: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.uniqueArray(fc.nat(5), { maxLength: 3 })),
  // Those after which nobody knows where the notes are cannot be counted.
  fault: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    fc.constantFrom<DispenserFault>(
      "stackFails",
      "presentFails",
      "notTaken",
      "partlyTaken",
      "partial",
      "exposedTaken",
      "exposedLeft",
      "noteRejected",
    ),
  ),
  cardTaken: fc.boolean(),
})

describe("visits with whatever may go wrong", () => {
  it("end with cash, debit and suspense in agreement", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 5 }), async (visits) => {
        let lost: readonly number[] = []
        let messages = 0
        const isLost = () => lost.includes(messages++)
        const world = await worldOf({
          link: (bank) => inProcessLink(bank, { dropRequest: isLost, dropAnswer: isLost }),
        })
        const { slot, dispenser, terminal } = world
        let paidFen = 0
        for (const { amountFen, pins, pull, cut, torn, fault, cardTaken, ...rest } of visits) {
          lost = rest.lost
          messages = 0
          dispenser.failNext(fault)
          const card = slot.insert()
          slot.pullAfter(pull)
          slot.card.cutPowerAfter(cut, { torn })
          const before = dispenser.positions().handsFen
          const result = await withdraw(card, {
            terminal,
            dispenser,
            pinPad: scriptedPinPad(terminal.keys, pins),
            amountFen,
            returnCard: async () => (cardTaken ? "taken" : "notTaken"),
          })
          const handed = dispenser.positions().handsFen - before
          if (result.ok) expect(handed).toBe(amountFen)
          else expect(handed === 0 || result.code === "NOTES_RETRACTED").toBe(true)
          paidFen += handed
        }
        lost = []
        dispenser.failNext(undefined)
        slot.card.cutPowerAfter(Number.POSITIVE_INFINITY)
        const found = await settle(world)
        expect(found.handsFen).toBe(paidFen)
        expect(found.chargedFen).toBe(paidFen + found.suspenseFen)
      }),
      { numRuns: 150 },
    )
  })
})
