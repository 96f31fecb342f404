import {
  type DirectoryDefinition,
  socialSecurityTables,
  type TableOptions,
  withLocalTables,
} from "../../../dictionary/index.js"
import { localTablesOf } from "./local-files.js"
import type { SocialSecurityProfile } from "./schema.js"

/** The tables of the card that a profile asks for. */
export function socialSecurityProfileTables(profile: SocialSecurityProfile): readonly DirectoryDefinition[] {
  const national = socialSecurityTables(profile.specVersion, tableOptions(profile))
  if (profile.personKind === "employer" || profile.localFiles === undefined) return national
  return withLocalTables(national, localTablesOf(profile.localFiles, national))
}

function tableOptions(profile: SocialSecurityProfile): TableOptions {
  if (profile.personKind === "employer") return { holder: "employer" }
  const { fingerprintSize, unemploymentRecord60, educationInPersonalStatus } = profile.variations
  return {
    ...(profile.local !== undefined && { local: profile.local }),
    ...(fingerprintSize !== undefined && { fingerprintSize }),
    ...(unemploymentRecord60 !== undefined && { unemploymentRecord60 }),
    ...(educationInPersonalStatus !== undefined && { educationInPersonalStatus }),
  }
}
