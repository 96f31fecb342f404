export { type Authenticator, type Challenge, keyAuthenticator } from "./authentication.js"
export { algorithmOf, type NoIdentity, readIdentity, type SocialCardIdentity } from "./card-identity.js"
export { type CardTraits, localTablesOf, tablesOf } from "./card-tables.js"
export type { FieldReading, FileReading, MissingRecord, UnknownRecord } from "./file-reading.js"
export {
  type AuthenticationStep,
  beginAuthentication,
  beginGenuineCheck,
  beginSecureCommand,
  finishAuthentication,
  finishGenuineCheck,
  finishSecureCommand,
  type GenuineStep,
  type KeyFacts,
  type SecureCommandStep,
} from "./key-steps.js"
export * from "./medical.js"
export * from "./medical-transactions.js"
export { type PaymentApplication, type PkiObject, type PkiReading, readPki } from "./other-applications.js"
export type { CountedOutcome, CountedRefusal, Outcome, Refusal } from "./outcome.js"
export type { PinStatus } from "./pin.js"
export { type PkiClient, type PkiMasterKey, pkiClient, pkiMasterKey } from "./pki.js"
export * from "./sam.js"
export * from "./social-security.js"
