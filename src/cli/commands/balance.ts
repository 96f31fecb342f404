import type { Argv } from "yargs"
import { formatYuan } from "../../dictionary/index.js"
import { financialBalance, medicalBalances } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { type FinancialArguments, withFinancialTerminal } from "../financial-terminal.js"
import { bankOptions, cardOptions, outputOf, pinOptions } from "../options.js"
import type { Output } from "../output.js"
import { medicalLines } from "../reading-table.js"
import { printRefusal } from "../refusal.js"
import { readSecrets } from "../secrets.js"

interface BalanceArguments extends FinancialArguments {
  readonly account?: "financial" | "medical"
}

export function builder(parser: Argv) {
  return bankOptions(pinOptions(cardOptions(parser))).positional("account", {
    choices: ["financial", "medical"] as const,
    describe: "default: both; the medical one needs the social security PIN, the financial one the bank PIN",
  })
}

export async function handler(args: BalanceArguments): Promise<number> {
  const output = outputOf(args)
  const documents: Record<string, unknown> = {}
  let exitCode: number = EXIT.DONE
  if (args.account !== "financial") exitCode = Math.max(exitCode, await showMedical(args, output, documents))
  if (args.account !== "medical") exitCode = Math.max(exitCode, await showFinancial(args, output, documents))
  output.document({ ok: exitCode === EXIT.DONE, ...documents })
  return exitCode
}

async function showMedical(
  args: BalanceArguments,
  output: Output,
  documents: Record<string, unknown>,
): Promise<number> {
  const prompt = output.say({ en: "Social security PIN", zh: "社保密码" })
  const [pin] = await readSecrets([{ name: "pin", variables: ["SHEBAO_PIN"], prompt }], args.pinStdin)
  const account = await withCard(args, output, ({ session }) => medicalBalances(session, { pin: pin! }))
  if (!account.ok) return refused(output, "medical", account, documents)
  documents.medical = {
    personalBalanceFen: account.personalBalanceFen,
    ownPaymentsFen: account.ownPaymentsFen,
    ownPaymentsYear: account.ownPaymentsYear,
    pooledPaymentsFen: account.pooledPaymentsFen,
    pooledPaymentsYear: account.pooledPaymentsYear,
  }
  for (const line of medicalLines(output, account)) output.line(line)
  return EXIT.DONE
}

async function showFinancial(
  args: BalanceArguments,
  output: Output,
  documents: Record<string, unknown>,
): Promise<number> {
  const balance = await withFinancialTerminal(args, output, "atm", ({ card, terminal, pinPad, onEvent }) =>
    financialBalance(card.session, { terminal, pinPad, onEvent }),
  )
  if (!balance.ok) return refused(output, "financial", balance, documents)
  documents.financial = { ledgerFen: balance.ledgerFen, availableFen: balance.availableFen }
  output.line(output.say({ en: "Financial account, from the bank", zh: "金融账户(银行)" }))
  output.line(`  ${output.say({ en: "available", zh: "可用余额" })}  ${formatYuan(balance.availableFen)}`)
  return EXIT.DONE
}

function refused(
  output: Output,
  account: string,
  refusal: Parameters<typeof printRefusal>[1],
  documents: Record<string, unknown>,
): number {
  documents[account] = { refusal: { code: refusal.code, reason: output.say(refusal.reason) } }
  return printRefusal({ ...output, document: () => undefined }, refusal)
}
