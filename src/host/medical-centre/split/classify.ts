import { InputError } from "../../../apdu/index.js"
import type { ClassifiedCosts, CostLine } from "../../../dictionary/index.js"
import type { Region } from "../../regions/region.js"
import { atLeastZero, mul } from "./money.js"

/** The most that one bill may come to: what twelve digits of fen can say. */
const MAXIMUM_FEN = 999_999_999_999n

/**
 * Sorts a bill by the catalogue of the place of treatment: what is no matter of the insurance at all, what is above a
 * price limit, what of class B the person pays first, and the rest, which is in scope (domain-rules §6.1).
 *
 * @throws {InputError} naming the line, for a bill that is empty or huge, or an amount that is none
 * @example classify([{ code: "X", category: "drug", class: "B", feeFen: 100_00n }], region.medical).preFen // 1000n at 10 %
 */
export function classify(lines: readonly CostLine[], { preSelfPay }: Region["medical"]): ClassifiedCosts {
  if (lines.length === 0) throw new InputError("lines", "expected at least one line")
  let [totalFen, ownFen, overFen, preFen] = [0n, 0n, 0n, 0n]
  lines.forEach((line, index) => {
    const { feeFen, ceilingFen } = line
    if (feeFen <= 0n || feeFen > MAXIMUM_FEN)
      throw new InputError(`lines.${index}.fee`, `expected more than 0 and at most ${MAXIMUM_FEN} fen, got ${feeFen}`)
    if (ceilingFen !== undefined && ceilingFen < 0n)
      throw new InputError(`lines.${index}.ceiling`, `expected 0 or more fen, got ${ceilingFen}`)
    totalFen += feeFen
    if (line.class === "C") {
      ownFen += feeFen
      return
    }
    const over = ceilingFen === undefined ? 0n : atLeastZero(feeFen - ceilingFen)
    overFen += over
    if (line.class === "B") preFen += mul(feeFen - over, firstShareOf(line, index, preSelfPay))
  })
  if (totalFen > MAXIMUM_FEN)
    throw new InputError("lines", `expected at most ${MAXIMUM_FEN} fen in all, got ${totalFen}`)
  return { totalFen, ownFen, overFen, preFen, scopeFen: totalFen - ownFen - overFen - preFen }
}

function firstShareOf(
  { firstShare, category }: CostLine,
  index: number,
  preSelfPay: Region["medical"]["preSelfPay"],
): number {
  if (firstShare === undefined) return preSelfPay[category]
  if (Number.isInteger(firstShare) && firstShare >= 0 && firstShare <= 10_000) return firstShare
  throw new InputError(`lines.${index}.firstShare`, `expected 0 to 10000, in 1/10,000, got ${firstShare}`)
}
