import { assertBytes, bcdRight, concat, InputError, toHex } from "../apdu/index.js"
import { type Algorithm, blockEncrypt, blockSizeOf } from "./algorithm.js"
import { diversify } from "./diversify.js"
import { sha1 } from "./hash.js"
import { pad80, retailMac, sm4CbcMac } from "./mac.js"
import { type CipherKey, preparedFor } from "./prepared-key.js"

/**
 * Derives a card's key from an issuer master key, option A (EMV Book 2 A1.4.1; financial-emv §20, §25): the factor
 * is the right 16 digits of PAN ‖ sequence number, padded with zeros on the left. No parity adjustment.
 *
 * @param imk 16 bytes
 * @param pan digits
 * @param psn two digits, `00` when the card has none
 * @returns 16 bytes
 * @throws {InputError} when PAN or sequence number are no digits
 * @throws {RangeError} when the key is not 16 bytes
 */
export function udkOptionA(algorithm: Algorithm, imk: Uint8Array, pan: string, psn: string): Uint8Array {
  assertPan(pan, psn)
  return diversify(algorithm, imk, bcdRight((pan + psn).slice(-16), 8))
}

/**
 * Option B (EMV Book 2 A1.4.2), for a PAN of more than 16 digits: the factor is made of the decimal digits of
 * SHA-1(PAN ‖ sequence number). A shorter PAN is option A. UnionPay uses A for all.
 *
 * @returns 16 bytes
 * @throws as {@link udkOptionA}
 */
export function udkOptionB(algorithm: Algorithm, imk: Uint8Array, pan: string, psn: string): Uint8Array {
  assertPan(pan, psn)
  if (pan.length <= 16) return udkOptionA(algorithm, imk, pan, psn)
  const digits = pan + psn
  const digest = toHex(sha1(bcdRight(digits, Math.ceil(digits.length / 2))))
  const letters = digest.replace(/\d/g, "").replace(/[A-F]/g, (letter) => String(letter.charCodeAt(0) - 65))
  return diversify(algorithm, imk, bcdRight((digest.replace(/[A-F]/g, "") + letters).slice(0, 16), 8))
}

function assertPan(pan: string, psn: string): void {
  if (!/^\d{8,19}$/.test(pan)) throw new InputError("pan", "expected 8 to 19 digits")
  if (!/^\d{2}$/.test(psn)) throw new InputError("psn", "expected 2 digits")
}

/**
 * Application cryptogram: TC, ARQC or AAC (financial-emv §20, §25).
 *
 * @param sessionKey SK_AC, 16 bytes
 * @param data the values of the cryptogram version, not padded
 * @returns 8 bytes
 */
export function applicationCryptogram(algorithm: Algorithm, sessionKey: CipherKey, data: Uint8Array): Uint8Array {
  return mac(algorithm, sessionKey, data).slice(0, 8)
}

/**
 * Issuer's answer cryptogram, method 1 (financial-emv §21): 3DES(SK, AC xor (ARC ‖ 00..)); with SM4 the left 8
 * bytes of SM4(SK, the same ‖ 00..).
 *
 * @param cryptogram 8 bytes, the ARQC
 * @param arc 2 ASCII bytes, for example 3030
 * @returns 8 bytes
 * @throws {RangeError} when a length is wrong
 */
export function arpcMethod1(
  algorithm: Algorithm,
  sessionKey: CipherKey,
  cryptogram: Uint8Array,
  arc: Uint8Array,
): Uint8Array {
  assertBytes("cryptogram", cryptogram, 8)
  assertBytes("arc", arc, 2)
  const block = new Uint8Array(blockSizeOf(algorithm))
  block.set(cryptogram)
  block[0]! ^= arc[0]!
  block[1]! ^= arc[1]!
  return blockEncrypt(algorithm, sessionKey, block).slice(0, 8)
}

/**
 * Issuer's answer cryptogram, method 2 (EMV Book 2 §8.2.2): MAC over AC ‖ CSU ‖ proprietary data.
 *
 * @param cryptogram 8 bytes, the ARQC
 * @param csu card status update, 4 bytes
 * @param proprietary 0 to 8 bytes
 * @returns 4 bytes
 * @throws {RangeError} when a length is wrong
 */
export function arpcMethod2(
  algorithm: Algorithm,
  sessionKey: CipherKey,
  cryptogram: Uint8Array,
  csu: Uint8Array,
  proprietary: Uint8Array = new Uint8Array(0),
): Uint8Array {
  assertBytes("cryptogram", cryptogram, 8)
  assertBytes("csu", csu, 4)
  return mac(algorithm, sessionKey, concat(cryptogram, csu, proprietary)).slice(0, 4)
}

/**
 * MAC of an issuer script command (financial-emv §22).
 *
 * @param sessionKey SK_MAC, 16 bytes
 * @param header CLA INS P1 P2 Lc, Lc counting the 4 MAC bytes
 * @param atc 2 bytes
 * @param anchor 8 bytes, the first cryptogram of the transaction
 * @param data the command's data without the MAC, enciphered where they are
 * @returns 4 bytes
 * @throws {RangeError} when a length is wrong
 */
export function scriptMac(
  algorithm: Algorithm,
  sessionKey: CipherKey,
  header: Uint8Array,
  atc: Uint8Array,
  anchor: Uint8Array,
  data: Uint8Array = new Uint8Array(0),
): Uint8Array {
  assertBytes("header", header, 5)
  assertBytes("atc", atc, 2)
  assertBytes("anchor", anchor, 8)
  return mac(algorithm, sessionKey, concat(header, atc, anchor, data)).slice(0, 4)
}

function mac(algorithm: Algorithm, key: CipherKey, data: Uint8Array): Uint8Array {
  if (!(key instanceof Uint8Array)) return preparedFor(algorithm, key).mac(pad80(data, blockSizeOf(algorithm)))
  return algorithm === "3des" ? retailMac(key, pad80(data, 8)) : sm4CbcMac(key, pad80(data, 16))
}
