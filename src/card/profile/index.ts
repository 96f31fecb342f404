export { type AtrFault, atrFault, historicalBytes, profileAtr } from "./atr.js"
export { profileTables, profileToSpec } from "./compile.js"
export { type CreateCardOptions, compileProfile, createCard } from "./create-card.js"
export type { IsoProfile } from "./iso/schema.js"
export { profileJsonSchema, profileJsonSchemaText } from "./json-schema.js"
export { asSocialSecurityProfile, type Profile } from "./kinds.js"
export { type Finding, type LintOptions, lintProfile } from "./lint.js"
export { bundledProfiles, lintNamedProfile, loadProfile, parseProfile } from "./load.js"
export type { SamProfile } from "./sam/schema.js"
export { type Assignment, setField, setFields } from "./set-field.js"
export type {
  EmployerProfile,
  FinancialProfile,
  MedicalProfile,
  PersonProfile,
  SocialSecurityProfile,
} from "./social-security/schema.js"
