import { type StatusWord, SW, type Transport } from "../../apdu/index.js"
import { type DirectoryDefinition, type DirectoryName, type FileDefinition, keysOf } from "../../dictionary/index.js"
import { type FileReading, socialSecurityClient } from "../clients/index.js"
import { readUnlistedFile, readUnlistedFiles } from "../clients/unlisted-files.js"
import type { FileOpener, KeyUse } from "./file-opener.js"
import type { Report } from "./flow.js"

/** A file with the keys that were used to open it. */
export interface OpenedFileReading extends FileReading {
  /** Absent where no key was needed, or no keys were at hand. */
  readonly keys?: readonly KeyUse[]
}

/** One directory of a card as far as it may be read. */
export interface DirectoryReading {
  readonly directory: DirectoryDefinition
  /** SELECT was refused with this: the card does not have the directory. */
  readonly refusal?: StatusWord
  readonly files: readonly OpenedFileReading[]
}

/** How a walk opens what is closed. */
export interface WalkOptions {
  readonly opener: FileOpener
  /** A PIN that is known to be right. */
  readonly pin?: string
  /** What is known of directories and files that the card's province may have added. */
  readonly local?: readonly DirectoryDefinition[]
}

/** Applications that a card may have, whether its tables are known or not; the FID is the name (card-structure §4.1). */
const POSSIBLE: readonly DirectoryName[] = ["DF01", "DF02", "DF03", "DF04", "DF05", "DF06", "DF07"]

/** Reads every file of every directory, those outside the tables included. */
export async function readDirectories(
  card: Transport,
  tables: readonly DirectoryDefinition[],
  options: WalkOptions,
  report: Report,
): Promise<DirectoryReading[]> {
  const readings: DirectoryReading[] = []
  for (const directory of tables) readings.push(await readDirectory(card, directory, options, report))
  for (const name of POSSIBLE) {
    if (tables.some((directory) => directory.name === name)) continue
    const directory = options.local?.find((candidate) => candidate.name === name) ?? unlistedDirectory(name)
    const reading = await readDirectory(card, directory, options, report)
    if (reading.refusal === undefined) readings.push(reading)
  }
  // The SSSE first, then by name.
  return readings.sort(
    (a, b) =>
      Number(b.directory.name === "SSSE") - Number(a.directory.name === "SSSE") || a.directory.fid - b.directory.fid,
  )
}

function unlistedDirectory(name: DirectoryName): DirectoryDefinition {
  return {
    name,
    label: { zh: "表外应用", en: "application outside the tables" },
    fid: Number.parseInt(name, 16),
    aid: new Uint8Array(0),
    parent: "SSSE",
    optional: true,
    files: [],
    keys: keysOf(name),
  }
}

async function readDirectory(
  card: Transport,
  directory: DirectoryDefinition,
  { opener, pin, local }: WalkOptions,
  report: Report,
): Promise<DirectoryReading> {
  const client = socialSecurityClient(card)
  const selected = await client.selectDirectory(directory.name)
  if (!selected.ok) return { directory, refusal: selected.statusWord, files: [] }
  opener.entered()
  report({ type: "selected", directory: directory.name })
  // Some cards ask for the PIN again in every directory (card-commands §8); it is known to be right.
  if (pin !== undefined) await client.verifyPin(pin)
  const files: OpenedFileReading[] = []
  const add = (reading: OpenedFileReading) => {
    files.push(reading)
    report({ type: "file-read", directory: directory.name, reading })
  }
  for (const file of directory.files) add(await readOpened(card, directory, file, opener))
  const explained = local?.find(({ name }) => name === directory.name)?.files
  for (const reading of await readUnlistedFiles(card, directory.files, explained))
    add(isRefused(reading) ? await readAgain(card, directory, reading, opener) : reading)
  return { directory, files }
}

/** Satisfies the rules of a file as far as possible, and reads it. */
async function readOpened(
  card: Transport,
  directory: DirectoryDefinition,
  file: FileDefinition,
  opener: FileOpener,
): Promise<OpenedFileReading> {
  const uses: KeyUse[] = []
  let satisfied = true
  for (const rule of rulesOf(file)) {
    const opening = await opener.open(rule)
    uses.push(...opening.uses)
    satisfied &&= opening.satisfied
  }
  const reading = await socialSecurityClient(card).readFile(file)
  const opened = { ...reading, ...(uses.length > 0 && { keys: uses }) }
  return satisfied && isRefused(reading) ? readAgain(card, directory, opened, opener) : opened
}

/** The rules of a file and of those of its records that have their own. */
function rulesOf(file: FileDefinition): readonly string[] {
  const own = file.structure === "variable" ? file.records.map(({ read }) => read) : []
  return [...new Set([file.read, ...own].filter((rule) => rule !== undefined))]
}

const isRefused = ({ missing }: FileReading): boolean =>
  missing.some(({ statusWord }) => statusWord === SW.SECURITY_STATUS_NOT_SATISFIED)

/** A card that guards a file otherwise than the tables say: the read keys of its directory may open it. */
async function readAgain(
  card: Transport,
  { keys }: DirectoryDefinition,
  before: OpenedFileReading,
  opener: FileOpener,
): Promise<OpenedFileReading> {
  const uses: KeyUse[] = []
  for (const { name, role } of keys) if (role === "read") uses.push(...(await opener.open(name)).uses)
  if (uses.length === 0) return before
  const again = before.unlisted
    ? await readUnlistedFile(card, before.file.fid)
    : await socialSecurityClient(card).readFile(before.file)
  return { ...(again ?? before), keys: [...(before.keys ?? []), ...uses] }
}
