import {
  commandApdu,
  concat,
  readUint16,
  readUint32,
  ShebaoError,
  type Transport,
  uint16,
  uint32,
} from "../../apdu/index.js"
import { MEDICAL_TRANSACTION_TYPES } from "../../dictionary/index.js"
import { type Outcome, send } from "./outcome.js"

const CLASS = 0xb0
const KEY_INDEX = 0x01

/** The three transactions of the medical account. */
export type MedicalTransactionKind = keyof typeof MEDICAL_TRANSACTION_TYPES

/** What INITIALIZE told of the account; nothing has changed yet. */
export interface TransactionBegun {
  readonly balanceFen: number
  /** Number of this transaction: on-line for load and unload, off-line for a debit. */
  readonly number: number
  readonly keyVersion: number
  /** 1 3DES, 3 SM4. */
  readonly algorithmId: number
  /** 4 bytes. */
  readonly random: Uint8Array
}

/** What INITIALIZE FOR LOAD and UNLOAD told besides. */
export interface TransferBegun extends TransactionBegun {
  /** 4 bytes, for the medical centre. */
  readonly mac1: Uint8Array
}

const LOAD = 0x28
const UNLOAD = 0x2e
const TRANSFER_LENGTH = 16
const DEBIT_LENGTH = 15

/**
 * INITIALIZE FOR LOAD (B0 28) or UNLOAD (B0 2E): card-commands §10.1.
 *
 * @param terminal 6 bytes, BCD
 */
export async function initializeTransfer(
  card: Transport,
  kind: "load" | "unload",
  amountFen: number,
  terminal: Uint8Array,
): Promise<Outcome<TransferBegun>> {
  const data = concat(KEY_INDEX, uint32(amountFen), terminal)
  const ins = kind === "load" ? LOAD : UNLOAD
  const outcome = await send(card, commandApdu(CLASS, ins, 0x00, 0x01, data, TRANSFER_LENGTH))
  if (!outcome.ok) return outcome
  const bytes = ofLength(outcome.data, TRANSFER_LENGTH)
  return { ok: true, ...begun(bytes, 6), mac1: bytes.slice(12) }
}

/** INITIALIZE FOR DEBIT (B0 22): card-commands §10.1. @param terminal 6 bytes, BCD */
export async function initializeDebit(
  card: Transport,
  personalFen: number,
  pooledFen: number,
  terminal: Uint8Array,
): Promise<Outcome<TransactionBegun>> {
  const data = concat(KEY_INDEX, uint32(personalFen), uint32(pooledFen), terminal)
  const outcome = await send(card, commandApdu(CLASS, 0x22, 0x00, 0x01, data, DEBIT_LENGTH))
  return outcome.ok ? { ok: true, ...begun(ofLength(outcome.data, DEBIT_LENGTH), 9) } : outcome
}

/** CREDIT FOR LOAD (B0 2A). @param dateTime 7 bytes, BCD @returns the TAC, 4 bytes */
export async function creditForLoad(
  card: Transport,
  dateTime: Uint8Array,
  mac2: Uint8Array,
): Promise<Outcome<{ readonly proof: Uint8Array }>> {
  return proofOf(await send(card, commandApdu(CLASS, 0x2a, 0x00, 0x00, concat(dateTime, mac2), 4)))
}

/** DEBIT FOR UNLOAD (B0 30). @param dateTime 7 bytes, BCD @returns MAC3, 4 bytes */
export async function debitForUnload(
  card: Transport,
  dateTime: Uint8Array,
  mac2: Uint8Array,
): Promise<Outcome<{ readonly proof: Uint8Array }>> {
  return proofOf(await send(card, commandApdu(CLASS, 0x30, 0x00, 0x00, concat(dateTime, mac2), 4)))
}

/** DEBIT (B0 24). @param dateTime 7 bytes, BCD @returns TAC and MAC2, 4 bytes each */
export async function debit(
  card: Transport,
  terminalSequence: number,
  dateTime: Uint8Array,
  mac1: Uint8Array,
): Promise<Outcome<{ readonly tac: Uint8Array; readonly mac2: Uint8Array }>> {
  const data = concat(uint32(terminalSequence), dateTime, mac1)
  const outcome = await send(card, commandApdu(CLASS, 0x24, 0x00, 0x00, data, 8))
  if (!outcome.ok) return outcome
  const bytes = ofLength(outcome.data, 8)
  return { ok: true, tac: bytes.slice(0, 4), mac2: bytes.slice(4) }
}

/**
 * GET TRANSACTION PROVE (B0 2C): what a transaction answered whose answer was lost; 9406 when it did not happen
 * (card-commands §10.5). Needs no PIN.
 *
 * @returns mac: MAC2 of a debit, MAC3 of an unload, the centre's MAC2 of a load
 */
export async function transactionProof(
  card: Transport,
  kind: MedicalTransactionKind,
  number: number,
): Promise<Outcome<{ readonly mac: Uint8Array; readonly tac: Uint8Array }>> {
  const type = MEDICAL_TRANSACTION_TYPES[kind]
  const outcome = await send(card, commandApdu(CLASS, 0x2c, 0x00, type, uint16(number), 8))
  if (!outcome.ok) return outcome
  const bytes = ofLength(outcome.data, 8)
  return { ok: true, mac: bytes.slice(0, 4), tac: bytes.slice(4) }
}

/** @param keyAt where key version, algorithm and random begin */
const begun = (bytes: Uint8Array, keyAt: number): TransactionBegun => ({
  balanceFen: readUint32(bytes),
  number: readUint16(bytes, 4),
  keyVersion: bytes[keyAt]!,
  algorithmId: bytes[keyAt + 1]!,
  random: bytes.slice(keyAt + 2, keyAt + 6),
})

function proofOf(outcome: Outcome<{ readonly data: Uint8Array }>): Outcome<{ readonly proof: Uint8Array }> {
  return outcome.ok ? { ok: true, proof: ofLength(outcome.data, 4) } : outcome
}

function ofLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes
  throw new ShebaoError("CARD_DATA", `expected ${length} bytes from the card, got ${bytes.length}`, {
    messageZh: "卡片数据错误",
  })
}
