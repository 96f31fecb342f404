import { InputError } from "../../../apdu/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { PayoutRow, WithdrawalRow } from "../../store/medical-rows.js"
import { creditLastInterest } from "../account/interest.js"
import { type CentreContext, type CentreTime, centreTime } from "../context.js"
import { accountOf } from "../insured.js"
import { FUND_CASH, POOLED_FUND, personalAccount, returnAccount, withdrawalAccount } from "../ledger/accounts.js"
import { credit, debit, postMedical, postMedicalOnce } from "../ledger/post.js"
import { least } from "../split/money.js"
import { documentOf, keep, lateCredits, onCase, type WithdrawalOutcome, went } from "./case-file.js"
import { payeesOf } from "./checks.js"
import { divide } from "./heirs.js"

/** Empties and closes the account: interest to today, late credits to who paid them, the rest to be paid out. */
async function closeAccount(rows: BankTransaction, row: WithdrawalRow, time: CentreTime): Promise<WithdrawalRow> {
  const insured = (await rows.get("insured", row.person))!
  const account = personalAccount(insured.number)
  const interestFen = await creditLastInterest(rows, insured.number, time)
  const before = (await accountOf(rows, insured.number)).centreFen
  const lateFen = least(await lateCredits(rows, insured.number, row.eventOn), before)
  const key = `withdrawal-${row.id}`
  const back = [debit(account, lateFen), credit(returnAccount(insured.number), lateFen)]
  await postMedicalOnce(rows, { key, kind: "K7", legs: back }, time)
  const amountFen = before - lateFen
  const out = [debit(account, amountFen), credit(withdrawalAccount(row.id), amountFen)]
  await postMedicalOnce(rows, { key, kind: "P1", legs: out }, time)
  await rows.put("insured", { ...insured, account: "closed" })
  return { ...row, amountFen, interestFen }
}

/** One payment for each payee; a share of an insured heir may go to his own personal account, without heirs all to the pool. */
async function orderPayouts(rows: BankTransaction, row: WithdrawalRow, { region }: CentreTime): Promise<PayoutRow[]> {
  const application = documentOf(row)
  const payees = payeesOf(application)
  if (payees.length === 0) {
    const target = "pool" as const
    return [
      { withdrawal: row.id, position: 0, payee: "", accountNumber: "", fen: row.amountFen, target, state: "ordered" },
    ]
  }
  const parts = divide(
    row.amountFen,
    payees.map((payee) => ("share" in payee ? payee.share : undefined) ?? 1),
  )
  const payouts: PayoutRow[] = []
  for (const [position, { id, payee }] of payees.entries()) {
    const heir = row.condition === "DEATH" ? await rows.get("insured", id) : undefined
    const isTransfer = region.withdraw.heirInsured === "transfer" && heir?.account === "open"
    const target = isTransfer ? ("personalAccount" as const) : ("bank" as const)
    const accountNumber = isTransfer ? heir.number : payee!.accountNumber
    const name = payee!.accountName
    payouts.push({
      withdrawal: row.id,
      position,
      payee: name,
      accountNumber,
      fen: parts[position]!,
      target,
      state: "ordered",
    })
  }
  return payouts
}

/** The account that a payment goes to, in the book. */
function targetOf({ target, accountNumber }: PayoutRow): readonly [kind: string, account: string] {
  if (target === "pool") return ["P4", POOLED_FUND]
  if (target === "personalAccount") return ["P3", personalAccount(accountNumber)]
  return ["P2", FUND_CASH]
}

const keyOf = ({ withdrawal, position }: PayoutRow) => `withdrawal-${withdrawal}-${position}`

async function endPayout(rows: BankTransaction, payout: PayoutRow, state: "paid" | "refused", time: CentreTime) {
  const current = await rows.get("medicalPayouts", payout.withdrawal, payout.position)
  if (current?.state !== "ordered") return
  if (state === "paid") {
    const [kind, account] = targetOf(payout)
    const legs = [debit(withdrawalAccount(payout.withdrawal), payout.fen), credit(account, payout.fen)]
    await postMedical(rows, { key: keyOf(payout), kind, legs }, time)
  }
  await rows.put("medicalPayouts", { ...payout, state })
}

/**
 * Pays an approved case to the bank accounts of its payees and closes it. Cut anywhere, asked for again it goes on: each
 * payment happens once.
 *
 * @throws {InputError} field `operator` when whoever approved wants to pay as well
 */
export async function pay(centre: CentreContext, id: string, operator: string): Promise<WithdrawalOutcome> {
  const time = centreTime(centre)
  const begun = await onCase(centre, id, ["approved"], async (rows, row) => {
    if (time.region.withdraw.twoPersonCheck && row.approvedBy === operator)
      throw new InputError("operator", "expected another operator than the one who approved", {
        messageZh: "operator:审批与支付须由不同人员办理",
      })
    if ((await rows.list("medicalPayouts", { withdrawal: id })).length > 0) return went(row)
    const closed = await closeAccount(rows, row, time)
    for (const payout of await orderPayouts(rows, closed, time)) await rows.insert("medicalPayouts", payout)
    await rows.put("medicalWithdrawals", closed)
    return went(closed)
  })
  if (!begun.ok) return begun
  const payouts = await centre.store.transaction((rows) => rows.list("medicalPayouts", { withdrawal: id }))
  for (const payout of payouts) {
    if (payout.state !== "ordered") continue
    const { accountNumber, payee: accountName, fen: amountFen } = payout
    const order = { key: keyOf(payout), accountNumber, accountName, amountFen }
    const outcome = payout.target === "bank" && amountFen > 0n ? await centre.payouts.pay(order) : "paid"
    if (outcome !== "unknown") await centre.store.transaction((rows) => endPayout(rows, payout, outcome, time))
  }
  return onCase(centre, id, ["approved"], async (rows, row) => {
    const ended = await rows.list("medicalPayouts", { withdrawal: id })
    if (ended.some(({ state }) => state === "refused")) return payeeRefused(row)
    if (ended.some(({ state }) => state === "ordered")) return went(row)
    await keep(rows, { ...row, state: "paid", paidBy: operator }, operator, time)
    const closed = { ...row, state: "closed" as const, paidBy: operator }
    await keep(rows, closed, operator, time)
    return went(closed)
  })
}

const payeeRefused = ({ id, state }: WithdrawalRow): WithdrawalOutcome => ({
  ok: false,
  id,
  state,
  code: "W12",
  rule: "domain-rules §8.3",
  reason: { zh: "银行拒绝入账,请更换收款账户", en: "a bank refused the payment: name another account" },
  checks: [],
})

/** Names another account for a payment that its bank refused. @returns false when there is no such payment */
export function redirect(centre: CentreContext, id: string, position: number, accountNumber: string): Promise<boolean> {
  return centre.store.transaction(async (rows) => {
    const payout = await rows.get("medicalPayouts", id, position)
    if (payout?.state !== "refused") return false
    await rows.put("medicalPayouts", { ...payout, accountNumber, state: "ordered" })
    return true
  })
}
