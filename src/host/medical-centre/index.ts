export {
  createMedicalCentre,
  type MedicalCentre,
  type MedicalCentreOptions,
  type PersonalAccount,
  type Withdrawals,
} from "./centre.js"
export type { HomeCentre, PlatformLink } from "./cross-region/platform.js"
export { type BillDocument, enrolDocument, parseBill, parseWithdrawal, registerDocument } from "./documents.js"
export type { MedicalLedgerCheck } from "./ledger/verify.js"
export { medicalCentre } from "./medical-centre.js"
export { NATIONAL_PATH, type NationalServiceOptions, nationalRoutes } from "./nhsa/service.js"
export type { Asker, RecordKind, RecordQuery, RecordRefusal, Records } from "./records/query.js"
export type { Reconciliation, ReconciliationRequest } from "./records/reconcile.js"
export { medicalRoutes } from "./routes.js"
export type { SettlementOutcome, SettlementRequest } from "./settlement/request.js"
export {
  parseApplication,
  type WithdrawalApplication,
  type WithdrawalApplicationJson,
} from "./withdrawal/application.js"
export type { CheckedRule, WithdrawalOutcome } from "./withdrawal/case-file.js"
export type { EventRegistry } from "./withdrawal/event-registry.js"
export { type BankOfAccounts, bankPayouts, clearingHouse } from "./withdrawal/payout-link.js"
