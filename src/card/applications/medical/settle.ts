import { isBcd, readUint32, SW, uint32 } from "../../../apdu/index.js"
import {
  constantTimeEqual,
  debitMac1,
  debitMac2,
  debitSessionKey,
  debitTac,
  transferMac2,
  transferSessionKey,
  transferTac,
  unloadMac3,
} from "../../../crypto/index.js"
import type { Command, Handler } from "../../application.js"
import type { Context } from "../../context.js"
import {
  accountKey,
  cipherOf,
  elementOf,
  type PendingTransaction,
  rulesOf,
  stateOf,
  type TransactionKind,
} from "./account.js"
import { commit, totalsAfter } from "./commit.js"

/** CREDIT FOR LOAD and DEBIT FOR UNLOAD: date 4, time 3, MAC2 4. */
const TRANSFER_LENGTH = 11
/** DEBIT: terminal sequence 4, date 4, time 3, MAC1 4. */
const DEBIT_LENGTH = 15

/** CREDIT FOR LOAD (B0 2A), 账户划入: answers the TAC (card-commands §10.1, §10.4). */
export const creditForLoad: Handler = (context, command) => {
  const begun = beginning(context, command, "load", TRANSFER_LENGTH)
  return typeof begun === "number" ? begun : settleTransfer(context, command, begun)
}

/** DEBIT FOR UNLOAD (B0 30), 账户支取: answers MAC3, which the centre checks before it pays (card-commands §10.1, §10.6). */
export const debitForUnload: Handler = (context, command) => {
  const begun = beginning(context, command, "unload", TRANSFER_LENGTH)
  return typeof begun === "number" ? begun : settleTransfer(context, command, begun)
}

function settleTransfer(context: Context, command: Command, transaction: PendingTransaction): number {
  const { memory, response } = context
  const { kind, amount, terminal, random } = transaction
  const data = command.data()
  const dateTime = data.slice(0, 7)
  if (!isBcd(dateTime)) return SW.WRONG_DATA
  const cipher = cipherOf(context)
  const transfer = { amount, terminal, type: rulesOf(context).types[kind], dateTime }
  const number = memory.read(elementOf(context, "onlineNumber"))
  const sessionKey = transferSessionKey(cipher, accountKey(context, kind === "load" ? "DLK" : "DULK"), random, number)
  const mac2 = transferMac2(cipher, sessionKey, transfer)
  if (!constantTimeEqual(mac2, data.subarray(7))) return SW.MAC_INVALID
  const old = memory.readUint32(elementOf(context, "cia"))
  const balance = uint32(kind === "load" ? old + readUint32(amount) : old - readUint32(amount))
  const tac = transferTac(cipher, accountKey(context, "DTK"), balance, number, transfer)
  const mac = kind === "load" ? mac2 : unloadMac3(cipher, sessionKey, balance, number, transfer)
  commit(context, { transaction, balance, dateTime, mac, tac })
  response.append(kind === "load" ? tac : mac)
  return SW.OK
}

/** DEBIT (B0 24), 账户消费: answers TAC and MAC2 (card-commands §10.1, §10.4). */
export const debit: Handler = (context, command) => {
  const transaction = beginning(context, command, "debit", DEBIT_LENGTH)
  if (typeof transaction === "number") return transaction
  const { memory, response } = context
  const { amount, pooled, terminal, random } = transaction
  const data = command.data()
  const sequence = data.slice(0, 4)
  const dateTime = data.slice(4, 11)
  if (!isBcd(dateTime)) return SW.WRONG_DATA
  const cipher = cipherOf(context)
  const payment = { personal: amount, pooled, terminal, type: rulesOf(context).types.debit, dateTime }
  const number = memory.read(elementOf(context, "offlineNumber"))
  const sessionKey = debitSessionKey(cipher, accountKey(context, "DPK"), random, number, sequence)
  if (!constantTimeEqual(debitMac1(cipher, sessionKey, payment), data.subarray(11))) return SW.MAC_INVALID
  const totals = totalsAfter(context, amount, pooled, dateTime.subarray(0, 2))
  if (totals === "overflow") return SW.CONDITIONS_NOT_SATISFIED
  const balance = uint32(memory.readUint32(elementOf(context, "cia")) - readUint32(amount))
  const mac = debitMac2(cipher, sessionKey, payment)
  const tac = debitTac(cipher, accountKey(context, "DTK"), payment, sequence)
  commit(context, { transaction, balance, dateTime, mac, tac, ...(totals && { totals }) })
  response.append(tac)
  response.append(mac)
  return SW.OK
}

/** What the INITIALIZE directly before began, or the status word of the refusal (card-commands §10.3). */
function beginning(
  context: Context,
  command: Command,
  kind: TransactionKind,
  length: number,
): PendingTransaction | number {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  if (command.lc !== length) return SW.WRONG_LENGTH
  const { begun } = stateOf(context)
  return begun?.kind === kind ? begun : rulesOf(context).notInitialized
}
