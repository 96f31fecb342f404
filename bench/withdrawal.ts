import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createCard, loadProfile } from "shebao/card"
import { testTerminalKeys } from "shebao/crypto"
import { type BankOptions, createBank, defaultRegion } from "shebao/host"
import {
  atmConfiguration,
  bankTerminal,
  fileJournal,
  type Journal,
  memoryJournal,
  memoryReader,
  openCard,
  type PinPad,
  scriptedPinPad,
  simulatedDispenser,
  withdraw,
} from "shebao/terminal"

/** How long a whole ATM withdrawal takes: selection to TC, 0200 and 0220, cash, books. */
export interface WithdrawalFigure {
  readonly name: string
  readonly perSecond: number
  readonly microseconds: number
  /** Processor time of this process, user and system: steadier than the clock on a machine that others use. */
  readonly cpuMicroseconds: number
}

/** Profile `employee-active`. */
const HOLDER = {
  pan: "6217999990000000017",
  sequenceNumber: "01",
  expiry: "3512",
  holderName: "测试二号",
  idNumber: "999999198506150028",
  pin: "135790",
}
const AMOUNT_FEN = 10_000

async function measure(
  name: string,
  count: number,
  { store, journal }: { store: NonNullable<BankOptions["store"]>; journal: Journal },
): Promise<WithdrawalFigure> {
  const bank = createBank({ store, region: defaultRegion({ bank: { atmPerDay: 1_000_000_000 } }) })
  await bank.enroll({ ...HOLDER, state: "active", openingBalanceFen: 100_000_000_000 })
  const terminal = bankTerminal({
    link: bank.link(),
    kind: "atm",
    terminalId: "ATM00001",
    tmk: testTerminalKeys().tmk,
    journal,
    // No authority keys: without offline data authentication.
    configuration: atmConfiguration({ terminalId: "ATM00001" }),
  })
  const card = await openCard(memoryReader(createCard({ profile: loadProfile("employee-active"), seed: "bench" })))
  const dispenser = simulatedDispenser({ notes: 1_000_000 })
  const pinPad: PinPad = { enterPin: (prompt) => scriptedPinPad(terminal.keys, [HOLDER.pin]).enterPin(prompt) }
  const repeat = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const result = await withdraw(card, { terminal, dispenser, pinPad, amountFen: AMOUNT_FEN })
      if (!result.ok) throw new Error(`withdrawal ${i} was refused: ${result.code}`)
    }
  }
  // So much code is run so seldom that it takes thousands of withdrawals until all of it is compiled well.
  await repeat(count)
  const [start, cpuStart] = [performance.now(), process.cpuUsage()]
  await repeat(count)
  const elapsed = performance.now() - start
  const { user, system } = process.cpuUsage(cpuStart)
  const { ok } = await bank.ledger.verify()
  if (!ok) throw new Error("the ledger is not in order")
  await card.close()
  await terminal.close()
  await bank.close()
  return {
    name,
    perSecond: Math.round((1000 * count) / elapsed),
    microseconds: (1000 * elapsed) / count,
    cpuMicroseconds: (user + system) / count,
  }
}

/**
 * Times whole ATM withdrawals in one process: kernel, card, host.
 *
 * @param count how many in memory; a tenth of them with ledger and journal on disk
 */
export async function benchWithdrawal(count = 4000): Promise<WithdrawalFigure[]> {
  const directory = mkdtempSync(join(tmpdir(), "shebao-bench-"))
  try {
    const memory = await measure("ATM withdrawal, all in memory", count, { store: "memory", journal: memoryJournal() })
    const durable = await measure("ATM withdrawal, ledger and journal on disk", Math.ceil(count / 10), {
      store: { sqlite: join(directory, "ledger.db") },
      journal: await fileJournal(join(directory, "terminal.journal")),
    })
    return [memory, durable]
  } finally {
    rmSync(directory, { recursive: true })
  }
}
