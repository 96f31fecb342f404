import { readUint32, SW } from "../../../apdu/index.js"
import { transferMac1, transferSessionKey } from "../../../crypto/index.js"
import type { Command, Handler } from "../../application.js"
import type { Context } from "../../context.js"
import { accountKey, cipherOf, elementOf, rulesOf, stateOf, type TransactionKind } from "./account.js"

const KEY_INDEX = 0x01
const KEY_VERSION = 0x01
/** Algorithm identifiers in answers (card-commands §10.1). */
const ALGORITHM_ID = { "3des": 0x01, sm4: 0x03 } as const
const HIGHEST_NUMBER = 0xffff
/** The account has no overdraft: three bytes of the answer for it. */
const NO_OVERDRAFT = new Uint8Array(3)
const NO_MONEY = new Uint8Array(4)

/** INITIALIZE FOR LOAD (B0 28) and UNLOAD (B0 2E): key index 1, amount 4, terminal 6. */
const TRANSFER_LENGTH = 11
/** INITIALIZE FOR DEBIT (B0 22): key index 1, personal 4, pooled 4, terminal 6. */
const DEBIT_LENGTH = 15

/** INITIALIZE FOR LOAD (B0 28), 账户划入初始化: card-commands §10.1, §10.3. Changes nothing in memory. */
export const initializeForLoad: Handler = (context, command) => initializeTransfer(context, command, "load")

/** INITIALIZE FOR UNLOAD (B0 2E), 账户支取初始化: card-commands §10.1, §10.3. Changes nothing in memory. */
export const initializeForUnload: Handler = (context, command) => initializeTransfer(context, command, "unload")

function initializeTransfer(context: Context, command: Command, kind: "load" | "unload"): number {
  const { memory, response } = context
  const refusal = refuse(context, command, kind, TRANSFER_LENGTH)
  if (refusal !== SW.OK) return refusal
  const data = command.data()
  const amount = data.slice(1, 5)
  const balance = memory.read(elementOf(context, "cia"))
  const number = memory.read(elementOf(context, "onlineNumber"))
  if (kind === "unload") {
    if (readUint32(amount) > readUint32(balance)) return SW.BALANCE_TOO_LOW
  } else if (readUint32(balance) + readUint32(amount) > rulesOf(context).limitFen) return SW.CONDITIONS_NOT_SATISFIED
  if (readUint32(amount) === 0) return SW.WRONG_DATA
  const terminal = data.slice(5, 11)
  const random = context.random(4)
  const cipher = cipherOf(context)
  const key = accountKey(context, kind === "load" ? "DLK" : "DULK")
  const sessionKey = transferSessionKey(cipher, key, random, number)
  const type = rulesOf(context).types[kind]
  response.append(balance)
  response.append(number)
  describeKey(context, random)
  response.append(transferMac1(cipher, sessionKey, balance, { amount, type, terminal }))
  stateOf(context).pending = { kind, amount, pooled: NO_MONEY, terminal, random }
  return SW.OK
}

/** INITIALIZE FOR DEBIT (B0 22), 账户消费初始化: card-commands §10.1, §10.3. Changes nothing in memory. */
export const initializeForDebit: Handler = (context, command) => {
  const { memory, response } = context
  const refusal = refuse(context, command, "debit", DEBIT_LENGTH)
  if (refusal !== SW.OK) return refusal
  const data = command.data()
  const amount = data.slice(1, 5)
  const pooled = data.slice(5, 9)
  const balance = memory.read(elementOf(context, "cia"))
  if (readUint32(amount) > readUint32(balance)) return SW.BALANCE_TOO_LOW
  if (readUint32(amount) === 0 && readUint32(pooled) === 0) return SW.WRONG_DATA
  const random = context.random(4)
  response.append(balance)
  response.append(memory.read(elementOf(context, "offlineNumber")))
  response.append(NO_OVERDRAFT)
  describeKey(context, random)
  stateOf(context).pending = { kind: "debit", amount, pooled, terminal: data.slice(9, 15), random }
  return SW.OK
}

/** The checks that all three have in common, in the order of card-commands §10.3. */
function refuse(context: Context, command: Command, kind: TransactionKind, length: number): number {
  const { memory, session } = context
  if (!rulesOf(context).p1p2[kind].has(command.p1 * 256 + command.p2)) return SW.INCORRECT_P1P2
  if (command.lc !== length) return SW.WRONG_LENGTH
  if (!session.pinVerified) return SW.SECURITY_STATUS_NOT_SATISFIED
  if (command.bytes[command.dataOffset] !== KEY_INDEX) return SW.KEY_INDEX_UNKNOWN
  const number = elementOf(context, kind === "debit" ? "offlineNumber" : "onlineNumber")
  return memory.readUint16(number) === HIGHEST_NUMBER ? SW.COUNTER_AT_MAXIMUM : SW.OK
}

function describeKey({ layout, response }: Context, random: Uint8Array): void {
  response.appendByte(KEY_VERSION)
  response.appendByte(ALGORITHM_ID[layout.algorithm])
  response.append(random)
}
