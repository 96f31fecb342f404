import { randomFillSync } from "node:crypto"

/** Gives so many fresh random bytes. */
export type RandomSource = (length: number) => Uint8Array

const POOL_SIZE = 4096
const pool = new Uint8Array(POOL_SIZE)
let used = POOL_SIZE

/** Random bytes of the system, drawn in large portions for all cards of the process. */
export const systemRandom: RandomSource = (length) => {
  if (length > POOL_SIZE) return randomFillSync(new Uint8Array(length))
  if (used + length > POOL_SIZE) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + length)
  pool.fill(0, used, used + length)
  used += length
  return bytes
}

/**
 * Repeatable bytes for tests and demonstrations: the same seed gives the same card. Predictable, so never for secrets.
 *
 * The generator is sfc32, seeded from the text by FNV-1a.
 */
export function seededRandom(seed: string | number): RandomSource {
  let hash = 0x811c_9dc5
  for (const character of `${seed}`) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x0100_0193)
  let [a, b, c, counter] = [0, hash, hash ^ 0x9e37_79b9, 1]
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum & 0xff
  }
  for (let i = 0; i < 12; i++) next()
  return (length) => Uint8Array.from({ length }, next)
}
