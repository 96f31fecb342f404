import { assertBytes } from "../apdu/index.js"
import { assertBlocks, decipher, encipher } from "./block-cipher.js"

/**
 * SM4 (GB/T 32907), ECB, no padding.
 *
 * @param key 16 bytes
 * @param data one or more blocks of 16 bytes
 * @throws {RangeError} when a length is wrong
 * @example sm4Encrypt(hex("0123456789ABCDEFFEDCBA9876543210"), block)
 */
export function sm4Encrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBlocks("data", data, 16)
  return encipher("sm4-ecb", key, null, data)
}

/** The inverse of {@link sm4Encrypt}. @throws {RangeError} when a length is wrong */
export function sm4Decrypt(key: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBlocks("data", data, 16)
  return decipher("sm4-ecb", key, null, data)
}

/** SM4, CBC, no padding. @param iv 16 bytes @throws {RangeError} when a length is wrong */
export function sm4CbcEncrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBytes("iv", iv, 16)
  assertBlocks("data", data, 16)
  return encipher("sm4-cbc", key, iv, data)
}

/** The inverse of {@link sm4CbcEncrypt}. @throws {RangeError} when a length is wrong */
export function sm4CbcDecrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  assertBytes("iv", iv, 16)
  assertBlocks("data", data, 16)
  return decipher("sm4-cbc", key, iv, data)
}
