import type { Argv } from "yargs"
import { formatYuan, parseYuan } from "../../dictionary/index.js"
import { withdraw } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { type FinancialArguments, withFinancialTerminal } from "../financial-terminal.js"
import { bankOptions, cardOptions, outputOf, pinOptions } from "../options.js"
import { printRefusal } from "../refusal.js"

interface WithdrawArguments extends FinancialArguments {
  readonly amount: string
}

export function builder(parser: Argv) {
  return bankOptions(pinOptions(cardOptions(parser))).positional("amount", {
    type: "string",
    demandOption: true,
    describe: "yuan, 500 or 500.00",
  })
}

export async function handler(args: WithdrawArguments): Promise<number> {
  const output = outputOf(args)
  const amountFen = parseYuan(args.amount, "amount")
  return withFinancialTerminal(args, output, "atm", async ({ card, terminal, pinPad, dispenser, onEvent }) => {
    const outcome = await withdraw(card.session, { terminal, pinPad, dispenser, amountFen, onEvent })
    if (!outcome.ok) return printRefusal(output, outcome)
    const paid = formatYuan(outcome.amountFen)
    output.line(output.say({ en: `Paid out: ${paid}`, zh: `已出钞:${paid} 元` }))
    if (outcome.availableFen !== undefined)
      output.line(`${output.say({ en: "Available", zh: "可用余额" })}: ${formatYuan(outcome.availableFen)}`)
    output.document(outcome)
    return EXIT.DONE
  })
}
