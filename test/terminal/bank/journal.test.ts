import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { fileJournal, type Journal, type JournalRecord, memoryJournal } from "../../../src/terminal/bank/index.js"
import { emptyJournal } from "../../../src/terminal/bank/journal.js"

let directory: string
let path: string
const opened: Journal[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "shebao-journal-"))
  path = join(directory, "terminal.journal")
})
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close()
  await rm(directory, { recursive: true })
})

async function openJournal(): Promise<Journal> {
  const journal = await fileJournal(path)
  opened.push(journal)
  return journal
}

async function closeAll(): Promise<void> {
  for (const journal of opened.splice(0)) await journal.close()
}

const QUEUED: JournalRecord = {
  type: "queued",
  message: { id: "0420-1120-000007", messageType: "0420", bytes: hex("0420F23C00FF"), tries: 0 },
}
/** A withdrawal that ends in a reversal, an advice that is delivered, and a number. */
const HISTORY: JournalRecord[][] = [
  [{ type: "opened", id: "1120-000007", kind: "withdrawal", amountFen: 50_000, stan: 7 }],
  [
    {
      type: "step",
      id: "1120-000007",
      step: "sent",
      request: { messageType: "0200", fields: { 2: "6217000000000000046", 55: hex("9505") } },
    },
  ],
  [{ type: "step", id: "1120-000007", step: "answered" }],
  [QUEUED, { type: "closed", id: "1120-000007" }],
  [{ type: "tried", id: "0420-1120-000007" }],
  [{ type: "opened", id: "1120-000008", kind: "deposit", amountFen: 20_000, stan: 8 }],
  [{ type: "delivered", id: "0420-1120-000007", code: "00" }],
  [{ type: "stan", stan: 9 }],
]

describe.each([
  ["in memory", async () => memoryJournal()],
  ["in a file", openJournal],
])("a journal %s", (_, make) => {
  it("keeps number, open movements and waiting messages", async () => {
    const journal = await make()
    expect(journal.state).toEqual(emptyJournal)
    for (const records of HISTORY.slice(0, 3)) await journal.append(...records)
    expect(journal.state).toMatchObject({
      stan: 7,
      open: [{ id: "1120-000007", kind: "withdrawal", amountFen: 50_000, step: "answered" }],
      queue: [],
    })
    expect(journal.state.open[0]!.request!.fields[55]).toEqual(hex("9505"))
    for (const records of HISTORY.slice(3, 5)) await journal.append(...records)
    expect(journal.state).toMatchObject({ open: [], queue: [{ id: "0420-1120-000007", tries: 1 }] })
    for (const records of HISTORY.slice(5)) await journal.append(...records)
    expect(journal.state).toMatchObject({ stan: 9, open: [{ id: "1120-000008" }], queue: [] })
  })

  it("queues a message once", async () => {
    const journal = await make()
    await journal.append(QUEUED, { type: "tried", id: "0420-1120-000007" }, QUEUED)
    expect(journal.state.queue).toMatchObject([{ tries: 1 }])
  })
})

describe("a journal in a file", () => {
  it("is read again by the next process", async () => {
    const first = await openJournal()
    for (const records of HISTORY) await first.append(...records)
    const { state } = first
    await closeAll()
    expect((await openJournal()).state).toEqual(state)
  })

  it("belongs to its owner alone", async () => {
    await openJournal()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it("loses at most the last line when power fails while writing, wherever it was cut", async () => {
    const first = await openJournal()
    const states = [first.state]
    for (const records of HISTORY) {
      await first.append(...records)
      states.push(first.state)
    }
    await closeAll()
    const whole = await readFile(path)
    const ends = [...whole.keys()].filter((at) => whole[at] === 0x0a)
    const lengths = new Set([...ends.flatMap((at) => [at - 1, at, at + 1, at + 9]), 0, 1, 8])
    for (const length of [...lengths].filter((at) => at <= whole.length)) {
      await writeFile(path, whole.subarray(0, length))
      const lines = whole.subarray(0, length).filter((byte) => byte === 0x0a).length
      const journal = await openJournal()
      expect(journal.state).toEqual(states[lines])
      await closeAll()
      expect((await readFile(path)).at(-1) ?? 0x0a).toBe(0x0a)
    }
  })

  it("goes on behind the torn line", async () => {
    const first = await openJournal()
    await first.append({ type: "stan", stan: 1 })
    await closeAll()
    await writeFile(path, `${await readFile(path, "utf8")}DEADBEEF [{"type":"stan","st`)
    const second = await openJournal()
    await second.append({ type: "stan", stan: 2 })
    await closeAll()
    expect((await openJournal()).state.stan).toBe(2)
  })

  it("is refused when a line in the middle is damaged", async () => {
    const first = await openJournal()
    for (const records of HISTORY) await first.append(...records)
    await closeAll()
    const text = await readFile(path, "utf8")
    await writeFile(path, text.replace("50000", "60000"))
    await expect(fileJournal(path)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" })
    // The refusal lets go of the file.
    await writeFile(path, text)
    await openJournal()
  })

  it("has one user at a time, and a dead one does not count", async () => {
    await openJournal()
    await expect(fileJournal(path)).rejects.toMatchObject({ code: "JOURNAL_IN_USE" })
    await closeAll()
    await writeFile(`${path}.lock`, "999999999")
    await openJournal()
  })

  it("keeps the order of records that are appended at once", async () => {
    const journal = await openJournal()
    await Promise.all(Array.from({ length: 20 }, (_, i) => journal.append({ type: "stan", stan: i + 1 })))
    await closeAll()
    expect((await openJournal()).state.stan).toBe(20)
  })

  it("is rewritten when it has grown long, and says the same", async () => {
    const first = await openJournal()
    for (const records of HISTORY.slice(0, 5)) await first.append(...records)
    const numbers = Array.from({ length: 1_100 }, (_, i): JournalRecord => ({ type: "stan", stan: i + 1 }))
    const { open, queue } = first.state
    await closeAll()
    // One line each, as an old terminal has them; written at once, since the test is not about syncing.
    const lines: string[] = []
    for (const record of numbers) lines.push(await lineOf(record))
    await writeFile(path, (await readFile(path, "utf8")) + lines.join(""))
    const second = await openJournal()
    expect(second.state).toEqual({ ...emptyJournal, stan: 1_100, open, queue })
    expect((await readFile(path, "utf8")).split("\n")).toHaveLength(2)
    await second.append({ type: "stan", stan: 1_101 })
    await closeAll()
    expect((await openJournal()).state).toEqual({ ...emptyJournal, stan: 1_101, open, queue })
  })
})

/** The line that the journal itself writes for a record. */
async function lineOf(record: JournalRecord): Promise<string> {
  const { crc32 } = await import("node:zlib")
  const text = JSON.stringify([record])
  return `${crc32(text).toString(16).toUpperCase().padStart(8, "0")} ${text}\n`
}
