import type { AuditRow } from "./medical-rows.js"

/** A holder whom the bureau keeps records of. Truth values are 0 and 1. */
export interface BureauPersonRow {
  /** Citizen identity number, which is the social security number. */
  person: string
  /** Number at the bureau: stands for the person in logs. */
  number: string
  name: string
  /** YYYYMMDD. */
  birthDate: string
  /** Age of retirement before the reform: 60, 55 or 50. */
  originalAge: number
  kind: string
  phone: string | null
  address: string | null
  cardNumber: string
  cardState: string
  /** Business time of the card's last change of state, YYYYMMDDhhmmss. */
  cardSince: string
  cardIssuedOn: string
  isReplacing: number
  hasInitialPin: number
  /** The financial account takes payments. */
  isAccountActive: number
  /** Months of old-age insurance before the first line of the records, what they brought, and their index. */
  priorMonths: number
  priorFen: bigint
  priorIndex: number
  diedOn: string | null
}

export interface BureauEmployerRow {
  /** Unified social credit code. */
  code: string
  name: string
  registrationNumber: string
  /** Class of the industry for work injury, 1 to 8. */
  injuryClass: number
  /** JSON: names of the operators that are bound to the unit. */
  operators: string
}

export interface BureauEmploymentRow {
  employer: string
  person: string
  beganOn: string
  endedOn: string | null
  endReason: string | null
  wageFen: bigint
  /** Reported after its 30 days. */
  isLate: number
}

/** One line of the payment record (domain-rules §14.1). A correction adds a line; the old one stays. */
export interface BureauLineRow {
  person: string
  /** YYYYMM. */
  month: string
  /** aae140. */
  insurance: string
  /** From 1; the highest counts. */
  line: number
  employer: string
  /** aae143: normal, backPay, transferred, correction. */
  kind: string
  wageFen: bigint
  baseFen: bigint
  employerFen: bigint
  personFen: bigint
  accountFen: bigint
  paidFen: bigint
  lateFeeFen: bigint
  /** Day on which all was paid. */
  arrivedOn: string | null
}

/** What a unit declared and paid for a month. */
export interface BureauDeclarationRow {
  employer: string
  month: string
  heads: number
  baseFen: bigint
  dueFen: bigint
  paidFen: bigint
  lateFeeFen: bigint
  declaredOn: string
}

/** An affair of a person: claim, registration, correction, question. */
export interface BureauCaseRow {
  id: string
  person: string
  /** Name of the service. */
  service: string
  /** `pendingCard`: waits for the card's files. */
  state: string
  openedOn: string
  /** JSON. */
  request: string
  result: string
  /** JSON: what is written to the card, and what changes in the person's row with it. */
  cardWrites: string
  changes: string
}

/** A printed document that can be checked (domain-rules §14.2). */
export interface BureauDocumentRow {
  code: string
  kind: string
  /** SHA-256 in hex. */
  hash: string
  validUntil: string
}

export interface BureauTables {
  bureauPersons: BureauPersonRow
  bureauEmployers: BureauEmployerRow
  bureauEmployments: BureauEmploymentRow
  bureauLines: BureauLineRow
  bureauDeclarations: BureauDeclarationRow
  bureauCases: BureauCaseRow
  bureauDocuments: BureauDocumentRow
  bureauAudit: AuditRow
}
