/** A person whom the medical insurance of a region knows. Truth values are 0 and 1. */
export interface InsuredRow {
  /** Citizen identity number, which is the social security number. */
  person: string
  /** Number of the person at the centre, psn_no: stands for him in logs. */
  number: string
  name: string
  kind: "employee" | "unemployed" | "retiree"
  /** YYYYMMDD. */
  birthDate: string
  civilServant: number
  aid: number
  /** psn_insu_stas: 0 none, 1 normal, 2 suspended, 3 ended. */
  state: "0" | "1" | "2" | "3"
  insuredFrom: string
  /** Day from which the insurance is suspended or ended. */
  stoppedOn: string | null
  employer: string | null
  cardNumber: string
  /** Social security function of the card (domain-rules §3.1). */
  cardState: "notEnabled" | "normal" | "tempLost" | "formallyLost" | "pinLocked" | "suspended" | "cancelled"
  /** The card still has the PIN it was issued with. */
  hasInitialPin: number
  account: "open" | "frozen" | "closed"
  diedOn: string | null
}

/** A hospital, community health service or pharmacy with a service agreement. */
export interface ProviderRow {
  /** fixmedins_code. */
  code: string
  name: string
  kind: "hospital" | "community" | "pharmacy"
  level: "1" | "2" | "3"
  hasAgreement: number
}

/** A visit, a stay or a purchase that a provider registered. */
export interface VisitRow {
  /** mdtrt_id. */
  id: string
  person: string
  provider: string
  care: "inpatient" | "outpatient" | "pharmacy"
  cause: "illness" | "workInjury" | "thirdParty"
  beganOn: string
  /** Place of insurance of somebody who is not insured here. */
  homeArea: string | null
  state: "registered" | "settling" | "settled" | "cancelled"
}

export interface MedicalSettlementRow {
  /** The sender's serial: the settlement happens once under it. */
  serial: string
  /** SHA-256 of what was asked, in hex. */
  hash: string
  person: string
  visit: string
  /** Provider, or the area of treatment for a bill that comes from elsewhere. */
  claimant: string
  state: "prepared" | "settled" | "cancelled" | "reversed"
  date: string
  year: string
  /** The entry that posted it. */
  entry: number
  /** JSON: the split, the use of the year, and the lines, for the person alone. */
  split: string
  use: string
  lines: string
  fundFen: bigint
  accountFen: bigint
  familyFen: bigint
  cashFen: bigint
  balanceFen: bigint
  reversedBy: string | null
  at: string
}

/** What a person used of a medical year. */
export interface MedicalYearRow {
  person: string
  /** First day of the year, YYYYMMDD. */
  year: string
  stays: number
  inpatientScopeFen: bigint
  inpatientPoolFen: bigint
  largeFen: bigint
  outpatientDeductibleFen: bigint
  outpatientPoolFen: bigint
}

/** An order to the personal account on the card: debit of a settlement, load, unload. */
export interface CardOrderRow {
  serial: string
  person: string
  kind: "debit" | "load" | "unload"
  personalFen: bigint
  pooledFen: bigint
  state: "prepared" | "done" | "cancelled"
  /** Proof of the card (MAC and TAC) in hex. */
  proof: string | null
  at: string
}

export interface MedicalEntryRow {
  id: number
  /** Business key; unique together with `kind`. */
  key: string
  kind: string
  date: string
  reverses: number | null
  at: string
}

export interface MedicalLegRow {
  entry: number
  position: number
  account: string
  /** > 0 debit, < 0 credit. */
  fen: bigint
}

export interface MedicalBalanceRow {
  account: string
  fen: bigint
}

/** An owner shares his personal account with a relative (domain-rules §5.3). */
export interface FamilyRow {
  owner: string
  member: string
  relation: "spouse" | "parent" | "child" | "sibling" | "grandparent" | "grandchild"
  state: "bound" | "released"
  since: string
}

/** A filing for treatment elsewhere (domain-rules §7). */
export interface FilingRow {
  person: string
  id: number
  kind: "longTerm" | "temporary"
  /** Province or city of treatment, six digits. */
  area: string
  beganOn: string
  endsOn: string | null
}

/** An application for the money in a personal account (domain-rules §8.2). */
export interface WithdrawalRow {
  id: string
  person: string
  state:
    | "draft"
    | "submitted"
    | "materialsChecked"
    | "relationVerified"
    | "eventVerified"
    | "balanceFrozen"
    | "approved"
    | "paid"
    | "closed"
    | "rejected"
  condition: string
  /** W01 to W13 when rejected. */
  code: string | null
  /** JSON: what was handed in. */
  document: string
  amountFen: bigint
  interestFen: bigint
  submittedOn: string
  frozenOn: string | null
  approvedOn: string | null
  approvedBy: string | null
  paidBy: string | null
  /** Day of the death or of the leave, as the evidence says. */
  eventOn: string | null
  /** `unloaded`: the card was there; `marked`: it was not, and is refused from now on. */
  card: "unloaded" | "marked" | null
}

/** One payment of a withdrawal. */
export interface PayoutRow {
  withdrawal: string
  position: number
  payee: string
  accountNumber: string
  fen: bigint
  /** Personal account of an insured heir, or the pool, instead of a bank account. */
  target: "bank" | "personalAccount" | "pool"
  state: "ordered" | "paid" | "refused"
}

/** Who asked for what of whom, and why (domain-rules §14.5). Persons stand in it by their number. */
export interface AuditRow {
  id: number
  at: string
  actor: string
  channel: string
  subject: string
  object: string
  purpose: string
  result: string
}

/** Every table of the medical centre, by name. */
export interface MedicalTables {
  insured: InsuredRow
  providers: ProviderRow
  visits: VisitRow
  medicalSettlements: MedicalSettlementRow
  medicalYears: MedicalYearRow
  medicalCardOrders: CardOrderRow
  medicalEntries: MedicalEntryRow
  medicalLegs: MedicalLegRow
  medicalBalances: MedicalBalanceRow
  medicalFamily: FamilyRow
  medicalFilings: FilingRow
  medicalWithdrawals: WithdrawalRow
  medicalPayouts: PayoutRow
  medicalAudit: AuditRow
}
