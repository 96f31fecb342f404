import type { ExplanationStep, PersonalAccountCard } from "../../../dictionary/index.js"
import type { ProviderRow } from "../../store/medical-rows.js"
import { type CentreContext, centreTime } from "../context.js"
import { preSettleVisitor, reverseVisitor, settleVisitor, type VisitorVisit } from "../cross-region/visitor.js"
import { assess } from "./bill.js"
import type { SettlementOutcome, SettlementRequest } from "./request.js"
import { type ReversalRequest, reverse } from "./reverse.js"
import { settleClaim, storedAnswer } from "./settle.js"
import { accountOfVisit, billOf, visitSource } from "./visit-claim.js"

/** The visit of somebody insured elsewhere, where it is one that may be settled or was. */
function findVisitor(
  centre: CentreContext,
  id: string,
): Promise<{ visit: VisitorVisit; provider: ProviderRow } | undefined> {
  return centre.store.transaction(async (rows) => {
    const visit = await rows.get("visits", id)
    if (!visit || visit.homeArea === null || visit.state === "cancelled") return undefined
    const provider = await rows.get("providers", visit.provider)
    return provider && { visit: { ...visit, homeArea: visit.homeArea }, provider }
  })
}

/** Reverses a settlement, here or at the place of insurance. */
export async function reverseSettlement(centre: CentreContext, request: ReversalRequest) {
  const row = await centre.store.transaction((rows) => rows.get("medicalSettlements", request.original))
  const visitor = row?.state === "settled" ? await findVisitor(centre, row.visit) : undefined
  return visitor ? reverseVisitor(centre, request, row!, visitor.visit) : reverse(centre, request)
}

/**
 * What a settlement would come to, by the rules of today; nothing is posted, and no PIN is asked for.
 *
 * @throws {InputError} for a bill that is none
 */
export async function preSettle(centre: CentreContext, request: SettlementRequest): Promise<SettlementOutcome> {
  const visitor = await findVisitor(centre, request.visit)
  if (visitor) return preSettleVisitor(centre, request, visitor.visit, visitor.provider)
  const time = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    const found = await billOf(rows, request, false, time)
    if ("ok" in found) return found
    const steps: ExplanationStep[] = []
    const assessment = await assess(rows, found.bill, time, steps)
    if ("ok" in assessment) return assessment
    const { split, totalFen } = assessment
    return { ok: true, serial: request.serial, split, balanceFen: totalFen - split.accountFen, date: time.date, steps }
  })
}

/** Settles a visit, from the account at the centre or, when a card is presented, from the account on it. */
export async function settle(
  centre: CentreContext,
  request: SettlementRequest,
  card?: PersonalAccountCard,
): Promise<SettlementOutcome> {
  const visitor = await findVisitor(centre, request.visit)
  if (visitor) return settleVisitor(centre, request, visitor.visit, visitor.provider)
  const account = await centre.store.transaction((rows) => accountOfVisit(rows, request.visit))
  return settleClaim(centre, visitSource(request, card !== undefined), account, card)
}

/** What became of a settlement: asked after a failure, before anything is sent again (domain-rules §6.5). */
export async function findSettlement(centre: CentreContext, serial: string): Promise<SettlementOutcome | undefined> {
  return centre.store.transaction(async (rows) => {
    const row = await rows.get("medicalSettlements", serial)
    return row && storedAnswer(row)
  })
}
