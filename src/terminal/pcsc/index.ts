export type { BindingName } from "./binding.js"
export type { PcscConnection } from "./connection.js"
export { controlCode } from "./constants.js"
export { doctorJson, runDoctor } from "./doctor/doctor.js"
export type { DoctorEnvironment } from "./doctor/environment.js"
export type { Finding as DoctorFinding } from "./doctor/finding.js"
export { isPcscError, type PcscDetails, type PcscError } from "./errors.js"
export { holdPcscService } from "./hold-service.js"
export { BINDING_NAMES, isInstalled } from "./load.js"
export {
  FINANCIAL_VERIFY,
  type PinEntryRules,
  type PinOffsets,
  type PinPlace,
  pinModifyStructure,
  pinVerifyStructure,
  SOCIAL_SECURITY_CHANGE,
  SOCIAL_SECURITY_VERIFY,
} from "./pin-structures.js"
export { type PcscOptions, type PcscReaderSystem, pcscReaders } from "./reader-system.js"
export {
  type ControlledReader,
  offlinePinOnReader,
  PIN_FEATURE,
  parseFeatures,
  readerFeatures,
  type SecurePinEntry,
  securePinEntry,
} from "./secure-pin-entry.js"
