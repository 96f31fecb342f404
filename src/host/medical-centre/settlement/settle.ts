import type { PersonalAccountCard, PersonalAccountOrder, PersonalAccountOutcome } from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { MedicalSettlementRow } from "../../store/medical-rows.js"
import { endOrder, giveOrder, prepareOrder } from "../card-order.js"
import { type CentreContext, type CentreTime, centreTime } from "../context.js"
import { accountOf } from "../insured.js"
import { waitingAccount } from "../ledger/accounts.js"
import { credit, debit, postMedicalOnce } from "../ledger/post.js"
import { type Assessment, assess, type Bill, changeYear, refuseUnproved } from "./bill.js"
import { type NotSettled, notSettled, type SettlementOutcome } from "./request.js"
import { decodeSplit, decodeUse, encode, hashOf } from "./stored.js"

/** A bill on its way into the book. */
export interface Claim {
  readonly serial: string
  /** Everything that was asked: the same serial with something else is another settlement. */
  readonly asked: object
  readonly visit: string
  /** Account that is owed the money, and whose it is. */
  readonly account: string
  readonly claimant: string
  /** JSON of the bill's lines. */
  readonly lines: string
}

/** How a claim is looked up and judged, inside the transaction that posts it. */
export interface ClaimSource {
  readonly serial: string
  readonly asked: object
  /** The claim and its bill; or why there is none. */
  find(rows: BankTransaction, time: CentreTime): Promise<{ claim: Claim; bill: Bill } | NotSettled>
  /** Told of the claim's state, to mark the visit. */
  mark(rows: BankTransaction, state: "settling" | "settled" | "registered"): Promise<void>
}

/** The answer that a stored settlement gives, however often it is asked for. */
export function storedAnswer({ state, serial, split, balanceFen, date }: MedicalSettlementRow): SettlementOutcome {
  if (state === "settled") return { ok: true, serial, split: decodeSplit(split), balanceFen, date }
  if (state === "reversed")
    return notSettled("S07", "该流水号已结算并已撤销", "settled under this serial, and reversed")
  if (state === "cancelled") return notSettled("S01", "卡片拒绝扣款", "the card refused the debit")
  return pending()
}

const pending = () =>
  notSettled("S09", "等待卡片应答,请查证", "the card has not answered yet: present it again", { isPending: true })

type Begun =
  | { readonly answer: SettlementOutcome }
  | { readonly order: PersonalAccountOrder; readonly wasGiven: boolean }

async function begin(
  rows: BankTransaction,
  source: ClaimSource,
  card: PersonalAccountCard | undefined,
  time: CentreTime,
): Promise<Begun> {
  const hash = hashOf(source.asked)
  const stored = await rows.get("medicalSettlements", source.serial)
  if (stored) {
    if (stored.hash !== hash)
      return { answer: notSettled("S07", "流水号已用于另一笔结算", "the serial belongs to another settlement") }
    if (stored.state !== "prepared") return { answer: storedAnswer(stored) }
    return card ? { order: await orderOf(rows, stored.serial, time), wasGiven: true } : { answer: pending() }
  }
  const found = await source.find(rows, time)
  if ("ok" in found) return { answer: found }
  const { claim, bill } = found
  const assessment = await assess(rows, bill, time)
  if ("ok" in assessment) return { answer: assessment }
  const refused = refuseUnproved(bill, assessment, time)
  if (refused) return { answer: refused }
  if (card && card.cardNumber !== assessment.insured.cardNumber)
    return { answer: notSettled("S01", "所持卡片不是本人的", "the card belongs to somebody else", { detail: "C02" }) }
  const needsCard = card !== undefined && assessment.split.accountFen + assessment.split.fundFen > 0n
  const row = await postClaim(rows, claim, hash, assessment, needsCard, time)
  await source.mark(rows, needsCard ? "settling" : "settled")
  if (!needsCard) {
    const { serial, balanceFen, date } = row
    return { answer: { ok: true, serial, split: assessment.split, balanceFen, date } }
  }
  const order = orderFor(row, time)
  await prepareOrder(rows, order, row.person, time)
  return { order, wasGiven: false }
}

async function postClaim(
  rows: BankTransaction,
  { serial, visit, account, claimant, lines }: Claim,
  hash: string,
  { insured, split, use, year, debits, totalFen }: Assessment,
  needsCard: boolean,
  time: CentreTime,
): Promise<MedicalSettlementRow> {
  const owed = split.fundFen + split.accountFen + split.familyFen
  const target = needsCard ? waitingAccount(serial) : account
  const posting = { key: serial, kind: needsCard ? "S2" : "S1", legs: [...debits, credit(target, owed)] }
  const row: MedicalSettlementRow = {
    serial,
    hash,
    person: insured.person,
    visit,
    claimant,
    state: needsCard ? "prepared" : "settled",
    date: time.date,
    year: year.year,
    entry: await postMedicalOnce(rows, posting, time),
    split: encode(split),
    use: encode(use),
    lines,
    fundFen: split.fundFen,
    accountFen: split.accountFen,
    familyFen: split.familyFen,
    cashFen: split.cashFen,
    balanceFen: totalFen - split.accountFen,
    reversedBy: null,
    at: time.at,
  }
  await rows.insert("medicalSettlements", row)
  await rows.put("medicalYears", changeYear(year, use, 1))
  return row
}

const orderFor = (
  { serial, accountFen, fundFen }: MedicalSettlementRow,
  { date, time }: CentreTime,
): PersonalAccountOrder => ({
  serial,
  kind: "debit",
  personalFen: accountFen,
  pooledFen: fundFen,
  date,
  time,
})

async function orderOf(rows: BankTransaction, serial: string, time: CentreTime): Promise<PersonalAccountOrder> {
  return orderFor((await rows.get("medicalSettlements", serial))!, time)
}

/** The card debited: the claim is owed. */
async function confirm(rows: BankTransaction, row: MedicalSettlementRow, account: string, time: CentreTime) {
  const owed = row.fundFen + row.accountFen + row.familyFen
  const legs = [debit(waitingAccount(row.serial), owed), credit(account, owed)]
  await postMedicalOnce(rows, { key: row.serial, kind: "S3", legs }, time)
  const settled = { ...row, state: "settled" as const }
  await rows.put("medicalSettlements", settled)
  return settled
}

/** The card refused: everything is as it was. */
async function cancel(
  rows: BankTransaction,
  row: MedicalSettlementRow,
  time: CentreTime,
): Promise<MedicalSettlementRow> {
  const legs = await rows.list("medicalLegs", { entry: row.entry })
  const back = legs.map(({ account, fen }) => ({ account, fen: -fen }))
  await postMedicalOnce(rows, { key: row.serial, kind: "S4", legs: back, reverses: row.entry }, time)
  const year = (await rows.get("medicalYears", row.person, row.year))!
  await rows.put("medicalYears", changeYear(year, decodeUse(row.use), -1))
  const { totalFen } = await accountOf(rows, (await rows.get("insured", row.person))!.number)
  const cancelled = { ...row, state: "cancelled" as const, balanceFen: totalFen }
  await rows.put("medicalSettlements", cancelled)
  return cancelled
}

/**
 * Settles a claim once: funds, account, year and claim change in one transaction of the book. With a card its account pays:
 * the book is prepared first, then the card debits, then the book is confirmed or undone; cut anywhere, the same call with
 * the same serial and the card goes on where it stopped.
 */
export async function settleClaim(
  centre: CentreContext,
  source: ClaimSource,
  claimAccount: string,
  card?: PersonalAccountCard,
): Promise<SettlementOutcome> {
  const time = centreTime(centre)
  const begun = await centre.store.transaction((rows) => begin(rows, source, card, time))
  if ("answer" in begun) return begun.answer
  const outcome = await giveOrder(card!, begun.order, begun.wasGiven)
  if (outcome.outcome === "unknown") return pending()
  return centre.store.transaction((rows) => endWaiting(rows, source, claimAccount, outcome, time))
}

/** Ends a settlement that waits for its card, as the card, or staff who know better, say. */
export async function endWaiting(
  rows: BankTransaction,
  { serial, mark }: Pick<ClaimSource, "serial" | "mark">,
  claimAccount: string,
  outcome: Exclude<PersonalAccountOutcome, { outcome: "unknown" }>,
  time: CentreTime,
): Promise<SettlementOutcome> {
  const row = (await rows.get("medicalSettlements", serial))!
  // Another presentation of the card was faster.
  if (row.state !== "prepared") return storedAnswer(row)
  await endOrder(rows, serial, outcome)
  const isDone = outcome.outcome === "done"
  await mark(rows, isDone ? "settled" : "registered")
  return storedAnswer(isDone ? await confirm(rows, row, claimAccount, time) : await cancel(rows, row, time))
}
