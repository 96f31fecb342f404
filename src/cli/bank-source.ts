import { closeSync, mkdirSync, openSync } from "node:fs"
import { join } from "node:path"
import { InputError, ShebaoError } from "../apdu/index.js"
import { bundledProfiles, loadProfile, type Profile } from "../card/index.js"
import { testTerminalKeys } from "../crypto/index.js"
import { type HostLink, parseYuan } from "../dictionary/index.js"
import { type Bank, type BankEvent, createBank, type Enrolment } from "../host/index.js"
import { type BankTerminal, bankTerminal, fileJournal, memoryJournal, tcpLink } from "../terminal/index.js"
import type { OpenedCard } from "./card-source.js"
import { traceLink } from "./host-trace.js"
import { type CommonArguments, homeFolder } from "./options.js"
import type { Output } from "./output.js"
import type { TraceSink } from "./trace-sink.js"

/** What a command needs of the bank: terminals that talk to it. */
export interface OpenedBank {
  /** The bank itself, where it lives in this process. */
  readonly bank: Bank | undefined
  /** The ATM, or the teller's terminal at a counter; opened when first asked for. */
  terminal(kind: "atm" | "teller"): Promise<BankTerminal>
  close(): Promise<void>
}

export interface BankArguments extends CommonArguments {
  readonly bank?: string
}

const TERMINALS = { atm: "ATM00001", teller: "TLR00001" } as const

/**
 * Opens the bank for a card: the one that `--bank` names; else one in this process, in memory for a fresh card and in
 * the home folder for a card that lasts.
 *
 * @throws {InputError} when `--bank` is no HOST:PORT
 * @throws {ShebaoError} `SQLITE_MISSING` when a ledger on disk is needed and its package is not installed
 */
export async function openBank(args: BankArguments, card: OpenedCard, output: Output): Promise<OpenedBank> {
  const lasting = card.kind === "card" || card.kind === "reader"
  const home = homeFolder(args)
  const address = args.bank === undefined ? undefined : addressOf(args.bank)
  const bank = address
    ? undefined
    : await localBank({
        ledger: lasting ? ledgerFile(home) : undefined,
        profiles: card.profile ? [card.profile] : allBundledProfiles(),
      })
  const newLink = () => bank?.link() ?? tcpLink(address!)
  return openTerminals(bank, newLink, {
    // A bank that lasts refuses message numbers that it has seen, so the terminal must last as well. One journal for all
    // banks: the one in this process and the one that `host start` runs may share a ledger.
    journalFolder: lasting || address ? folder(home, "journals") : undefined,
    trace: card.trace,
    output,
  })
}

/** Terminals of a bank, each with its own link and journal. */
export function openTerminals(
  bank: Bank | undefined,
  newLink: () => HostLink,
  { journalFolder, trace, output }: { journalFolder: string | undefined; trace: TraceSink | undefined; output: Output },
): OpenedBank {
  const terminals = new Map<string, Promise<BankTerminal>>()
  const open = async (kind: keyof typeof TERMINALS) => {
    const link = newLink()
    const journal = journalFolder
      ? await fileJournal(join(journalFolder, `${TERMINALS[kind]}.journal`))
      : memoryJournal()
    return bankTerminal({
      link: trace ? traceLink(link, output.language, trace.host) : link,
      kind,
      terminalId: TERMINALS[kind],
      tmk: testTerminalKeys().tmk,
      journal,
    })
  }
  return {
    bank,
    terminal(kind) {
      const opened = terminals.get(kind) ?? open(kind)
      terminals.set(kind, opened)
      return opened
    },
    async close() {
      const opened = await Promise.allSettled(terminals.values())
      for (const terminal of opened) if (terminal.status === "fulfilled") await terminal.value.close()
      await bank?.close()
    },
  }
}

/** A folder of ours, for its owner alone; made when it is not there. */
function folder(...parts: string[]): string {
  const path = join(...parts)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new InputError("home", `cannot make the folder ${path}: ${(cause as Error).message}`, { cause })
  }
  return path
}

/** Where the bank of a home folder keeps its ledger. SQLite gives its other files the mode of this one. */
export function ledgerFile(home: string): string {
  const path = join(folder(home), "bank.db")
  closeSync(openSync(path, "a", 0o600))
  return path
}

/** How a bank in this process is set up. */
export interface LocalBankOptions {
  /** File of its ledger; default in memory. */
  readonly ledger?: string | undefined
  /** Cards that it knows besides those that it was told about earlier; the first of those with one PAN counts. */
  readonly profiles: readonly Profile[]
  readonly onEvent?: (event: BankEvent) => void
}

/** A bank in this process. */
export async function localBank({ ledger, profiles, onEvent }: LocalBankOptions): Promise<Bank> {
  const bank = createBank({
    store: ledger === undefined ? "memory" : { sqlite: ledger },
    ...(onEvent && { onEvent }),
  })
  for (const profile of profiles) {
    const enrolment = enrolmentOf(profile)
    if (enrolment) await bank.enroll(enrolment)
  }
  return bank
}

/** The cards that come along. */
export const allBundledProfiles = (): Profile[] => bundledProfiles().map((name) => loadProfile(name))

/** What the issuing bank is told about a card when it is made; undefined for a card without a financial account. */
export function enrolmentOf({ financial, holder, bank }: Profile): Enrolment | undefined {
  if (!financial) return undefined
  return {
    pan: financial.pan,
    sequenceNumber: financial.sequenceNumber,
    expiry: financial.expiry.slice(2),
    holderName: holder.name,
    holderNameLatin: financial.holderNameLatin,
    idType: financial.idType,
    idNumber: financial.idNumber ?? holder.socialSecurityNumber,
    state: bank?.state ?? "notActivated",
    openingBalanceFen: BigInt(parseYuan(bank?.openingBalance ?? "0", "bank.openingBalance")),
    ...(bank?.pin !== undefined && { pin: bank.pin }),
    ...(bank?.phone !== undefined && { phone: bank.phone }),
  }
}

function addressOf(text: string): { host: string; port: number } {
  const { host, port } = /^(?<host>\[[0-9a-fA-F:]+\]|[^:\s]+):(?<port>\d{1,5})$/.exec(text)?.groups ?? {}
  if (host === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new InputError("bank", `expected HOST:PORT, got ${JSON.stringify(text)}`)
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) }
}

/**
 * Tells the bank of the home folder about a card that was just made, as the card factory tells a real one: a new chip
 * begins to count its transactions anew, which the bank would otherwise take for a copy.
 *
 * Without the package for the ledger there is only a remark: the card works, its account is not kept.
 */
export async function issueToHome(profile: Profile, args: CommonArguments, output: Output): Promise<void> {
  const enrolment = enrolmentOf(profile)
  if (!enrolment) return
  try {
    const bank = createBank({ store: { sqlite: ledgerFile(homeFolder(args)) } })
    try {
      await bank.reissue(enrolment)
    } finally {
      await bank.close()
    }
  } catch (error) {
    if (!(error instanceof ShebaoError) || error.code !== "SQLITE_MISSING") throw error
    output.remark(output.language === "zh" ? (error.messageZh ?? error.message) : error.message)
  }
}
