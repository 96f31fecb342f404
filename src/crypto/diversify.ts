import { assertBytes, concat, notBytes } from "../apdu/index.js"
import { type Algorithm, blockEncrypt } from "./algorithm.js"

/**
 * Derives a key one level down (card-commands §9.1; financial-emv §1).
 *
 * @param masterKey 16 bytes
 * @param factor 8 bytes
 * @returns 16 bytes: 3DES(K, F) ‖ 3DES(K, ~F), or SM4(K, F ‖ ~F)
 * @throws {RangeError} when a length is wrong
 * @example diversify("3des", hex("11223344556677888877665544332211"), hex("2016122100001003")) // 8AEBC113...
 */
export function diversify(algorithm: Algorithm, masterKey: Uint8Array, factor: Uint8Array): Uint8Array {
  assertBytes("factor", factor, 8)
  return blockEncrypt(algorithm, masterKey, concat(factor, notBytes(factor)))
}

/**
 * Derives a card key through all its levels, for example province, city, card.
 *
 * @param factorsFromMasterInwards the factor nearest the master first; a SAM is sent them the other way round
 * @returns 16 bytes; the master key itself when there are no factors
 * @throws {RangeError} when a length is wrong
 */
export function deriveCardKey(
  algorithm: Algorithm,
  masterKey: Uint8Array,
  factorsFromMasterInwards: readonly Uint8Array[],
): Uint8Array {
  return factorsFromMasterInwards.reduce((key, factor) => diversify(algorithm, key, factor), masterKey)
}
