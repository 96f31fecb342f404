import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { InputError } from "../apdu/index.js"
import { bundledProfiles, loadProfile, type Profile } from "../card/index.js"
import { testTerminalKeys } from "../crypto/index.js"
import { type HostLink, parseYuan } from "../dictionary/index.js"
import { type Bank, createBank, type Enrolment } from "../host/index.js"
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
  const lasting = card.kind !== "profile"
  const home = homeFolder(args)
  if (lasting) mkdirSync(join(home, "journals"), { recursive: true, mode: 0o700 })
  const bank =
    args.bank === undefined ? await localBank(lasting ? ledgerFile(home) : undefined, card.profile) : undefined
  const newLink = () => (bank ? bank.link() : tcpLink(addressOf(args.bank!)))
  return openTerminals(bank, newLink, {
    journalFolder: lasting ? join(home, "journals") : undefined,
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
      for (const terminal of terminals.values()) await (await terminal).close()
      await bank?.close()
    },
  }
}

/** Where the bank of a home folder keeps its ledger. */
export const ledgerFile = (home: string): string => join(home, "bank.db")

/** A bank in this process that knows the given card, or the cards of all bundled profiles. */
export async function localBank(sqlite: string | undefined, profile?: Profile): Promise<Bank> {
  const bank = createBank({ store: sqlite === undefined ? "memory" : { sqlite } })
  const profiles = profile ? [profile] : bundledProfiles().map((name) => loadProfile(name))
  for (const known of profiles) {
    const enrolment = enrolmentOf(known)
    if (enrolment) await bank.enroll(enrolment)
  }
  return bank
}

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
