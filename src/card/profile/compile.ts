import type { DirectoryDefinition } from "../../dictionary/index.js"
import type { CardSpec } from "../specification.js"
import { kindOf, type Profile } from "./kinds.js"

/**
 * The card that a profile asks for: files, keys, internal elements and their first contents.
 *
 * @throws {InputError} naming the field of the profile that is unknown or does not fit
 */
export function profileToSpec(profile: Profile): CardSpec {
  return kindOf(profile).toSpec(profile)
}

/** The tables that name the fields of the card; none for a kind of card without tables. */
export function profileTables(profile: Profile): readonly DirectoryDefinition[] {
  return kindOf(profile).tables?.(profile) ?? []
}
