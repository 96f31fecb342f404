import type { StatusWord } from "../../apdu/index.js"
import { type DirectoryDefinition, normaliseVersion, socialSecurityTables } from "../../dictionary/index.js"
import {
  type FileReading,
  type PersonReading,
  type SocialSecurityClient,
  socialSecurityClient,
} from "../clients/index.js"
import { encodePin } from "../clients/pin.js"
import { type CardEvent, type FlowCard, type FlowOptions, runFlow } from "./flow.js"
import { type FlowRefusal, noEnvironment, pinRefused } from "./refusal.js"

export interface ReadCardOptions extends FlowOptions {
  /** Opens what the holder may see; without it only what anybody may see is read. */
  readonly pin?: string
  /** Reads every file of the tables, not only who the card belongs to. */
  readonly all?: boolean
}

/** One directory of a card as far as it may be read. */
export interface DirectoryReading {
  readonly directory: DirectoryDefinition
  /** SELECT was refused with this: the card does not have the directory. */
  readonly refusal?: StatusWord
  readonly files: readonly FileReading[]
}

/** What a card holds, as far as it may be read. */
export interface CardReading {
  readonly ok: true
  readonly person: PersonReading
  /** With `all`: the SSSE and every application DF. */
  readonly directories: readonly DirectoryReading[]
  /** The PIN was refused; what follows from it was not read. */
  readonly pin?: FlowRefusal
}

type Report = (event: CardEvent) => void

/**
 * Reads a card: identity and issuer, and with `all` every file that may be read. What the card refuses is listed with
 * its status word in the reading.
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 */
export async function readCard(card: FlowCard, options: ReadCardOptions = {}): Promise<CardReading | FlowRefusal> {
  const { pin, all = false } = options
  if (pin !== undefined) encodePin(pin)
  return runFlow(card, options, async (report) => {
    const client = socialSecurityClient(card)
    const person = await client.readPerson()
    if (person.refusal !== undefined) return noEnvironment(person.refusal)
    report({ type: "person-read", person })
    const refusal = pin === undefined ? undefined : await tryPin(client, pin, report)
    const directories = all ? await readDirectories(client, person, refusal ? undefined : pin, report) : []
    return { ok: true, person, directories, ...(refusal && { pin: refusal }) }
  })
}

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

async function readDirectories(
  client: SocialSecurityClient,
  person: PersonReading,
  pin: string | undefined,
  report: Report,
): Promise<DirectoryReading[]> {
  const readings: DirectoryReading[] = []
  for (const directory of tablesOf(person.version)) {
    const selected = await client.selectDirectory(directory.name)
    if (!selected.ok) {
      readings.push({ directory, refusal: selected.statusWord, files: [] })
      continue
    }
    report({ type: "selected", directory: directory.name })
    // Some cards ask for the PIN again in every directory (card-commands §8); it is known to be right.
    if (pin !== undefined) await client.verifyPin(pin)
    const files: FileReading[] = []
    for (const file of directory.files) {
      const reading = await client.readFile(file)
      files.push(reading)
      report({ type: "file-read", directory: directory.name, reading })
    }
    readings.push({ directory, files })
  }
  return readings
}

/** Cards of version 1.00 have other tables below the SSSE, where the same tag means something else (card-structure §13). */
function tablesOf(versionText: string | undefined): readonly DirectoryDefinition[] {
  const version = versionText === undefined ? "2.00" : normaliseVersion(versionText)
  return version === "1.00"
    ? socialSecurityTables("2.00").filter(({ name }) => name === "SSSE")
    : socialSecurityTables(version)
}
