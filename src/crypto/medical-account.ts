import { concat } from "../apdu/index.js"
import type { Algorithm } from "./algorithm.js"
import { mac4, type Sm4MacForm, tacKey } from "./mac.js"
import { transactionSessionKey } from "./session-keys.js"

/** What ends the input of a session key of load and unload, where a debit has the terminal's sequence (card-commands §10.2). */
const ONLINE_SUFFIX = Uint8Array.of(0x80, 0x00)

/** The cipher of an account: every value below depends on it. */
export interface MedicalCipher {
  readonly algorithm: Algorithm
  /** How an SM4 MAC becomes 4 bytes; default `xor4`. */
  readonly form?: Sm4MacForm
}

/** Money that moves between the centre and the account: a load or an unload. */
export interface MedicalTransfer {
  /** 4 bytes, fen. */
  readonly amount: Uint8Array
  /** Transaction type, an ASCII character: 31 load, 33 unload. */
  readonly type: number
  /** 6 bytes, BCD. */
  readonly terminal: Uint8Array
}

/** A payment at a hospital or pharmacy. */
export interface MedicalDebit {
  /** From the personal account, 4 bytes, fen. */
  readonly personal: Uint8Array
  /** From the pooled fund, 4 bytes, fen. */
  readonly pooled: Uint8Array
  /** Transaction type: 35. */
  readonly type: number
  /** 6 bytes, BCD. */
  readonly terminal: Uint8Array
}

/** When a transaction happened, as the second command says. */
export interface MedicalMoment {
  /** YYYYMMDD in 4 bytes and hhmmss in 3, BCD. */
  readonly dateTime: Uint8Array
}

/**
 * Session key of a load (DLK) or an unload (DULK): card-commands §10.2.
 *
 * @param key 16 bytes, the card's own
 * @param random 4 bytes that the card drew
 * @param onlineNumber 2 bytes
 * @throws {RangeError} when a length is wrong
 */
export const transferSessionKey = (
  { algorithm }: MedicalCipher,
  key: Uint8Array,
  random: Uint8Array,
  onlineNumber: Uint8Array,
): Uint8Array => transactionSessionKey(algorithm, key, random, onlineNumber, ONLINE_SUFFIX)

/**
 * Session key of a debit (DPK): card-commands §10.2.
 *
 * @param terminalSequence 4 bytes, of which the right 2 count
 * @throws {RangeError} when a length is wrong
 */
export const debitSessionKey = (
  { algorithm }: MedicalCipher,
  key: Uint8Array,
  random: Uint8Array,
  offlineNumber: Uint8Array,
  terminalSequence: Uint8Array,
): Uint8Array => transactionSessionKey(algorithm, key, random, offlineNumber, terminalSequence.subarray(2))

const mac = ({ algorithm, form }: MedicalCipher, key: Uint8Array, ...parts: (Uint8Array | number)[]): Uint8Array =>
  mac4(algorithm, key, concat(...parts), form)

/** MAC1 of load and unload: the card shows the centre what it will do. @param balance the old balance, 4 bytes @returns 4 bytes */
export const transferMac1 = (
  cipher: MedicalCipher,
  sessionKey: Uint8Array,
  balance: Uint8Array,
  { amount, type, terminal }: MedicalTransfer,
): Uint8Array => mac(cipher, sessionKey, balance, amount, type, terminal)

/** MAC2 of load and unload: the centre agrees. @returns 4 bytes */
export const transferMac2 = (
  cipher: MedicalCipher,
  sessionKey: Uint8Array,
  { amount, type, terminal, dateTime }: MedicalTransfer & MedicalMoment,
): Uint8Array => mac(cipher, sessionKey, amount, type, terminal, dateTime)

/**
 * MAC3 of an unload: the card has given the money up.
 *
 * @param balance the new balance, 4 bytes
 * @param onlineNumber the number before it was raised, 2 bytes
 * @returns 4 bytes
 */
export const unloadMac3 = (
  cipher: MedicalCipher,
  sessionKey: Uint8Array,
  balance: Uint8Array,
  onlineNumber: Uint8Array,
  { amount, type, terminal, dateTime }: MedicalTransfer & MedicalMoment,
): Uint8Array => mac(cipher, sessionKey, balance, onlineNumber, amount, type, terminal, dateTime)

/** TAC of load and unload, under the DTK. Parameters as {@link unloadMac3}. @param dtk 16 bytes @returns 4 bytes */
export const transferTac = (
  cipher: MedicalCipher,
  dtk: Uint8Array,
  balance: Uint8Array,
  onlineNumber: Uint8Array,
  transfer: MedicalTransfer & MedicalMoment,
): Uint8Array => unloadMac3(cipher, tacKey(cipher.algorithm, dtk), balance, onlineNumber, transfer)

/** MAC1 of a debit: a SAM or an HSM lets the terminal pay. @returns 4 bytes */
export const debitMac1 = (
  cipher: MedicalCipher,
  sessionKey: Uint8Array,
  { personal, pooled, type, terminal, dateTime }: MedicalDebit & MedicalMoment,
): Uint8Array => mac(cipher, sessionKey, new Uint8Array(4), personal, pooled, type, terminal, dateTime)

/** MAC2 of a debit: the card has paid. @returns 4 bytes */
export const debitMac2 = (
  cipher: MedicalCipher,
  sessionKey: Uint8Array,
  { personal, pooled }: Pick<MedicalDebit, "personal" | "pooled">,
): Uint8Array => mac(cipher, sessionKey, personal, pooled)

/** TAC of a debit, under the DTK. @param dtk 16 bytes @param terminalSequence 4 bytes @returns 4 bytes */
export const debitTac = (
  cipher: MedicalCipher,
  dtk: Uint8Array,
  { personal, pooled, type, terminal, dateTime }: MedicalDebit & MedicalMoment,
  terminalSequence: Uint8Array,
): Uint8Array =>
  mac(cipher, tacKey(cipher.algorithm, dtk), personal, pooled, type, terminal, terminalSequence, dateTime)
