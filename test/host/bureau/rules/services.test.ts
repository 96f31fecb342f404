import { describe, expect, it } from "vitest"
import {
  type CardFacts,
  cardStateAt,
  decideCardService,
  decidePin,
  workDaysAfter,
} from "../../../../src/host/bureau/rules/card.js"
import { lateFee, monthDue } from "../../../../src/host/bureau/rules/contributions.js"
import { decideMaternity } from "../../../../src/host/bureau/rules/maternity.js"
import {
  CANCELLING_EVENTS,
  cancellationOf,
  decideJobRegistration,
  decideUnemployedRegistration,
} from "../../../../src/host/bureau/rules/registration.js"
import { decideSkillSubsidy } from "../../../../src/host/bureau/rules/training.js"
import { defaultRegion, loadRegion } from "../../../../src/host/index.js"

const region = defaultRegion()

describe("card services (domain-rules §3.2)", () => {
  const card: CardFacts = {
    state: "normal",
    since: { date: "20250601", time: "120000" },
    issuedOn: "20240601",
    isReplacing: false,
    isDeceased: false,
    holderKind: "employee",
  }
  const now = { date: "20250610", time: "100000" }
  const ask = { service: "temporaryLoss", channel: "phone", isIdentityVerified: true } as const
  type Request = Parameters<typeof decideCardService>[0]
  const decide = (request: Partial<Request>, facts: Partial<CardFacts> = {}, rules = region.card) =>
    decideCardService({ ...ask, ...request }, { ...card, ...facts }, now, rules)

  it.each<[string, Partial<Request>, Partial<CardFacts>]>([
    ["C01", {}, { state: "suspended" }],
    ["C02", { isIdentityVerified: false }, {}],
    ["C03", { service: "enable", channel: "window", isByAgent: true }, { state: "notEnabled" }],
    ["C04", { service: "release", channel: "window" }, { state: "formallyLost" }],
    ["C05", { service: "replace", channel: "window" }, { state: "formallyLost" }],
    ["C06", { service: "release", channel: "window" }, { state: "tempLost", isReplacing: true }],
    ["C07", {}, { isDeceased: true }],
    ["C11", { service: "cancel", channel: "window" }, {}],
    ["C12", {}, { holderKind: "student" }],
    ["C13", { service: "formalLoss" }, {}],
  ])("%s", (code, request, facts) => {
    expect(decide(request, facts)).toMatchObject({ ok: false, code, rule: "domain-rules §3.2" })
  })

  it("C08: the initial PIN may query, not transact; C09: nor be set again; C10: a locked PIN does nothing", () => {
    const pin = { use: "transact", isLocked: false, isInitial: true } as const
    expect(decidePin(pin, region.card)).toMatchObject({ code: "C08" })
    expect(decidePin({ ...pin, use: "query" }, region.card)).toBeUndefined()
    expect(decidePin({ ...pin, use: "change", newPin: "123456" }, region.card)).toMatchObject({ code: "C09" })
    expect(decidePin({ ...pin, use: "change", newPin: "654321" }, region.card)).toBeUndefined()
    expect(decidePin({ ...pin, isLocked: true, use: "query" }, region.card)).toMatchObject({ code: "C10" })
    expect(decidePin(pin, { ...region.card, initialPinMode: "skip" })).toBeUndefined()
    expect(decidePin({ ...pin, use: "query" }, { ...region.card, initialPinMode: "forceChange" })).toMatchObject({
      code: "C08",
    })
  })

  it.each<[Request["service"], Request["channel"], CardFacts["state"], CardFacts["state"]]>([
    ["enable", "window", "notEnabled", "normal"],
    ["temporaryLoss", "kiosk", "normal", "tempLost"],
    ["release", "window", "tempLost", "normal"],
    ["formalLoss", "app", "tempLost", "formallyLost"],
    ["unlock", "kiosk", "pinLocked", "normal"],
    ["suspend", "window", "normal", "suspended"],
    ["resume", "window", "suspended", "normal"],
  ])("%s over %s: %s becomes %s", (service, channel, state, next) => {
    expect(decide({ service, channel }, { state })).toMatchObject({ ok: true, state: next })
  })

  it("a temporary loss ends at the exact second (§18.1, 18), and not while a replacement is queued (§3.4, 2)", () => {
    const lost = { ...card, state: "tempLost" } as const
    expect(cardStateAt(lost, { date: "20250611", time: "115959" }, region.card)).toBe("tempLost")
    expect(cardStateAt(lost, { date: "20250611", time: "120000" }, region.card)).toBe("normal")
    expect(cardStateAt({ ...lost, isReplacing: true }, { date: "20250701", time: "000000" }, region.card)).toBe(
      "tempLost",
    )
    const cancelling = { ...region.card, onTempLossExpiry: "cancel" } as const
    expect(cardStateAt(lost, { date: "20250611", time: "120000" }, cancelling)).toBe("cancelled")
  })

  it("a replacement is free for a defect within its days, and ready after working days", () => {
    const request = { service: "replace", channel: "window", isDefect: true } as const
    expect(decide(request, { issuedOn: "20240610" }).ok).toBe(true)
    expect(decide(request, { issuedOn: "20240609" })).toMatchObject({ code: "C05", lacks: "1600" })
    const slow = { ...region.card, instantIssue: false }
    expect(decide({ ...request, isFeePaid: true }, {}, slow)).toMatchObject({ readyOn: "20250701" })
    expect(workDaysAfter("20250613", 1)).toBe("20250616")
  })
})

describe("contributions (R23, domain-rules §5.1)", () => {
  it("holds the wage between floor and ceiling", () => {
    const bases = [500_000n, 800_000n, 9_000_000n].map((wage) => monthDue(wage, 1, region.contrib).dues[0]!.baseFen)
    expect(bases).toEqual([600_000n, 800_000n, 3_000_000n])
  })

  it("R23: employer and employee owe their shares; 8 % go to the pension account", () => {
    const { dues } = monthDue(800_000n, 2, region.contrib)
    expect(dues.map(({ insurance, employerFen, personFen }) => [insurance, employerFen, personFen])).toEqual([
      ["110", 128_000n, 64_000n],
      ["210", 4_000n, 4_000n],
      ["310", 64_000n, 16_000n],
      ["410", 3_200n, 0n],
    ])
    expect(dues[0]!.accountFen).toBe(64_000n)
    const fixed = monthDue(800_000n, 2, loadRegion("bj-like", { date: "20250601" }).contrib)
    expect(fixed.dues[2]).toMatchObject({ employerFen: 78_400n, personFen: 16_300n })
  })

  it("late by 10 days, 1,000.00 cost 5.00", () => {
    expect(lateFee(100_000n, 10, region.contrib)).toBe(500n)
    expect(lateFee(100_000n, 0, region.contrib)).toBe(0n)
  })

  it("refuses a class of industry and a wage that cannot be", () => {
    expect(() => monthDue(1n, 9, region.contrib)).toThrow(/^injuryClass/)
    expect(() => monthDue(-1n, 1, region.contrib)).toThrow(/^wageFen/)
  })
})

describe("registration (R18, domain-rules §12)", () => {
  const facts = {
    birthDate: "19900101",
    retiresOn: "20530101",
    date: "20250831",
    isAble: true,
    isSeeking: true,
    isEmployed: false,
    isRegistered: false,
  }
  it("R18: unemployed people register; who seeks work registers for six months, employed or not", () => {
    expect(decideUnemployedRegistration(facts)).toMatchObject({ ok: true, on: "20250831" })
    expect(decideJobRegistration({ ...facts, isEmployed: true }, region.registration)).toMatchObject({
      until: "20260228",
    })
  })

  it.each([
    ["G01", { birthDate: "20090901" }],
    ["G01", { retiresOn: "20250831" }],
    ["G02", { isAble: false }],
    ["G03", { isSeeking: false }],
    ["G04", { isEmployed: true }],
    ["G05", { isRegistered: true }],
  ] as const)("%s for %o", (code, changes) => {
    expect(decideUnemployedRegistration({ ...facts, ...changes })).toMatchObject({ code })
    if (code !== "G04")
      expect(decideJobRegistration({ ...facts, ...changes }, region.registration)).toMatchObject({ code })
  })

  it("is cancelled by events, silence and refused offers", () => {
    const life = { lastContactOn: "20250831", refusedOffers: 0, date: "20260228" }
    expect(cancellationOf(life, region.registration)).toBeUndefined()
    expect(cancellationOf({ ...life, date: "20260301" }, region.registration)).toBe("noContact")
    expect(cancellationOf({ ...life, refusedOffers: 3 }, region.registration)).toBe("maxRefusals")
    for (const event of CANCELLING_EVENTS) expect(cancellationOf({ ...life, event }, region.registration)).toBe(event)
  })
})

describe("training (R20, domain-rules §12)", () => {
  const paid = { occupation: "4-01", level: "5", paidOn: "20250101" }
  const claim = {
    occupation: "6-31",
    level: "4",
    paidMonths: 36,
    certifiedOn: "20240610",
    claimedOn: "20250610",
    earlier: [],
    hasOtherSubsidy: false,
  }
  it.each([
    ["5", 100_000n],
    ["4", 150_000n],
    ["3", 200_000n],
  ])("R20: level %s brings %i fen", (level, fen) => {
    expect(decideSkillSubsidy({ ...claim, level }, region.training)).toMatchObject({ ok: true, fen })
  })
  it.each([
    ["T01", { paidMonths: 35 }],
    ["T02", { claimedOn: "20250611" }],
    ["T02", { claimedOn: "20240609" }],
    ["T03", { earlier: [{ ...paid, occupation: "6-31", level: "4" }] }],
    ["T04", { earlier: [paid, { ...paid, level: "4" }, { ...paid, level: "3" }] }],
    ["T05", { hasOtherSubsidy: true }],
    ["T06", { level: "1" }],
  ])("%s for %o", (code, changes) => {
    expect(decideSkillSubsidy({ ...claim, ...changes }, region.training)).toMatchObject({ ok: false, code })
  })
})

describe("maternity (Art. 2)", () => {
  it.each([
    [{ event: "birth" }, 98, 2_613_333n],
    [{ event: "birth", isDifficult: true, children: 2 }, 128, 3_413_333n],
    [{ event: "early" }, 15, 400_000n],
    [{ event: "late" }, 42, 1_120_000n],
  ] as const)("%o is %i days", (facts, days, fen) => {
    expect(decideMaternity({ ...facts, isInsured: true, averageBaseFen: 800_000n })).toMatchObject({ days, fen })
  })
  it("M01: not without insurance", () => {
    expect(decideMaternity({ event: "birth", isInsured: false, averageBaseFen: 1n })).toMatchObject({ code: "M01" })
  })
})
