import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { wrongInput } from "../../apdu/index.js"
import { PAGE_SIZE } from "../pages.js"
import { openCardFile } from "./card-file.js"
import { type ChangedPages, changeLine, headerLine, imageDigest } from "./card-file-format.js"
import { readCardState } from "./card-state.js"

const EXTENSION = ".card"

/** A snapshot that is kept with its card file. */
export interface SnapshotEntry {
  readonly name: string
  /** A card file of its own. */
  readonly path: string
  /** When it was taken, in milliseconds since 1970. */
  readonly taken: number
}

/**
 * Keeps the present state of a card file: under a name beside it, or in a file. A snapshot is a card file of its own: it
 * can be shown, compared and used as a card.
 *
 * @param nameOrFile a name of letters, digits, `-`, `_` and blanks; a path, or what ends in `.card`, is a file
 * @param options.replace takes the place of a snapshot of that name; without it that is an error
 * @returns where it was written
 * @throws {InputError} when the card file cannot be read, or there is such a snapshot already
 * @example takeSnapshot("my.card", "before")
 */
export function takeSnapshot(cardFile: string, nameOrFile: string, options: { replace?: boolean } = {}): string {
  const { contents, layout, cells } = readCardState(resolve(cardFile))
  const path = snapshotFile(cardFile, nameOrFile)
  if (existsSync(path) && !options.replace)
    throw wrongInput("snapshot", `快照 ${nameOrFile} 已存在`, `expected a new snapshot, ${nameOrFile} exists already`)
  const header = headerLine(contents.header)
  const pages = changedPages(layout.image, cells)
  const text = header.text + (pages.size > 0 ? changeLine(1, pages, header.sum).text : "")
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeWhole(path, text)
  return path
}

/**
 * Puts a card file back into the state of a snapshot. Everything that happened since is forgotten, PIN counters included.
 *
 * @throws {InputError} when there is no such snapshot, or it is of another card
 * @throws {ShebaoError} with code `CARD_FILE_LOCKED` when another process has the card open
 */
export function restoreSnapshot(cardFile: string, nameOrFile: string): void {
  const snapshot = readCardState(existingSnapshot(cardFile, nameOrFile))
  const file = openCardFile(cardFile)
  try {
    if (snapshot.contents.header.image !== imageDigest(file.card.layout.image))
      throw wrongInput(
        "snapshot",
        `${nameOrFile} 是另一张卡的快照(模板${snapshot.profile.name})`,
        `${nameOrFile} is of another card, of profile ${snapshot.profile.name}`,
      )
    file.card.memory.pages.restore(snapshot.cells)
  } finally {
    file.close()
  }
}

/** The snapshots that are kept with a card file, oldest first. */
export function listSnapshots(cardFile: string): SnapshotEntry[] {
  const folder = folderOf(cardFile)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => {
      const path = join(folder, file)
      return { name: basename(file, EXTENSION), path, taken: statSync(path).mtimeMs }
    })
    .sort((a, b) => a.taken - b.taken || a.name.localeCompare(b.name))
}

/**
 * The file of a snapshot that is there.
 *
 * @param cardFile whose named snapshots are looked through
 * @throws {InputError} naming those that there are
 */
export function existingSnapshot(cardFile: string, nameOrFile: string): string {
  const path = snapshotFile(cardFile, nameOrFile)
  if (existsSync(path)) return path
  const names = listSnapshots(cardFile).map(({ name }) => name)
  throw wrongInput(
    "snapshot",
    `没有快照 ${nameOrFile};现有:${names.join("、") || "无"}`,
    `expected one of ${names.join(", ") || "no snapshot at all"}, or a file, got ${nameOrFile}`,
  )
}

function snapshotFile(cardFile: string, nameOrFile: string): string {
  if (/[\\/]/.test(nameOrFile) || nameOrFile.endsWith(EXTENSION)) return resolve(nameOrFile)
  if (!/^[\p{L}\p{N}_-][\p{L}\p{N}_ -]*$/u.test(nameOrFile))
    throw wrongInput(
      "snapshot",
      `应为名称(文字、数字、-、_)或 .card 文件,收到 ${JSON.stringify(nameOrFile)}`,
      `expected a name of letters, digits, - and _, or a .card file, got ${JSON.stringify(nameOrFile)}`,
    )
  return join(folderOf(cardFile), `${nameOrFile}${EXTENSION}`)
}

const folderOf = (cardFile: string) => `${resolve(cardFile)}.snapshots`

/** Pages that differ from those of a new card. */
function changedPages(image: Uint8Array, cells: Uint8Array): ChangedPages {
  const pages = new Map<number, Uint8Array>()
  for (let page = 0; page * PAGE_SIZE < cells.length; page++) {
    const bytes = cells.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)
    if (bytes.some((byte, index) => byte !== image[page * PAGE_SIZE + index])) pages.set(page, bytes)
  }
  return pages
}

/** Whole or not at all, and durable. */
function writeWhole(path: string, text: string): void {
  const temporary = `${path}.tmp`
  const descriptor = openSync(temporary, "w", 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
  renameSync(temporary, path)
}
