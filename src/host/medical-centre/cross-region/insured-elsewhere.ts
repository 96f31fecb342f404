import { type ExplanationStep, isCalendarDate } from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import { type CentreContext, type CentreTime, centreTime } from "../context.js"
import { areaPayable } from "../ledger/accounts.js"
import { assess, type Bill } from "../settlement/bill.js"
import { type ElsewhereRequest, notSettled, type SettlementOutcome } from "../settlement/request.js"
import { type ClaimSource, settleClaim } from "../settlement/settle.js"
import { penaltyPoints } from "./filing.js"

/** The bill of one of our insured, sorted by the catalogue of the place of treatment: deductible, ratios and caps are ours. */
async function billElsewhere(rows: BankTransaction, request: ElsewhereRequest, { region }: CentreTime): Promise<Bill> {
  const { person, area, beganOn, isEmergency = false } = request
  return {
    person,
    care: request.care,
    cause: request.cause,
    level: request.level,
    place: request.place,
    beganOn,
    costs: request.costs,
    penaltyPoints: await penaltyPoints(rows, { person, area, beganOn, isEmergency }, region),
    useAccount: request.useAccount ?? true,
    pinVerified: request.pinVerified ?? false,
    payFromCard: false,
    ...(request.expected && { expected: request.expected }),
  }
}

function malformed({ costs, beganOn }: ElsewhereRequest) {
  const { totalFen, ownFen, overFen, preFen, scopeFen } = costs
  const parts = [ownFen, overFen, preFen, scopeFen]
  const isSum =
    parts.every((fen) => fen >= 0n) && parts.reduce((sum, fen) => sum + fen, 0n) === totalFen && totalFen > 0n
  if (isSum && isCalendarDate(beganOn)) return undefined
  return notSettled("S06", "费用分项与总额不符", "the parts of the bill do not add up")
}

/** What a bill from elsewhere would come to. */
export async function preSettleElsewhere(centre: CentreContext, request: ElsewhereRequest): Promise<SettlementOutcome> {
  const time = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    const refused = malformed(request)
    if (refused) return refused
    const steps: ExplanationStep[] = []
    const assessment = await assess(rows, await billElsewhere(rows, request, time), time, steps)
    if ("ok" in assessment) return assessment
    const { split, totalFen } = assessment
    return { ok: true, serial: request.serial, split, balanceFen: totalFen - split.accountFen, date: time.date, steps }
  })
}

/** Settles a bill from elsewhere: what our pots pay is owed to the region of treatment. */
export async function settleElsewhere(centre: CentreContext, request: ElsewhereRequest): Promise<SettlementOutcome> {
  const { serial, area } = request
  const source: ClaimSource = {
    serial,
    asked: request,
    async find(rows, time) {
      const refused = malformed(request)
      if (refused) return refused
      // The visit lies at the place of treatment; ours is only its number.
      const claim = {
        serial,
        asked: request,
        visit: `${area}-${request.visit}`,
        account: areaPayable(area),
        claimant: area,
        lines: "[]",
      }
      return { claim, bill: await billElsewhere(rows, request, time) }
    },
    mark: async () => {},
  }
  return settleClaim(centre, source, areaPayable(area))
}
