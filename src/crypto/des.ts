import { assertBytes } from "../apdu/index.js"
import { assertBlocks, decipher, encipher } from "./block-cipher.js"

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
  return encipher("des-ede3-ecb", doubleLength(key), null, data)
}

/** The inverse of {@link tripleDesEncrypt}. @throws {RangeError} when a length is wrong */
export function tripleDesDecrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBlocks("data", data, 8)
  return decipher("des-ede3-ecb", doubleLength(key), null, data)
}

/** Two-key triple DES, CBC, no padding. @param iv 8 bytes @throws {RangeError} when a length is wrong */
export function tripleDesCbcEncrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBytes("iv", iv, 8)
  assertBlocks("data", data, 8)
  return encipher("des-ede3-cbc", doubleLength(key), iv, data)
}

/** The inverse of {@link tripleDesCbcEncrypt}. @throws {RangeError} when a length is wrong */
export function tripleDesCbcDecrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBytes("iv", iv, 8)
  assertBlocks("data", data, 8)
  return decipher("des-ede3-cbc", doubleLength(key), iv, data)
}

/** Single DES, ECB, no padding. @param key 8 bytes @throws {RangeError} when a length is wrong */
export function desEncrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 8)
  assertBlocks("data", data, 8)
  return encipher("des-ede3-ecb", singleLength(key), null, data)
}

/** The inverse of {@link desEncrypt}. @throws {RangeError} when a length is wrong */
export function desDecrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 8)
  assertBlocks("data", data, 8)
  return decipher("des-ede3-ecb", singleLength(key), null, data)
}

/** Single DES, CBC, no padding, lengths unchecked: for the MACs. */
export function desCbcEncrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  return encipher("des-ede3-cbc", singleLength(key), iv, data)
}

/** K1 K2 becomes K1 K2 K1. */
export function doubleLength(key: Uint8Array): Uint8Array {
  const tripled = new Uint8Array(24)
  tripled.set(key)
  tripled.set(key.subarray(0, 8), 16)
  return tripled
}

/** OpenSSL 3 has no single DES without its legacy provider: triple DES with K K K is the same. */
export function singleLength(key: Uint8Array): Uint8Array {
  const tripled = new Uint8Array(24)
  tripled.set(key)
  tripled.set(key, 8)
  tripled.set(key, 16)
  return tripled
}
