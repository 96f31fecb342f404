import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { CardRemovedError, InputError, ShebaoError } from "../../../src/apdu/index.js"
import { headerLine } from "../../../src/card/file/card-file-format.js"
import { createCardFile, loadProfile, openCardFile, parseProfile, readCardFile } from "../../../src/card/index.js"
import {
  approve,
  challenge,
  externalAuthenticate,
  GPO,
  generateAc,
  getData,
  select,
  send,
  status,
} from "../../support/financial-card.js"

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "shebao-card-"))
  path = join(directory, "card.json")
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** The default card, its financial account active. */
const ACTIVE = parseProfile({ extends: "employee", financial: { state: "active" } })

const SSSE = "00A4000002DDF1"
const VERIFY_WRONG = "0020000003999999"
const VERIFY_EMPTY = "00200000"

/** A card file with so many wrong PINs in it, one change each. */
function fileWithChanges(count: number): void {
  const file = createCardFile(path, loadProfile("employee"))
  file.card.powerOn()
  send(file.card, SSSE)
  for (let i = 0; i < count; i++) send(file.card, VERIFY_WRONG)
  file.close()
}

/** Tries left of the PIN as the card in the file tells. */
function triesLeft(file: { readonly card: { powerOn(): unknown; process(command: Uint8Array): Uint8Array } }): string {
  file.card.powerOn()
  send(file.card, SSSE)
  return send(file.card, VERIFY_EMPTY)
}

describe("a card file", () => {
  it("keeps what the card has written", () => {
    fileWithChanges(2)
    const file = openCardFile(path)
    expect(file.warnings).toEqual([])
    expect(file.profile).toEqual(loadProfile("employee"))
    expect(triesLeft(file)).toBe("63C4")
    file.close()
  })

  it("keeps every change before its answer leaves, without a word from the caller", () => {
    const file = createCardFile(path, loadProfile("employee-active"))
    file.card.powerOn()
    select(file.card)
    send(file.card, GPO)
    const seen = readCardFile(path)
    seen.card.powerOn()
    select(seen.card)
    expect(getData(seen.card, "9F36")).toBe("0001")
    file.close()
  })

  it("does not grow when nothing changes", () => {
    fileWithChanges(1)
    const file = openCardFile(path)
    const before = statSync(path).size
    file.card.powerOn()
    send(file.card, SSSE)
    file.save()
    expect(statSync(path).size).toBe(before)
    file.close()
  })

  it("takes changes that the caller made to the memory when asked to", () => {
    fileWithChanges(0)
    const file = openCardFile(path)
    const { triesOffset } = file.card.layout.applications.find(({ name }) => name === "SSSE")!.pin!
    file.card.memory.writeByte(triesOffset, 1)
    file.save()
    file.close()
    expect(triesLeft(readCardFile(path))).toBe("63C1")
  })

  it("is readable by its owner alone", () => {
    fileWithChanges(0)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it("refuses to take the place of a file that is there", () => {
    writeFileSync(path, "mine")
    expect(() => createCardFile(path, loadProfile("employee"))).toThrow(InputError)
    expect(readFileSync(path, "utf8")).toBe("mine")
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it("names what is wrong with a path", () => {
    expect(() => openCardFile(join(directory, "none"))).toThrow(/card: expected a card file that can be read/)
    expect(() => createCardFile(join(directory, "no", "such", "card"), loadProfile("employee"))).toThrow(
      /card: expected a directory that can be written to/,
    )
  })

  it.each([
    ["another program's JSON", '{"a":1}\n', "is no card file of shebao"],
    ["text", "hello\n", "is no card file of shebao"],
    ["a profile", "profile", "is no card file of shebao"],
    ["nothing", "", "the head of the card file"],
    ["a head without a line end", '{"shebao":"card"', "the head of the card file"],
    ["a head with a wrong byte", '{"shebau":"card","version":1}\n', "the head of the card file"],
  ])("refuses %s", (_, text, message) => {
    writeFileSync(path, text === "profile" ? readFileSync("profiles/employee.json") : text)
    expect(() => openCardFile(path)).toThrow(message)
    expect(existsSync(`${path}.lock`)).toBe(false)
  })
})

describe("compaction", () => {
  it("writes the file anew and keeps the old one as FILE.bak", () => {
    fileWithChanges(3)
    const file = openCardFile(path)
    const before = readFileSync(path)
    file.compact()
    expect(readFileSync(`${path}.bak`)).toEqual(before)
    expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(2)
    triesLeft(file)
    send(file.card, VERIFY_WRONG)
    file.close()
    expect(triesLeft(readCardFile(path))).toBe("63C2")
  })

  it("happens by itself as the file grows", () => {
    const file = createCardFile(path, loadProfile("employee-active"))
    file.card.powerOn()
    select(file.card)
    for (let i = 0; i < 600; i++) {
      select(file.card)
      send(file.card, GPO)
      send(file.card, "0020008008 26135790FFFFFFFF")
    }
    file.close()
    expect(existsSync(`${path}.bak`)).toBe(true)
    expect(statSync(path).size).toBeLessThan(400_000)
    const again = openCardFile(path)
    again.card.powerOn()
    select(again.card)
    expect(getData(again.card, "9F36")).toBe("0258")
    again.close()
  })
})

describe("a truncated file", () => {
  it("gives the state before the cut, wherever it is, and says so", () => {
    fileWithChanges(3)
    const whole = readFileSync(path)
    const lines: number[] = []
    for (let at = whole.indexOf(10); at >= 0; at = whole.indexOf(10, at + 1)) lines.push(at + 1)
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length))
      if (length < lines[0]!) {
        expect(() => readCardFile(path)).toThrow(/head of the card file/)
        continue
      }
      const changes = lines.filter((end) => end <= length).length - 1
      const file = readCardFile(path)
      const atLineEnd = lines.includes(length)
      expect(file.warnings.map(({ code }) => code)).toEqual(atLineEnd ? [] : ["TORN_TAIL"])
      expect(triesLeft(file)).toBe(`63C${6 - changes}`)
    }
  })

  it("is mended when it is opened, and goes on from there", () => {
    fileWithChanges(3)
    const whole = readFileSync(path)
    writeFileSync(path, whole.subarray(0, whole.length - 7))
    const file = openCardFile(path)
    expect(file.warnings).toMatchObject([{ code: "TORN_TAIL", lost: 1 }])
    expect(triesLeft(file)).toBe("63C4")
    send(file.card, VERIFY_WRONG)
    file.close()
    const again = openCardFile(path)
    expect(again.warnings).toEqual([])
    expect(triesLeft(again)).toBe("63C3")
    again.close()
  })
})

describe("a damaged file", () => {
  it("loses the changes from the damage on, tells how many, and is kept aside", () => {
    fileWithChanges(4)
    const bytes = readFileSync(path)
    const secondChange = bytes.indexOf(10, bytes.indexOf(10) + 1) + 1
    bytes[secondChange + 20]! ^= 1
    writeFileSync(path, bytes)
    const file = openCardFile(path)
    expect(file.warnings).toMatchObject([{ code: "DAMAGED", lost: 3 }])
    expect(triesLeft(file)).toBe("63C5")
    file.close()
    expect(readFileSync(`${path}.damaged`)).toEqual(bytes)
    expect(readCardFile(path).warnings).toEqual([])
  })

  it.each([
    ["doubled", (lines: string[]) => [lines[0], lines[1], lines[1], lines[2]]],
    ["missing", (lines: string[]) => [lines[0], lines[1], lines[3]]],
    ["exchanged", (lines: string[]) => [lines[0], lines[1], lines[3], lines[2]]],
  ])("is noticed when a change is %s", (_, rearrange) => {
    fileWithChanges(3)
    const lines = readFileSync(path, "utf8").trim().split("\n")
    writeFileSync(path, `${rearrange(lines).join("\n")}\n`)
    const file = readCardFile(path)
    expect(file.warnings[0]!.code).toBe("DAMAGED")
    expect(triesLeft(file)).toBe("63C5")
  })

  it("is replaced by its backup when its head is gone", () => {
    fileWithChanges(2)
    const first = openCardFile(path)
    first.compact()
    triesLeft(first)
    send(first.card, VERIFY_WRONG)
    first.close()
    const bytes = readFileSync(path)
    bytes[3]! ^= 1
    writeFileSync(path, bytes)
    const file = openCardFile(path)
    expect(file.warnings[0]).toMatchObject({ code: "FROM_BACKUP" })
    expect(triesLeft(file)).toBe("63C4")
    file.close()
    expect(existsSync(`${path}.damaged`)).toBe(true)
    expect(readCardFile(path).warnings).toEqual([])
  })

  it("is refused when its head is gone and there is no backup", () => {
    fileWithChanges(1)
    const bytes = readFileSync(path)
    bytes[3]! ^= 1
    writeFileSync(path, bytes)
    expect(() => openCardFile(path)).toThrow(/head of the card file .* is damaged and there is no good backup/)
    expect(readFileSync(path)).toEqual(bytes)
  })

  it("is refused when it was written for another memory layout", () => {
    writeFileSync(path, headerLine({ profile: loadProfile("employee"), image: "0".repeat(64) }).text)
    expect(() => openCardFile(path)).toThrow(/was written for another memory layout/)
  })
})

describe("a card whose power is cut", () => {
  it("is in its file as it is in its memory, journal included, and recovers at the next power-on", () => {
    const file = createCardFile(path, ACTIVE, { seed: 1 })
    file.card.powerOn()
    select(file.card)
    send(file.card, GPO)
    const arqc = generateAc(file.card, "80")
    expect(externalAuthenticate(file.card, arqc)).toBe("9000")
    file.card.cutPowerAfter(4)
    expect(() => generateAc(file.card, "40", "3030")).toThrow(CardRemovedError)
    const seen = readCardFile(path)
    seen.card.powerOn()
    expect(select(seen.card)).toBe("9000")
    expect(getData(seen.card, "9F36")).toBe("0001")
    expect(send(seen.card, "00B2015C00")).toBe("6A83")
    file.close()
  })

  it("is gone without an answer when its file cannot be written", () => {
    const file = createCardFile(path, loadProfile("employee"))
    file.card.powerOn()
    send(file.card, SSSE)
    file.close()
    file.card.powerOn()
    send(file.card, SSSE)
    expect(() => send(file.card, VERIFY_WRONG)).toThrow(CardRemovedError)
    expect(triesLeft(readCardFile(path))).toBe("63C6")
  })
})

describe("the lock", () => {
  it("keeps a second user out, this process included, until the file is closed", () => {
    const file = createCardFile(path, loadProfile("employee"))
    expect(() => openCardFile(path)).toThrow(ShebaoError)
    file.close()
    file.close()
    openCardFile(path).close()
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it("of a living process is respected", () => {
    fileWithChanges(0)
    writeFileSync(`${path}.lock`, `${process.ppid}\n`)
    expect(() => openCardFile(path)).toThrow(/in use by process/)
  })

  it.each([
    ["of a process that is gone", "4194305\n"],
    ["of an earlier process with the id of this one", `${process.pid}\n`],
    ["without a process id", ""],
  ])("%s is taken over", (_, text) => {
    fileWithChanges(0)
    writeFileSync(`${path}.lock`, text)
    const file = openCardFile(path)
    expect(readFileSync(`${path}.lock`, "utf8")).toBe(`${process.pid}\n`)
    file.close()
  })

  it("is not needed to look at a card", () => {
    const file = createCardFile(path, ACTIVE, { seed: 2 })
    file.card.powerOn()
    expect(approve(file.card).cid).toBe("40")
    const seen = readCardFile(path)
    seen.card.powerOn()
    select(seen.card)
    expect(getData(seen.card, "9F13")).toBe("0001")
    expect(challenge(seen.card)).toHaveLength(8)
    appendFileSync(path, "")
    expect(status(file.card, "80CA9F3600")).toBe("9000")
    file.close()
  })
})
