import { benchBureau } from "./bureau.js"
import { benchCrypto } from "./crypto.js"
import { benchEngine } from "./engine.js"
import { benchExchange } from "./exchange.js"
import { benchHost } from "./host.js"
import { benchHostPostgres } from "./host-postgres.js"
import { benchRoundTrip } from "./round-trip.js"
import { benchSettlement } from "./settlement.js"
import { benchStartup } from "./startup.js"
import { benchWithdrawal } from "./withdrawal.js"

/** A benchmark: what it measures, and rows of figures. */
export interface Benchmark {
  readonly measures: string
  readonly needs?: string
  run(): Promise<readonly object[]> | readonly object[]
}

/** Every benchmark by name, in the order in which they run. */
export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  engine: {
    measures: "commands a second of the card engine; speed and size of a fleet of cards",
    run: () => benchEngine(),
  },
  crypto: { measures: "ciphers, MACs and keys", run: () => benchCrypto() },
  host: { measures: "the bank alone: 0200 and 0220 of a withdrawal", run: () => benchHost() },
  hostPostgres: {
    measures: "the bank alone on PostgreSQL, in one process and in four on one ledger",
    needs: "SHEBAO_BENCH_POSTGRES, the URL of a database for benchmarks",
    run: () => benchHostPostgres(),
  },
  withdrawal: { measures: "whole ATM withdrawals: kernel, card and bank in one process", run: () => benchWithdrawal() },
  settlement: {
    measures: "medical settlements: rules, accounts and ledger in memory",
    run: () => benchSettlement(),
  },
  bureau: { measures: "seeding the town; one person's five years of payment records", run: () => benchBureau() },
  startup: { measures: "start of the command line, as a whole process", run: () => benchStartup() },
  exchange: {
    measures: "one exchange over pcscd and the virtual reader",
    needs: "pcscd with the vpcd driver, running",
    run: () => benchExchange(),
  },
  roundTrip: {
    measures: "our virtual reader against the least that Node can do on the same driver",
    needs: "pcscd with the vpcd driver, running",
    run: () => benchRoundTrip(),
  },
}
