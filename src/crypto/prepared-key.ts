import { assertBytes } from "../apdu/index.js"
import type { Algorithm } from "./algorithm.js"
import { assertBlocks, type BlockFunction, cbcMac, ecbDecryptor, ecbEncryptor } from "./block-cipher.js"
import { type DesSchedule, desBlocks, inverseSchedule, tripleDesSchedule } from "./des-cipher.js"
import { retailMacUnder } from "./mac.js"

/**
 * A key whose ciphers or round keys are set up once, for many operations under it.
 * It is as secret as the key.
 */
export interface PreparedKey {
  readonly algorithm: Algorithm
  /** ECB without padding. @throws {RangeError} unless the data are whole blocks */
  readonly encrypt: BlockFunction
  /** The inverse of `encrypt`. */
  readonly decrypt: BlockFunction
  /** `retailMac` or `sm4CbcMac` with IV zero. @param data already padded */
  readonly mac: BlockFunction
}

/** A key as it is, for one operation, or prepared. */
export type CipherKey = Uint8Array | PreparedKey

/**
 * Prepares a key; a cipher is set up when it is first needed.
 *
 * @param key 16 bytes
 * @throws {RangeError} when its length is wrong
 * @example
 * const key = prepareKey("3des", pbocSessionKey("3des", udk, atc))
 * applicationCryptogram("3des", key, data)
 */
export function prepareKey(algorithm: Algorithm, key: Uint8Array): PreparedKey {
  assertBytes("key", key, 16)
  return algorithm === "3des" ? tripleDesKey(key) : sm4Key(key.slice())
}

/** The prepared key. @throws {RangeError} when it was prepared for another algorithm */
export function preparedFor(algorithm: Algorithm, key: PreparedKey): PreparedKey {
  if (key.algorithm !== algorithm) throw new RangeError(`key: expected one for ${algorithm}, got ${key.algorithm}`)
  return key
}

function tripleDesKey(key: Uint8Array): PreparedKey {
  const triple = tripleDesSchedule(key)
  let inverse: DesSchedule | undefined
  return {
    algorithm: "3des",
    encrypt(data) {
      assertBlocks("data", data, 8)
      return desBlocks(triple, data)
    },
    decrypt(data) {
      assertBlocks("data", data, 8)
      inverse ??= inverseSchedule(triple)
      return desBlocks(inverse, data)
    },
    mac(data) {
      assertBlocks("data", data, 8)
      return retailMacUnder(triple, data)
    },
  }
}

function sm4Key(key: Uint8Array): PreparedKey {
  return {
    algorithm: "sm4",
    encrypt: whole(16, () => ecbEncryptor("sm4-ecb", key)),
    decrypt: whole(16, () => ecbDecryptor("sm4-ecb", key)),
    mac: whole(16, () => cbcMac("sm4-cbc", key, 16)),
  }
}

function whole(blockSize: number, setUp: () => BlockFunction): BlockFunction {
  let run: BlockFunction | undefined
  return (data) => {
    assertBlocks("data", data, blockSize)
    run ??= setUp()
    return run(data)
  }
}
