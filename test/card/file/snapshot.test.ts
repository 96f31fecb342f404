import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import {
  createCardFile,
  listSnapshots,
  loadProfile,
  openCardFile,
  readCardFile,
  restoreSnapshot,
  setField,
  takeSnapshot,
} from "../../../src/card/index.js"

const SSSE = hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
const WRONG_PIN = hex("0020000003999999")
const ASK_TRIES = hex("0020000000")

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "shebao-snapshot-"))
  path = join(directory, "my.card")
  createCardFile(path, loadProfile("employee")).close()
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

function mistypePin(): void {
  const file = openCardFile(path)
  file.card.powerOn()
  file.card.process(SSSE)
  file.card.process(WRONG_PIN)
  file.close()
}

function triesLeft(of = path): string {
  const { card } = readCardFile(of)
  card.powerOn()
  card.process(SSSE)
  return toHex(card.process(ASK_TRIES))
}

describe("a snapshot", () => {
  it("keeps a state under a name beside the card file, and gives it back", () => {
    mistypePin()
    takeSnapshot(path, "one wrong")
    mistypePin()
    expect(triesLeft()).toBe("63C4")
    restoreSnapshot(path, "one wrong")
    expect(triesLeft()).toBe("63C5")
    expect(listSnapshots(path).map(({ name }) => name)).toEqual(["one wrong"])
  })

  it("of a new card gives back a new card", () => {
    takeSnapshot(path, "new")
    mistypePin()
    restoreSnapshot(path, "new")
    expect(triesLeft()).toBe("63C6")
    mistypePin()
    expect(triesLeft()).toBe("63C5")
  })

  it("in a file is a card of its own, for its owner alone", () => {
    mistypePin()
    const copy = join(directory, "copy.card")
    expect(takeSnapshot(path, copy)).toBe(copy)
    expect(triesLeft(copy)).toBe("63C5")
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    expect(listSnapshots(path)).toEqual([])
    mistypePin()
    restoreSnapshot(path, copy)
    expect(triesLeft()).toBe("63C5")
  })

  it("does not take the place of another one, unless it is to", () => {
    takeSnapshot(path, "a")
    mistypePin()
    expect(() => takeSnapshot(path, "a")).toThrow(/snapshot: expected a new snapshot, a exists already/)
    takeSnapshot(path, "a", { replace: true })
    mistypePin()
    restoreSnapshot(path, "a")
    expect(triesLeft()).toBe("63C5")
  })

  it("that is not there is told with those that are", () => {
    expect(() => restoreSnapshot(path, "b")).toThrow(/expected one of no snapshot at all, or a file, got b/)
    takeSnapshot(path, "a")
    expect(() => restoreSnapshot(path, "b")).toThrow(/snapshot: expected one of a, or a file, got b/)
  })

  it.each(["", ".", "..", "a.b", "a:b"])("has no name like %j", (name) => {
    expect(() => takeSnapshot(path, name)).toThrow(/snapshot: expected a name/)
  })

  it.each(["retiree", "employee"])("of another card, of profile %s, is not restored", (profile) => {
    const other = join(directory, "other.card")
    createCardFile(other, setField(loadProfile(profile), "atr.serial", "110816000099")).close()
    takeSnapshot(other, "theirs")
    expect(() => restoreSnapshot(path, `${other}.snapshots/theirs.card`)).toThrow(/is of another card, of profile/)
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it("cannot be restored while the card is in use", () => {
    takeSnapshot(path, "a")
    const file = openCardFile(path)
    expect(() => restoreSnapshot(path, "a")).toThrow(/in use/)
    file.close()
  })
})
