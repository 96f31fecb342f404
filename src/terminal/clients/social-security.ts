import type { Transport } from "../../apdu/index.js"
import {
  type DirectoryName,
  type FieldValue,
  type FileDefinition,
  findFile,
  socialSecurityTables,
} from "../../dictionary/index.js"
import {
  type Authenticator,
  type Challenge,
  drawChallenges,
  externalAuthenticate,
  getChallenge,
  internalAuthenticate,
  presentAuthentication,
} from "./authentication.js"
import { tablesOf } from "./card-tables.js"
import { type FileReading, type MissingRecord, readFile, type UnknownRecord } from "./file-reading.js"
import {
  appendCyclicRecord,
  readBinary,
  readRecord,
  readRecordByTag,
  selectByFid,
  selectByName,
  updateBinary,
  updateRecord,
} from "./files.js"
import { SSSE_NAME } from "./names.js"
import type { CountedOutcome, Outcome } from "./outcome.js"
import { changePin, type PinStatus, pinStatus, verifyPin } from "./pin.js"

/** Who the card belongs to, as far as it may be read. */
export interface PersonReading {
  /** SELECT of the environment was refused with this: no social security card. */
  readonly refusal?: number
  /** Text of the version record, for example `2.00`; undefined when it could not be read. */
  readonly version: string | undefined
  /**
   * Written fields by id: `cardId`, `cardNumber`, `socialSecurityNumber`, `name`, `birthDate` ...; of an employer's card
   * `unifiedSocialCreditCode`, `employerName` ...
   */
  readonly values: Readonly<Record<string, FieldValue>>
  readonly missing: readonly MissingRecord[]
  readonly unknown: readonly UnknownRecord[]
  /** Issuer data (EF05) and holder data (EF06). */
  readonly files: readonly FileReading[]
}

/** The social security application over a card connection that hides 61xx and 6Cxx. A refusal is a value. */
export interface SocialSecurityClient {
  /** SELECT of the SSSE by name; the state of its PIN and keys is dropped when it was another environment's. */
  selectEnvironment(): Promise<Outcome<{ readonly fci: Uint8Array }>>
  /** SELECT of an application DF below the SSSE, or of the SSSE itself. */
  selectDirectory(name: DirectoryName): Promise<Outcome<{ readonly fci: Uint8Array }>>
  /** SELECT of a file of the current directory. @param fid 0xEF05 upwards */
  selectFile(fid: number): Promise<Outcome>
  readRecord(number: number): Promise<Outcome<{ readonly record: Uint8Array }>>
  readRecordByTag(tag: number): Promise<Outcome<{ readonly record: Uint8Array }>>
  /** @param size in bytes; undefined for the whole file */
  readBinary(size?: number, onProgress?: (bytes: number) => void): Promise<Outcome<{ readonly content: Uint8Array }>>
  /** @param record the whole record with tag and length */
  updateRecord(number: number, record: Uint8Array): Promise<Outcome>
  appendCyclicRecord(record: Uint8Array): Promise<Outcome>
  updateBinary(content: Uint8Array): Promise<Outcome>
  /** Reads and decodes a file of the current directory; refused records are listed, not thrown. */
  readFile(file: FileDefinition): Promise<FileReading>
  /** Reads issuer and holder data (card-commands §14.1); no PIN is needed up to version 2.00. */
  readPerson(): Promise<PersonReading>
  /** @throws {InputError} for a PIN of wrong form; nothing is sent then */
  verifyPin(pin: string): Promise<CountedOutcome>
  /** @throws {InputError} for a PIN of wrong form; nothing is sent then */
  changePin(oldPin: string, newPin: string): Promise<CountedOutcome>
  /** State of the PIN; costs no try. */
  pinStatus(): Promise<PinStatus>
  getChallenge(length?: number): Promise<Outcome<{ readonly challenge: Uint8Array }>>
  /** Two challenges, the last and the one before it: what the first step of an authentication by an HSM needs. */
  drawChallenges(): Promise<Outcome<Challenge>>
  internalAuthenticate(factor: Uint8Array, original: Uint8Array): Promise<Outcome<{ readonly proof: Uint8Array }>>
  /** @param keyId card key identifier (card-structure §16.4) */
  externalAuthenticate(keyId: number, authenticator: Authenticator): Promise<CountedOutcome>
  /** The second step: EXTERNAL AUTHENTICATE with data that somebody made of the challenges drawn before. */
  presentAuthentication(keyId: number, data: Uint8Array): Promise<CountedOutcome>
}

/**
 * Makes the client. It keeps no state: what is selected and verified is in the card.
 *
 * @example
 * const client = socialSecurityClient(await openCard(reader))
 * const person = await client.readPerson()
 * console.log(person.values.name)
 */
export function socialSecurityClient(card: Transport): SocialSecurityClient {
  const selectEnvironment = () => selectByName(card, SSSE_NAME)
  return {
    selectEnvironment,
    selectDirectory: (name) =>
      // The FID of an application DF is its name, in local DFs as well (card-structure §4.1).
      name === "SSSE" ? selectEnvironment() : selectByFid(card, Number.parseInt(name, 16)),
    selectFile: (fid) => selectByFid(card, fid),
    readRecord: (number) => readRecord(card, number),
    readRecordByTag: (tag) => readRecordByTag(card, tag),
    readBinary: (size, onProgress) => readBinary(card, size, onProgress),
    updateRecord: (number, record) => updateRecord(card, number, record),
    appendCyclicRecord: (record) => appendCyclicRecord(card, record),
    updateBinary: (content) => updateBinary(card, content),
    readFile: (file) => readFile(card, file),
    readPerson: () => readPerson(card),
    verifyPin: (pin) => verifyPin(card, pin),
    changePin: (oldPin, newPin) => changePin(card, oldPin, newPin),
    pinStatus: () => pinStatus(card),
    getChallenge: (length) => getChallenge(card, length),
    drawChallenges: () => drawChallenges(card),
    internalAuthenticate: (factor, original) => internalAuthenticate(card, factor, original),
    externalAuthenticate: (keyId, authenticator) => externalAuthenticate(card, keyId, authenticator),
    presentAuthentication: (keyId, data) => presentAuthentication(card, keyId, data),
  }
}

async function readPerson(card: Transport): Promise<PersonReading> {
  const selected = await selectByName(card, SSSE_NAME)
  if (!selected.ok)
    return { refusal: selected.statusWord, version: undefined, values: {}, missing: [], unknown: [], files: [] }
  // The tables of 3.00 say which records anybody may read; the data are the same in every version.
  const issuer = await readFile(card, findFile(socialSecurityTables("3.00"), "SSSE", 0xef05)!)
  const { specVersion, cardClass } = valuesById([issuer])
  const versionText = typeof specVersion === "string" ? specVersion : undefined
  const tables = tablesOf({ version: versionText, ...(typeof cardClass === "string" && { cardClass }) })
  const holder = await readFile(card, findFile(tables, "SSSE", 0xef06)!)
  return {
    version: versionText,
    values: valuesById([issuer, holder]),
    missing: [...issuer.missing, ...holder.missing],
    unknown: [...issuer.unknown, ...holder.unknown],
    files: [issuer, holder],
  }
}

/** The written fields of files by id; of a repeated field the first. */
export function valuesById(readings: readonly FileReading[]): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {}
  for (const { values: fields } of readings)
    for (const { field, value } of fields) if (value !== undefined && !(field.id in values)) values[field.id] = value
  return values
}
