import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { type BankReport, createBank, type LedgerSummary } from "../host/index.js"
import { EXIT } from "./exit-codes.js"
import { isBankListening } from "./host-probe.js"
import { inputError } from "./input-error.js"
import { ledgerStore } from "./local-bank.js"
import { type CommonArguments, homeFolder } from "./options.js"
import type { Output } from "./output.js"
import { dayLines, ledgerLines, openLines, terminalLines } from "./report-table.js"

export interface LedgerArguments extends CommonArguments {
  readonly database?: string
  readonly date?: string
  readonly close?: boolean
  readonly host: string
  readonly port: string
}

/** The ledger that is looked at must be there: looking makes none. */
function isLedgerThere({ database, ...args }: LedgerArguments): boolean {
  if (database !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(database)) return true
  const path = database ?? join(homeFolder(args), "bank.db")
  return existsSync(path) && statSync(path).size > 0
}

function existingBank(args: LedgerArguments) {
  if (!isLedgerThere(args)) {
    const place = args.database ?? homeFolder(args)
    throw inputError(args.database === undefined ? "home" : "database", {
      en: `there is no ledger in ${place}`,
      zh: `${place} 中没有账本`,
    })
  }
  return createBank({ store: ledgerStore(args.database, args) })
}

/** `host verify`: proves the invariants of the ledger. */
export async function verifyHost(args: LedgerArguments, output: Output): Promise<number> {
  const bank = existingBank(args)
  try {
    const check = await bank.ledger.verify()
    const { entries, violations, ok } = check
    if (ok)
      output.line(
        output.say({
          en: `The ledger is in order: ${entries} entries, every invariant holds.`,
          zh: `账本无误:${entries} 笔分录,全部不变式成立。`,
        }),
      )
    for (const { invariant, text } of violations)
      output.line(output.paint("red", `${output.say({ en: "invariant", zh: "不变式" })} ${invariant}: ${text}`))
    output.document(check)
    return ok ? EXIT.DONE : EXIT.REFUSED
  } finally {
    await bank.close()
  }
}

function documentOf(report: BankReport, summary: LedgerSummary) {
  return { ...report, ledger: { ...summary, cashFen: Object.fromEntries(summary.cashFen) } }
}

/** `host report`: the end of a business day. */
export async function reportHost(args: LedgerArguments, output: Output): Promise<number> {
  if (args.date !== undefined && !/^\d{8}$/.test(args.date))
    throw inputError("date", { en: "expected YYYYMMDD", zh: "应为 YYYYMMDD" })
  const bank = existingBank(args)
  try {
    const moved = args.close ? await bank.closeDay() : []
    const report = await bank.report(args.date)
    const [summary, check] = [await bank.ledger.summary(), await bank.ledger.verify()]
    for (const line of [
      ...dayLines(output, report),
      ...ledgerLines(output, summary, check),
      ...terminalLines(output, report),
      ...openLines(output, report),
    ])
      output.line(line)
    output.document({ ...documentOf(report, summary), movedToSuspense: moved, violations: check.violations })
    return check.ok ? EXIT.DONE : EXIT.REFUSED
  } finally {
    await bank.close()
  }
}

/** `host status`: whether a bank answers, and what its ledger holds, when it is kept where this command can see it. */
export async function statusHost(args: LedgerArguments & { portNumber: number }, output: Output): Promise<number> {
  const address = `${args.host}:${args.portNumber}`
  const running = await isBankListening(args.host, args.portNumber)
  output.line(
    running
      ? `${output.say({ en: "running", zh: "运行中" })}  ${address}`
      : output.paint("red", `${output.say({ en: "no bank answers", zh: "无应答" })}  ${address}`),
  )
  const ledger = isLedgerThere(args) ? await ledgerStatus(args, output) : {}
  output.document({ running, host: args.host, port: args.portNumber, ...ledger })
  return running ? EXIT.DONE : EXIT.NO_CONNECTION
}

async function ledgerStatus(args: LedgerArguments, output: Output): Promise<object> {
  const bank = existingBank(args)
  try {
    const [report, summary] = [await bank.report(), await bank.ledger.summary()]
    for (const line of [
      ...dayLines(output, report),
      ...ledgerLines(output, summary),
      ...terminalLines(output, report),
      ...openLines(output, report),
    ])
      output.line(line)
    return documentOf(report, summary)
  } finally {
    await bank.close()
  }
}
