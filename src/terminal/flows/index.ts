export { type ActivateFinancialOptions, activateFinancial, type FinancialActivated } from "./activate-financial.js"
export { type ActivateSocialOptions, activateSocial, type SocialActivated } from "./activate-social.js"
export { type BureauCardOptions, bureauCard } from "./bureau-card.js"
export {
  type ChangeFinancialPinOptions,
  changeFinancialPin,
  type FinancialPinChanged,
} from "./change-financial-pin.js"
export type { CounterService } from "./counter.js"
export { type Deposited, type DepositOptions, deposit } from "./deposit.js"
export type { KeyUse } from "./file-opener.js"
export type { FinancialEvent, FinancialFlowOptions } from "./financial.js"
export { type FinancialBalance, type FinancialBalanceOptions, financialBalance } from "./financial-balance.js"
export { type FinancialRefusal, REFUSALS } from "./financial-refusal.js"
export {
  type FinancialStatement,
  type FinancialStatementOptions,
  financialStatement,
} from "./financial-statement.js"
export type { CardEvent, FlowCard, FlowOptions } from "./flow.js"
export { checkGenuine, type GenuineCard } from "./genuine-card.js"
export {
  type HolderFile,
  type HolderFileReading,
  readHolderFile,
  withoutPadding,
  writeHolderFile,
} from "./holder-files.js"
export { type IssueCardOptions, issueCard } from "./issue-card.js"
export type { IdentityOptions, KeyedOptions } from "./keyed.js"
export {
  type BlockApplicationOptions,
  blockApplication,
  blockCard,
  type CardManaged,
  type UnblockApplicationOptions,
  unblockApplication,
} from "./manage-card.js"
export type { MedicalFlowOptions } from "./medical-account.js"
export { type MedicalAccount, type MedicalBalancesOptions, medicalBalances } from "./medical-balances.js"
export { proveTransaction, type TransactionEnd } from "./medical-proof.js"
export {
  type MedicalApplication,
  type MedicalRefusal,
  type MedicalWithdrawalEvent,
  type MedicalWithdrawalOptions,
  medicalWithdrawal,
} from "./medical-withdrawal.js"
export { type MedicalPaid, type PayMedicalOptions, payMedical } from "./pay-medical.js"
export {
  type OpenedPersonalAccount,
  type OrderMemory,
  type PersonalAccountCardOptions,
  personalAccountCard,
} from "./personal-account-card.js"
export {
  type ChangePinOptions,
  changePin,
  INITIAL_PIN,
  type PinStatusReading,
  type PinVerified,
  pinStatus,
  verifyPin,
} from "./pin.js"
export type { FileWrite, WriteValue } from "./plan-write.js"
export { type Purchased, type PurchaseOptions, purchase, type RefundOptions, refund } from "./purchase.js"
export { type CardReading, type ReadCardOptions, readCard } from "./read-card.js"
export type { DirectoryReading, OpenedFileReading } from "./read-directories.js"
export {
  beginReading,
  finishReading,
  type PersonRead,
  type ReadingAnswer,
  type ReadingStep,
} from "./read-in-two-steps.js"
export type { FlowRefusal, RefusalCode, UnfinishedTransaction } from "./refusal.js"
export { type PinRestored, type PinServiceOptions, type ResetPinOptions, resetPin, unblockPin } from "./reset-pin.js"
export { type TransferOptions, type Transferred, transfer } from "./transfer.js"
export { loadMedical, type MedicalTransferred, type TransferMedicalOptions, unloadMedical } from "./transfer-medical.js"
export { type Withdrawn, type WithdrawOptions, withdraw } from "./withdraw.js"
export {
  type CardWritten,
  type WriteCardOptions,
  type WritePlace,
  type WriteRefusal,
  type WrittenItem,
  writeCard,
} from "./write-card.js"
