import { type FileHandle, open, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import { crc32 } from "node:zlib"
import { hex, hexNumber, ShebaoError, toHex } from "../../apdu/index.js"
import { applyRecord, emptyJournal, type Journal, type JournalRecord, type JournalState } from "./journal.js"
import { lockFile } from "./lock-file.js"

/** Rewritten at opening when it has grown beyond this many lines. */
const LINES_TO_COMPACT = 1_000

/**
 * Opens a journal in a file, made when it is not there: one line for each `append`, a checksum and a list of records,
 * on the disk before `append` resolves. A last line that was cut short by a power failure is dropped.
 *
 * @param path readable and writable by the owner alone
 * @throws {ShebaoError} `JOURNAL_DAMAGED` when a line that is not the last is wrong, `JOURNAL_IN_USE` when another
 * process has it open
 */
export async function fileJournal(path: string): Promise<Journal> {
  const unlock = await lockFile(`${path}.lock`, "JOURNAL_IN_USE")
  try {
    const { state: found, lines } = await recover(path)
    if (lines > LINES_TO_COMPACT) await rewrite(path, found)
    const file = await open(path, "a", 0o600)
    await syncDirectory(path)
    return journalOn(file, found, unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

function journalOn(file: FileHandle, found: JournalState, unlock: () => Promise<void>): Journal {
  let state = found
  let last: Promise<void> = Promise.resolve()
  let broken: unknown
  const write = async (records: readonly JournalRecord[]) => {
    // After a failed write nobody knows what the file holds; going on would order records that never were.
    if (broken) throw broken
    try {
      await file.appendFile(line(records))
      await file.datasync()
    } catch (error) {
      broken = new ShebaoError("JOURNAL_WRITE", "The journal cannot be written.", { cause: error })
      throw broken
    }
    for (const record of records) state = applyRecord(state, record)
  }
  return {
    get state() {
      return state
    },
    append(...records) {
      const written = last.then(() => write(records))
      last = written.catch(() => {})
      return written
    },
    async close() {
      await last
      await file.close()
      await unlock()
    },
  }
}

function line(records: readonly JournalRecord[]): string {
  const text = JSON.stringify(records, (_, value) => (value instanceof Uint8Array ? { hex: toHex(value) } : value))
  return `${hexNumber(crc32(text), 8)} ${text}\n`
}

/** @returns undefined when the line is not whole */
function readLine(text: string): JournalRecord[] | undefined {
  const json = text.slice(9)
  if (text[8] !== " " || text.slice(0, 8) !== hexNumber(crc32(json), 8)) return undefined
  return JSON.parse(json, (_, value) => {
    const isBytes = typeof value === "object" && value !== null && typeof value.hex === "string"
    return isBytes ? hex(value.hex) : value
  })
}

async function recover(path: string): Promise<{ state: JournalState; lines: number }> {
  const file = await open(path, "a+", 0o600)
  try {
    const text = await file.readFile("utf8")
    let state = emptyJournal
    let at = 0
    let lines = 0
    while (at < text.length) {
      const end = text.indexOf("\n", at)
      const records = end < 0 ? undefined : readLine(text.slice(at, end))
      if (!records) {
        if (
          end >= 0 &&
          text
            .slice(end + 1)
            .split("\n")
            .some((rest) => readLine(rest))
        )
          throw new ShebaoError("JOURNAL_DAMAGED", `${path}: line ${lines + 1} is damaged, later ones are not.`, {
            messageZh: `${path}:第${lines + 1}行损坏`,
          })
        await file.truncate(Buffer.byteLength(text.slice(0, at)))
        await file.sync()
        break
      }
      for (const record of records) state = applyRecord(state, record)
      lines++
      at = end + 1
    }
    return { state, lines }
  } finally {
    await file.close()
  }
}

/** The new file replaces the old one in one step, so a power cut leaves one of the two. */
async function rewrite(path: string, state: JournalState): Promise<void> {
  const temporary = `${path}.new`
  await rm(temporary, { force: true })
  const file = await open(temporary, "wx", 0o600)
  try {
    await file.writeFile(line([{ type: "state", state }]))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

/** Makes the name of a new file survive, where directories can be synchronised at all. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), "r").catch(() => undefined)
  await directory?.sync().catch(() => {})
  await directory?.close()
}
