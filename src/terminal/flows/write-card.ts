import { CardRemovedError, equalBytes, InputError, ShebaoError, type Transport } from "../../apdu/index.js"
import type { DirectoryDefinition, DirectoryName } from "../../dictionary/index.js"
import { tablesOf } from "../clients/card-tables.js"
import { readRecord } from "../clients/files.js"
import {
  readIdentity,
  type SocialCardIdentity,
  type SocialSecurityClient,
  socialSecurityClient,
} from "../clients/index.js"
import { encodePin } from "../clients/pin.js"
import { type FileOpener, fileOpener } from "./file-opener.js"
import { type FlowCard, type Report, runFlow } from "./flow.js"
import { type KeyedOptions, meetCard } from "./keyed.js"
import { type FileWrite, type PlannedFile, type PlannedWrite, planWrites } from "./plan-write.js"
import { cardRefused, type FlowRefusal, pinRefused } from "./refusal.js"

/** Where something was to be written. */
export interface WritePlace {
  readonly directory: DirectoryName
  readonly fid: number
  readonly record?: number
  readonly fieldId?: string
}

/** Something that the card has taken. */
export interface WrittenItem extends WritePlace {
  /** What reading it back showed; a file may be written by those who may not read it. */
  readonly readBack: "same" | "different" | "refused"
}

export interface CardWritten {
  readonly ok: true
  readonly written: readonly WrittenItem[]
}

/**
 * Where it ended, and how far it came: every record is written whole or not at all. When the card went away
 * (`CARD_REMOVED`) or its line broke (`CARD_FAILED`), the first of `notWritten` may have been taken as well.
 */
export type WriteRefusal = FlowRefusal & {
  readonly written: readonly WrittenItem[]
  readonly notWritten: readonly WritePlace[]
}

export interface WriteCardOptions extends KeyedOptions {
  readonly writes: readonly FileWrite[]
  /** Where the rule of a file asks for it, or reading back does. */
  readonly pin?: string
  /** Tables of the card; default those of its version. */
  readonly tables?: readonly DirectoryDefinition[]
}

/**
 * Writes files under their keys, one authentication for each file, and reads back what was written (card-commands §4.2,
 * §14.4). Everything is checked and encoded before the first byte is written.
 *
 * @throws {InputError} for a file, field or value that does not fit the tables; nothing is written then
 * @example
 * await writeCard(card, { keys, writes: [{ directory: "DF01", fid: 0xef06, fields: { phone: "13000000000" } }] })
 */
export async function writeCard(card: FlowCard, options: WriteCardOptions): Promise<CardWritten | WriteRefusal> {
  if (options.pin !== undefined) encodePin(options.pin)
  const written: WrittenItem[] = []
  let places: readonly WritePlace[] = []
  const outcome = await endingWithTheCard(() =>
    runFlow(card, options, async (report) => {
      const found = await meetCard(card, options, report)
      if (!found.ok) return found
      const opener = fileOpener(card, { identity: found.identity, keys: options.keys }, report)
      const files = planWrites(options.tables ?? (await findTables(card, found.identity, opener)), options.writes)
      places = files.flatMap((file) => file.writes.map((write) => placeOf(file, write)))
      if (options.pin !== undefined) {
        const verified = await socialSecurityClient(card).verifyPin(options.pin)
        if (!verified.ok) return pinRefused(verified)
        report({ type: "pin-verified", which: "current" })
        opener.pinVerified()
      }
      return writeFiles(card, files, opener, report, written)
    }),
  )
  return outcome.ok ? outcome : { ...outcome, written, notWritten: places.slice(written.length) }
}

/** Version 3.00 tells whose card it is, a person's or an employer's, to RKssse only (card-structure §5.1). */
async function findTables(
  card: Transport,
  identity: SocialCardIdentity,
  opener: FileOpener,
): Promise<readonly DirectoryDefinition[]> {
  if (identity.cardClass !== undefined) return tablesOf(identity)
  await opener.open("RKssse")
  const again = await readIdentity(card, identity.atr, identity.algorithm)
  return tablesOf(again.ok ? again.identity : identity)
}

/** A card that goes away in the middle is a refusal here: what it has taken must not be lost with an exception. */
async function endingWithTheCard(body: () => Promise<CardWritten | FlowRefusal>): Promise<CardWritten | FlowRefusal> {
  try {
    return await body()
  } catch (error) {
    if (error instanceof CardRemovedError) return cardGone("CARD_REMOVED", error)
    if (error instanceof ShebaoError && !(error instanceof InputError)) return cardGone("CARD_FAILED", error)
    throw error
  }
}

const cardGone = (code: "CARD_REMOVED" | "CARD_FAILED", { message, messageZh }: ShebaoError): FlowRefusal => ({
  ok: false,
  code,
  reason: { en: message, zh: messageZh ?? message },
})

const placeOf = ({ directory, file }: PlannedFile, { record, fieldId }: PlannedWrite): WritePlace => ({
  directory: directory.name,
  fid: file.fid,
  ...(record !== undefined && { record }),
  ...(fieldId !== undefined && { fieldId }),
})

/** Writes planned files in their order; what the card has taken is added to `written` at once. */
export async function writeFiles(
  card: Transport,
  files: readonly PlannedFile[],
  opener: FileOpener,
  report: Report,
  written: WrittenItem[],
): Promise<CardWritten | FlowRefusal> {
  const client = socialSecurityClient(card)
  let current: DirectoryName | undefined
  for (const planned of files) {
    const { directory, file } = planned
    if (directory.name !== current) {
      const selected = await client.selectDirectory(directory.name)
      if (!selected.ok) return cardRefused(selected.statusWord)
      opener.entered()
      report({ type: "selected", directory: directory.name })
      current = directory.name
    }
    const selected = await client.selectFile(file.fid)
    if (!selected.ok) return cardRefused(selected.statusWord)
    const { uses, satisfied } = await opener.open(file.write)
    const failed = satisfied ? undefined : uses.find(({ refusal }) => refusal)?.refusal
    if (failed) return failed
    const first = written.length
    const refused = await writeFile(client, planned, report, written)
    await readBack(card, planned, opener, written, first)
    if (refused) return refused
  }
  return written.some((item) => item.readBack === "different") ? notKept() : { ok: true, written }
}

async function writeFile(
  client: SocialSecurityClient,
  planned: PlannedFile,
  report: Report,
  written: WrittenItem[],
): Promise<FlowRefusal | undefined> {
  for (const write of planned.writes) {
    const done = await send(client, write)
    if (!done.ok) return cardRefused(done.statusWord)
    const place = placeOf(planned, write)
    written.push({ ...place, readBack: "refused" })
    const { directory, fid, record } = place
    report({ type: "written", directory, fid, ...(record !== undefined && { record }) })
  }
  return undefined
}

function send(client: SocialSecurityClient, { kind, record, bytes }: PlannedWrite) {
  if (kind === "content") return client.updateBinary(bytes)
  return kind === "append" ? client.appendCyclicRecord(bytes) : client.updateRecord(record!, bytes)
}

/** Reads what was just written to a file, as far as it may be read, and notes what it shows. */
async function readBack(
  card: Transport,
  { file, writes }: PlannedFile,
  opener: FileOpener,
  written: WrittenItem[],
  first: number,
): Promise<void> {
  if (written.length > first) await opener.open(file.read)
  for (let at = first; at < written.length; at++) {
    const { bytes } = writes[at - first]!
    const read = await readWritten(card, writes[at - first]!)
    if (read) written[at] = { ...written[at]!, readBack: equalBytes(read, bytes) ? "same" : "different" }
  }
}

async function readWritten(card: Transport, { kind, record, bytes }: PlannedWrite): Promise<Uint8Array | undefined> {
  if (kind === "content") {
    const read = await socialSecurityClient(card).readBinary(bytes.length)
    return read.ok ? read.content : undefined
  }
  // What was appended last is record 1 (card-commands §4.3).
  const read = await readRecord(card, record ?? 1)
  return read.ok ? read.record : undefined
}

const notKept = (): FlowRefusal => ({
  ok: false,
  code: "READ_BACK_DIFFERS",
  reason: { en: "the card holds something else than was written", zh: "写入后读回的数据不一致" },
})
