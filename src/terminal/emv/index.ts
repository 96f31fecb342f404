export type { AuthenticatedRecord } from "./application-data.js"
export { type AuthorityKey, type AuthorityKeys, authorityKeys, testAuthorityKeys } from "./authority-keys.js"
export { type DataStore, dataStore } from "./data-store.js"
export type { Cryptogram } from "./generate-ac.js"
export type { HolderVerification, OfflinePinEntry, PinEntry } from "./holder-verification.js"
export { runIssuerScripts, type ScriptOutcome } from "./issuer-scripts.js"
export { type EmvOptions, runEmvTransaction, type SelectedApplication } from "./kernel.js"
export type { AuthenticationMethod, OfflineAuthentication } from "./offline-data-authentication.js"
export {
  type EmvApplicationReading,
  type EmvCardReading,
  type EmvValue,
  type ReadEmvOptions,
  readEmvCard,
} from "./read-emv-card.js"
export type { EmvOutcome, EmvResult, OnlineAnswer, OnlineRequest } from "./result.js"
export {
  type Candidate,
  type Candidates,
  type FileControlInformation,
  findCandidates,
  type SelectAnswer,
  selectByName,
} from "./selection.js"
export {
  type ActionCodes,
  atmConfiguration,
  counterConfiguration,
  posConfiguration,
  type RandomSelection,
  type TerminalConfiguration,
  type TerminalOptions,
  withoutPin,
} from "./terminal-configuration.js"
export type { TransactionInput, TransactionState } from "./transaction-state.js"
export { bitName, type Reason, tvrBits, type Verification } from "./verification-results.js"
