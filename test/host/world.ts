import {
  type Bank,
  type BankEvent,
  type BankOptions,
  createBank,
  inProcessLink,
  type LinkFaults,
} from "../../src/host/index.js"
import { CARD, testClock, testTerminal } from "./test-terminal.js"

export interface WorldOptions extends Omit<BankOptions, "clock"> {
  readonly terminal?: string
  readonly card?: Partial<typeof CARD>
  readonly faults?: LinkFaults
}

/** A bank with the default card enrolled and active, and a terminal that is signed on. */
export async function openWorld({ terminal: id = "ATM00001", card, faults, ...options }: WorldOptions = {}) {
  const clock = testClock()
  const events: BankEvent[] = []
  const bank = createBank({ clock, onEvent: (event) => events.push(event), ...options })
  await bank.enroll({ ...CARD, ...card })
  const connect = async (terminalId: string) => {
    const connected = testTerminal(inProcessLink(bank, faults), { id: terminalId, clock })
    await connected.signOn()
    return connected
  }
  const terminal = await connect(id)
  return { bank, clock, events, terminal, connect }
}

export type World = Awaited<ReturnType<typeof openWorld>>

/** The book is in order. */
export const violations = async (bank: Bank) => (await bank.ledger.verify()).violations
