import { SW, type Transport, toHex } from "../apdu/index.js"
import {
  type CardKeyService,
  findField,
  joinHolderName,
  socialSecurityTables,
  splitRecord,
} from "../dictionary/index.js"
import {
  beginAuthentication,
  beginGenuineCheck,
  type CardSession,
  finishAuthentication,
  finishGenuineCheck,
  type GenuineStep,
  type SocialCardIdentity,
  socialSecurityClient,
} from "../terminal/index.js"
import { authenticate, identify, proveGenuine, type Subject } from "./card-work.js"
import { type Answer, fail, refusedWith } from "./codes.js"
import { algorithmIdentifier } from "./hsm-authentication.js"
import { joinFields, parseHex, splitFields } from "./key-string.js"
import { outputValue } from "./output-values.js"
import type { Output, StepOutput } from "./runtime.js"
import type { DriverSettings } from "./settings.js"

/** The ATR without TS, T0 and interface bytes, as drivers cut it: 26 digits behind the first 8 (card-structure §3.1). */
const historicalBytes = (atr: Uint8Array): string => toHex(atr.subarray(4, 17))

const tables = socialSecurityTables("2.00")

/** Reads a record of the current file by its field; a record that is not there is empty where it need not be. */
async function readField(card: Transport, id: string, optional = false): Promise<Answer<{ readonly text: string }>> {
  const { field } = findField(tables, id, "SSSE")!
  const read = await socialSecurityClient(card).readRecordByTag(field.tag!)
  if (!read.ok)
    return optional && read.statusWord === SW.RECORD_NOT_FOUND ? { ok: true, text: "" } : refusedWith(read.statusWord)
  const parts = splitRecord(read.record)
  return { ok: true, text: parts ? outputValue(field, parts.value) : "" }
}

type Values = Answer<{ readonly values: readonly string[] }>

/** Reads fields of a file of the SSSE. */
export async function readFields(card: Transport, fid: number, ids: readonly string[]): Promise<Values> {
  const selected = await socialSecurityClient(card).selectFile(fid)
  if (!selected.ok) return refusedWith(selected.statusWord)
  const values: string[] = []
  for (const id of ids) {
    // Version 1.00 has no room for long names.
    const read = await readField(card, id, id === "nameExtension")
    if (!read.ok) return read
    values.push(read.text)
  }
  return { ok: true, values }
}

/** The eleven fields (driver-api §5.1) of a card whose guard is open. */
async function readEleven({ card, identity }: Subject, settings: DriverSettings): Promise<Output> {
  const issuer = await readFields(card, 0xef05, ["cardNumber", "specVersion", "issueDate", "expiryDate"])
  if (!issuer.ok) return issuer
  const holder = await readFields(card, 0xef06, ["socialSecurityNumber", "name", "nameExtension"])
  if (!holder.ok) return holder
  const [cardNumber, version, issueDate, expiryDate] = issuer.values
  const [socialSecurityNumber, name, nameExtension] = holder.values
  const out = joinFields(
    identity.region,
    socialSecurityNumber!,
    cardNumber!,
    toHex(identity.cardId),
    joinHolderName({ name: name!, nameExtension: nameExtension! }),
    historicalBytes(identity.atr),
    version!,
    issueDate!,
    expiryDate!,
    await settings.readTerminalNumber(),
    settings.deviceNumber,
  )
  return { ok: true, out }
}

/**
 * Opens what guards the holder's data: the card must prove itself where somebody can tell, and version 3.00 wants RKssse
 * (card-commands §14.2).
 */
export async function openBasicData(subject: Subject, keys: CardKeyService | undefined): Promise<Answer> {
  const proven = await proveGenuine(subject, keys)
  if (!proven.ok || subject.version !== "3.00") return proven
  return authenticate(subject, "RKssse", keys)
}

/** iReadCardBas; also with the HSM in place of the PSAM. */
export async function readBasicData(
  card: CardSession,
  settings: DriverSettings,
  keys: CardKeyService | undefined,
): Promise<Output> {
  const found = await identify(card)
  if (!found.ok) return found
  const opened = await openBasicData(found.subject, keys)
  return opened.ok ? readEleven(found.subject, settings) : opened
}

/** What iReadCardBas_HSM_Step1 asks for. @returns R1 ‖ R2 of the internal, R3 ‖ R4 of the external authentication */
export async function beginBasicData(card: CardSession, settings: DriverSettings): Promise<StepOutput> {
  const found = await identify(card)
  if (!found.ok) return found
  const { subject } = found
  const internal = await beginGenuineCheck(card, subject.identity)
  if (!internal.ok) return refusedWith(internal.statusWord)
  const external = subject.version === "3.00" ? await beginAuthentication(card, subject.identity, "RKssse") : undefined
  if (external && !external.ok) return refusedWith(external.statusWord)
  return {
    ok: true,
    out: stepOneText(subject.identity, internal, external),
    next: async (key = "") => {
      const results = parseResults(key, external !== undefined)
      if (!results.ok) return results
      const checked = await finishGenuineCheck(card, internal, results.internal)
      if (!checked.ok) return refusedWith(checked.statusWord)
      if (!checked.genuine) return fail("NOT_GENUINE")
      if (external) {
        const done = await finishAuthentication(card, external, results.external)
        if (!done.ok) return refusedWith(done.statusWord)
      }
      return readEleven(subject, settings)
    },
  }
}

function stepOneText(
  { region, atr, algorithm, cardId }: SocialCardIdentity,
  { factor, original }: GenuineStep,
  external: { readonly challenge: Uint8Array; readonly previous: Uint8Array } | undefined,
): string {
  return joinFields(
    region,
    historicalBytes(atr),
    algorithmIdentifier(algorithm),
    toHex(cardId),
    toHex(factor),
    toHex(original),
    external ? toHex(external.challenge) : "",
    external ? toHex(external.previous) : "",
  )
}

/** Bytes of either result: proof and original information of 3DES cards, the proof of SM4 cards (card-commands §14.3). */
const RESULT = 16

/** Reads `internal|external|`; below 3.00 the second is empty. */
function parseResults(
  key: string,
  hasExternal: boolean,
): Answer<{ readonly internal: Uint8Array; readonly external: Uint8Array }> {
  const two = splitFields(key, 2)
  const one = two.ok ? two : splitFields(key, 1)
  if (!one.ok) return one
  const internal = parseHex(one.fields[0]!, RESULT)
  if (!internal.ok) return internal
  const external = parseHex(one.fields[1] ?? "", hasExternal ? RESULT : 0)
  return external.ok ? { ok: true, internal: internal.bytes, external: external.bytes } : external
}
