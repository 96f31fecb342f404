import { concat, SW } from "../apdu/index.js"
import { splitRecord } from "../dictionary/index.js"
import { type CardSession, socialSecurityClient } from "../terminal/index.js"
import type { Subject } from "./card-work.js"
import { type Answer, type DriverFailure, fail, refusedWith } from "./codes.js"
import type { FileOpener } from "./file-opener.js"
import { accessOf, type Target, type TargetFile, tagNotFound } from "./file-targets.js"
import { inputContent, inputRecord, inputValue } from "./input-values.js"
import { outputRecord, outputValue } from "./output-values.js"

type Text = Answer<{ readonly text: string }>

/** What is to be written to the targets of a file, in their order. */
export type FileBytes = readonly Uint8Array[]

/**
 * Reads the targets of files, in the order asked: values with `|` behind each, `$` behind each file (driver-api §3.4).
 *
 * @param first directory whose files are read before the others, as a key of it is authenticated already
 */
export async function readTargets(
  subject: Subject,
  opener: FileOpener,
  files: readonly TargetFile[],
  first?: string,
): Promise<Answer<{ readonly out: string }>> {
  const texts = new Map<TargetFile, string>()
  for (const file of startingWith(files, first)) {
    const read = await readFileTargets(subject.card, opener, file)
    if (!read.ok) return read
    texts.set(file, read.text)
  }
  return { ok: true, out: files.map((file) => `${texts.get(file)}$`).join("") }
}

async function readFileTargets(card: CardSession, opener: FileOpener, target: TargetFile): Promise<Text> {
  const entered = await enterFile(card, opener, target)
  if (!entered.ok) return entered
  let text = ""
  for (const item of target.targets) {
    const opened = await opener.satisfy(accessOf(target.file, item, "read"))
    if (!opened.ok) return opened
    const read = await readTarget(card, item)
    if (!read.ok) return read
    text += `${read.text}|`
  }
  return { ok: true, text }
}

async function enterFile(card: CardSession, opener: FileOpener, { directory, file }: TargetFile): Promise<Answer> {
  const entered = await opener.enter(directory.name)
  if (!entered.ok) return entered
  const selected = await socialSecurityClient(card).selectFile(file.fid)
  return selected.ok ? selected : refusedWith(selected.statusWord)
}

async function readTarget(card: CardSession, target: Target): Promise<Text> {
  const client = socialSecurityClient(card)
  switch (target.kind) {
    case "content": {
      const read = await client.readBinary(target.size)
      if (!read.ok) return refusedWith(read.statusWord)
      return { ok: true, text: outputValue(target.field, read.content) }
    }
    case "cyclic": {
      const read = await client.readRecord(target.number)
      return read.ok ? { ok: true, text: outputRecord(target.file, read.record) } : refusedWith(read.statusWord)
    }
    case "record": {
      const { field, number } = target.record
      const read = target.first ? await client.readRecordByTag(field.tag!) : await client.readRecord(number)
      if (!read.ok) return refusedWith(read.statusWord)
      const parts = splitRecord(read.record)
      if (!parts || parts.tag !== field.tag) return tagNotFound()
      return { ok: true, text: outputValue(field, parts.value) }
    }
  }
}

/** Refuses what is not written by that way, before the card is touched: −14 (driver-api §3.2, §3.3). */
export function checkRecordNumbers(files: readonly TargetFile[], what: "read" | "write"): Answer {
  const isWrong = (target: Target) => target.kind === "cyclic" && (target.number === 0) !== (what === "write")
  return files.some(({ targets }) => targets.some(isWrong)) ? fail("PARAMETER") : { ok: true }
}

/** Writes the values of files as the card stores them; nothing is sent before all of them are right. */
export function encodeValues(
  files: readonly TargetFile[],
  values: readonly (readonly string[])[],
): Answer<{ readonly bytes: readonly FileBytes[] }> {
  const bytes: FileBytes[] = []
  for (const [at, { targets }] of files.entries()) {
    const own: Uint8Array[] = []
    for (const [index, target] of targets.entries()) {
      const encoded = encodeTarget(target, values[at]![index]!)
      if (!encoded.ok) return encoded
      own.push(encoded.bytes)
    }
    bytes.push(own)
  }
  return { ok: true, bytes }
}

function encodeTarget(target: Target, text: string): Answer<{ readonly bytes: Uint8Array }> {
  switch (target.kind) {
    case "content":
      return inputContent(target.field, text)
    case "cyclic":
      return inputRecord(target.file, text)
    case "record": {
      const { field } = target.record
      const value = inputValue(field, text)
      return value.ok ? { ok: true, bytes: concat(field.tag!, value.bytes.length, value.bytes) } : value
    }
  }
}

/** Writes the targets of files. What was written before a refusal stays. Parameters as {@link readTargets}. */
export async function writeTargets(
  subject: Subject,
  opener: FileOpener,
  files: readonly TargetFile[],
  bytes: readonly FileBytes[],
  first?: string,
): Promise<Answer> {
  for (const file of startingWith(files, first)) {
    const written = await writeFileTargets(subject.card, opener, file, bytes[files.indexOf(file)]!)
    if (!written.ok) return written
  }
  return { ok: true }
}

async function writeFileTargets(
  card: CardSession,
  opener: FileOpener,
  target: TargetFile,
  bytes: FileBytes,
): Promise<Answer> {
  const entered = await enterFile(card, opener, target)
  if (!entered.ok) return entered
  for (const [at, item] of target.targets.entries()) {
    const opened = await opener.satisfy(accessOf(target.file, item, "write"))
    if (!opened.ok) return opened
    const written = await writeTarget(card, item, bytes[at]!)
    if (!written.ok) return refusedWith(written.statusWord)
  }
  return { ok: true }
}

function writeTarget(card: CardSession, target: Target, bytes: Uint8Array) {
  const client = socialSecurityClient(card)
  if (target.kind === "content") return client.updateBinary(bytes)
  return target.kind === "cyclic" ? client.appendCyclicRecord(bytes) : client.updateRecord(target.record.number, bytes)
}

/** The card writes these itself (card-structure §9.3). */
export function checkWritable(files: readonly TargetFile[]): DriverFailure | undefined {
  const isForbidden = files.some(({ file, targets }) =>
    targets.some((target) => accessOf(file, target, "write") === "never"),
  )
  if (!isForbidden) return undefined
  return refusedWith(SW.SECURITY_STATUS_NOT_SATISFIED, {
    zh: "该文件不允许写数据",
    en: "nobody may write to this file",
  })
}

function startingWith(files: readonly TargetFile[], first: string | undefined): readonly TargetFile[] {
  const isFirst = ({ directory }: TargetFile) => directory.name === first
  return [...files.filter(isFirst), ...files.filter((file) => !isFirst(file))]
}
