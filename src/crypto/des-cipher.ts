import { PC1, ROTATIONS, ROUND_KEY, SUBSTITUTION } from "./des-tables.js"

/**
 * DES and triple DES on single blocks (FIPS 46-3). Cards and bank lines work on a few blocks under ever new keys; to set
 * up a cipher of node:crypto for them takes longer than to encipher them here.
 */

/** Round keys in the order they are used, two words a round: 16 rounds of DES, or 48 of triple DES. */
export type DesSchedule = Int32Array

const WORDS = 32
const TRIPLE_WORDS = 3 * WORDS
export const DES_BLOCK = 8

/** The round keys of a DES key. @param key 8 bytes; parity bits are ignored */
export function desSchedule(key: Uint8Array): DesSchedule {
  const schedule = new Int32Array(WORDS)
  fill(schedule, 0, key, 0, false)
  return schedule
}

/** The round keys of two-key triple DES, E(K1) D(K2) E(K1). @param key 16 bytes */
export function tripleDesSchedule(key: Uint8Array): DesSchedule {
  const schedule = new Int32Array(TRIPLE_WORDS)
  fill(schedule, 0, key, 0, false)
  fill(schedule, WORDS, key, DES_BLOCK, true)
  schedule.copyWithin(2 * WORDS, 0, WORDS)
  return schedule
}

/** The part of a triple schedule that is single DES under its first key. */
export const firstOfTriple = (schedule: DesSchedule): DesSchedule => schedule.subarray(0, WORDS)

/** Writes 16 round keys, those for deciphering the other way round. */
function fill(schedule: DesSchedule, at: number, key: Uint8Array, start: number, isInverse: boolean): void {
  let c = 0
  let d = 0
  for (let i = 0; i < 28; i++) c = (c << 1) | keyBit(key, start, PC1[i]!)
  for (let i = 28; i < 56; i++) d = (d << 1) | keyBit(key, start, PC1[i]!)
  for (let round = 0; round < 16; round++) {
    const by = ROTATIONS[round]!
    c = ((c << by) | (c >>> (28 - by))) & 0xfffffff
    d = ((d << by) | (d >>> (28 - by))) & 0xfffffff
    const place = at + 2 * (isInverse ? 15 - round : round)
    for (let odd = 0; odd < 2; odd++)
      schedule[place + odd] =
        ROUND_KEY[((c >>> 20) & 0xfe) | odd]! |
        ROUND_KEY[0x100 | ((c >>> 13) & 0xfe) | odd]! |
        ROUND_KEY[0x200 | ((c >>> 6) & 0xfe) | odd]! |
        ROUND_KEY[0x300 | ((c << 1) & 0xfe) | odd]! |
        ROUND_KEY[0x400 | ((d >>> 20) & 0xfe) | odd]! |
        ROUND_KEY[0x500 | ((d >>> 13) & 0xfe) | odd]! |
        ROUND_KEY[0x600 | ((d >>> 6) & 0xfe) | odd]! |
        ROUND_KEY[0x700 | ((d << 1) & 0xfe) | odd]!
  }
}

/** @param bit 1 to 64, the first the top bit of the first byte */
const keyBit = (key: Uint8Array, start: number, bit: number) =>
  (key[start + ((bit - 1) >> 3)]! >> (7 - ((bit - 1) & 7))) & 1

/** The schedule that deciphers what another one enciphers: its rounds the other way round. */
export function inverseSchedule(schedule: DesSchedule): DesSchedule {
  const inverse = new Int32Array(schedule.length)
  for (let i = 0; i < schedule.length; i += 2) {
    inverse[i] = schedule[schedule.length - 2 - i]!
    inverse[i + 1] = schedule[schedule.length - 1 - i]!
  }
  return inverse
}

/** ECB without padding. @param data whole blocks */
export function desBlocks(schedule: DesSchedule, data: Uint8Array): Uint8Array {
  const output = data.slice()
  for (let at = 0; at < output.length; at += DES_BLOCK) desBlock(schedule, output, at)
  return output
}

/** CBC without padding, enciphering. @param iv 8 bytes @param data whole blocks */
export function desCbc(schedule: DesSchedule, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const output = data.slice()
  for (let at = 0; at < output.length; at += DES_BLOCK) {
    const [before, start] = at === 0 ? [iv, 0] : [output, at - DES_BLOCK]
    for (let i = 0; i < DES_BLOCK; i++) output[at + i]! ^= before[start + i]!
    desBlock(schedule, output, at)
  }
  return output
}

/** The last block of {@link desCbc}. @param length how much of the data to take, whole blocks */
export function desCbcLast(schedule: DesSchedule, data: Uint8Array, iv?: Uint8Array, length = data.length): Uint8Array {
  const block = iv ? iv.slice() : new Uint8Array(DES_BLOCK)
  for (let at = 0; at < length; at += DES_BLOCK) {
    for (let i = 0; i < DES_BLOCK; i++) block[i]! ^= data[at + i]!
    desBlock(schedule, block, 0)
  }
  return block
}

/** Enciphers 8 bytes where they stand. */
export function desBlock(schedule: DesSchedule, bytes: Uint8Array, at: number): void {
  let left = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  let right = (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!
  // Initial permutation, as exchanges of ever smaller fields between the halves.
  let swap = ((left >>> 4) ^ right) & 0x0f0f0f0f
  right ^= swap
  left ^= swap << 4
  swap = ((left >>> 16) ^ right) & 0x0000ffff
  right ^= swap
  left ^= swap << 16
  swap = ((right >>> 2) ^ left) & 0x33333333
  left ^= swap
  right ^= swap << 2
  swap = ((right >>> 8) ^ left) & 0x00ff00ff
  left ^= swap
  right ^= swap << 8
  swap = ((left >>> 1) ^ right) & 0x55555555
  right ^= swap
  left ^= swap << 1
  left = (left << 1) | (left >>> 31)
  right = (right << 1) | (right >>> 31)

  for (let pass = 0; pass < schedule.length; pass += WORDS) {
    for (let word = pass; word < pass + WORDS; word += 2) {
      const first = ((right >>> 4) | (right << 28)) ^ schedule[word]!
      const second = right ^ schedule[word + 1]!
      const mixed =
        left ^
        SUBSTITUTION[(first >>> 24) & 63]! ^
        SUBSTITUTION[0x40 | ((second >>> 24) & 63)]! ^
        SUBSTITUTION[0x80 | ((first >>> 16) & 63)]! ^
        SUBSTITUTION[0xc0 | ((second >>> 16) & 63)]! ^
        SUBSTITUTION[0x100 | ((first >>> 8) & 63)]! ^
        SUBSTITUTION[0x140 | ((second >>> 8) & 63)]! ^
        SUBSTITUTION[0x180 | (first & 63)]! ^
        SUBSTITUTION[0x1c0 | (second & 63)]!
      left = right
      right = mixed
    }
    // Of triple DES, the final permutation of a pass and the initial one of the next cancel out but for this.
    swap = left
    left = right
    right = swap
  }

  left = (left << 31) | (left >>> 1)
  right = (right << 31) | (right >>> 1)
  // Final permutation: the same exchanges backwards.
  swap = ((left >>> 1) ^ right) & 0x55555555
  right ^= swap
  left ^= swap << 1
  swap = ((right >>> 8) ^ left) & 0x00ff00ff
  left ^= swap
  right ^= swap << 8
  swap = ((right >>> 2) ^ left) & 0x33333333
  left ^= swap
  right ^= swap << 2
  swap = ((left >>> 16) ^ right) & 0x0000ffff
  right ^= swap
  left ^= swap << 16
  swap = ((left >>> 4) ^ right) & 0x0f0f0f0f
  right ^= swap
  left ^= swap << 4
  write(bytes, at, left)
  write(bytes, at + 4, right)
}

function write(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}
