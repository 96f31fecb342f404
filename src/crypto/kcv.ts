import { assertInteger } from "../apdu/index.js"
import { type Algorithm, blockEncrypt, blockSizeOf } from "./algorithm.js"
import { desEncrypt } from "./des.js"

/**
 * Key check value: the first bytes of a zero block enciphered (financial-emv §1, host-iso8583 §7).
 *
 * @param key 16 bytes; 8 as well for 3DES, a single-length MAC key
 * @param length 1 to 8 bytes; 4 on the line, 3 or 4 on paper, 8 for SM4 on paper
 * @throws {RangeError} when a length is wrong
 * @example toHex(keyCheckValue("3des", hex("1111111111111111" + "2222222222222222"), 4)) // D2B91CC5
 */
export function keyCheckValue(algorithm: Algorithm, key: Uint8Array, length: number): Uint8Array {
  assertInteger("length", length, 1, 8)
  const zero = new Uint8Array(blockSizeOf(algorithm))
  const isSingleDes = algorithm === "3des" && key.length === 8
  return (isSingleDes ? desEncrypt(key, zero) : blockEncrypt(algorithm, key, zero)).slice(0, length)
}
