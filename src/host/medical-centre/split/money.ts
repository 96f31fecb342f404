/** A share of an amount, half up to the fen (domain-rules §6.3). @param ratio in 1/10,000 */
export function mul(fen: bigint, ratio: number): bigint {
  return (fen * BigInt(ratio) + 5000n) / 10_000n
}

/** The least amount of which the ratio pays at least so much. @param ratio in 1/10,000, more than 0 */
export function amountPaidBy(payFen: bigint, ratio: number): bigint {
  const divisor = BigInt(ratio)
  return (payFen * 10_000n + divisor - 1n) / divisor
}

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
export const atLeastZero = (fen: bigint): bigint => (fen > 0n ? fen : 0n)
