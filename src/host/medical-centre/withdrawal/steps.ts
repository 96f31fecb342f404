import type { PersonalAccountCard } from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { InsuredRow, WithdrawalRow } from "../../store/medical-rows.js"
import { transferToCard } from "../account/load.js"
import { type CentreContext, type CentreTime, centreTime } from "../context.js"
import { accountOf } from "../insured.js"
import { cardAccount, personalAccount } from "../ledger/accounts.js"
import { credit, debit, postMedical } from "../ledger/post.js"
import type { WithdrawalApplication } from "./application.js"
import { documentOf, factsOf, keep, onCase, refuseStep, type WithdrawalOutcome, went, wrongStep } from "./case-file.js"
import { CHECKS, payeesOf } from "./checks.js"

function newCase(application: WithdrawalApplication, { date }: CentreTime): WithdrawalRow {
  return {
    id: application.id,
    person: application.person,
    state: "submitted",
    condition: application.condition ?? "",
    code: null,
    document: JSON.stringify(application),
    amountFen: 0n,
    interestFen: 0n,
    submittedOn: date,
    frozenOn: null,
    approvedOn: null,
    approvedBy: null,
    paidBy: null,
    eventOn: application.evidence[0]?.eventOn ?? null,
    card: null,
  }
}

/** Hands an application in: account, place, condition, earlier cases, and that all papers are there. */
export async function submit(
  centre: CentreContext,
  application: WithdrawalApplication,
  operator: string,
): Promise<WithdrawalOutcome> {
  const time = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    const known = await rows.get("medicalWithdrawals", application.id)
    if (known && (known.state !== "rejected" || known.person !== application.person))
      return wrongStep(known.id, known.state)
    const row = newCase(application, time)
    const facts = await factsOf(rows, row)
    const { refusal, checked } = await refuseStep(rows, row, { checks: CHECKS.submit, facts, operator }, time)
    if (refusal) return refusal
    const checkedRow = { ...row, state: "materialsChecked" as const }
    await keep(rows, checkedRow, operator, time)
    return went(checkedRow, checked)
  })
}

/** Verifies papers, event and kinship, and writes down a death. */
export async function verify(centre: CentreContext, id: string, operator: string): Promise<WithdrawalOutcome> {
  const time = centreTime(centre)
  const row = await centre.store.transaction((rows) => rows.get("medicalWithdrawals", id))
  const eventOn = row?.eventOn
  const { condition = "", person = "" } = row ?? {}
  const answer = eventOn ? await centre.events?.confirm({ person, condition, eventOn }) : undefined
  const isEventContradicted = answer === "contradicted"
  return onCase(centre, id, ["materialsChecked"], async (rows, current) => {
    const facts = await factsOf(rows, current, { isEventContradicted })
    const { refusal, checked } = await refuseStep(rows, current, { checks: CHECKS.verify, facts, operator }, time)
    if (refusal) return refusal
    if (current.condition === "DEATH") {
      await rows.put("insured", { ...facts.insured!, diedOn: current.eventOn })
      await keep(rows, { ...current, state: "relationVerified" }, operator, time)
    }
    const verified = { ...current, state: "eventVerified" as const }
    await keep(rows, verified, operator, time)
    return went(verified, checked)
  })
}

/** The card was not there: it is refused from now on, and what it held counts as the centre's again. */
async function markCard(
  rows: BankTransaction,
  row: WithdrawalRow,
  insured: InsuredRow,
  time: CentreTime,
): Promise<void> {
  const { cardFen } = await accountOf(rows, insured.number)
  const legs = [debit(cardAccount(insured.number), cardFen), credit(personalAccount(insured.number), cardFen)]
  if (cardFen > 0n) await postMedical(rows, { key: `withdrawal-${row.id}`, kind: "K5", legs }, time)
  await rows.put("insured", { ...insured, cardState: "cancelled" })
}

/**
 * Freezes the account, when the insurance is stopped and no bill is open, and takes the money off the card: unloaded and
 * closed when it is presented, marked when it is not. Asked for again, with the card, after it gave no answer.
 */
export async function freeze(
  centre: CentreContext,
  id: string,
  operator: string,
  card?: PersonalAccountCard,
): Promise<WithdrawalOutcome> {
  const time = centreTime(centre)
  const outcome = await onCase(centre, id, ["eventVerified", "balanceFrozen"], async (rows, row) => {
    if (row.state === "balanceFrozen") return went(row)
    const facts = await factsOf(rows, row)
    const { refusal, checked } = await refuseStep(rows, row, { checks: CHECKS.freeze, facts, operator }, time)
    if (refusal) return refusal
    const frozen = { ...row, state: "balanceFrozen" as const, frozenOn: time.date }
    await rows.put("insured", { ...facts.insured!, account: "frozen" })
    await keep(rows, frozen, operator, time)
    return went(frozen, checked)
  })
  if (!outcome.ok || outcome.card !== null) return outcome
  const person = await centre.store.transaction(async (rows) => (await rows.get("medicalWithdrawals", id))!.person)
  if (card) {
    const unloaded = await transferToCard(centre, { serial: `withdrawal-${id}`, person, kind: "unload" }, card)
    // L03: there is nothing on it. Anything else waits for the card, and the money stays where it is.
    if (!unloaded.ok && unloaded.code !== "L03")
      return { ...wrongStep(id, "balanceFrozen"), reason: unloaded.reason } as WithdrawalOutcome
  }
  return onCase(centre, id, ["balanceFrozen"], async (rows, row) => {
    const insured = (await rows.get("insured", row.person))!
    if (card) await rows.put("insured", { ...insured, cardState: "cancelled" })
    else await markCard(rows, row, insured, time)
    const ended = { ...row, card: card ? ("unloaded" as const) : ("marked" as const) }
    await keep(rows, ended, operator, time, ended.card)
    return { ...outcome, card: ended.card }
  })
}

/** Approves the payment: waiting period, payees, balance. */
export async function approve(centre: CentreContext, id: string, operator: string): Promise<WithdrawalOutcome> {
  const time = centreTime(centre)
  const row = await centre.store.transaction((rows) => rows.get("medicalWithdrawals", id))
  const payees = row ? payeesOf(documentOf(row)) : []
  let acceptsPayees = true
  for (const { payee } of payees)
    if (payee) acceptsPayees &&= await centre.payouts.accepts(payee.accountNumber, payee.accountName)
  return onCase(centre, id, ["balanceFrozen"], async (rows, current) => {
    if (current.card === null) return wrongStep(id, current.state)
    const facts = await factsOf(rows, current, { acceptsPayees })
    const { refusal, checked } = await refuseStep(rows, current, { checks: CHECKS.approve, facts, operator }, time)
    if (refusal && !refusal.ok && refusal.code === "W09")
      await rows.put("insured", { ...facts.insured!, account: "closed" })
    if (refusal) return refusal
    const approved = { ...current, state: "approved" as const, approvedOn: time.date, approvedBy: operator }
    await keep(rows, approved, operator, time)
    return went(approved, checked)
  })
}
