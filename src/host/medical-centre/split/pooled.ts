import { formatYuan } from "../../../dictionary/index.js"
import { type Explain, type MedicalRules, type SettlementCase, tell } from "./case.js"
import { amountPaidBy, atLeastZero, least, mul } from "./money.js"

/** What the pooled fund pays of the in-scope cost, and what is left to others. */
export interface PooledPart {
  readonly deductibleFen: bigint
  readonly poolFen: bigint
  /** The person's share beside the pooled fund. */
  readonly shareFen: bigint
  /** What the pooled fund does not touch any more, because its cap is reached. */
  readonly restFen: bigint
}

const lowered = (ratio: number, penaltyPoints: number) => Math.max(0, ratio - penaltyPoints * 100)

/** A ratio applied until the fund has paid so much. */
export function payUpTo(fen: bigint, ratio: number, capLeftFen: bigint): { payFen: bigint; usedFen: bigint } {
  const payFen = mul(fen, ratio)
  if (payFen <= capLeftFen) return { payFen, usedFen: fen }
  return { payFen: capLeftFen, usedFen: least(fen, amountPaidBy(capLeftFen, ratio)) }
}

/** Ratio of a band for a person: retired people pay a part of the employees' share, or have a flat ratio (§6.3). */
function bandRatio(ratio: number, { person, penaltyPoints }: SettlementCase, rules: MedicalRules["inpatient"]): number {
  const { retireeShareFactor, retireeRatio } = rules
  if (!person.isRetiree) return lowered(ratio, penaltyPoints)
  if (retireeRatio !== null) return lowered(retireeRatio, penaltyPoints)
  if (retireeShareFactor === null) return lowered(ratio, penaltyPoints)
  return lowered(10_000 - Number(mul(BigInt(10_000 - ratio), retireeShareFactor)), penaltyPoints)
}

/** A stay in hospital: deductible by level and number of the stay, then bands over the year's or the stay's cost (§6.3, 2 and 3). */
export function inpatientPool(input: SettlementCase, medical: MedicalRules, explain?: Explain): PooledPart {
  const { level, year, costs } = input
  const rules = medical.inpatient
  const place = year.stays === 0 ? 0 : 1
  const deductible = rules.deductible[level][place]
  const deductibleFen = least(deductible, costs.scopeFen)
  tell(
    explain,
    ["6.3 (2)", "起付线", "deductible"],
    `medical.inpatient.deductible.${level}.${place}`,
    deductible,
    () => `min(${formatYuan(deductible)}, ${formatYuan(costs.scopeFen)})`,
    deductibleFen,
  )
  let restFen = costs.scopeFen - deductibleFen
  let positionFen = (rules.basis === "annual" ? year.inpatientScopeFen : 0n) + deductibleFen
  let capLeftFen = atLeastZero(rules.capPayment - year.inpatientPoolFen)
  let [poolFen, shareFen] = [0n, 0n]
  const bands = rules.bands[level]
  for (let i = 0; i < bands.length && restFen > 0n; i++) {
    const [upToFen, written] = bands[i]!
    const inBand = upToFen === null ? restFen : least(restFen, upToFen - positionFen)
    if (inBand <= 0n) continue
    const ratio = bandRatio(written, input, rules)
    const { payFen, usedFen } = payUpTo(inBand, ratio, capLeftFen)
    const isCut = usedFen < inBand || payFen < mul(inBand, ratio)
    tell(
      explain,
      ["6.3 (3)", "统筹基金支付", "pooled fund, band"],
      `medical.inpatient.bands.${level}.${i}`,
      written,
      () =>
        `${formatYuan(inBand)} × ${ratio / 10_000}${isCut ? `, cut at capPayment ${formatYuan(rules.capPayment)}` : ""}`,
      payFen,
    )
    poolFen += payFen
    shareFen += usedFen - payFen
    capLeftFen -= payFen
    restFen -= usedFen
    positionFen += usedFen
    if (isCut) break
  }
  return { deductibleFen, poolFen, shareFen, restFen }
}

/** Out-patient care: a deductible of the year, one ratio, a cap of the year and perhaps a ratio behind it (§6.3, 2 to 4). */
export function outpatientPool(input: SettlementCase, medical: MedicalRules, explain?: Explain): PooledPart {
  const { person, place, year, costs, penaltyPoints } = input
  const rules = medical.outpatient
  const kind = person.isRetiree ? "retiree" : "employee"
  const deductible = rules.deductible[kind]
  const deductibleFen = least(atLeastZero(deductible - year.outpatientDeductibleFen), costs.scopeFen)
  tell(
    explain,
    ["6.3 (2)", "起付线", "deductible"],
    `medical.outpatient.deductible.${kind}`,
    deductible,
    () => `min(${formatYuan(deductible)} − ${formatYuan(year.outpatientDeductibleFen)}, ${formatYuan(costs.scopeFen)})`,
    deductibleFen,
  )
  const remFen = costs.scopeFen - deductibleFen
  const column = person.isRetiree && person.age >= 70 ? "retiree70" : kind
  const ratio = lowered(rules.ratio[place][column], penaltyPoints)
  const capLeftFen = atLeastZero(rules.cap - year.outpatientPoolFen)
  const { payFen, usedFen } = payUpTo(remFen, ratio, capLeftFen)
  tell(
    explain,
    ["6.3 (3)", "统筹基金支付", "pooled fund"],
    `medical.outpatient.ratio.${place}.${column}`,
    rules.ratio[place][column],
    () =>
      `min(${formatYuan(remFen)} × ${ratio / 10_000}, ${formatYuan(rules.cap)} − ${formatYuan(year.outpatientPoolFen)})`,
    payFen,
  )
  const behindFen = remFen - usedFen
  const shareFen = usedFen - payFen
  if (behindFen === 0n || rules.afterCap === null)
    return { deductibleFen, poolFen: payFen, shareFen, restFen: behindFen }
  const after = mul(behindFen, lowered(rules.afterCap, penaltyPoints))
  tell(
    explain,
    ["6.3 (4)", "限额后支付", "above the year's cap"],
    "medical.outpatient.afterCap",
    rules.afterCap,
    () => `${formatYuan(behindFen)} × ${lowered(rules.afterCap!, penaltyPoints) / 10_000}`,
    after,
  )
  return { deductibleFen, poolFen: payFen + after, shareFen: shareFen + behindFen - after, restFen: 0n }
}
