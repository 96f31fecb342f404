import type { BankTransaction } from "../../store/bank-store.js"
import type { VisitRow } from "../../store/medical-rows.js"
import type { CentreTime } from "../context.js"
import { claimAccount } from "../ledger/accounts.js"
import { classify } from "../split/classify.js"
import type { Bill } from "./bill.js"
import { type NotSettled, notSettled, type SettlementRequest } from "./request.js"
import type { ClaimSource } from "./settle.js"
import { encode } from "./stored.js"

/** The bill of a visit that a provider of this region registered. */
export async function billOf(
  rows: BankTransaction,
  request: SettlementRequest,
  payFromCard: boolean,
  { region }: CentreTime,
): Promise<{ bill: Bill; visit: VisitRow } | NotSettled> {
  const visit = await rows.get("visits", request.visit)
  const provider = visit && (await rows.get("providers", visit.provider))
  if (!visit || !provider || visit.state === "cancelled")
    return notSettled("S03", "未做就诊登记", "the visit is not registered")
  if (visit.state !== "registered") return notSettled("S07", "该就诊已结算", "the visit is settled already")
  if (provider.hasAgreement === 0)
    return notSettled("S03", "非定点医药机构", "the provider has no service agreement", { detail: "Art. 31" })
  const bill: Bill = {
    person: visit.person,
    care: visit.care,
    cause: visit.cause,
    level: provider.level,
    place: provider.kind === "community" ? "community" : "other",
    beganOn: visit.beganOn,
    costs: classify(request.lines, region.medical),
    penaltyPoints: 0,
    useAccount: request.useAccount ?? true,
    pinVerified: request.pinVerified ?? false,
    payFromCard,
    ...(request.expected && { expected: request.expected }),
  }
  return { bill, visit }
}

/** The account that a provider's claims are owed on. */
export async function accountOfVisit(rows: BankTransaction, id: string): Promise<string> {
  return claimAccount((await rows.get("visits", id))?.provider ?? "")
}

/** Where a settlement of a visit finds its claim. */
export function visitSource(request: SettlementRequest, payFromCard: boolean): ClaimSource {
  const { serial, visit: id } = request
  return {
    serial,
    asked: request,
    async find(rows, time) {
      const found = await billOf(rows, request, payFromCard, time)
      if ("ok" in found) return found
      const { bill, visit } = found
      const claim = {
        serial,
        asked: request,
        visit: id,
        account: claimAccount(visit.provider),
        claimant: visit.provider,
        lines: encode(request.lines),
      }
      return { claim, bill }
    },
    async mark(rows, state) {
      await rows.put("visits", { ...(await rows.get("visits", id))!, state })
    },
  }
}
