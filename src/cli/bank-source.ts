import { join } from "node:path"
import { testTerminalKeys } from "../crypto/index.js"
import type { HostLink } from "../dictionary/index.js"
import type { Bank } from "../host/index.js"
import { type BankTerminal, bankTerminal, fileJournal, memoryJournal, tcpLink } from "../terminal/index.js"
import type { OpenedCard } from "./card-source.js"
import { ownFolder } from "./home.js"
import { traceLink } from "./host-trace.js"
import { inputError } from "./input-error.js"
import { allBundledProfiles, ledgerStore, localBank } from "./local-bank.js"
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
        store: lasting ? ledgerStore(undefined, args) : "memory",
        profiles: card.profile ? [card.profile] : allBundledProfiles(),
      })
  const newLink = () => bank?.link() ?? tcpLink(address!)
  return openTerminals(bank, newLink, {
    // A bank that lasts refuses message numbers that it has seen, so the terminal must last as well. One journal for all
    // banks: the one in this process and the one that `host start` runs may share a ledger.
    journalFolder: lasting || address ? ownFolder(home, "journals") : undefined,
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

function addressOf(text: string): { host: string; port: number } {
  const { host, port } = /^(?<host>\[[0-9a-fA-F:]+\]|[^:\s]+):(?<port>\d{1,5})$/.exec(text)?.groups ?? {}
  if (host === undefined || Number(port) < 1 || Number(port) > 65535)
    throw inputError("bank", {
      en: `expected HOST:PORT, got ${JSON.stringify(text)}`,
      zh: `应为 HOST:PORT,收到 ${JSON.stringify(text)}`,
    })
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) }
}
