import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { MedicalCentre, WithdrawalApplicationJson } from "../../../../src/host/index.js"
import { BILL_I, openMedicalWorld, PERSON, testCard, yuan } from "../world.js"
import { CHILD, DEATH, EMIGRATION, PARENT } from "./cases.js"

/** Every paper there is, in any selection, from whoever, wherever, for either account. */
const application: fc.Arbitrary<WithdrawalApplicationJson> = fc
  .record({
    base: fc.constantFrom(DEATH, EMIGRATION),
    id: fc.constantFrom("A", "B", "C"),
    account: fc.constantFrom("personal" as const, "pooled" as const),
    channel: fc.constantFrom("medicalCentre" as const, "atm" as const, "online" as const),
    condition: fc.constantFrom("DEATH", "EMIGRATION", "OTHER"),
    evidence: fc.subarray([...DEATH.evidence!, ...EMIGRATION.evidence!]),
    materials: fc.subarray([
      "applicantId",
      "relationProof",
      "applicationForm",
      "payeeAccount",
      "originalCard",
      "heirsAgreement",
      "mandate",
      "commitment",
    ]),
    heirs: fc.subarray([DEATH.heirs![0]!, CHILD, PARENT]),
    isComplete: fc.boolean(),
  })
  .map(({ base, isComplete, ...given }) =>
    isComplete ? { ...base, id: given.id, account: given.account } : { ...base, ...given },
  )

type Step = (centre: MedicalCentre, card: ReturnType<typeof testCard>) => Promise<unknown>

const step: fc.Arbitrary<Step> = fc.oneof(
  application.map(
    (given): Step =>
      ({ withdrawals }) =>
        withdrawals.submit(given, "w"),
  ),
  fc.constantFrom("A", "B", "C").chain((id) =>
    fc.constantFrom<Step>(
      ({ withdrawals }) => withdrawals.verify(id, "w"),
      ({ withdrawals }) => withdrawals.freeze(id, "w"),
      ({ withdrawals }, card) => withdrawals.freeze(id, "w", card),
      ({ withdrawals }) => withdrawals.approve(id, "w"),
      ({ withdrawals }) => withdrawals.pay(id, "p"),
    ),
  ),
  fc.nat(99).map(
    (n): Step =>
      (centre) =>
        centre.creditMonth({ person: PERSON, month: `2025${String(n).padStart(2, "0")}`, wageFen: yuan(9_000) }),
  ),
  fc.nat(3).map(
    (n): Step =>
      async (centre, card) => {
        const visit = await centre.registerVisit({
          person: PERSON,
          provider: "H99000000001",
          care: "inpatient",
          beganOn: "20250520",
        })
        if (!visit.ok) return
        await centre.settle(
          { serial: `S${n}`, visit: visit.id, lines: BILL_I, pinVerified: true },
          n > 1 ? card : undefined,
        )
        await centre.cancelVisit(visit.id)
      },
  ),
  fc.nat(3).map(
    (n): Step =>
      (centre) =>
        centre.reverse({ serial: `R${n}`, original: `S${n}` }),
  ),
  fc.nat(9).map(
    (n): Step =>
      (centre, card) =>
        centre.transferToCard({ serial: `T${n}`, person: PERSON, kind: n > 5 ? "load" : "unload" }, card),
  ),
  fc.constant<Step>((centre) => centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250605" })),
  fc.constant<Step>((centre) => centre.changeInsured(PERSON, { state: "1", stoppedOn: null, cardState: "normal" })),
  fc.constant<Step>((centre) => centre.reportDeath(PERSON, "20250601")),
)

describe("pooled money (R7)", () => {
  it("is never paid out: whatever is asked in whatever order, payments are no more than came into the personal account", () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30 }), fc.boolean(), async (steps, isStopped) => {
        let paidFen = 0n
        const payouts = {
          accepts: async () => true,
          pay: async ({ amountFen }: { amountFen: bigint }) => {
            paidFen += amountFen
            return "paid" as const
          },
        }
        const { centre, store, clock } = await openMedicalWorld({ payouts, start: "2025-05-15T02:00:00Z" })
        clock.set("2025-06-10 10:00:00")
        const card = testCard()
        if (isStopped) await centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250605" })
        for (const run of steps) await run(centre, card)

        expect((await centre.ledger.verify()).violations).toEqual([])
        const entries = await store.transaction((rows) => rows.list("medicalEntries"))
        const legs = await store.transaction((rows) => rows.list("medicalLegs"))
        const kinds = new Map(entries.map(({ id, kind }) => [id, kind]))
        const sum = (group: string, of: readonly string[]) =>
          legs
            .filter(({ entry, account }) => account.startsWith(group) && of.includes(kinds.get(entry)!))
            .reduce((total, { fen }) => total - fen, 0n)
        // Payments are what left the funds' cash for withdrawals, and all of it came into personal accounts before.
        expect(sum("1001", ["P2"])).toBe(paidFen)
        expect(paidFen).toBeLessThanOrEqual(sum("2101", ["K1", "K2", "K3"]))
        // Whatever left the pool went to claims of hospitals, which only reversals give back.
        const left = legs
          .filter(({ account, fen }) => account === "3101" && fen > 0n)
          .map(({ entry }) => kinds.get(entry))
        for (const kind of left) expect(["S1", "S2", "K2"]).toContain(kind)
        // No application for the pooled account got further than its refusal.
        for (const row of await store.transaction((rows) => rows.list("medicalWithdrawals")))
          if ((JSON.parse(row.document) as { account: string }).account === "pooled")
            expect([row.state, row.code]).toEqual(["rejected", "W01"])
      }),
      { numRuns: 150 },
    ))

  it("and the steps do pay when everything is in order, so that the property above is about something", async () => {
    let paid = 0
    const pay = async () => {
      paid++
      return "paid" as const
    }
    const payouts = { accepts: async () => true, pay }
    const { centre, clock } = await openMedicalWorld({ payouts, start: "2025-05-15T02:00:00Z" })
    clock.set("2025-06-10 10:00:00")
    await centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250605" })
    await centre.withdrawals.submit({ ...DEATH, id: "A" }, "w")
    await centre.withdrawals.verify("A", "w")
    await centre.withdrawals.freeze("A", "w")
    await centre.withdrawals.approve("A", "w")
    await centre.withdrawals.pay("A", "p")
    expect(paid).toBe(1)
  })
})
