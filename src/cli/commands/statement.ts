import type { Argv } from "yargs"
import { formatYuan } from "../../dictionary/index.js"
import { financialStatement } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { type FinancialArguments, withFinancialTerminal } from "../financial-terminal.js"
import type { Text } from "../language.js"
import { bankOptions, cardOptions, pinOptions, type Say } from "../options.js"
import { type Output, tableLines } from "../output.js"
import { printRefusal } from "../refusal.js"

export function builder(parser: Argv, say: Say) {
  return bankOptions(pinOptions(cardOptions(parser, say), say), say)
}

/** What moved the money, by the first letter of the book's event. */
const EVENTS: Readonly<Record<string, Text>> = {
  A: { en: "correction", zh: "调账" },
  B: { en: "purchase", zh: "消费" },
  C: { en: "counter", zh: "柜台" },
  D: { en: "cash deposit", zh: "存款" },
  O: { en: "opening balance", zh: "开户余额" },
  S: { en: "suspense settled", zh: "挂账处理" },
  T: { en: "transfer", zh: "转账" },
  W: { en: "cash withdrawal", zh: "取款" },
}

export async function handler(args: FinancialArguments, output: Output): Promise<number> {
  return withFinancialTerminal(args, output, { kind: "atm" }, async ({ card, terminal, pinPad, onEvent }) => {
    const outcome = await financialStatement(card.session, { terminal, pinPad, onEvent })
    if (!outcome.ok) return printRefusal(output, outcome)
    const rows = outcome.lines.map(({ date, kind, amountFen, balanceFen }) => {
      const event = EVENTS[kind[0] ?? ""]
      return [date, event ? output.say(event) : kind, formatYuan(amountFen), formatYuan(balanceFen)]
    })
    const head: Text[] = [
      { en: "date", zh: "日期" },
      { en: "event", zh: "摘要" },
      { en: "amount", zh: "金额" },
      { en: "balance", zh: "余额" },
    ]
    for (const line of tableLines([head.map((text) => output.say(text)), ...rows])) output.line(line)
    output.document(outcome)
    return EXIT.DONE
  })
}
