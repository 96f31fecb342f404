import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { testTerminalKeys } from "../../../src/crypto/index.js"
import { decodePrivateData } from "../../../src/dictionary/index.js"
import {
  bankTerminal,
  type CashAcceptor,
  type CashDispenser,
  type EscrowPosition,
  memoryJournal,
  type NotesPosition,
  type OpenTransaction,
  recover,
  type Step,
  simulatedAcceptor,
  simulatedDispenser,
} from "../../../src/terminal/bank/index.js"
import { scriptedHost } from "./scripted-host.js"

const ORIGINAL = {
  2: "6217000000000000046",
  3: "010000",
  4: "000000050000",
  11: "000007",
  12: "103000",
  13: "1120",
  32: "00010000",
  41: "ATM00001",
  42: "SHEBAO000000001",
  49: "156",
  55: hex("95058000048000"),
  60: "01000001000",
  90: "020000000711201030000000010000000000000000",
}

const open = (kind: OpenTransaction["kind"], step: Step, more: Partial<OpenTransaction> = {}): OpenTransaction => ({
  id: "1120-000007",
  kind,
  amountFen: 50_000,
  step,
  ...(step !== "intent" && { request: { messageType: "0200", fields: ORIGINAL } }),
  ...more,
})

/** A dispenser after a power cut, that knows this much. */
function dispenserWith(position: NotesPosition, retracted: number | "unknown" = 50_000) {
  const log: string[] = []
  const dispenser: CashDispenser = {
    ...simulatedDispenser(),
    status: async () => position,
    reject: async () => void log.push("reject"),
    retract: async () => {
      log.push("retract")
      return retracted === "unknown" ? { outcome: "unknown" } : { outcome: "retracted", fen: retracted }
    },
  }
  return { dispenser, log }
}

function acceptorWith(position: EscrowPosition, returns: "returned" | "unknown" = "returned") {
  const log: string[] = []
  let now = position
  const acceptor: CashAcceptor = {
    ...simulatedAcceptor(),
    status: async () => now,
    giveBack: async () => {
      log.push("giveBack")
      now = returns
      return returns
    },
  }
  return { acceptor, log }
}

async function restart(entry: OpenTransaction, devices: Parameters<typeof recover>[1], kind: "atm" | "teller" = "atm") {
  const host = scriptedHost()
  const journal = memoryJournal({ stan: 7, open: [entry], queue: [] })
  const terminal = bankTerminal({ link: host, kind, terminalId: "ATM00001", tmk: testTerminalKeys().tmk, journal })
  const recovered = await recover(terminal, devices)
  const left = journal.state.open.length
  await terminal.forward()
  const messages = host.requests.map(({ message: { messageType, fields } }) => {
    const outcome = fields[48] && decodePrivateData(fields[48]).dispenseOutcome
    return [messageType, fields[39], outcome, fields[95]?.slice(0, 12)].filter(Boolean).join(" ")
  })
  return { recovered, messages, left }
}

// terminal-devices §9.3.
describe("after a power cut, a withdrawal that was", () => {
  it.each<[Step, NotesPosition, string, string[], string[]]>([
    ["intent", "unknown", "nothing", [], []],
    ["sent", "unknown", "reversed", ["0420 98"], []],
    ["answered", "notPresented", "reversed", ["0420 96"], ["reject"]],
    ["stacking", "notPresented", "reversed", ["0420 96"], ["reject"]],
    ["stacked", "notPresented", "reversed", ["0420 96"], ["reject"]],
    ["cardOut", "notPresented", "reversed", ["0420 96"], ["reject"]],
    ["presenting", "notPresented", "reversed", ["0420 96"], ["reject"]],
    ["presenting", "taken", "taken", ["0220 taken 000000050000"], []],
    ["presenting", "atExit", "retracted", ["0220 retracted 000000000000"], ["retract"]],
    ["presenting", "unknown", "unknown", ["0220 unknown 000000050000"], []],
    ["presented", "notPresented", "reversed", ["0420 96"], ["reject"]],
    ["presented", "taken", "taken", ["0220 taken 000000050000"], []],
    ["presented", "atExit", "retracted", ["0220 retracted 000000000000"], ["retract"]],
    ["presented", "retracted", "retracted", ["0220 retracted 000000000000"], ["retract"]],
    ["presented", "unknown", "unknown", ["0220 unknown 000000050000"], []],
    ["taken", "unknown", "taken", ["0220 taken 000000050000"], []],
  ])("%s, notes %s: %s", async (step, position, decision, messages, moved) => {
    const { dispenser, log } = dispenserWith(position)
    const result = await restart(open("withdrawal", step), { dispenser })
    expect(result).toEqual({ recovered: [{ id: "1120-000007", step, decision }], messages, left: 0 })
    expect(log).toEqual(moved)
  })

  it("retracted says how much was counted", async () => {
    const { dispenser } = dispenserWith("unknown")
    const { messages } = await restart(open("withdrawal", "retracted", { countedFen: 30_000 }), { dispenser })
    expect(messages).toEqual(["0220 retracted 000000020000"])
  })

  it.each<[NotesPosition, string]>([
    ["taken", "0220 partial 000000020000"],
    ["atExit", "0220 retracted 000000000000"],
  ])("presented in part, notes %s, says what the customer has", async (position, message) => {
    const { dispenser } = dispenserWith(position, 20_000)
    const entry = open("withdrawal", "presented", { stackedFen: 20_000 })
    expect((await restart(entry, { dispenser })).messages).toEqual([message])
  })

  it("presented, with notes that can no longer be counted, is for the bank to find out", async () => {
    const { dispenser } = dispenserWith("atExit", "unknown")
    const { messages } = await restart(open("withdrawal", "presented"), { dispenser })
    expect(messages).toEqual(["0220 unknown 000000050000"])
  })

  it("open stays open without the device that knows", async () => {
    const { acceptor } = acceptorWith("returned")
    const result = await restart(open("withdrawal", "presented"), { acceptor })
    expect(result).toEqual({ recovered: [], messages: [], left: 1 })
  })
})

describe("after a power cut, a deposit that was", () => {
  it.each<[Step, EscrowPosition, string, string[], string[]]>([
    ["intent", "escrow", "nothing", [], ["giveBack"]],
    ["intent", "returned", "nothing", [], []],
    ["sent", "escrow", "reversed", ["0420 98"], ["giveBack"]],
    ["sent", "returned", "reversed", ["0420 98"], []],
    ["answered", "escrow", "reversed", ["0420 96"], ["giveBack"]],
    ["storing", "escrow", "reversed", ["0420 96"], ["giveBack"]],
    ["storing", "stored", "stored", ["0220 stored 000000050000"], []],
    ["storing", "unknown", "unknown", ["0220 unknown 000000050000"], []],
    ["stored", "unknown", "stored", ["0220 stored 000000050000"], []],
    ["returning", "escrow", "reversed", ["0420 96"], ["giveBack"]],
    ["returning", "returned", "reversed", ["0420 96"], []],
    ["returning", "unknown", "unknown", ["0220 unknown 000000050000"], []],
    ["returned", "unknown", "reversed", ["0420 96"], []],
  ])("%s, notes %s: %s", async (step, position, decision, messages, moved) => {
    const { acceptor, log } = acceptorWith(position)
    const result = await restart(open("deposit", step), { acceptor })
    expect(result).toEqual({ recovered: [{ id: "1120-000007", step, decision }], messages, left: 0 })
    expect(log).toEqual(moved)
  })

  it("answered, with notes that cannot be given back, is for the bank to find out", async () => {
    const { acceptor } = acceptorWith("escrow", "unknown")
    const { messages } = await restart(open("deposit", "answered"), { acceptor })
    expect(messages).toEqual(["0220 unknown 000000050000"])
  })

  it("stored at a counter was final already (host-iso8583 §11.8)", async () => {
    const { acceptor } = acceptorWith("stored")
    const { messages } = await restart(open("deposit", "storing"), { acceptor }, "teller")
    expect(messages).toEqual([])
  })
})

describe("notes that were counted before anything was written", () => {
  it("are given back", async () => {
    const { acceptor, log } = acceptorWith("escrow")
    const host = scriptedHost()
    const terminal = bankTerminal({ link: host, kind: "atm", terminalId: "ATM00001", tmk: testTerminalKeys().tmk })
    expect(await recover(terminal, { acceptor })).toEqual([])
    expect(log).toEqual(["giveBack"])
  })
})
