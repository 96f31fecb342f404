import type { BankTransaction } from "../../store/bank-store.js"
import type { MedicalSettlementRow } from "../../store/medical-rows.js"
import { type CentreContext, type CentreTime, centreTime } from "../context.js"
import { accountOf } from "../insured.js"
import { groupOf, personalAccount, returnAccount } from "../ledger/accounts.js"
import { type MedicalLeg, postMedicalOnce } from "../ledger/post.js"
import { changeYear } from "./bill.js"
import { type NotSettled, notSettled } from "./request.js"
import { decodeUse } from "./stored.js"

/** Takes a settlement back. */
export interface ReversalRequest {
  /** Serial of the reversal. */
  readonly serial: string
  /** Serial of the settlement. */
  readonly original: string
}

export interface Reversed {
  readonly ok: true
  readonly serial: string
  readonly original: string
  /** What went back to the personal account, at the centre: the card gets it with the next load. */
  readonly accountFen: bigint
  readonly fundFen: bigint
  readonly balanceFen: bigint
}

/** Where money of a personal account goes back to: the part at the centre, or who paid it when the account is closed. */
async function accountBack(rows: BankTransaction, account: string): Promise<string> {
  const group = groupOf(account)
  if (group !== "2101" && group !== "2102") return account
  const number = account.slice(5)
  const [insured] = await rows.list("insured", { number })
  return insured?.account === "closed" ? returnAccount(number) : personalAccount(number)
}

/** Each leg the other way round; money that came from the card waits at the centre. */
async function backLegs(rows: BankTransaction, settlement: MedicalSettlementRow): Promise<MedicalLeg[]> {
  const posted = await rows.list("medicalLegs", { entry: settlement.entry })
  const [confirmed] = await rows.list("medicalEntries", { key: settlement.serial, kind: "S3" })
  const claim = confirmed ? await rows.list("medicalLegs", { entry: confirmed.id }) : posted
  const both = [...posted.filter(({ fen }) => fen > 0n), ...claim.filter(({ fen }) => fen < 0n)]
  const legs: MedicalLeg[] = []
  for (const { account, fen } of both) legs.push({ account: await accountBack(rows, account), fen: -fen })
  return legs
}

async function takeBack(
  rows: BankTransaction,
  row: MedicalSettlementRow,
  serial: string,
  time: CentreTime,
): Promise<void> {
  const legs = merged(await backLegs(rows, row))
  await postMedicalOnce(rows, { key: row.serial, kind: "S5", legs, reverses: row.entry }, time)
  const year = (await rows.get("medicalYears", row.person, row.year))!
  await rows.put("medicalYears", changeYear(year, decodeUse(row.use), -1))
  const visit = await rows.get("visits", row.visit)
  if (visit) await rows.put("visits", { ...visit, state: "registered" })
  await rows.put("medicalSettlements", { ...row, state: "reversed", reversedBy: serial })
}

/** One leg an account. */
function merged(legs: readonly MedicalLeg[]): MedicalLeg[] {
  const sums = new Map<string, bigint>()
  for (const { account, fen } of legs) sums.set(account, (sums.get(account) ?? 0n) + fen)
  return [...sums].map(([account, fen]) => ({ account, fen }))
}

/**
 * Reverses a settlement exactly: each pot, the year and the visit are as they were; what the card paid goes back to the same
 * account (domain-rules §6.5). Asked for again with the same serial it answers the same.
 */
export async function reverse(
  centre: CentreContext,
  { serial, original }: ReversalRequest,
): Promise<Reversed | NotSettled> {
  const time = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    const row = await rows.get("medicalSettlements", original)
    if (!row || row.state === "cancelled") return notSettled("S08", "原结算不存在", "there is no such settlement")
    if (row.state === "prepared")
      return notSettled("S08", "原结算等待卡片应答", "the settlement waits for its card", { isPending: true })
    if (row.state === "reversed" && row.reversedBy !== serial)
      return notSettled("S08", "原结算已撤销", "the settlement is reversed already")
    if (row.state === "settled") await takeBack(rows, row, serial, time)
    const insured = await rows.get("insured", row.person)
    const totalFen = insured ? (await accountOf(rows, insured.number)).totalFen : 0n
    const { accountFen, fundFen } = row
    return { ok: true, serial, original, accountFen, fundFen, balanceFen: totalFen }
  })
}
