import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs"
import { dirname, resolve } from "node:path"
import { InputError } from "../../apdu/index.js"
import { type Card, type CardRuntimeOptions, cardFromLayout } from "../card.js"
import { PAGE_SIZE } from "../pages.js"
import { compileProfile } from "../profile/create-card.js"
import type { Profile } from "../profile/kinds.js"
import { type ChangedPages, changeLine, headerLine, imageDigest } from "./card-file-format.js"
import { backupOf, type CardFileWarning, readCardState } from "./card-state.js"
import { keptCard } from "./kept-card.js"
import { lock } from "./lock.js"

/** A file grows to about this many bytes of changes before it is written anew. */
const COMPACTION_BYTES = 256 * 1024

/** An emulated card that lives in a file. */
export interface CardFile {
  /** Absolute path. */
  readonly path: string
  readonly profile: Profile
  /** Every command that changes the card is kept in the file before its answer leaves. */
  readonly card: Card
  /** What was wrong with the file and has been mended. */
  readonly warnings: readonly CardFileWarning[]
  /** Appends what changed since the last time; nothing when nothing did. The card itself calls it. */
  save(): void
  /** Writes the file anew with one change record; the old one becomes `FILE.bak`. Done by itself as the file grows. */
  compact(): void
  /** Saves, makes it durable and gives the lock back. */
  close(): void
}

/** Choices for the card in the file: its random numbers and where faults are reported. */
export type CardFileOptions = Pick<CardRuntimeOptions, "random" | "seed" | "onFault">

/**
 * Puts a new card of a profile into a file of its own.
 *
 * @throws {InputError} when the file exists already or cannot be written
 * @throws {ShebaoError} with code `CARD_FILE_LOCKED` when another process has it open
 */
export function createCardFile(path: string, profile: Profile, options: CardFileOptions = {}): CardFile {
  const absolute = resolve(path)
  const layout = compileProfile(profile)
  return withLock(absolute, (unlock) => {
    if (existsSync(absolute))
      throw new InputError("card", `expected a new file, ${path} exists already`, {
        messageZh: `card:文件 ${path} 已存在`,
      })
    const card = cardFromLayout(layout, options)
    const writer = new CardFileWriter(absolute, profile, card, unlock, [])
    writer.rewrite()
    return writer
  })
}

/**
 * Opens a card file. Half a change at its end (the process was killed) is dropped; damage is reported and the last good state
 * restored, the damaged file being kept as `FILE.damaged`.
 *
 * @throws {InputError} when it is no card file, or its head is damaged and there is no good `FILE.bak`
 * @throws {ShebaoError} with code `CARD_FILE_LOCKED` when another process has it open
 */
export function openCardFile(path: string, options: CardFileOptions = {}): CardFile {
  const absolute = resolve(path)
  return withLock(absolute, (unlock) => {
    const state = readCardState(absolute)
    const card = cardFromLayout(state.layout, { ...options, memory: state.cells })
    const writer = new CardFileWriter(absolute, state.profile, card, unlock, state.warnings)
    const { contents } = state
    if (state.source === "file" && contents.rest !== "damaged")
      writer.resume(contents.changes.length, contents.sum, contents.goodLength)
    else {
      copyFileSync(absolute, `${absolute}.damaged`)
      writer.rewrite()
    }
    return writer
  })
}

/** A card file that is only looked at: no lock is taken and nothing is mended or written. */
export function readCardFile(
  path: string,
  options: CardFileOptions = {},
): Pick<CardFile, "profile" | "card" | "warnings"> {
  const { profile, layout, cells, warnings } = readCardState(resolve(path))
  return { profile, card: cardFromLayout(layout, { ...options, memory: cells }), warnings }
}

function withLock(path: string, open: (unlock: () => void) => CardFile): CardFile {
  let unlock: () => void
  try {
    unlock = lock(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== "ENOENT" && code !== "EACCES" && code !== "EROFS" && code !== "ENOTDIR") throw cause
    throw new InputError("card", `expected a directory that can be written to, got ${dirname(path)}`, { cause })
  }
  try {
    return open(unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

class CardFileWriter implements CardFile {
  readonly path: string
  readonly profile: Profile
  readonly card: Card
  readonly warnings: readonly CardFileWarning[]
  private readonly bare: Card
  private readonly unlock: () => void
  private descriptor = -1
  /** Number of changes, checksum of the last line and length of the file. */
  private changes = 0
  private sum = ""
  private length = 0
  private compactLength = 0
  /** Generation of the memory that the file holds. */
  private generation: number
  private broken = false
  private closed = false

  constructor(path: string, profile: Profile, card: Card, unlock: () => void, warnings: readonly CardFileWarning[]) {
    this.path = path
    this.profile = profile
    this.bare = card
    this.card = keptCard(card, () => this.save())
    this.unlock = unlock
    this.warnings = warnings
    this.generation = card.memory.pages.generation
  }

  /** Goes on behind the last good line; whatever stands there is cut off. */
  resume(changes: number, sum: string, length: number): void {
    this.descriptor = openSync(this.path, "r+")
    ftruncateSync(this.descriptor, length)
    this.changes = changes
    this.sum = sum
    this.length = length
    this.compactLength = length
  }

  save(): void {
    const { pages } = this.bare.memory
    if (pages.generation === this.generation) return
    if (this.closed) throw new Error("the card file is closed")
    if (this.descriptor < 0 || this.broken) throw new Error("an earlier change could not be written")
    const line = changeLine(this.changes + 1, this.pagesSince(this.generation), this.sum)
    this.append(line.text)
    this.changes++
    this.sum = line.sum
    this.generation = pages.generation
    if (this.length - this.compactLength > COMPACTION_BYTES) this.compact()
  }

  compact(): void {
    this.save()
    keepAsBackup(this.path)
    this.rewrite()
  }

  close(): void {
    if (this.closed) return
    try {
      this.save()
      if (this.descriptor >= 0) fsyncSync(this.descriptor)
    } finally {
      this.closed = true
      this.bare.powerOff()
      if (this.descriptor >= 0) closeSync(this.descriptor)
      this.unlock()
    }
  }

  /** Writes header and present state into a temporary file, makes it durable and puts it in the place of the old one. */
  rewrite(): void {
    const header = headerLine({ profile: this.profile, image: imageDigest(this.bare.layout.image) })
    const pages = this.pagesSince(0)
    const change = pages.size > 0 ? changeLine(1, pages, header.sum) : undefined
    const bytes = new TextEncoder().encode(header.text + (change?.text ?? ""))
    const temporary = `${this.path}.tmp`
    const descriptor = openSync(temporary, "w", 0o600)
    try {
      writeAll(descriptor, bytes, 0)
      fsyncSync(descriptor)
      if (this.descriptor >= 0) closeSync(this.descriptor)
      this.descriptor = -1
      renameSync(temporary, this.path)
      syncDirectory(dirname(this.path))
    } catch (error) {
      closeSync(descriptor)
      throw error
    }
    this.descriptor = descriptor
    this.changes = change ? 1 : 0
    this.sum = change?.sum ?? header.sum
    this.length = bytes.length
    this.compactLength = bytes.length
    this.generation = this.bare.memory.pages.generation
    this.broken = false
  }

  private pagesSince(generation: number): ChangedPages {
    const { pages } = this.bare.memory
    return new Map(
      pages.changed(generation).map((page) => {
        const bytes = new Uint8Array(PAGE_SIZE)
        pages.copyTo(page * PAGE_SIZE, PAGE_SIZE, bytes, 0)
        return [page, bytes] as const
      }),
    )
  }

  private append(text: string): void {
    const bytes = new TextEncoder().encode(text)
    try {
      writeAll(this.descriptor, bytes, this.length)
    } catch (error) {
      this.broken = true
      throw error
    }
    this.length += bytes.length
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  let written = 0
  while (written < bytes.length)
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written)
}

/** The file stays in its place until the new one takes it: at every moment there is a whole file of that name. */
function keepAsBackup(path: string): void {
  const backup = backupOf(path)
  rmSync(backup, { force: true })
  try {
    linkSync(path, backup)
  } catch {
    copyFileSync(path, backup)
  }
}

/** Makes a rename durable, where the system lets a directory be opened. */
function syncDirectory(path: string): void {
  let descriptor: number
  try {
    descriptor = openSync(path, "r")
  } catch {
    return
  }
  try {
    fsyncSync(descriptor)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== "EINVAL" && code !== "EPERM" && code !== "EISDIR") throw error
  } finally {
    closeSync(descriptor)
  }
}
