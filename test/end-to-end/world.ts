import { expect } from "vitest"
import { CardRemovedError, type Transport } from "../../src/apdu/index.js"
import { type Card, createCard, loadProfile } from "../../src/card/index.js"
import { testTerminalKeys } from "../../src/crypto/index.js"
import type { HostLink } from "../../src/dictionary/index.js"
import { type Bank, type BankOptions, createBank } from "../../src/host/index.js"
import {
  type BankTerminal,
  bankTerminal,
  type CashDevices,
  type Journal,
  memoryJournal,
  type PinPad,
  recover,
  type SimulatedDispenser,
  scriptedPinPad,
  simulatedDispenser,
  t0Transport,
} from "../../src/terminal/index.js"

/** 2025-11-20 10:30:00 at the bank; time stands still. */
export const NOW = new Date("2025-11-20T02:30:00Z")

/** A holder of a bundled profile, as the bank knows him. */
export interface Holder {
  readonly pan: string
  readonly pin: string
  readonly name: string
  readonly identityNumber: string
  readonly openingFen: number
}

/** Card and account as issued: nothing is active. */
export const NEW: Holder = {
  pan: "6217000000000000046",
  pin: "246801",
  name: "测试一号",
  identityNumber: "999999199001010016",
  openingFen: 0,
}

/** Card and account in use. */
export const ACTIVE: Holder = {
  pan: "6217999990000000017",
  pin: "135790",
  name: "测试二号",
  identityNumber: "999999198506150028",
  openingFen: 500_000,
}

const PROFILES = { employee: loadProfile("employee"), "employee-active": loadProfile("employee-active") }

export function cardOf(holder: Holder): Card {
  return createCard({
    profile: PROFILES[holder === NEW ? "employee" : "employee-active"],
    seed: "end to end",
    onFault: (error) => {
      throw error
    },
  })
}

/** A bank that knows the holder; two of them on one store are the same bank. */
export async function bankOf(holder: Holder, options: BankOptions = {}): Promise<Bank> {
  const bank = createBank({ clock: () => NOW, ...options })
  await bank.enroll({
    pan: holder.pan,
    sequenceNumber: "01",
    expiry: "3512",
    holderName: holder.name,
    idNumber: holder.identityNumber,
    openingBalanceFen: holder.openingFen,
    ...(holder === ACTIVE && { state: "active", pin: holder.pin }),
  })
  return bank
}

/** A card in a reader that can be pulled. */
export interface Slot {
  readonly card: Card
  /** Puts the card in afresh. */
  insert(): Transport
  /** It is pulled when so many further commands have been answered. */
  pullAfter(commands: number): void
  /** Commands since it was put in. */
  commands(): number
}

export function slotWith(card: Card): Slot {
  let left = Number.POSITIVE_INFINITY
  let commands = 0
  return {
    card,
    insert() {
      left = Number.POSITIVE_INFINITY
      commands = 0
      card.powerOff()
      card.cutPowerAfter(Number.POSITIVE_INFINITY)
      card.powerOn()
      return t0Transport({
        async transmit(command) {
          if (commands++ >= left) {
            card.powerOff()
            throw new CardRemovedError()
          }
          return card.process(command)
        },
        async close() {},
      })
    },
    pullAfter(count) {
      left = count
    },
    commands: () => commands,
  }
}

/** A bank, a card and a machine with its cash, journal and line. */
export interface World {
  bank: Bank
  readonly holder: Holder
  readonly slot: Slot
  readonly journal: Journal
  readonly dispenser: SimulatedDispenser
  terminal: BankTerminal
  pinPad(...pins: string[]): PinPad
  /** The terminal starts anew with what its journal has, over this link. */
  restart(link?: HostLink): BankTerminal
}

export interface WorldOptions {
  readonly holder?: Holder
  readonly kind?: "atm" | "teller"
  readonly bank?: Bank
  readonly link?: (bank: Bank) => HostLink
  readonly journal?: (journal: Journal) => Journal
}

export async function worldOf(options: WorldOptions = {}): Promise<World> {
  const { holder = ACTIVE, kind = "atm", link = (to) => to.link() } = options
  const bank = options.bank ?? (await bankOf(holder))
  const journal = memoryJournal()
  const start = (to: HostLink, kept: Journal) =>
    bankTerminal({
      link: to,
      kind,
      terminalId: kind === "atm" ? "ATM00001" : "TLR00001",
      tmk: testTerminalKeys().tmk,
      journal: kept,
      clock: () => NOW,
    })
  const world: World = {
    bank,
    holder,
    slot: slotWith(cardOf(holder)),
    journal,
    // As many notes as the bank believes it has loaded.
    dispenser: simulatedDispenser({ notes: 10_000 }),
    terminal: start(link(bank), options.journal?.(journal) ?? journal),
    pinPad: (...pins) => scriptedPinPad(world.terminal.keys, pins.length > 0 ? pins : [holder.pin]),
    restart(to = world.bank.link()) {
      world.terminal = start(to, journal)
      return world.terminal
    },
  }
  return world
}

/** Counts the machine: everything but what customers hold. */
export function countedFen({ dispenser }: World): bigint {
  const { handsFen: _, ...inside } = dispenser.positions()
  return BigInt(Object.values(inside).reduce((sum, fen) => sum + fen, 0))
}

/**
 * Starts the terminal anew, lets it deliver what waits, and checks that card, cash and books agree: the ledger keeps its
 * invariants, nothing is pending, and what the customer was charged is in his hands or in suspense.
 *
 * @returns what the customer was charged, and what of it lies in suspense
 */
export async function settle(world: World, devices: CashDevices = { dispenser: world.dispenser }) {
  const { bank, holder, dispenser } = world
  const terminal = world.restart()
  await recover(terminal, devices)
  expect(await terminal.prepare()).toEqual({ ready: true })
  expect(terminal.journal.state).toMatchObject({ open: [], queue: [] })
  const check = await bank.ledger.verify({ countedFen: new Map([["ATM00001", countedFen(world)]]) })
  expect(check.violations).toEqual([])
  const { pendingFen, suspenseFen } = await bank.ledger.summary()
  expect(pendingFen).toBe(0n)
  const account = await bank.account(holder.pan)
  const chargedFen = holder.openingFen - Number(account!.balanceFen)
  return { chargedFen, suspenseFen: Number(suspenseFen), handsFen: dispenser.positions().handsFen }
}
