import type {
  Label,
  PersonalAccountCard,
  PersonalAccountOrder,
  PersonalAccountOutcome,
} from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { CardOrderRow } from "../../store/medical-rows.js"
import { endOrder, giveOrder, prepareOrder } from "../card-order.js"
import { type CentreContext, type CentreTime, centreTime } from "../context.js"
import { accountOf } from "../insured.js"
import { cardAccount, personalAccount } from "../ledger/accounts.js"
import { credit, debit, postMedicalOnce } from "../ledger/post.js"

/** Money between the centre and the card: load onto it, unload from it. */
export interface CardTransfer {
  readonly serial: string
  readonly person: string
  readonly kind: "load" | "unload"
  /** Default all that there is. */
  readonly amountFen?: bigint
}

export type CardTransferOutcome =
  | { readonly ok: true; readonly amountFen: bigint; readonly centreFen: bigint; readonly cardFen: bigint }
  | { readonly ok: false; readonly code: CardTransferRefusal; readonly reason: Label; readonly isPending?: true }

/** L01 nobody of this number, or another's card · L02 account not open · L03 not so much money · L04 serial used · L05 card. */
export type CardTransferRefusal = "L01" | "L02" | "L03" | "L04" | "L05"

const refuse = (code: CardTransferRefusal, zh: string, en: string): CardTransferOutcome => ({
  ok: false,
  code,
  reason: { zh, en },
})

const orderOf = ({ serial, kind, personalFen }: CardOrderRow, { date, time }: CentreTime): PersonalAccountOrder => ({
  serial,
  kind,
  personalFen,
  pooledFen: 0n,
  date,
  time,
})

async function move(rows: BankTransaction, order: CardOrderRow, kind: "K4" | "K5", time: CentreTime): Promise<number> {
  const { number } = (await rows.get("insured", order.person))!
  const [from, to] = [personalAccount(number), cardAccount(number)]
  const [source, target] = kind === "K4" ? [from, to] : [to, from]
  const legs = [debit(source, order.personalFen), credit(target, order.personalFen)]
  return postMedicalOnce(rows, { key: order.serial, kind, legs }, time)
}

async function done(rows: BankTransaction, order: CardOrderRow): Promise<CardTransferOutcome> {
  const { number } = (await rows.get("insured", order.person))!
  const { centreFen, cardFen } = await accountOf(rows, number)
  return { ok: true, amountFen: order.personalFen, centreFen, cardFen }
}

type Begun = { readonly answer: CardTransferOutcome } | { readonly order: CardOrderRow; readonly wasGiven: boolean }

async function begin(
  rows: BankTransaction,
  request: CardTransfer,
  cardNumber: string,
  time: CentreTime,
): Promise<Begun> {
  const { serial, person, kind } = request
  const insured = await rows.get("insured", person)
  if (!insured || insured.cardNumber !== cardNumber)
    return { answer: refuse("L01", "不是本人的卡", "not the card of this person") }
  const given = await rows.get("medicalCardOrders", serial)
  if (given) {
    if (given.kind !== kind || given.person !== person)
      return { answer: refuse("L04", "流水号已使用", "the serial belongs to another order") }
    if (given.state === "prepared") return { order: given, wasGiven: true }
    return { answer: given.state === "done" ? await done(rows, given) : refuse("L05", "卡片拒绝", "the card refused") }
  }
  if (kind === "load" && (insured.account !== "open" || insured.cardState !== "normal"))
    return { answer: refuse("L02", "账户或卡片状态异常", "the account or the card is not in its normal state") }
  const { centreFen, cardFen } = await accountOf(rows, insured.number)
  const availableFen = kind === "load" ? centreFen : cardFen
  const amountFen = request.amountFen ?? availableFen
  if (amountFen <= 0n || amountFen > availableFen)
    return { answer: refuse("L03", "可用金额不足", "there is not so much money") }
  const order: PersonalAccountOrder = {
    serial,
    kind,
    personalFen: amountFen,
    pooledFen: 0n,
    date: time.date,
    time: time.time,
  }
  await prepareOrder(rows, order, person, time)
  const row = (await rows.get("medicalCardOrders", serial))!
  // Loaded money leaves the centre before the card can have it; unloaded money comes back after the card gave it.
  if (kind === "load") await move(rows, row, "K4", time)
  return { order: row, wasGiven: false }
}

/**
 * Loads the personal account onto a card, or unloads it, once under its serial. Cut anywhere, the same call goes on: no fen is
 * on the card and at the centre at once.
 */
export async function transferToCard(
  centre: CentreContext,
  request: CardTransfer,
  card: PersonalAccountCard,
): Promise<CardTransferOutcome> {
  const time = centreTime(centre)
  const begun = await centre.store.transaction((rows) => begin(rows, request, card.cardNumber, time))
  if ("answer" in begun) return begun.answer
  const outcome = await giveOrder(card, orderOf(begun.order, time), begun.wasGiven)
  if (outcome.outcome === "unknown")
    return {
      ...refuse("L05", "等待卡片应答", "the card has not answered yet: present it again"),
      isPending: true,
    } as CardTransferOutcome
  return centre.store.transaction((rows) => endTransfer(rows, request.serial, outcome, time))
}

/** Ends a load or unload that waits for its card, as the card, or staff who know better, say. */
export async function endTransfer(
  rows: BankTransaction,
  serial: string,
  outcome: Exclude<PersonalAccountOutcome, { outcome: "unknown" }>,
  time: CentreTime,
): Promise<CardTransferOutcome> {
  const before = (await rows.get("medicalCardOrders", serial))!
  if (before.state !== "prepared")
    return before.state === "done" ? done(rows, before) : refuse("L05", "卡片拒绝", "the card refused")
  const order = await endOrder(rows, serial, outcome)
  const isDone = outcome.outcome === "done"
  if (order.kind === "load" && !isDone) await move(rows, order, "K5", time)
  if (order.kind === "unload" && isDone) await move(rows, order, "K5", time)
  return isDone ? done(rows, order) : refuse("L05", "卡片拒绝", "the card refused")
}
