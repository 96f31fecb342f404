import { TimeoutError } from "../../../apdu/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { MedicalSettlementRow, ProviderRow, VisitRow } from "../../store/medical-rows.js"
import { type CentreContext, type CentreTime, centreTime } from "../context.js"
import { areaReceivable, claimAccount } from "../ledger/accounts.js"
import { credit, debit, postMedicalOnce } from "../ledger/post.js"
import {
  type ElsewhereRequest,
  type NotSettled,
  notSettled,
  type SettlementOutcome,
  type SettlementRequest,
} from "../settlement/request.js"
import type { ReversalRequest, Reversed } from "../settlement/reverse.js"
import { storedAnswer } from "../settlement/settle.js"
import { encode, hashOf } from "../settlement/stored.js"
import { UNUSED_YEAR } from "../split/case.js"
import { classify } from "../split/classify.js"
import { type HomeCentre, withinSeconds } from "./platform.js"

/** A visit here of somebody who is insured elsewhere. */
export interface VisitorVisit extends VisitRow {
  readonly homeArea: string
}

const timedOut = () =>
  notSettled("S09", "参保地平台超时", "the platform of the place of insurance did not answer", { isPending: true })
const noHome = () => notSettled("S02", "参保地未接入异地结算", "the place of insurance does not take part")

/** The bill as the place of insurance gets it: sorted by our catalogue. */
function elsewhereRequest(
  request: SettlementRequest,
  visit: VisitRow,
  provider: ProviderRow,
  { region }: CentreTime,
): ElsewhereRequest {
  const { visit: id, lines, ...wishes } = request
  return {
    ...wishes,
    visit: id,
    person: visit.person,
    area: region.region.code,
    care: visit.care,
    cause: visit.cause,
    level: provider.level,
    place: provider.kind === "community" ? "community" : "other",
    beganOn: visit.beganOn,
    costs: classify(lines, region.medical),
  }
}

async function answerOf(home: HomeCentre, request: ElsewhereRequest, seconds: number): Promise<SettlementOutcome> {
  try {
    return await withinSeconds(seconds, home.settleElsewhere(request))
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
  }
  // Half open: ask what became of it, and take back what may be there; never settle twice (domain-rules §6.5).
  try {
    const found = await withinSeconds(seconds, home.find(request.serial))
    if (found?.ok) return found
    await withinSeconds(seconds, home.reverse({ serial: `${request.serial}-R`, original: request.serial }))
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
  }
  return timedOut()
}

/** What a visitor's bill would come to, by the rules of his place of insurance. */
export async function preSettleVisitor(
  centre: CentreContext,
  request: SettlementRequest,
  visit: VisitorVisit,
  provider: ProviderRow,
): Promise<SettlementOutcome> {
  const time = centreTime(centre)
  const home = centre.platform?.home(visit.homeArea)
  if (!home) return noHome()
  try {
    const asked = elsewhereRequest(request, visit, provider, time)
    return await withinSeconds(time.region.crossRegion.timeoutSeconds, home.preSettleElsewhere(asked))
  } catch (error) {
    if (error instanceof TimeoutError) return timedOut()
    throw error
  }
}

/** Settles a visitor's bill: his place of insurance decides and owes, our provider has its claim at once. */
export async function settleVisitor(
  centre: CentreContext,
  request: SettlementRequest,
  visit: VisitorVisit,
  provider: ProviderRow,
): Promise<SettlementOutcome> {
  const time = centreTime(centre)
  const hash = hashOf(request)
  const stored = await centre.store.transaction((rows) => rows.get("medicalSettlements", request.serial))
  if (stored)
    return stored.hash === hash
      ? storedAnswer(stored)
      : notSettled("S07", "流水号已用于另一笔结算", "the serial belongs to another settlement")
  const home = centre.platform?.home(visit.homeArea)
  if (!home) return noHome()
  const asked = elsewhereRequest(request, visit, provider, time)
  const answer = await answerOf(home, asked, time.region.crossRegion.timeoutSeconds)
  if (!answer.ok) return answer
  const { split } = answer
  return centre.store.transaction(async (rows) => {
    const owed = split.fundFen + split.accountFen + split.familyFen
    const legs = [debit(areaReceivable(visit.homeArea), owed), credit(claimAccount(provider.code), owed)]
    const row: MedicalSettlementRow = {
      serial: request.serial,
      hash,
      person: visit.person,
      visit: visit.id,
      claimant: provider.code,
      state: "settled",
      date: answer.date,
      year: "",
      entry: await postMedicalOnce(rows, { key: request.serial, kind: "X1", legs }, time),
      split: encode(split),
      use: encode(UNUSED_YEAR),
      lines: encode(request.lines),
      fundFen: split.fundFen,
      accountFen: split.accountFen,
      familyFen: split.familyFen,
      cashFen: split.cashFen,
      balanceFen: answer.balanceFen,
      reversedBy: null,
      at: time.at,
    }
    await rows.insert("medicalSettlements", row)
    await rows.put("visits", { ...visit, state: "settled" })
    return storedAnswer(row)
  })
}

/** Reverses a visitor's settlement: first at home, then here. */
export async function reverseVisitor(
  centre: CentreContext,
  request: ReversalRequest,
  row: MedicalSettlementRow,
  visit: VisitorVisit,
): Promise<Reversed | NotSettled> {
  const time = centreTime(centre)
  const home = centre.platform?.home(visit.homeArea)
  if (!home) return noHome()
  let answer: Reversed | NotSettled
  try {
    answer = await withinSeconds(time.region.crossRegion.timeoutSeconds, home.reverse(request))
  } catch (error) {
    if (error instanceof TimeoutError) return timedOut()
    throw error
  }
  if (!answer.ok) return answer
  await centre.store.transaction((rows) => takeBack(rows, row, request.serial, visit, time))
  return answer
}

async function takeBack(
  rows: BankTransaction,
  given: MedicalSettlementRow,
  serial: string,
  visit: VisitorVisit,
  time: CentreTime,
) {
  const row = (await rows.get("medicalSettlements", given.serial))!
  if (row.state !== "settled") return
  const owed = row.fundFen + row.accountFen + row.familyFen
  const legs = [debit(claimAccount(row.claimant), owed), credit(areaReceivable(visit.homeArea), owed)]
  await postMedicalOnce(rows, { key: row.serial, kind: "X2", legs, reverses: row.entry }, time)
  await rows.put("medicalSettlements", { ...row, state: "reversed", reversedBy: serial })
  await rows.put("visits", { ...visit, state: "registered" })
}
