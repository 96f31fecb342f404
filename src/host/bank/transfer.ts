import { maskName } from "../../apdu/index.js"
import { encodePrivateData, PROCESSING_CODE } from "../../dictionary/index.js"
import { customerAccount } from "../ledger/accounts.js"
import { delayedTransferPaid, transferDelayed, transferOut, transferred } from "../ledger/events.js"
import { owedFen, postOnce } from "../ledger/post.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { CardRow } from "../store/rows.js"
import { approve, type Posted } from "./approval.js"
import type { Answer, BankContext, Decision, TerminalRequest } from "./context.js"
import type { FlowRules } from "./flows.js"
import { CLASS_LIMITS } from "./limits.js"
import { reverseEntry } from "./settlement.js"
import type { BankTime } from "./time.js"

/** States in which an account takes money in, as one that cannot be used at all does not. */
const TAKES_MONEY = new Set<CardRow["state"]>(["active", "pinLocked", "dormant", "tempLost", "formallyLost"])
const HOUR_MILLISECONDS = 3_600_000

/** The card whose account a DE103 names: by PAN, or by account number. */
async function findPayee(rows: BankTransaction, named: string): Promise<CardRow | undefined> {
  return (await rows.get("cards", named)) ?? (await rows.list("cards", { accountNumber: named }))[0]
}

async function isPayeeFull(rows: BankTransaction, payee: CardRow, amountFen: bigint): Promise<boolean> {
  if (payee.accountClass !== "III") return false
  return (await owedFen(rows, customerAccount(payee.accountNumber))) + amountFen > CLASS_LIMITS.III.balanceFen
}

/**
 * A transfer (host-iso8583 §11.5): to an own account or at a counter at once; at a machine to somebody else after the hours
 * of the region, until when it can be called off; to another bank through clearing.
 */
export async function transfer(
  request: TerminalRequest,
  rules: FlowRules,
  card: CardRow,
  amountFen: bigint,
): Promise<Decision | Answer> {
  const { rows, fields, bank, terminal, key, time } = request
  const named = fields[103]
  if (named === undefined) return { code: "30" }
  if (fields[102] !== undefined && fields[102] !== card.accountNumber && fields[102] !== card.pan) return { code: "14" }
  const payee = await findPayee(rows, named)
  const isOwn = fields[3] === PROCESSING_CODE.TRANSFER_OWN
  if (!payee) {
    const isForeign = !isOwn && /^\d{13,19}$/.test(named) && !bank.issuedPrefixes.includes(named.slice(0, 6))
    return isForeign ? approve(request, rules, card, amountFen, { event: transferOut }) : { code: "14" }
  }
  if (payee.accountNumber === card.accountNumber) return { code: "12" }
  if (!TAKES_MONEY.has(payee.state)) return { code: "14" }
  if (isOwn && (payee.idNumber !== card.idNumber || payee.idType !== card.idType)) return { code: "12" }
  if (await isPayeeFull(rows, payee, amountFen)) return { code: "61" }
  const delayHours = isOwn || terminal.kind === "teller" ? 0 : bank.region.bank.otherTransferDelayHours
  const posted: Posted =
    delayHours === 0
      ? { event: (cash) => transferred(cash, payee.accountNumber) }
      : { event: transferDelayed, state: "delayed" }
  const decision = await approve(request, rules, card, amountFen, posted)
  if (decision.code !== "00") return decision
  if (delayHours > 0) {
    const dueAt = new Date(time.milliseconds + delayHours * HOUR_MILLISECONDS).toISOString()
    await rows.insert("transfers", { key, payee: payee.accountNumber, dueAt, state: "waiting" })
  }
  const name = encodePrivateData({ name: maskName(payee.holderName) })
  const notice = delayHours > 0 ? { 63: `PAID IN ${delayHours} HOURS` } : {}
  return { ...decision, fields: { ...decision.fields, 48: name, ...notice } }
}

/** Carries out the transfers whose time has come (T2). @returns their keys */
export async function payDueTransfers(rows: BankTransaction, time: BankTime): Promise<string[]> {
  const due = (await rows.list("transfers", { state: "waiting" })).filter(({ dueAt }) => dueAt <= time.at)
  for (const row of due) {
    const message = await rows.get("messages", row.key, "0200")
    await postOnce(rows, delayedTransferPaid(row.key, row.payee, message!.amountFen), time)
    await rows.put("messages", { ...message!, state: "final" })
    await rows.put("transfers", { ...row, state: "done" })
  }
  return due.map(({ key }) => key)
}

/** Calls off a transfer that still waits. @returns false when there is none with this key */
export async function cancelTransfer(
  bank: BankContext,
  rows: BankTransaction,
  key: string,
  time: BankTime,
): Promise<boolean> {
  const row = await rows.get("transfers", key)
  if (row?.state !== "waiting") return false
  const message = await rows.get("messages", key, "0200")
  await reverseEntry({ bank, rows, time }, message!)
  return true
}
