export { type ActivateSocialOptions, activateSocial, type SocialActivated } from "./activate-social.js"
export type { CardEvent, FlowCard, FlowOptions } from "./flow.js"
export { type MedicalAccount, type MedicalBalancesOptions, medicalBalances } from "./medical-balances.js"
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
