import { assertBytes, assertInteger, xorBytes } from "../apdu/index.js"
import type { Algorithm } from "./algorithm.js"
import { assertBlocks } from "./block-cipher.js"
import {
  DES_BLOCK,
  type DesSchedule,
  desBlock,
  desCbcLast,
  desSchedule,
  firstOfTriple,
  tripleDesSchedule,
} from "./des-cipher.js"
import { sm4CbcEncrypt } from "./sm4.js"

/** Appends 80, then 00 to a full block; a whole block where the data end with one (ISO 9797-1 method 2). */
export function pad80(data: Uint8Array, blockSize: number): Uint8Array {
  assertInteger("blockSize", blockSize, 1, 255)
  const padded = new Uint8Array((Math.floor(data.length / blockSize) + 1) * blockSize)
  padded.set(data)
  padded[data.length] = 0x80
  return padded
}

/** Appends 00 to a full block; nothing where the data end with one, a block for no data (ISO 9797-1 method 1). */
export function padZero(data: Uint8Array, blockSize: number): Uint8Array {
  assertInteger("blockSize", blockSize, 1, 255)
  const padded = new Uint8Array(Math.max(1, Math.ceil(data.length / blockSize)) * blockSize)
  padded.set(data)
  return padded
}

/**
 * Single DES CBC-MAC: the last block (ISO 9797-1 algorithm 1; ANSI X9.9).
 *
 * @param key 8 bytes
 * @param data already padded
 * @param iv 8 bytes, default zero
 * @returns 8 bytes; most users take the first 4
 * @throws {RangeError} when a length is wrong
 * @example desCbcMac(sessionKey, pad80(data, 8)).subarray(0, 4)
 */
export function desCbcMac(key: Uint8Array, data: Uint8Array, iv: Uint8Array = new Uint8Array(8)): Uint8Array {
  assertBytes("key", key, 8)
  assertBytes("iv", iv, 8)
  assertBlocks("data", data, 8)
  return desCbcLast(desSchedule(key), data, iv)
}

/**
 * Retail MAC: single DES CBC with K1, the last block also through D(K2) and E(K1)
 * (ISO 9797-1 algorithm 3; ANSI X9.19; financial-emv §1).
 *
 * @param key 16 bytes
 * @param data already padded
 * @param iv 8 bytes, default zero
 * @returns 8 bytes; cryptograms take 8, scripts and lines 4
 * @throws {RangeError} when a length is wrong
 */
export function retailMac(key: Uint8Array, data: Uint8Array, iv: Uint8Array = new Uint8Array(8)): Uint8Array {
  assertBytes("key", key, 16)
  assertBytes("iv", iv, 8)
  assertBlocks("data", data, 8)
  return retailMacUnder(tripleDesSchedule(key), data, iv)
}

/** {@link retailMac} under round keys of triple DES: E(K1) of the last CBC step, D(K2) and E(K1) together are one triple DES. */
export function retailMacUnder(triple: DesSchedule, data: Uint8Array, iv?: Uint8Array): Uint8Array {
  const body = data.length - DES_BLOCK
  const block = desCbcLast(firstOfTriple(triple), data, iv, body)
  for (let i = 0; i < DES_BLOCK; i++) block[i]! ^= data[body + i]!
  desBlock(triple, block, 0)
  return block
}

/** SM4 CBC-MAC: the last block. @param data already padded @param iv 16 bytes, default zero @returns 16 bytes */
export function sm4CbcMac(key: Uint8Array, data: Uint8Array, iv: Uint8Array = new Uint8Array(16)): Uint8Array {
  return sm4CbcEncrypt(key, iv, data).slice(-16)
}

/** Exclusive or of the four 4-byte words of a block: the short MAC of SM4 cards (card-commands §7.1). @returns 4 bytes */
export function xor4(block: Uint8Array): Uint8Array {
  assertBytes("block", block, 16)
  const word = block.slice(0, 4)
  for (let i = 4; i < 16; i++) word[i & 3]! ^= block[i]!
  return word
}

/** Left half exclusive or right half of a 16-byte key: X(K) of financial-emv §1. @returns 8 bytes */
export function foldKey(key: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  return xorBytes(key.subarray(0, 8), key.subarray(8))
}

/** How an SM4 MAC becomes 4 bytes: profile option `sm4Mac` (card-commands §7.1). */
export type Sm4MacForm = "xor4" | "left4"

/**
 * The 4-byte MAC of secure messaging and of passbook and medical transactions (card-commands §7.1, §10.2;
 * financial-emv §4, §6): pad80, CBC-MAC with IV zero.
 *
 * @param sessionKey 8 bytes (3DES cards) or 16 (SM4)
 * @param form for SM4 only
 * @returns 4 bytes
 * @throws {RangeError} when a length is wrong
 */
export function mac4(
  algorithm: Algorithm,
  sessionKey: Uint8Array,
  data: Uint8Array,
  form: Sm4MacForm = "xor4",
): Uint8Array {
  if (algorithm === "3des") return desCbcMac(sessionKey, pad80(data, 8)).slice(0, 4)
  const block = sm4CbcMac(sessionKey, pad80(data, 16))
  return form === "xor4" ? xor4(block) : block.slice(0, 4)
}

/** The key of a TAC: folded to 8 bytes on 3DES cards, all 16 on SM4 cards (card-commands §10.2). */
export function tacKey(algorithm: Algorithm, key: Uint8Array): Uint8Array {
  assertBytes("key", key, 16)
  return algorithm === "3des" ? foldKey(key) : key
}
