import { formatYuan, type Label } from "../../../dictionary/index.js"

/** Why a figure is what it is: the rule, the parameter of the region, and the figure (R25). */
export interface BureauStep {
  /** Clause of domain-rules or of the law, or a rule of the customer. */
  readonly rule: string
  readonly label: Label
  /** Path of the region's parameter; empty when no parameter decides. */
  readonly parameter: string
  /** The parameter as the region's file writes it. */
  readonly value: string
  /** How the figure was found. */
  readonly calculation: string
  /** Yuan with two decimals, months, a date or an age. */
  readonly figure: string
}

/** Refused: code, the rule behind it, and the words. */
export interface BureauRefusal {
  readonly ok: false
  readonly code: string
  readonly rule: string
  readonly reason: Label
  /** What would have to change, as a figure: months that are missing, the day from which it is possible. */
  readonly lacks?: string
  /** What decided up to the refusal. */
  readonly steps?: readonly BureauStep[]
}

/** Steps in the order in which they decide. */
export class Explanation {
  readonly steps: BureauStep[] = []

  /** An amount of money. */
  money(rule: string, label: Label, parameter: string, value: unknown, calculation: string, fen: bigint): bigint {
    this.figure(rule, label, parameter, value, calculation, formatYuan(fen))
    return fen
  }

  /** Anything else: months, a date, an age. */
  figure(rule: string, label: Label, parameter: string, value: unknown, calculation: string, figure: string): void {
    this.steps.push({ rule, label, parameter, value: String(value), calculation, figure })
  }
}

/** A share of 1/10,000 as the region's file writes it. */
export const fraction = (ratio: number) => String(ratio / 10_000)

/** An amount held between two others. */
export function held(fen: bigint, lowest: bigint, highest: bigint): bigint {
  if (fen < lowest) return lowest
  return fen > highest ? highest : fen
}

/** An amount that is not below another. */
export const atLeast = (fen: bigint, lowest: bigint): bigint => (fen < lowest ? lowest : fen)

/** A quotient, half up to the fen. Both 0 or more. */
export const divide = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor)
