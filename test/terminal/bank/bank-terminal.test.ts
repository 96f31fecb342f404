import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { testTerminalKeys } from "../../../src/crypto/index.js"
import { PROCESSING_CODE } from "../../../src/dictionary/index.js"
import {
  type BankTerminal,
  type BankTerminalOptions,
  bankTerminal,
  type MoneyTransaction,
  memoryJournal,
  type Scheduler,
  type TerminalEvent,
} from "../../../src/terminal/bank/index.js"
import { type ScriptedHost, scriptedHost, WORKING_KEYS } from "./scripted-host.js"

const CHIP = new Map([
  [0x95, hex("8000048000")],
  [0x9f10, hex("07010103A00002")],
  [0x9f36, hex("0007")],
])
const CARD = { pan: "6217000000000000046", sequenceNumber: "001", expiry: "3512", track2: undefined }

interface Machine {
  readonly host: ScriptedHost
  readonly terminal: BankTerminal
  readonly events: TerminalEvent[]
  clock: Date
}

function machine(options: Partial<BankTerminalOptions> = {}): Machine {
  const host = scriptedHost()
  const events: TerminalEvent[] = []
  const self = { clock: new Date("2025-11-20T02:30:00Z") }
  const terminal = bankTerminal({
    link: host,
    kind: "atm",
    terminalId: "ATM00001",
    tmk: testTerminalKeys().tmk,
    clock: () => self.clock,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return Object.assign(self, { host, terminal, events })
}

/** Asks for a withdrawal of 500.00. */
async function ask(terminal: BankTerminal): Promise<MoneyTransaction> {
  const transaction = await terminal.beginMoney("withdrawal", 50_000)
  await transaction.ask(
    { processingCode: PROCESSING_CODE.WITHDRAWAL, amountFen: 50_000, card: CARD, pinBlock: new Uint8Array(8) },
    CHIP,
  )
  return transaction
}

/** A scheduler whose time goes on when the test says so. */
function manualScheduler() {
  let next: { milliseconds: number; run: () => void } | undefined
  const scheduler: Scheduler = {
    after(milliseconds, run) {
      next = { milliseconds, run }
      return () => {
        next = undefined
      }
    },
  }
  return {
    scheduler,
    waiting: () => next?.milliseconds,
    run() {
      const { run } = next!
      next = undefined
      run()
    },
  }
}

describe("signing on", () => {
  it("loads the working keys", async () => {
    const { terminal, host, events } = machine()
    expect(await terminal.signOn()).toBe("00")
    expect(terminal.keys.ready).toBe(true)
    expect(host.signOns[0]!.fields).toMatchObject({
      11: "000001",
      41: "ATM00001",
      42: "SHEBAO000000001",
      60: "00000001003",
    })
    expect(events).toEqual([{ type: "signedOn" }])
  })

  it.each([
    ["the terminal is unknown", { code: "97" }, "97"],
    ["the host does not answer", "lost", "98"],
    ["the host cannot be reached", "unreachable", "98"],
    ["the answer is no message", "garbage", "98"],
    ["the answer has no keys", { code: "00" }, "30"],
    ["a check value is wrong", { code: "00", fields: { 62: WORKING_KEYS.with(17, 0) } }, "A0"],
  ] as const)("fails when %s, and no transaction begins", async (_, reply, code) => {
    const { terminal, host, events } = machine()
    host.signOnReply = reply
    expect(await terminal.prepare()).toEqual({ ready: false, reason: "signOn", code })
    expect(terminal.keys.ready).toBe(false)
    expect(events).toEqual([{ type: "signOnFailed", code }])
  })

  it("happens once, then again after an answer that cannot be trusted", async () => {
    const { terminal, host } = machine()
    await terminal.prepare()
    await terminal.prepare()
    expect(host.signOns).toHaveLength(1)
    host.on("0200", "wrongMac")
    const transaction = await ask(terminal)
    await transaction.close()
    await terminal.prepare()
    expect(host.signOns).toHaveLength(2)
  })

  it.each(["77", "99", "A0"])("happens again after answer code %s", async (code) => {
    const { terminal, host } = machine()
    await terminal.prepare()
    host.on("0200", { code })
    await (await ask(terminal)).close()
    await terminal.prepare()
    expect(host.signOns).toHaveLength(2)
  })
})

describe("a request", () => {
  it("carries a MAC and the next number, and is in the journal before it is sent", async () => {
    const { terminal, host } = machine()
    await terminal.prepare()
    const transaction = await ask(terminal)
    expect(host.requests[0]).toMatchObject({
      hasGoodMac: true,
      message: { fields: { 4: "000000050000", 11: "000002" } },
    })
    expect(terminal.journal.state.open).toMatchObject([{ id: "1120-000002", step: "sent" }])
    expect(transaction.stan).toBe(2)
  })

  it.each([
    ["lost", { outcome: "none", reason: "98", claimed: undefined }],
    ["garbage", { outcome: "none", reason: "98" }],
    ["wrongMac", { outcome: "none", reason: "A0", claimed: "00" }],
    [{ code: "51" }, { outcome: "answered", code: "51" }],
    // An answer that belongs to another request is none (host-iso8583 §11.2 step 4).
    [
      { code: "00", fields: { 11: "000099" } },
      { outcome: "none", reason: "98" },
    ],
    [
      { code: "00", fields: { 4: "000000060000" } },
      { outcome: "none", reason: "98" },
    ],
    [
      { code: "00", fields: { 41: "ATM00002" } },
      { outcome: "none", reason: "98" },
    ],
  ] as const)("answered with %j counts as %j", async (reply, expected) => {
    const { terminal, host } = machine()
    await terminal.prepare()
    host.on("0200", reply)
    const transaction = await terminal.beginMoney("withdrawal", 50_000)
    const content = { processingCode: PROCESSING_CODE.WITHDRAWAL, amountFen: 50_000, card: CARD }
    expect(await transaction.ask(content, CHIP)).toMatchObject(expected)
  })

  it("has a number of its own, even when two are begun at once", async () => {
    const { terminal } = machine()
    const all = await Promise.all([terminal.signOn(), ...[1, 2, 3].map(() => terminal.beginInquiry())])
    expect(all.slice(1).map((inquiry) => (inquiry as { stan: number }).stan)).toEqual([2, 3, 4])
    expect(terminal.journal.state.stan).toBe(4)
  })

  it("numbers go from 999999 to 1 and survive the process", async () => {
    const journal = memoryJournal({ stan: 999_998, open: [], queue: [] })
    const { terminal } = machine({ journal })
    expect((await terminal.beginInquiry()).stan).toBe(999_999)
    const { terminal: next } = machine({ journal })
    expect((await next.beginInquiry()).stan).toBe(1)
  })
})

describe("advices", () => {
  it("are sent before the next request, oldest first", async () => {
    const { terminal, host } = machine()
    await terminal.prepare()
    await (await ask(terminal)).reverse("98")
    await (await ask(terminal)).advise({ outcome: "taken" })
    expect(await terminal.prepare()).toEqual({ ready: true })
    expect(host.requests.map(({ message }) => `${message.messageType} ${message.fields[11]}`)).toEqual([
      "0200 000002",
      "0200 000003",
      "0420 000002",
      "0220 000003",
    ])
    expect(host.requests.every(({ hasGoodMac }) => hasGoodMac)).toBe(true)
    expect(terminal.journal.state).toMatchObject({ open: [], queue: [] })
  })

  it("are repeated byte for byte until they are answered", async () => {
    const me = machine()
    const { terminal, host } = me
    await terminal.prepare()
    await (await ask(terminal)).reverse("98")
    host.on("0420", "lost", { code: "91" }, { code: "96" }, { code: "00" })
    for (const ready of [false, false, false, true]) {
      me.clock = new Date(me.clock.getTime() + 60_000)
      expect(await terminal.forward()).toBe(ready)
    }
    const reversals = host.requests.filter(({ message }) => message.messageType === "0420")
    expect(reversals).toHaveLength(4)
    expect(new Set(reversals.map(({ bytes }) => toHex(bytes))).size).toBe(1)
    expect(reversals[0]!.message.fields).toMatchObject({ 7: "1120103000", 39: "98", 11: "000002" })
  })

  it.each(["00", "25", "22"])("are over with answer code %s", async (code) => {
    const { terminal, host, events } = machine()
    await terminal.prepare()
    await (await ask(terminal)).reverse("06")
    host.on("0420", { code })
    expect(await terminal.forward()).toBe(true)
    expect(events.at(-1)).toMatchObject({ type: "delivered", messageType: "0420", code })
  })

  it("hold up new transactions until they are delivered", async () => {
    const { terminal, host } = machine()
    await terminal.prepare()
    await (await ask(terminal)).reverse("98")
    host.on("0420", "lost")
    expect(await terminal.prepare()).toEqual({ ready: false, reason: "queue" })
    expect(await terminal.prepare()).toEqual({ ready: true })
  })

  it("get a new MAC, and nothing else, when the keys have changed", async () => {
    const { terminal, host } = machine()
    await terminal.prepare()
    await (await ask(terminal)).reverse("98")
    host.on("0420", "wrongMac", { code: "00" })
    expect(await terminal.forward()).toBe(true)
    expect(host.signOns).toHaveLength(2)
    const [first, second] = host.requests.filter(({ message }) => message.messageType === "0420")
    expect(toHex(second!.bytes.slice(0, -8))).toBe(toHex(first!.bytes.slice(0, -8)))
  })

  it("are not sent by a terminal that cannot sign on", async () => {
    const { terminal, host } = machine()
    await terminal.prepare()
    await (await ask(terminal)).reverse("98")
    terminal.keys.forget()
    host.signOnReply = "lost"
    expect(await terminal.forward()).toBe(false)
    expect(host.requests.filter(({ message }) => message.messageType === "0420")).toHaveLength(0)
  })

  it("are retried after 5, 10, 20 seconds, then doubling to 300; the operator hears of it after the third try", async () => {
    const { scheduler, waiting, run } = manualScheduler()
    const { terminal, host, events } = machine({ scheduler })
    await terminal.prepare()
    await (await ask(terminal)).reverse("98")
    host.on("0420", ...Array.from({ length: 9 }, () => "lost" as const))
    await terminal.forward()
    const delays: (number | undefined)[] = []
    for (let i = 0; i < 8; i++) {
      delays.push(waiting())
      run()
      await terminal.forward()
      // `run` has started a try; `forward` joins it.
    }
    delays.push(waiting())
    expect(delays).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1000))
    expect(events.filter(({ type }) => type === "alarm")).toEqual([
      { type: "alarm", messageType: "0420", id: "0420-1120-000002" },
    ])
    run()
    expect(await terminal.forward()).toBe(true)
    expect(waiting()).toBeUndefined()
  })

  it("survive the process", async () => {
    const journal = memoryJournal()
    const first = machine({ journal })
    await first.terminal.prepare()
    await (await ask(first.terminal)).reverse("98")
    const second = machine({ journal })
    expect(await second.terminal.prepare()).toEqual({ ready: true })
    expect(second.host.requests.map(({ message }) => message.messageType)).toEqual(["0420"])
  })

  it("make the terminal stop when a hundred of them wait (host-iso8583 §13)", async () => {
    const queue = Array.from({ length: 100 }, (_, i) => ({
      id: `0620-1120-${i}`,
      messageType: "0620" as const,
      bytes: hex("0620"),
      tries: 9,
    }))
    const { terminal, host } = machine({ journal: memoryJournal({ stan: 1, open: [], queue }) })
    host.signOnReply = "lost"
    expect(await terminal.prepare()).toEqual({ ready: false, reason: "queueFull" })
  })
})

describe("closing", () => {
  it("ends the message that is on its way, and nothing is retried any more", async () => {
    const { scheduler, waiting } = manualScheduler()
    const { terminal, host } = machine({ scheduler })
    await terminal.prepare()
    await (await ask(terminal)).reverse("98")
    host.on("0420", "lost")
    const forwarding = terminal.forward()
    await terminal.close()
    expect(await forwarding).toBe(false)
    expect(waiting()).toBeUndefined()
    expect(terminal.journal.state.queue).toMatchObject([{ tries: 1 }])
  })

  it("lets go of the link", async () => {
    const { terminal, host } = machine()
    await terminal.close()
    expect(host.closed).toBe(true)
  })
})
