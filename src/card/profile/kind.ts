import type { z } from "zod"
import type { DirectoryDefinition } from "../../dictionary/index.js"
import type { CardSpec } from "../specification.js"
import type { Finding } from "./finding.js"
import type { AtrSection } from "./schema-parts.js"

/** What every kind of card has in its profile: `profileHead` of `schema-parts.ts`. */
export interface ProfileBase {
  readonly card: string
  readonly name: string
  readonly description: { readonly zh: string; readonly en: string }
  readonly atr: AtrSection
}

/**
 * A kind of card that profiles can describe. A new kind is one of these in a folder of its own, and a row in `kinds.ts`.
 */
export interface CardKind<P extends ProfileBase> {
  /** Schema of a whole profile, its `card` a literal; unknown fields are errors. */
  readonly schema: z.ZodType<P>
  /** Refuses what the schema cannot say. @throws {InputError} naming the field */
  readonly check?: (profile: P) => void
  /** The card that a profile asks for. @throws {InputError} naming the field that is unknown or does not fit */
  readonly toSpec: (profile: P) => CardSpec
  /** The tables that name the fields of the card, where there are any. */
  readonly tables?: (profile: P) => readonly DirectoryDefinition[]
  /** What is wrong or odd beyond schema, answer to reset, and what `toSpec` refuses: the linter finds those by itself. */
  readonly lint?: (profile: P, options: LintOptions) => Finding[]
}

/** What the linter may know besides the profile. */
export interface LintOptions {
  /** YYYYMMDD: dates that are over are reported; without it none is. */
  readonly today?: string
}
