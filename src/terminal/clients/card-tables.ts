import { type DirectoryDefinition, normaliseVersion, socialSecurityTables } from "../../dictionary/index.js"

/** What a card tells of itself before its tables are known. */
export interface CardTraits {
  /** Record 3 of EF05; where a card does not tell it, 2.00 is assumed. */
  readonly version: string | undefined
  /** Record 2 of EF05: `2` is an employer's card. */
  readonly cardClass?: string | undefined
  /** First digits of the card identification code, GB/T 2260. */
  readonly region?: string | undefined
}

/** Class of an employer's card (card-structure §5.1). */
const EMPLOYER = "2"
/** Provinces whose local files are known, by their two digits. */
const LOCAL = { "32": "jiangsu" } as const

/** The national tables of a card: its directories and files, as its version has them. */
export function tablesOf({ version, cardClass }: CardTraits): readonly DirectoryDefinition[] {
  return socialSecurityTables(
    version === undefined ? "2.00" : normaliseVersion(version),
    cardClass === EMPLOYER ? { holder: "employer" } : {},
  )
}

/**
 * Tables with what the card's province may have added: they explain files that are found, and do not say that a card has
 * them (card-structure §11). Undefined where nothing is known of the province.
 */
export function localTablesOf({ version, cardClass, region }: CardTraits): readonly DirectoryDefinition[] | undefined {
  const local = LOCAL[region?.slice(0, 2) as keyof typeof LOCAL]
  if (!local || cardClass === EMPLOYER) return undefined
  return socialSecurityTables(version === undefined ? "2.00" : normaliseVersion(version), { local })
}
