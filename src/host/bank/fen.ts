/** An amount in fen: bigint, or a safe integer. */
export type Fen = bigint | number

/** @throws {RangeError} unless it is a whole amount in 0..999,999,999,999 fen, what twelve digits can say */
export function toFen(name: string, value: Fen): bigint {
  if (typeof value === "number" && !Number.isSafeInteger(value))
    throw new RangeError(`${name}: expected a whole number of fen, got ${value}`)
  const fen = BigInt(value)
  if (fen < 0n || fen > 999_999_999_999n) throw new RangeError(`${name}: expected 0 to 999999999999 fen, got ${fen}`)
  return fen
}
