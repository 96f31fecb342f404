import type { Label } from "../label.js"

/** Kind of care, as far as the rules differ. */
export type CareKind = "inpatient" | "outpatient" | "pharmacy"

/** Class of a drug, item or facility in the catalogue: 甲 A, 乙 B, 丙 or own-pay C (domain-rules §6.1). */
export type CostClass = "A" | "B" | "C"

/** Which of the three lists a cost stands in. */
export type CostCategory = "drug" | "item" | "facility"

/** One line of a bill. */
export interface CostLine {
  /** Code in the catalogue; no rule depends on it. */
  readonly code: string
  readonly category: CostCategory
  readonly class: CostClass
  /** More than 0. */
  readonly feeFen: bigint
  /** Price limit: what is above it the person pays himself. */
  readonly ceilingFen?: bigint
  /** First own share of a class B line that has one of its own, in 1/10,000: negotiated drugs. */
  readonly firstShare?: number
}

/** A bill sorted by the catalogue of the place of treatment. */
export interface ClassifiedCosts {
  /** medfee_sumamt. */
  readonly totalFen: bigint
  /** fulamt_ownpay_amt: class C. */
  readonly ownFen: bigint
  /** overlmt_selfpay: above a price limit. */
  readonly overFen: bigint
  /** preselfpay_amt: first own share of class B. */
  readonly preFen: bigint
  /** inscp_scp_amt: total less the three. */
  readonly scopeFen: bigint
}

/** Who pays what of a bill; the field of the national platform stands behind each (domain-rules §6.2). All are 0 or more. */
export interface SettlementSplit extends ClassifiedCosts {
  /** act_pay_dedc. */
  readonly deductibleFen: bigint
  /** hifp_pay: the pooled fund. */
  readonly poolFen: bigint
  /** pool_prop_selfpay: the person's share beside the pooled fund. */
  readonly shareFen: bigint
  /** hifob_pay: the large-amount fund. */
  readonly largeFen: bigint
  /** The person's share beside the large-amount fund. */
  readonly largeShareFen: bigint
  /** In scope, but above all caps. */
  readonly aboveFen: bigint
  /** hifmi_pay. */
  readonly majorIllnessFen: bigint
  /** cvlserv_pay. */
  readonly civilFen: bigint
  /** maf_pay: medical aid. */
  readonly aidFen: bigint
  /** fund_pay_sumamt: all funds together. */
  readonly fundFen: bigint
  /** psn_part_amt: total less the funds. */
  readonly personFen: bigint
  /** What of the person's part his account may pay. */
  readonly eligibleFen: bigint
  /** acct_pay. */
  readonly accountFen: bigint
  /** acct_mulaid_pay: accounts of relatives. */
  readonly familyFen: bigint
  /** psn_cash_pay. */
  readonly cashFen: bigint
}

/** Why a figure is what it is: the rule, the parameter of the region, and the figure. */
export interface ExplanationStep {
  /** Clause of domain-rules, or a rule of the customer. */
  readonly rule: string
  readonly label: Label
  /** Path of the region's parameter, for example `medical.inpatient.bands.3.0`; empty when no parameter decides. */
  readonly parameter: string
  /** The parameter as the region's file writes it. */
  readonly value: string
  /** How the figure was found, with amounts in yuan. */
  readonly calculation: string
  readonly fen: bigint
}

/** Codes of a refused settlement (domain-rules §6.5). */
export type SettlementRefusalCode = "S01" | "S02" | "S03" | "S04" | "S05" | "S06" | "S07" | "S08" | "S09"

/** A settlement that was refused; nothing is posted. */
export interface SettlementRefusal {
  readonly ok: false
  readonly code: SettlementRefusalCode
  readonly rule: string
  readonly reason: Label
}
