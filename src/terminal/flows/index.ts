export { type ActivateFinancialOptions, activateFinancial, type FinancialActivated } from "./activate-financial.js"
export { type ActivateSocialOptions, activateSocial, type SocialActivated } from "./activate-social.js"
export { type Deposited, type DepositOptions, deposit } from "./deposit.js"
export type { FinancialEvent, FinancialFlowOptions } from "./financial.js"
export { type FinancialBalance, type FinancialBalanceOptions, financialBalance } from "./financial-balance.js"
export { type FinancialRefusal, REFUSALS } from "./financial-refusal.js"
export type { CardEvent, FlowCard, FlowOptions } from "./flow.js"
export { type MedicalAccount, type MedicalBalancesOptions, medicalBalances } from "./medical-balances.js"
export {
  type MedicalApplication,
  type MedicalRefusal,
  type MedicalWithdrawalEvent,
  type MedicalWithdrawalOptions,
  medicalWithdrawal,
} from "./medical-withdrawal.js"
export {
  type ChangePinOptions,
  changePin,
  INITIAL_PIN,
  type PinStatusReading,
  type PinVerified,
  pinStatus,
  verifyPin,
} from "./pin.js"
export { type CardReading, type DirectoryReading, type ReadCardOptions, readCard } from "./read-card.js"
export type { FlowRefusal, RefusalCode } from "./refusal.js"
export { type Withdrawn, type WithdrawOptions, withdraw } from "./withdraw.js"
