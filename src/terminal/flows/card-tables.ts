import { type DirectoryDefinition, normaliseVersion, socialSecurityTables } from "../../dictionary/index.js"

/**
 * The tables that explain a card.
 *
 * @param versionText record 3 of EF05; where a card does not tell it, 2.00 is assumed
 */
export function tablesOf(versionText: string | undefined): readonly DirectoryDefinition[] {
  const version = versionText === undefined ? "2.00" : normaliseVersion(versionText)
  // Cards of version 1.00 have other tables below the SSSE, where the same tag means something else (card-structure §13).
  return version === "1.00"
    ? socialSecurityTables("2.00").filter(({ name }) => name === "SSSE")
    : socialSecurityTables(version)
}
