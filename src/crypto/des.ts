import { assertBytes } from "../apdu/index.js"
import { assertBlocks } from "./block-cipher.js"
import { DES_BLOCK, desBlocks, desCbc, desSchedule, inverseSchedule, tripleDesSchedule } from "./des-cipher.js"

/**
 * Two-key triple DES, ECB, no padding: E(K1) D(K2) E(K1) of every block (financial-emv §1).
 *
 * @param key 16 bytes; parity bits are ignored
 * @param data one or more blocks of 8 bytes
 * @throws {RangeError} when a length is wrong
 * @example tripleDesEncrypt(key, new Uint8Array(8)).subarray(0, 4) // key check value
 */
export function tripleDesEncrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBlocks("data", data, 8)
  return desBlocks(tripleDesSchedule(key), data)
}

/** The inverse of {@link tripleDesEncrypt}. @throws {RangeError} when a length is wrong */
export function tripleDesDecrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBlocks("data", data, 8)
  return desBlocks(inverseSchedule(tripleDesSchedule(key)), data)
}

/** Two-key triple DES, CBC, no padding. @param iv 8 bytes @throws {RangeError} when a length is wrong */
export function tripleDesCbcEncrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBytes("iv", iv, 8)
  assertBlocks("data", data, 8)
  return desCbc(tripleDesSchedule(key), iv, data)
}

/** The inverse of {@link tripleDesCbcEncrypt}. @throws {RangeError} when a length is wrong */
export function tripleDesCbcDecrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBytes("iv", iv, 8)
  assertBlocks("data", data, 8)
  const clear = desBlocks(inverseSchedule(tripleDesSchedule(key)), data)
  for (let at = 0; at < clear.length; at++) clear[at]! ^= at < DES_BLOCK ? iv[at]! : data[at - DES_BLOCK]!
  return clear
}

/** Single DES, ECB, no padding. @param key 8 bytes @throws {RangeError} when a length is wrong */
export function desEncrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 8)
  assertBlocks("data", data, 8)
  return desBlocks(desSchedule(key), data)
}

/** The inverse of {@link desEncrypt}. @throws {RangeError} when a length is wrong */
export function desDecrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 8)
  assertBlocks("data", data, 8)
  return desBlocks(inverseSchedule(desSchedule(key)), data)
}
