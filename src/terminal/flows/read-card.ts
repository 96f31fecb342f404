import { type CardKeyService, normaliseVersion } from "../../dictionary/index.js"
import { type CardTraits, localTablesOf, tablesOf } from "../clients/card-tables.js"
import {
  type PersonReading,
  type SocialCardIdentity,
  type SocialSecurityClient,
  socialSecurityClient,
} from "../clients/index.js"
import {
  type PaymentApplication,
  type PkiReading,
  readPaymentApplications,
  readPki,
} from "../clients/other-applications.js"
import { encodePin } from "../clients/pin.js"
import { fileOpener, type KeyUse } from "./file-opener.js"
import { type FlowCard, type Report, runFlow } from "./flow.js"
import { type IdentityOptions, identify, proveGenuine } from "./keyed.js"
import { type DirectoryReading, readDirectories, type WalkOptions } from "./read-directories.js"
import { type FlowRefusal, noEnvironment, pinRefused } from "./refusal.js"

export interface ReadCardOptions extends IdentityOptions {
  /** Opens what the holder may see; without it only what anybody may see is read. */
  readonly pin?: string
  /** Reads every file, not only who the card belongs to. */
  readonly all?: boolean
  /** Opens what offices may see, and makes the card prove that it is genuine. */
  readonly keys?: CardKeyService
}

/** What a card holds, as far as it may be read. */
export interface CardReading {
  readonly ok: true
  readonly person: PersonReading
  /** With `all`: the SSSE, every application DF, and local ones. */
  readonly directories: readonly DirectoryReading[]
  /** With `all`: what other applications show to everybody. */
  readonly pki?: PkiReading
  readonly payment?: readonly PaymentApplication[]
  /** The PIN was refused; what follows from it was not read. */
  readonly pin?: FlowRefusal
  /** With keys: whether the card proved that it is genuine. Where it did not, no key was used on it. */
  readonly genuine?: { readonly ok: true } | FlowRefusal
  /** With keys: what was used to read who the card belongs to. */
  readonly keyUses?: readonly KeyUse[]
}

/** What nothing more can be learnt behind. */
const NOTHING_TO_READ: readonly FlowRefusal["code"][] = ["NOT_A_SOCIAL_SECURITY_CARD", "APPLICATION_BLOCKED"]

/**
 * Reads a card: identity and issuer, and with `all` every file that may be read (card-commands §14.1, §14.2). What the
 * card refuses is listed with its status word in the reading.
 *
 * With keys the card proves first that it knows IRK: keys that are not its own would cost it tries.
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 * @example const reading = await readCard(card, { all: true, pin, keys: testKeyService() })
 */
export async function readCard(card: FlowCard, options: ReadCardOptions = {}): Promise<CardReading | FlowRefusal> {
  const { pin, all = false } = options
  if (pin !== undefined) encodePin(pin)
  return runFlow(card, options, async (report) => {
    const known = options.keys ? await learnKeys(card, options.keys, options, report) : {}
    if (known.genuine && NOTHING_TO_READ.includes(known.genuine.code)) return known.genuine
    const trusted = known.identity && options.keys && { identity: known.identity, keys: options.keys }
    const opener = fileOpener(card, trusted ?? {}, report)
    const uses = trusted && isVersion3(trusted.identity) ? (await opener.open("RKssse")).uses : []

    const client = socialSecurityClient(card)
    const person = await client.readPerson()
    if (person.refusal !== undefined) return noEnvironment(person.refusal)
    report({ type: "person-read", person })
    const refusal = pin === undefined ? undefined : await tryPin(client, pin, report)
    if (pin !== undefined && !refusal) opener.pinVerified()
    return {
      ok: true,
      person,
      ...(uses.length > 0 && { keyUses: uses }),
      ...(options.keys && { genuine: known.genuine ?? { ok: true } }),
      ...(refusal && { pin: refusal }),
      ...(all
        ? await readAll(card, person, { opener, ...(!refusal && pin !== undefined && { pin }) }, report)
        : { directories: [] }),
    }
  })
}

/** Learns what the keys of the card are found by, and has it prove that they are its own. */
async function learnKeys(
  card: FlowCard,
  keys: CardKeyService,
  options: ReadCardOptions,
  report: Report,
): Promise<{ readonly identity?: SocialCardIdentity; readonly genuine?: FlowRefusal }> {
  const found = await identify(card, options, report)
  if (!found.ok) return { genuine: found }
  const proven = await proveGenuine(card, found.identity, keys, report)
  if (proven.ok) return { identity: found.identity }
  // A service that has no IRK may still have the keys that open files.
  return { genuine: proven, ...(proven.code !== "NOT_GENUINE" && { identity: found.identity }) }
}

const isVersion3 = ({ version }: SocialCardIdentity): boolean =>
  version !== undefined && normaliseVersion(version) === "3.00"

async function tryPin(client: SocialSecurityClient, pin: string, report: Report): Promise<FlowRefusal | undefined> {
  const verified = await client.verifyPin(pin)
  if (verified.ok) {
    report({ type: "pin-verified", which: "current" })
    return undefined
  }
  const refusal = pinRefused(verified)
  report({ type: "refused", refusal })
  return refusal
}

async function readAll(card: FlowCard, person: PersonReading, walk: WalkOptions, report: Report) {
  const traits = traitsOf(person)
  const local = localTablesOf(traits)
  const directories = await readDirectories(card, tablesOf(traits), { ...walk, ...(local && { local }) }, report)
  // These leave the social security application: what was opened there is closed now.
  const pki = await readPki(card)
  const payment = await readPaymentApplications(card)
  return { directories, pki, payment }
}

function traitsOf({ version, values: { cardClass, cardId } }: PersonReading): CardTraits {
  return {
    version,
    cardClass: typeof cardClass === "string" ? cardClass : undefined,
    region: typeof cardId === "string" ? cardId.slice(0, 6) : undefined,
  }
}
