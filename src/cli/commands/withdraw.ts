import type { Argv } from "yargs"
import { formatYuan, parseYuan } from "../../dictionary/index.js"
import { withdraw } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { type FinancialArguments, withFinancialTerminal } from "../financial-terminal.js"
import { bankOptions, cardOptions, flag, pinOptions, type Say } from "../options.js"
import type { Output } from "../output.js"
import { printRefusal } from "../refusal.js"

interface WithdrawArguments extends FinancialArguments {
  readonly amount: string
  readonly counter?: boolean
}

export function builder(parser: Argv, say: Say) {
  return bankOptions(pinOptions(cardOptions(parser, say), say), say)
    .positional("amount", {
      type: "string",
      demandOption: true,
      describe: say({ en: "yuan, 500 or 500.00", zh: "金额(元),如 500 或 500.00" }),
    })
    .option(
      "counter",
      flag(say({ en: "at a bank's counter, where the teller pays out", zh: "柜台取款,由柜员付款(默认自动柜员机)" })),
    )
}

export async function handler(args: WithdrawArguments, output: Output): Promise<number> {
  const amountFen = parseYuan(args.amount, "amount")
  const kind = args.counter ? "teller" : "atm"
  return withFinancialTerminal(args, output, { kind }, async ({ card, terminal, pinPad, dispenser, onEvent }) => {
    const machine = args.counter ? { terminal, pinPad } : { terminal, pinPad, dispenser }
    const outcome = await withdraw(card.session, { ...machine, amountFen, onEvent })
    if (!outcome.ok) return printRefusal(output, outcome)
    const paid = formatYuan(outcome.amountFen)
    output.line(output.say({ en: `Paid out: ${paid}`, zh: `已出钞:${paid} 元` }))
    if (outcome.availableFen !== undefined) {
      const available = formatYuan(outcome.availableFen)
      output.line(output.say({ en: `Available: ${available}`, zh: `可用余额:${available} 元` }))
    }
    output.document(outcome)
    return EXIT.DONE
  })
}
