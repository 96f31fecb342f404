import { describe, expect, it } from "vitest"
import {
  createMedicalCentre,
  type HomeCentre,
  loadRegion,
  type PlatformLink,
  type SettlementRequest,
} from "../../../../src/host/index.js"
import { BILL_I, CARD_NUMBER, HOSPITAL, openMedicalWorld, PERSON, standingClock, yuan } from "../world.js"

const [HOME, AWAY] = ["990100", "440300"]

/** The default region insures; in sz-like the person is treated. The second knows the first over a platform. */
async function openTwo(wrap: (home: HomeCentre) => HomeCentre = (home) => home, seconds = 30) {
  const home = await openMedicalWorld()
  const platform: PlatformLink = { home: (area) => (area === HOME ? wrap(home.centre) : undefined) }
  const region = loadRegion("sz-like", { date: "20250601", changes: { crossRegion: { timeoutSeconds: seconds } } })
  const away = createMedicalCentre({ region, clock: standingClock(), platform })
  await away.addProvider({ code: HOSPITAL, name: "异地医院", kind: "hospital", level: "3" })
  const registered = await away.registerVisit({ person: PERSON, provider: HOSPITAL, care: "inpatient", homeArea: HOME })
  if (!registered.ok) throw new Error(registered.code)
  const request: SettlementRequest = { serial: "X1", visit: registered.id, lines: BILL_I, pinVerified: true }
  const books = async () => {
    const [at, there] = [await home.centre.ledger.verify(), await away.ledger.verify()]
    expect([at.violations, there.violations]).toEqual([[], []])
    return {
      owedByHome: at.groupsFen.get("2203") ?? 0n,
      owedToUs: -(there.groupsFen.get("1131") ?? 0n),
      claim: there.groupsFen.get("2201") ?? 0n,
    }
  }
  return { home, away, request, books }
}

const never = () => new Promise<never>(() => undefined)

describe("settlement across regions (domain-rules §7)", () => {
  it("takes the catalogue of the place of treatment, ratios and accounts of the place of insurance; unfiled 10 points less", async () => {
    const { home, away, request, books } = await openTwo()
    const shown = await away.preSettle(request)
    const outcome = await away.settle(request)
    // Scope 37,000: 29,000 × 75 % + 7,000 × 80 %.
    expect(outcome).toMatchObject({
      ok: true,
      split: { deductibleFen: yuan(1_000), poolFen: yuan(27_350), accountFen: yuan(4_200) },
    })
    expect(shown).toMatchObject({ split: (outcome as { split: object }).split })
    expect(await books()).toEqual({ owedByHome: yuan(31_550), owedToUs: yuan(31_550), claim: yuan(31_550) })
    expect(await home.centre.account(PERSON)).toMatchObject({ totalFen: 0n })
  })

  it.each([
    ["long-term filing", { kind: "longTerm", area: AWAY } as const, yuan(30_950)],
    ["temporary filing for the province", { kind: "temporary", area: "449900" } as const, yuan(30_950)],
    ["filing for another province", { kind: "longTerm", area: "110100" } as const, yuan(27_350)],
  ])("with a %s", async (_, filing, poolFen) => {
    const { home, away, request } = await openTwo()
    expect(await home.centre.fileTreatmentElsewhere({ person: PERSON, ...filing })).toMatchObject({ ok: true })
    expect(await away.settle(request)).toMatchObject({ split: { poolFen } })
  })

  it("an emergency counts as filed", async () => {
    const { home } = await openTwo()
    const costs = { totalFen: yuan(1_000), ownFen: 0n, overFen: 0n, preFen: 0n, scopeFen: yuan(1_000) }
    const bill = {
      person: PERSON,
      visit: "V",
      area: AWAY,
      care: "outpatient",
      cause: "illness",
      level: "3",
      place: "other",
      beganOn: "20250610",
      costs,
      useAccount: false,
    } as const
    await home.centre.settleElsewhere({ ...bill, serial: "D" })
    const [emergency, plain] = await Promise.all([
      home.centre.preSettleElsewhere({ ...bill, serial: "E", isEmergency: true }),
      home.centre.preSettleElsewhere({ ...bill, serial: "F" }),
    ])
    expect([emergency, plain]).toMatchObject([{ split: { poolFen: yuan(600) } }, { split: { poolFen: yuan(500) } }])
  })

  it("reversed, both books are as they were", async () => {
    const { home, away, request, books } = await openTwo()
    await away.settle(request)
    const reversed = await away.reverse({ serial: "R1", original: "X1" })
    expect(reversed).toMatchObject({ ok: true, accountFen: yuan(4_200) })
    expect(await books()).toEqual({ owedByHome: 0n, owedToUs: 0n, claim: 0n })
    expect(await home.centre.account(PERSON)).toMatchObject({ totalFen: yuan(4_200) })
    expect(await away.reverse({ serial: "R1", original: "X1" })).toMatchObject({ ok: true })
    expect(await away.settle({ ...request, serial: "X2" })).toMatchObject({ ok: true })
  })

  it("is cleared between the regions: what one pays the other gets", async () => {
    const { home, away, request, books } = await openTwo()
    await away.settle(request)
    expect(await home.centre.clear({ key: "2025-06", with: { area: AWAY } })).toEqual({
      paidFen: yuan(31_550),
      receivedFen: 0n,
    })
    expect(await away.clear({ key: "2025-06", with: { area: HOME } })).toEqual({
      paidFen: 0n,
      receivedFen: yuan(31_550),
    })
    expect(await books()).toEqual({ owedByHome: 0n, owedToUs: 0n, claim: yuan(31_550) })
  })

  it("under one serial happens once; the serial of another bill is S07", async () => {
    const { away, request, books } = await openTwo()
    const first = await away.settle(request)
    expect(await away.settle(request)).toEqual(first)
    expect(await away.settle({ ...request, useAccount: false })).toMatchObject({ code: "S07" })
    expect((await books()).claim).toBe(yuan(31_550))
  })

  it("S09 when the place of insurance does not answer: asked, taken back, nothing owed", async () => {
    const { home, away, request, books } = await openTwo((centre) => ({ ...centre, settleElsewhere: never }), 0.01)
    expect(await away.settle(request)).toMatchObject({ code: "S09", isPending: true })
    expect(await books()).toEqual({ owedByHome: 0n, owedToUs: 0n, claim: 0n })
    expect(await home.centre.find("X1")).toBeUndefined()
  })

  it("finds what was settled although the answer was lost, and does not settle it twice", async () => {
    const lost = (centre: HomeCentre): HomeCentre => ({
      ...centre,
      settleElsewhere: async (request) => {
        await centre.settleElsewhere(request)
        return never()
      },
    })
    const { away, request, books } = await openTwo(lost, 0.01)
    expect(await away.settle(request)).toMatchObject({ ok: true })
    expect(await books()).toEqual({ owedByHome: yuan(31_550), owedToUs: yuan(31_550), claim: yuan(31_550) })
  })

  it("S09 when nothing is heard at all, also of a pre-settlement and of a reversal", async () => {
    const dead = (centre: HomeCentre): HomeCentre => ({
      ...centre,
      settleElsewhere: never,
      find: never,
      reverse: never,
      preSettleElsewhere: never,
    })
    const { away, request } = await openTwo(dead, 0.01)
    expect(await away.preSettle(request)).toMatchObject({ code: "S09" })
    expect(await away.settle(request)).toMatchObject({ code: "S09" })
    const half = await openTwo((centre) => ({ ...centre, reverse: never }), 0.01)
    await half.away.settle(half.request)
    expect(await half.away.reverse({ serial: "R", original: "X1" })).toMatchObject({ code: "S09" })
  })

  it("refuses what home refuses, and a home that takes no part", async () => {
    const { home, away, request } = await openTwo()
    await home.centre.changeInsured(PERSON, { cardState: "tempLost" })
    expect(await away.settle(request)).toMatchObject({ code: "S01" })
    const visit = await away.registerVisit({
      person: PERSON,
      provider: HOSPITAL,
      care: "outpatient",
      homeArea: "110100",
    })
    expect(await away.settle({ ...request, visit: (visit as { id: string }).id })).toMatchObject({ code: "S02" })
    expect(await away.preSettle({ ...request, visit: (visit as { id: string }).id })).toMatchObject({ code: "S02" })
  })

  it("refuses a bill whose parts do not add up", async () => {
    const { home } = await openTwo()
    const costs = { totalFen: 100n, ownFen: -1n, overFen: 0n, preFen: 0n, scopeFen: 101n }
    const bill = {
      serial: "Y",
      person: PERSON,
      visit: "V",
      area: AWAY,
      care: "outpatient",
      cause: "illness",
      level: "3",
      place: "other",
      beganOn: "20250610",
      costs,
    } as const
    expect(await home.centre.settleElsewhere(bill)).toMatchObject({ ok: false, code: "S06" })
  })

  it("X02 for a long-term filing that is changed too early, X01 for who is not insured", async () => {
    const { home } = await openTwo()
    const filing = { person: PERSON, kind: "longTerm", area: AWAY } as const
    await home.centre.fileTreatmentElsewhere(filing)
    expect(await home.centre.fileTreatmentElsewhere({ ...filing, area: "110100" })).toMatchObject({ code: "X02" })
    home.clock.set("2025-12-10 08:00:00")
    expect(await home.centre.fileTreatmentElsewhere({ ...filing, kind: "temporary" })).toEqual({
      ok: true,
      beganOn: "20251210",
      endsOn: "20260610",
    })
    expect(await home.centre.fileTreatmentElsewhere({ ...filing, person: CARD_NUMBER })).toMatchObject({ code: "X01" })
  })
})
