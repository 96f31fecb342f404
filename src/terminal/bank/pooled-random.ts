import { randomFillSync } from "node:crypto"

const POOL_LENGTH = 1_024

/** Random bytes for unpredictable numbers, drawn from the system a pool at a time. No byte is given out twice. */
export function pooledRandom(): (length: number) => Uint8Array {
  const pool = new Uint8Array(POOL_LENGTH)
  let at = POOL_LENGTH
  return (length) => {
    if (length > POOL_LENGTH) return randomFillSync(new Uint8Array(length))
    if (at + length > POOL_LENGTH) {
      randomFillSync(pool)
      at = 0
    }
    at += length
    return pool.slice(at - length, at)
  }
}
