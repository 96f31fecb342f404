import { describe, expect, it } from "vitest"
import type { PayoutLink, PayoutOrder } from "../../../../src/dictionary/index.js"
import type { MedicalCentre, WithdrawalApplicationJson } from "../../../../src/host/index.js"
import { memoryStore } from "../../../../src/host/store/memory-store.js"
import { faultyStore } from "../../faulty-store.js"
import {
  BILL_I,
  giveAccount,
  type MedicalWorldOptions,
  OTHER,
  openMedicalWorld,
  PERSON,
  SPOUSE,
  testCard,
  yuan,
} from "../world.js"
import { CHILD, DEATH, EMIGRATION, PARENT, runCase, SEVERAL, withEvidence } from "./cases.js"

/** A bank that remembers what it paid. */
function bank(answers: ("paid" | "refused" | "unknown")[] = []) {
  const paid = new Map<string, PayoutOrder>()
  const link: PayoutLink = {
    accepts: async (accountNumber) => !accountNumber.endsWith("9999"),
    async pay(order) {
      const answer = answers.shift() ?? "paid"
      if (answer !== "refused") {
        if (paid.has(order.key) && JSON.stringify(paid.get(order.key), String) !== JSON.stringify(order, String))
          throw new Error("another order")
        paid.set(order.key, order)
      }
      return answer
    },
  }
  return { link, paid: () => [...paid.values()] }
}

/** The insurance of a person is stopped and there is money in his account; interest is off, so that figures are plain. */
async function openCase(options: MedicalWorldOptions & { answers?: ("paid" | "refused" | "unknown")[] } = {}) {
  const { answers, ...rest } = options
  const payouts = bank(answers)
  const changes = { ...rest.changes, medical: { paInterestRate: 0, ...rest.changes?.medical } }
  const world = await openMedicalWorld({ payouts: payouts.link, start: "2025-05-15T02:00:00Z", ...rest, changes })
  world.clock.set("2025-06-10 10:00:00")
  await stop(world.centre)
  return { ...world, paid: payouts.paid }
}

const stop = (centre: MedicalCentre) => centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250605" })

async function bookOf(centre: MedicalCentre) {
  const { violations, groupsFen } = await centre.ledger.verify()
  expect(violations).toEqual([])
  return groupsFen
}

describe("withdrawal", () => {
  it("R9: after a death the legal heir gets the whole balance, with the death certificate and the other materials", async () => {
    const { centre, paid } = await openCase()
    expect(await runCase(centre, DEATH)).toMatchObject({
      ok: true,
      state: "closed",
      amountFen: yuan(4_200),
      card: "marked",
    })
    expect(paid()).toEqual([
      {
        key: "withdrawal-CASE-1-0",
        accountNumber: "6217000000000000046",
        accountName: "测试配偶",
        amountFen: yuan(4_200),
      },
    ])
    expect(await centre.account(PERSON)).toEqual({ state: "closed", centreFen: 0n, cardFen: 0n, totalFen: 0n })
    const groups = await bookOf(centre)
    expect([groups.get("2101"), groups.get("2105")]).toEqual([0n, 0n])
  })

  it("R10: who settles abroad gets it himself, with the exit certificate", async () => {
    const { centre, paid } = await openCase()
    expect(await runCase(centre, EMIGRATION)).toMatchObject({ ok: true, state: "closed", amountFen: yuan(4_200) })
    expect(paid()).toMatchObject([{ accountName: "测试一号", amountFen: yuan(4_200) }])
  })

  it("goes through its states, and tells what was checked at each: rule, parameter, value", async () => {
    const { centre, store } = await openCase()
    const { withdrawals } = centre
    const submitted = await withdrawals.submit(DEATH, "w1")
    expect(submitted).toMatchObject({ state: "materialsChecked" })
    expect(submitted.checks.map(({ code }) => code)).toEqual(["W01", "W13", "W02", "W10", "W03"])
    expect(submitted.checks[2]).toEqual({
      code: "W02",
      rule: "R8",
      parameter: "withdraw.conditions",
      value: '["DEATH","EMIGRATION"]',
      isPassed: true,
    })
    expect(await withdrawals.verify("CASE-1", "w1")).toMatchObject({ state: "eventVerified" })
    expect(await withdrawals.freeze("CASE-1", "w1")).toMatchObject({ state: "balanceFrozen", card: "marked" })
    expect(await withdrawals.approve("CASE-1", "w2")).toMatchObject({ state: "approved" })
    expect(await withdrawals.pay("CASE-1", "w3")).toMatchObject({ state: "closed" })
    const audit = await store.transaction((rows) => rows.list("medicalAudit"))
    expect(audit.map(({ actor, result }) => [actor, result])).toEqual([
      ["w1", "materialsChecked"],
      ["w1", "relationVerified"],
      ["w1", "eventVerified"],
      ["w1", "balanceFrozen"],
      ["w1", "marked"],
      ["w2", "approved"],
      ["w3", "paid"],
      ["w3", "closed"],
    ])
    expect(JSON.stringify(audit)).not.toMatch(/99999919|测试/)
  })

  it("takes its steps in their order, each once", async () => {
    const { centre } = await openCase()
    const { withdrawals } = centre
    for (const step of ["verify", "freeze", "approve", "pay"] as const)
      expect(await withdrawals[step]("CASE-1", "w")).toMatchObject({ ok: false, code: "STEP" })
    await withdrawals.submit(DEATH, "w")
    expect(await withdrawals.submit(DEATH, "w")).toMatchObject({ code: "STEP" })
    expect(await withdrawals.approve("CASE-1", "w")).toMatchObject({ code: "STEP", state: "materialsChecked" })
    await runRest(centre)
    expect(await withdrawals.pay("CASE-1", "w")).toMatchObject({ code: "STEP", state: "closed" })
  })

  it("is approved and paid by two different people", async () => {
    const { centre } = await openCase()
    await centre.withdrawals.submit(DEATH, "w1")
    await centre.withdrawals.verify("CASE-1", "w1")
    await centre.withdrawals.freeze("CASE-1", "w1")
    await centre.withdrawals.approve("CASE-1", "w2")
    await expect(centre.withdrawals.pay("CASE-1", "w2")).rejects.toMatchObject({ field: "operator" })
    expect(await centre.withdrawals.pay("CASE-1", "w3")).toMatchObject({ ok: true })
  })

  it("pays interest to the day: 4,200.00 at 1 % for 73 days is 4,208.40 (domain-rules §8.2)", async () => {
    const payouts = bank()
    const world = await openMedicalWorld({ payouts: payouts.link, balanceYuan: 0 })
    world.clock.set("2025-01-01 09:00:00")
    await giveAccount(world.centre, PERSON, 4_200)
    world.clock.set("2025-03-15 09:00:00")
    await world.centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250310" })
    const application = withEvidence(EMIGRATION, { issuedOn: "2025-03-11", eventOn: "2025-03-10" })
    expect(await runCase(world.centre, application)).toMatchObject({ amountFen: 420_840n, interestFen: 840n })
    await bookOf(world.centre)
  })

  it("divides among several heirs: 1,000.00 to three is 333.34, 333.33, 333.33 (domain-rules §8.2)", async () => {
    const { centre, paid } = await openCase({ balanceYuan: 1_000 })
    expect(await runCase(centre, SEVERAL)).toMatchObject({ ok: true })
    expect(paid().map(({ amountFen }) => amountFen)).toEqual([33_334n, 33_333n, 33_333n])
  })

  it("divides by agreed shares, and leaves out who waived", async () => {
    const { centre, paid } = await openCase({ balanceYuan: 1_000 })
    const heirs = [
      { ...SEVERAL.heirs![0]!, share: 1 },
      { ...CHILD, share: 3 },
      { ...PARENT, consent: "waives" as const },
    ]
    await runCase(centre, { ...SEVERAL, heirs })
    expect(paid().map(({ accountName, amountFen }) => [accountName, amountFen])).toEqual([
      ["测试配偶", yuan(250)],
      ["测试子女", yuan(750)],
    ])
  })

  it("pays a balance of one fen (domain-rules §18.1, 15)", async () => {
    const { centre, paid } = await openCase({ balanceYuan: 4_200 })
    await centre.changeInsured(PERSON, { state: "1", stoppedOn: null })
    const visit = await centre.registerVisit({
      person: PERSON,
      provider: "P99000000001",
      care: "pharmacy",
      beganOn: "20250601",
    })
    const lines = [{ code: "A", category: "drug", class: "A", feeFen: yuan(4_200) - 1n }] as const
    await centre.settle({ serial: "S", visit: (visit as { id: string }).id, lines, pinVerified: true })
    await stop(centre)
    expect(await runCase(centre, DEATH)).toMatchObject({ amountFen: 1n })
    expect(paid()).toMatchObject([{ amountFen: 1n }])
  })

  it("gives back to the payer what came after the event (domain-rules §8.2)", async () => {
    const { centre, paid } = await openCase()
    await centre.creditMonth({ person: PERSON, month: "202506", wageFen: yuan(8_000) })
    // What came on the day of the death is his.
    const application = withEvidence(DEATH, { eventOn: "2025-06-10", issuedOn: "2025-06-10" })
    expect(await runCase(centre, application)).toMatchObject({ amountFen: yuan(4_360) })
    expect(paid()).toMatchObject([{ amountFen: yuan(4_360) }])
    expect(await centre.creditMonth({ person: PERSON, month: "202507", wageFen: yuan(8_000) })).toMatchObject({
      isReturned: true,
    })
    expect((await bookOf(centre)).get("2301")).toBe(yuan(800))
  })

  it("gives back a credit between the event and the application", async () => {
    const world = await openCase({ balanceYuan: 0 })
    world.clock.set("2025-05-20 10:00:00")
    await giveAccount(world.centre, PERSON, 600)
    world.clock.set("2025-06-08 10:00:00")
    await world.centre.creditMonth({ person: PERSON, month: "202506", wageFen: yuan(8_000) })
    world.clock.set("2025-06-10 10:00:00")
    expect(await runCase(world.centre, DEATH)).toMatchObject({ amountFen: yuan(600) })
    expect((await bookOf(world.centre)).get("2301")).toBe(yuan(160))
  })

  it("goes to an insured heir's own personal account where the region says so", async () => {
    const { centre, paid } = await openCase({ changes: { withdraw: { heirInsured: "transfer" } } })
    await centre.insure({
      person: SPOUSE,
      name: "测试配偶",
      kind: "employee",
      insuredFrom: "20200101",
      cardNumber: "S00000020",
    })
    expect(await runCase(centre, DEATH)).toMatchObject({ ok: true, state: "closed" })
    expect(paid()).toEqual([])
    expect(await centre.account(SPOUSE)).toMatchObject({ totalFen: yuan(4_200) })
    await bookOf(centre)
  })

  it("goes to the pool when there is no heir (domain-rules §8.2)", async () => {
    const { centre, paid } = await openCase()
    const pool = (await bookOf(centre)).get("3101")!
    const application: WithdrawalApplicationJson = {
      ...DEATH,
      heirs: [],
      applicant: { name: "经办机构", id: "AGENCY", role: "agency" },
      materials: ["applicationForm"],
    }
    expect(await runCase(centre, application)).toMatchObject({ ok: true, state: "closed" })
    expect(paid()).toEqual([])
    expect((await bookOf(centre)).get("3101")).toBe(pool + yuan(4_200))
  })

  it("a minor heir gets it through his guardian (domain-rules §18.1, 13)", async () => {
    const { centre, paid } = await openCase()
    const minor = {
      ...CHILD,
      id: minorId(),
      guardian: { name: "测试配偶", id: SPOUSE },
      payee: { accountNumber: "6217000000000000046", accountName: "测试配偶" },
    }
    const application = { ...DEATH, heirs: [minor] }
    expect(await runCase(centre, application)).toMatchObject({ ok: true })
    expect(paid()).toMatchObject([{ accountName: "测试配偶" }])
  })

  it("takes a commitment instead of the proof of kinship where the region says so", async () => {
    const materials = DEATH.materials!.map((material) => (material === "relationProof" ? "commitment" : material))
    const heirs = [{ ...DEATH.heirs![0]!, proof: "COMMITMENT" as const }]
    const plain = await openCase()
    expect(await runCase(plain.centre, { ...DEATH, materials, heirs })).toMatchObject({
      code: "W03",
      missing: ["relationProof"],
    })
    const lenient = await openCase({ changes: { withdraw: { commitmentReplacesRelationProof: true } } })
    expect(await runCase(lenient.centre, { ...DEATH, materials, heirs })).toMatchObject({ ok: true })
  })

  it("an agent applies for who left already, where the region says so and with a mandate", async () => {
    const agent = { name: "代办人", id: OTHER, role: "agent" as const }
    const application = { ...EMIGRATION, applicant: agent, payee: EMIGRATION.payee! }
    const bj = await openCase({ changes: { withdraw: { agentForEmigration: true } } })
    expect(await runCase(bj.centre, application)).toMatchObject({ code: "W03", missing: ["mandate"] })
    expect(
      await runCase(bj.centre, { ...application, materials: [...application.materials!, "mandate"] }),
    ).toMatchObject({ ok: true })
  })

  it("a rejected case may be handed in again, mended", async () => {
    const { centre } = await openCase()
    expect(await runCase(centre, { ...DEATH, materials: [] })).toMatchObject({ code: "W03", state: "rejected" })
    expect(await runCase(centre, DEATH)).toMatchObject({ ok: true, state: "closed" })
  })
})

async function runRest({ withdrawals }: MedicalCentre) {
  await withdrawals.verify("CASE-1", "w")
  await withdrawals.freeze("CASE-1", "w")
  await withdrawals.approve("CASE-1", "w1")
  return withdrawals.pay("CASE-1", "w2")
}

/** A synthetic identity number of somebody born in 2015. */
const minorId = () => "999999201501010012"

describe("the card of a withdrawal", () => {
  it("that is presented is unloaded and closed", async () => {
    const { centre, paid } = await openCase()
    const card = testCard()
    await centre.transferToCard({ serial: "L", person: PERSON, kind: "load", amountFen: yuan(1_000) }, card)
    await centre.withdrawals.submit(DEATH, "w")
    await centre.withdrawals.verify("CASE-1", "w")
    expect(await centre.withdrawals.freeze("CASE-1", "w", card)).toMatchObject({ ok: true, card: "unloaded" })
    expect(card.balanceFen).toBe(0n)
    await runRest(centre)
    expect(paid()).toMatchObject([{ amountFen: yuan(4_200) }])
  })

  it("that is not presented is refused from now on, and what it held is paid", async () => {
    const { centre, paid } = await openCase()
    const card = testCard()
    await centre.transferToCard({ serial: "L", person: PERSON, kind: "load" }, card)
    expect(await runCase(centre, DEATH)).toMatchObject({ ok: true, card: "marked" })
    expect(paid()).toMatchObject([{ amountFen: yuan(4_200) }])
    expect(await centre.transferToCard({ serial: "L2", person: PERSON, kind: "load" }, card)).toMatchObject({
      ok: false,
    })
  })

  it.each(["before", "after"] as const)(
    "that gives no answer %s its commit holds the case up until it does",
    async (fault) => {
      const { centre, paid } = await openCase()
      const card = testCard()
      await centre.transferToCard({ serial: "L", person: PERSON, kind: "load" }, card)
      await centre.withdrawals.submit(DEATH, "w")
      await centre.withdrawals.verify("CASE-1", "w")
      card.failNext(fault)
      expect(await centre.withdrawals.freeze("CASE-1", "w", card)).toMatchObject({ ok: false, state: "balanceFrozen" })
      expect(await centre.withdrawals.approve("CASE-1", "c")).toMatchObject({ code: "STEP" })
      expect(await centre.withdrawals.freeze("CASE-1", "w", card)).toMatchObject({ ok: true, card: "unloaded" })
      await centre.withdrawals.approve("CASE-1", "c")
      await centre.withdrawals.pay("CASE-1", "p")
      expect(paid()).toMatchObject([{ amountFen: yuan(4_200) }])
      expect(card.balanceFen).toBe(0n)
    },
  )
})

describe("a withdrawal is refused with", () => {
  const refused = async (application: WithdrawalApplicationJson, options?: MedicalWorldOptions) => {
    const { centre, paid } = await openCase(options)
    const outcome = await runCase(centre, application)
    expect(outcome.ok).toBe(false)
    expect(paid()).toEqual([])
    expect(await centre.account(PERSON)).toMatchObject({ totalFen: yuan(4_200) })
    await bookOf(centre)
    return outcome
  }

  it("W01: pooled money never, whoever asks with whatever papers (R7)", async () => {
    expect(await refused({ ...SEVERAL, account: "pooled" })).toMatchObject({
      code: "W01",
      rule: "R7",
      state: "rejected",
    })
    expect(await refused({ ...EMIGRATION, account: "pooled", channel: "atm" })).toMatchObject({ code: "W01" })
  })

  it.each(["bankCounter", "atm", "kiosk", "pos", "online"] as const)("W13: not at %s (R11)", async (channel) => {
    expect(await refused({ ...DEATH, channel })).toMatchObject({ code: "W13", rule: "R11" })
  })

  it("W02: another condition, or none (R8)", async () => {
    expect(await refused({ ...DEATH, condition: "HOUSE" })).toMatchObject({ code: "W02", rule: "R8" })
    const { condition: _, ...none } = DEATH
    expect(await refused(none)).toMatchObject({ code: "W02" })
    expect(await refused({ ...EMIGRATION, condition: "VOLUNTARY_EXIT" })).toMatchObject({ code: "W02" })
  })

  it.each(["travel", "study", "posting"] as const)(
    "W02: %s is not settling abroad (domain-rules §1.2)",
    async (purpose) => {
      expect(await refused(withEvidence(EMIGRATION, { purpose }))).toMatchObject({ code: "W02" })
    },
  )

  it("W03: everything that is missing, at once (R9, R10)", async () => {
    expect(await refused({ ...DEATH, evidence: [], materials: ["originalCard"] })).toMatchObject({
      code: "W03",
      missing: ["DEATH_MEDICAL", "applicantId", "relationProof", "applicationForm", "payeeAccount"],
    })
    expect(await refused({ ...EMIGRATION, evidence: DEATH.evidence! })).toMatchObject({
      code: "W03",
      missing: ["EXIT_CERT"],
    })
  })

  it.each<[string, WithdrawalApplicationJson]>([
    ["another name", withEvidence(DEATH, { holderName: "别人" })],
    ["another number", withEvidence(DEATH, { holderId: OTHER })],
    ["issued tomorrow", withEvidence(DEATH, { issuedOn: "2025-06-11" })],
    ["issued before the death", withEvidence(DEATH, { eventOn: "2025-06-03" })],
    ["a death before the birth", withEvidence(DEATH, { eventOn: "1989-12-31" })],
    ["a forged paper", withEvidence(DEATH, { result: "forged" })],
    [
      "papers that contradict one another",
      { ...DEATH, evidence: [...DEATH.evidence!, { ...DEATH.evidence![0]!, eventOn: "2025-05-01" }] },
    ],
  ])("W04: %s", async (_, application) => {
    expect(await refused(application)).toMatchObject({ code: "W04" })
  })

  it("W04: somebody who is not insured here", async () => {
    const { centre } = await openCase()
    const application = { ...withEvidence(DEATH, { holderId: OTHER }), person: OTHER }
    expect(await runCase(centre, application)).toMatchObject({ code: "W04" })
  })

  it("W04: other authorities know nothing of it, or know of a death when he says that he leaves", async () => {
    const events = { confirm: async () => "contradicted" as const }
    expect(await refused(DEATH, { events })).toMatchObject({ code: "W04" })
    const { centre } = await openCase({ events: { confirm: async () => "confirmed" } })
    await centre.reportDeath(PERSON, "20250601")
    expect(await runCase(centre, EMIGRATION)).toMatchObject({ code: "W04" })
    expect(await runCase(centre, DEATH)).toMatchObject({ ok: true })
  })

  it.each<[string, WithdrawalApplicationJson]>([
    ["somebody who is no heir", { ...DEATH, applicant: { name: "别人", id: OTHER, role: "heir" } }],
    ["no heir named", { ...DEATH, heirs: [] }],
    ["the deceased himself", { ...DEATH, heirs: [{ ...DEATH.heirs![0]!, id: PERSON }] }],
    [
      "a second-order heir beside one of the first",
      { ...SEVERAL, heirs: [...DEATH.heirs!, { ...CHILD, kinship: "SIBLING" }] },
    ],
    ["a grandchild without a will", { ...DEATH, heirs: [{ ...DEATH.heirs![0]!, kinship: "GRANDCHILD" }] }],
    ["a will that nobody confirmed", { ...DEATH, heirs: [{ ...DEATH.heirs![0]!, kinship: "OTHER", isWilled: true }] }],
    ["one heir twice", { ...SEVERAL, heirs: [...DEATH.heirs!, ...DEATH.heirs!] }],
    [
      "a minor without guardian",
      {
        ...DEATH,
        heirs: [{ ...DEATH.heirs![0]!, id: minorId() }],
        applicant: { name: "x", id: minorId(), role: "heir" },
      },
    ],
    [
      "a guardian who is a minor",
      { ...DEATH, heirs: [{ ...CHILD, id: minorId(), guardian: { name: "x", id: minorId() } }] },
    ],
    ["a commitment where none is accepted", { ...DEATH, heirs: [{ ...DEATH.heirs![0]!, proof: "COMMITMENT" }] }],
    [
      "an agent who leaves for another",
      {
        ...EMIGRATION,
        applicant: { name: "x", id: OTHER, role: "agent" },
        materials: [...EMIGRATION.materials!, "mandate"],
      },
    ],
    ["somebody who says that he is the insured", { ...EMIGRATION, applicant: { name: "x", id: OTHER, role: "self" } }],
  ])("W05: %s", async (_, application) => {
    expect(await refused(application)).toMatchObject({ code: "W05" })
  })

  it("nothing for an heir of the second order when there is none of the first, or a willed one", async () => {
    const sibling = { ...DEATH.heirs![0]!, kinship: "SIBLING" as const, proof: "NOTARY" as const }
    expect(await runCase((await openCase()).centre, { ...DEATH, heirs: [sibling] })).toMatchObject({ ok: true })
    const willed = { ...sibling, kinship: "OTHER" as const, isWilled: true }
    expect(await runCase((await openCase()).centre, { ...SEVERAL, heirs: [willed, CHILD] })).toMatchObject({ ok: true })
  })

  it.each<[string, WithdrawalApplicationJson]>([
    ["an heir disagrees", { ...SEVERAL, heirs: [...DEATH.heirs!, { ...CHILD, consent: "disagrees" }] }],
    ["an heir did not sign", { ...SEVERAL, heirs: [...DEATH.heirs!, { ...CHILD, consent: "absent" }] }],
    ["no agreement of several heirs", { ...SEVERAL, materials: DEATH.materials! }],
    ["everybody waived", { ...DEATH, heirs: [{ ...DEATH.heirs![0]!, consent: "waives" }] }],
    ["a share for one only", { ...SEVERAL, heirs: [{ ...DEATH.heirs![0]!, share: 2 }, CHILD] }],
  ])("W06: %s", async (_, application) => {
    expect(await refused(application)).toMatchObject({ code: "W06" })
  })

  it("W08: the insurance is not stopped; it goes on when it is", async () => {
    const { centre } = await openCase()
    await centre.changeInsured(PERSON, { state: "1", stoppedOn: null })
    expect(await runCase(centre, DEATH)).toMatchObject({ code: "W08", state: "eventVerified" })
    await stop(centre)
    expect(await runRest(centre)).toMatchObject({ ok: true, state: "closed" })
  })

  it("W07: a bill is open; it is settled first, from the same account (domain-rules §18.1, 14)", async () => {
    const { centre, paid } = await openCase()
    const visit = await centre.registerVisit({
      person: PERSON,
      provider: "H99000000001",
      care: "inpatient",
      beganOn: "20250520",
    })
    expect(await runCase(centre, DEATH)).toMatchObject({ code: "W07", state: "eventVerified" })
    await centre.settle({
      serial: "S",
      visit: (visit as { id: string }).id,
      lines: [{ ...BILL_I[2]!, feeFen: yuan(1_500) }],
      pinVerified: true,
    })
    expect(await runRest(centre)).toMatchObject({ ok: true })
    // 1,500.00: deductible 1,000, share 75: the account pays 1,075.
    expect(paid()).toMatchObject([{ amountFen: yuan(3_125) }])
  })

  it("W07: a settlement waits for its card", async () => {
    const { centre } = await openCase()
    const card = testCard()
    await centre.transferToCard({ serial: "L", person: PERSON, kind: "load" }, card)
    const visit = await centre.registerVisit({
      person: PERSON,
      provider: "H99000000001",
      care: "inpatient",
      beganOn: "20250520",
    })
    card.failNext("before")
    const request = { serial: "S", visit: (visit as { id: string }).id, lines: BILL_I, pinVerified: true }
    expect(await centre.settle(request, card)).toMatchObject({ isPending: true })
    expect(await runCase(centre, EMIGRATION)).toMatchObject({ code: "W07" })
  })

  it.each([
    ["days after the insurance stopped", { waitDays: 60 }, "20250804"],
    ["a day of the next month", { payFromDayOfNextMonth: 10 }, "20250710"],
    ["a time for objections", { objectionDays: 15 }, "20250625"],
  ])("W11: %s, and is paid when it is over", async (_, withdraw, until) => {
    const { centre, clock } = await openCase({ changes: { withdraw } })
    expect(await runCase(centre, DEATH)).toMatchObject({ code: "W11", until, state: "balanceFrozen" })
    clock.set(`${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6)} 00:00:00`)
    expect(await runRest(centre)).toMatchObject({ ok: true })
  })

  it.each<[string, WithdrawalApplicationJson]>([
    ["no account named", { ...DEATH, heirs: [{ ...DEATH.heirs![0]!, payee: undefined }] }],
    [
      "an account of another name",
      { ...EMIGRATION, payee: { accountNumber: "6217000000000000046", accountName: "别人" } },
    ],
    [
      "an account that the bank does not know",
      { ...EMIGRATION, payee: { accountNumber: "62170000000000009999", accountName: "测试一号" } },
    ],
  ])("W12: %s", async (_, application) => {
    expect(await refused(application)).toMatchObject({ code: "W12", state: "balanceFrozen" })
  })

  it("W12: the bank refuses the payment, and pays it to another account", async () => {
    const { centre, paid } = await openCase({ answers: ["refused"] })
    expect(await runCase(centre, DEATH)).toMatchObject({ code: "W12", state: "approved" })
    expect((await bookOf(centre)).get("2105")).toBe(yuan(4_200))
    expect(await centre.withdrawals.redirect("CASE-1", 0, "6217999999000000017")).toBe(true)
    expect(await centre.withdrawals.redirect("CASE-1", 0, "1")).toBe(false)
    expect(await centre.withdrawals.pay("CASE-1", "p")).toMatchObject({ ok: true, state: "closed" })
    expect(paid()).toMatchObject([{ accountNumber: "6217999999000000017" }])
  })

  it("W09: the balance is zero", async () => {
    const { centre, paid } = await openCase({ balanceYuan: 0 })
    expect(await runCase(centre, DEATH)).toMatchObject({ code: "W09", state: "rejected" })
    expect(paid()).toEqual([])
    expect(await centre.account(PERSON)).toMatchObject({ state: "closed" })
  })

  it("W10: paid already, or another case is on its way", async () => {
    const { centre, paid } = await openCase()
    await centre.withdrawals.submit(DEATH, "w")
    expect(await runCase(centre, { ...DEATH, id: "CASE-9" })).toMatchObject({ code: "W10" })
    await runRest(centre)
    expect(await runCase(centre, { ...EMIGRATION, id: "CASE-10" })).toMatchObject({ code: "W10" })
    expect(paid()).toHaveLength(1)
  })

  it("the first reason of the order, when several apply", async () => {
    const all: WithdrawalApplicationJson = {
      ...DEATH,
      account: "pooled",
      channel: "atm",
      condition: "NONE",
      evidence: [],
    }
    expect(await refused(all)).toMatchObject({ code: "W01" })
    expect(await refused({ ...all, account: "personal" })).toMatchObject({ code: "W13" })
    expect(await refused({ ...all, account: "personal", channel: "medicalCentre" })).toMatchObject({ code: "W02" })
    expect(await refused({ ...withEvidence(DEATH, { result: "forged" }), heirs: [] })).toMatchObject({ code: "W04" })
  })

  it.each([
    ["no number", { ...DEATH, id: "" }, "application.id"],
    ["a wrong date", withEvidence(DEATH, { eventOn: "2025-02-30" }), "application.evidence.0.eventOn"],
    ["a number of nobody", { ...DEATH, person: "999999199001010017" }, "application.person"],
    ["a field too many", { ...DEATH, amount: 5 }, "application"],
    ["a share of nothing", { ...DEATH, heirs: [{ ...DEATH.heirs![0]!, share: 0 }] }, "application.heirs.0.share"],
  ])("an input error for %s", async (_, application, field) => {
    const { centre } = await openCase()
    await expect(centre.withdrawals.submit(application as never, "w")).rejects.toMatchObject({
      code: "INVALID_INPUT",
      field,
    })
  })
})

describe("a frozen account", () => {
  it("takes no settlement and no credit", async () => {
    const { centre } = await openCase()
    await centre.withdrawals.submit(DEATH, "w")
    await centre.withdrawals.verify("CASE-1", "w")
    await centre.withdrawals.freeze("CASE-1", "w")
    const visit = await centre.registerVisit({
      person: PERSON,
      provider: "H99000000001",
      care: "inpatient",
      beganOn: "20250520",
    })
    const request = { serial: "S", visit: (visit as { id: string }).id, lines: BILL_I, pinVerified: true }
    expect(await centre.settle(request)).toMatchObject({ ok: true, split: { accountFen: 0n } })
    expect(await centre.creditMonth({ person: PERSON, month: "202506", wageFen: yuan(8_000) })).toMatchObject({
      isReturned: true,
    })
  })
})

describe("a payment that breaks", () => {
  it("at any operation of the store is made once when it is asked for again", async () => {
    const open = async () => {
      const store = faultyStore(memoryStore())
      const world = await openCase({ store, balanceYuan: 1_000 })
      await world.centre.withdrawals.submit(SEVERAL, "w")
      await world.centre.withdrawals.verify("CASE-1", "w")
      await world.centre.withdrawals.freeze("CASE-1", "w")
      await world.centre.withdrawals.approve("CASE-1", "c")
      store.takeCount()
      return { ...world, store }
    }
    const whole = await open()
    await whole.centre.withdrawals.pay("CASE-1", "p")
    const operations = whole.store.takeCount()
    expect(operations).toBeGreaterThan(40)
    for (let n = 0; n < operations; n++) {
      const { centre, store, paid } = await open()
      store.breakAfter(n)
      await expect(centre.withdrawals.pay("CASE-1", "p")).rejects.toThrow("the store broke")
      await bookOf(centre)
      expect(await centre.withdrawals.pay("CASE-1", "p")).toMatchObject({
        ok: true,
        state: "closed",
        amountFen: yuan(1_000),
      })
      expect(paid().map(({ amountFen }) => amountFen)).toEqual([33_334n, 33_333n, 33_333n])
      expect((await bookOf(centre)).get("2105")).toBe(0n)
    }
  })

  it("because nobody knows whether the bank paid is ordered again under the same key", async () => {
    const { centre, paid } = await openCase({ answers: ["unknown"] })
    expect(await runCase(centre, DEATH)).toMatchObject({ ok: true, state: "approved" })
    expect(await centre.withdrawals.pay("CASE-1", "p")).toMatchObject({ ok: true, state: "closed" })
    expect(paid()).toHaveLength(1)
  })
})
