import { equalBytes, hex, SW } from "../apdu/index.js"
import {
  type CardKeyService,
  type DirectoryDefinition,
  decodeField,
  findField,
  normaliseVersion,
  type SpecVersion,
  socialSecurityTables,
  splitRecord,
} from "../dictionary/index.js"
import {
  beginAuthentication,
  beginGenuineCheck,
  type CardSession,
  finishAuthentication,
  finishGenuineCheck,
  localTablesOf,
  readIdentity,
  type SocialCardIdentity,
  socialSecurityClient,
  tablesOf,
} from "../terminal/index.js"
import type { CardInfo } from "./card-info.js"
import { type Answer, fail, refusedWith } from "./codes.js"
import { identityFailure, keyFailure } from "./failures.js"
import type { DriverSettings } from "./settings.js"

/** A card whose SSSE is selected and whose keys can be found. */
export interface Subject {
  readonly card: CardSession
  readonly identity: SocialCardIdentity
  readonly version: SpecVersion
}

const cardNumberField = findField(socialSecurityTables("2.00"), "cardNumber")!.field

/** Selects the SSSE and learns what card it is; −1 for a card that has none. EF05 is selected then. */
export async function identify(card: CardSession): Promise<Answer<{ readonly subject: Subject }>> {
  const found = await readIdentity(card, card.atr)
  if (!found.ok) return identityFailure(found)
  const { identity } = found
  return { ok: true, subject: { card, identity, version: normaliseVersion(identity.version ?? "") } }
}

/** The files and fields that a card may have, by its version, class and province; or as the driver was told. */
export function tablesFor({ version, identity }: Subject, { tables }: DriverSettings): readonly DirectoryDefinition[] {
  return tables ? socialSecurityTables(version, tables) : (localTablesOf(identity) ?? tablesOf(identity))
}

/**
 * Compares the card with the one that the caller means: −22 when it is another (driver-api §3.1). Version 3.00 guards the
 * card number with RKssse: without that key the identification code alone is compared.
 */
export async function compareCard(
  { card, identity }: Subject,
  { cardId, cardNumber }: CardInfo,
  keys: CardKeyService | undefined,
): Promise<Answer> {
  if (cardId !== "" && !equalBytes(identity.cardId, hex(cardId))) return fail("OTHER_CARD")
  if (cardNumber === "") return { ok: true }
  const client = socialSecurityClient(card)
  let read = await client.readRecordByTag(cardNumberField.tag!)
  if (!read.ok && read.statusWord === SW.SECURITY_STATUS_NOT_SATISFIED && keys) {
    await authenticate({ card, identity }, "RKssse", keys)
    read = await client.readRecordByTag(cardNumberField.tag!)
  }
  if (!read.ok)
    return read.statusWord === SW.SECURITY_STATUS_NOT_SATISFIED ? { ok: true } : refusedWith(read.statusWord)
  const value = splitRecord(read.record)?.value
  return value && decodeField(cardNumberField, value) === cardNumber ? { ok: true } : fail("OTHER_CARD")
}

/** EXTERNAL AUTHENTICATE with a key; its directory must be current. −2201 without anybody who holds keys. */
export async function authenticate(
  { card, identity }: Pick<Subject, "card" | "identity">,
  keyName: string,
  keys: CardKeyService | undefined,
): Promise<Answer> {
  if (!keys) return fail("NO_SAM")
  const step = await beginAuthentication(card, identity, keyName)
  if (!step.ok) return refusedWith(step.statusWord)
  const answer = await keys.externalAuthentication(step)
  if (!answer.ok) return keyFailure(answer, step.key)
  const done = await finishAuthentication(card, step, answer.data)
  return done.ok ? { ok: true } : refusedWith(done.statusWord)
}

/**
 * INTERNAL AUTHENTICATE, compared with what the holder of the keys expects: −21 (card-commands §14.2).
 *
 * @returns proven: false when nobody is there who could tell
 */
export async function proveGenuine(
  { card, identity }: Subject,
  keys: CardKeyService | undefined,
): Promise<Answer<{ readonly proven: boolean }>> {
  if (!keys) return { ok: true, proven: false }
  const step = await beginGenuineCheck(card, identity)
  if (!step.ok) return refusedWith(step.statusWord)
  const answer = await keys.internalAuthentication(step)
  if (!answer.ok) return { ok: true, proven: false }
  const checked = await finishGenuineCheck(card, step, answer.proof)
  if (!checked.ok) return refusedWith(checked.statusWord)
  return checked.genuine ? { ok: true, proven: true } : fail("NOT_GENUINE")
}
