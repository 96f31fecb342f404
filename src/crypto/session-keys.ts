import { assertBytes, concat, notBytes } from "../apdu/index.js"
import { type Algorithm, blockEncrypt } from "./algorithm.js"
import { tripleDesEncrypt } from "./des.js"
import type { CipherKey } from "./prepared-key.js"

const zeros = (length: number): Uint8Array => new Uint8Array(length)

/**
 * Session key of the social security application (card-commands §9.2, §9.3).
 *
 * @param key 16 bytes
 * @param challenge 8 bytes
 * @returns 3DES(key, R), 8 bytes, a single DES key; or SM4(key, R ‖ ~R), 16 bytes
 * @throws {RangeError} when a length is wrong
 */
export function challengeSessionKey(algorithm: Algorithm, key: Uint8Array, challenge: Uint8Array): Uint8Array {
  assertBytes("challenge", challenge, 8)
  return blockEncrypt(algorithm, key, algorithm === "3des" ? challenge : concat(challenge, notBytes(challenge)))
}

/**
 * Session key of one passbook or medical transaction (card-commands §10.2; financial-emv §4, §6).
 *
 * @param key 16 bytes: DLK, DPK, DULK or DUK
 * @param random 4 bytes from the card
 * @param counter 2 bytes: the on-line or off-line transaction number
 * @param suffix 2 bytes: 8000, or the right 2 bytes of the terminal sequence
 * @returns 8 bytes (3DES) or 16 (SM4)
 * @throws {RangeError} when a length is wrong
 */
export function transactionSessionKey(
  algorithm: Algorithm,
  key: Uint8Array,
  random: Uint8Array,
  counter: Uint8Array,
  suffix: Uint8Array,
): Uint8Array {
  assertBytes("random", random, 4)
  assertBytes("counter", counter, 2)
  assertBytes("suffix", suffix, 2)
  const input = concat(random, counter, suffix)
  return blockEncrypt(algorithm, key, algorithm === "3des" ? input : concat(input, zeros(8)))
}

/**
 * Session key of one PBOC debit/credit transaction from its ATC (financial-emv §1, §25).
 *
 * @param udk UDK_AC, UDK_MAC or UDK_ENC: 16 bytes, or prepared for many transactions
 * @param atc 2 bytes
 * @returns 16 bytes
 * @throws {RangeError} when a length is wrong
 */
export function pbocSessionKey(algorithm: Algorithm, udk: CipherKey, atc: Uint8Array): Uint8Array {
  assertBytes("atc", atc, 2)
  const input = zeros(16)
  for (let i = 0; i < 2; i++) {
    input[6 + i] = atc[i]!
    input[14 + i] = ~atc[i]!
  }
  return blockEncrypt(algorithm, udk, input)
}

/**
 * EMV common session key derivation with 3DES (EMV Book 2 A1.3.1), without parity adjustment.
 *
 * @param key 16 bytes
 * @param r 8 bytes: ATC ‖ 000000000000, or the ARQC for script keys
 * @returns 16 bytes
 * @throws {RangeError} when a length is wrong
 */
export function emvCommonSessionKey(key: Uint8Array, r: Uint8Array): Uint8Array {
  assertBytes("r", r, 8)
  const input = concat(r, r)
  input[2] = 0xf0
  input[10] = 0x0f
  return tripleDesEncrypt(key, input)
}
