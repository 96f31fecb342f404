import { closeSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from "node:fs"
import { ShebaoError } from "../../apdu/index.js"

/** Locks that this very process holds; a file that names our pid without being here is of a process before us. */
const held = new Set<string>()

/**
 * Takes the lock of a card file: `FILE.lock` with the process id in it. A lock whose process is gone is taken over.
 *
 * @param path absolute path of the card file
 * @returns gives the lock back; may be called more than once
 * @throws {ShebaoError} with code `CARD_FILE_LOCKED` when another process, or this one, has the file open
 */
export function lock(path: string): () => void {
  const file = `${path}.lock`
  while (!create(file)) {
    const owner = readOwner(file)
    if (owner !== undefined && isAlive(owner, file)) throw locked(path, owner)
    removeStale(file, owner)
  }
  held.add(file)
  return () => {
    if (!held.delete(file)) return
    unlinkSync(file)
  }
}

function create(file: string): boolean {
  let descriptor: number
  try {
    descriptor = openSync(file, "wx", 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  }
  writeSync(descriptor, `${process.pid}\n`)
  closeSync(descriptor)
  return true
}

/** The process id in a lock; `undefined` when the lock is gone or holds none. */
function readOwner(file: string): number | undefined {
  try {
    const text = readFileSync(file, "utf8").trim()
    return /^\d{1,10}$/.test(text) ? Number(text) : undefined
  } catch {
    return undefined
  }
}

function isAlive(owner: number, file: string): boolean {
  if (owner === process.pid) return held.has(file)
  try {
    process.kill(owner, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/**
 * Removes a stale lock. Two processes may find it stale at once: it is first moved aside, and given back when it turns out
 * to be the new lock of the other one.
 */
function removeStale(file: string, owner: number | undefined): void {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return
    throw error
  }
  const moved = readOwner(aside)
  if (moved === owner || moved === undefined) unlinkSync(aside)
  else renameSync(aside, file)
}

function locked(path: string, owner: number): ShebaoError {
  const who = owner === process.pid ? "this process" : `process ${owner}`
  return new ShebaoError("CARD_FILE_LOCKED", `The card file ${path} is in use by ${who}.`, {
    messageZh: `卡文件 ${path} 正被进程 ${owner} 使用。`,
  })
}
