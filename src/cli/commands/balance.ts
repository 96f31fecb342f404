import type { Argv } from "yargs"
import { formatYuan } from "../../dictionary/index.js"
import {
  type CardSession,
  type FinancialBalance,
  type FinancialRefusal,
  type FlowRefusal,
  financialBalance,
  type MedicalAccount,
  medicalBalances,
} from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { EXIT, exitCodeOfRefusal } from "../exit-codes.js"
import { type FinancialArguments, type FinancialTerminal, withFinancialTerminal } from "../financial-terminal.js"
import { bankOptions, cardOptions, pinOptions, type Say } from "../options.js"
import type { Output } from "../output.js"
import { medicalLines } from "../reading-table.js"
import { refusalDocument, refusalLine } from "../refusal.js"
import { readSecrets, type SecretRequest } from "../secrets.js"

interface BalanceArguments extends FinancialArguments {
  readonly account?: "financial" | "medical"
}

export function builder(parser: Argv, say: Say) {
  return bankOptions(pinOptions(cardOptions(parser, say), say), say).positional("account", {
    choices: ["financial", "medical"] as const,
    describe: say({
      en: "medical asks for the social security PIN, financial for the bank PIN; default: both",
      zh: "medical 需社保密码,financial 需银行密码;默认两者",
    }),
  })
}

const SOCIAL_PIN: SecretRequest = {
  name: "pin",
  variables: ["SHEBAO_PIN"],
  prompt: { en: "Social security PIN", zh: "社保密码" },
}

export async function handler(args: BalanceArguments, output: Output): Promise<number> {
  if (args.account === "medical")
    return withCard(args, output, async ({ session }) =>
      end(output, { medical: await showMedical(session, args, output) }),
    )
  const both = args.account === undefined
  return withFinancialTerminal(args, output, { kind: "atm", ownVariableOnly: both }, async (machine) => {
    const medical = both ? { medical: await showMedical(machine.card.session, args, output) } : {}
    return end(output, { ...medical, financial: await showFinancial(machine, output) })
  })
}

interface Balances {
  readonly medical?: MedicalAccount | FlowRefusal
  readonly financial?: FinancialBalance | FinancialRefusal
}

function end(output: Output, { medical, financial }: Balances): number {
  const refused = [medical, financial].filter((outcome) => outcome?.ok === false)
  output.document({
    ok: refused.length === 0,
    ...(medical && { medical: medical.ok ? medical : refusalDocument(output, medical) }),
    ...(financial && { financial: financial.ok ? financial : refusalDocument(output, financial) }),
  })
  return Math.max(EXIT.DONE, ...refused.map(exitCodeOfRefusal))
}

async function showMedical(
  session: CardSession,
  args: BalanceArguments,
  output: Output,
): Promise<MedicalAccount | FlowRefusal> {
  const [pin] = await readSecrets([SOCIAL_PIN], args, output)
  const account = await medicalBalances(session, { pin: pin! })
  for (const line of account.ok ? medicalLines(output, account) : [refusalLine(output, account)]) output.line(line)
  return account
}

async function showFinancial(
  { card, terminal, pinPad, onEvent }: FinancialTerminal,
  output: Output,
): Promise<FinancialBalance | FinancialRefusal> {
  const balance = await financialBalance(card.session, { terminal, pinPad, onEvent })
  if (!balance.ok) {
    output.line(refusalLine(output, balance))
    return balance
  }
  output.line(output.say({ en: "Financial account, from the bank", zh: "金融账户(银行)" }))
  output.line(`  ${output.say({ en: "available", zh: "可用余额" })}  ${formatYuan(balance.availableFen)}`)
  return balance
}
