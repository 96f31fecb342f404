import type { Argv } from "yargs"
import { formatYuan, parseYuan } from "../../dictionary/index.js"
import { deposit } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { type FinancialArguments, withFinancialTerminal } from "../financial-terminal.js"
import { notesFor } from "../notes.js"
import { bankOptions, cardOptions, type Say } from "../options.js"
import type { Output } from "../output.js"
import { printRefusal } from "../refusal.js"

interface DepositArguments extends FinancialArguments {
  readonly amount: string
}

export function builder(parser: Argv, say: Say) {
  return bankOptions(cardOptions(parser, say), say).positional("amount", {
    type: "string",
    demandOption: true,
    describe: say({
      en: "yuan, 2000 or 2000.00; at the bank's counter, where no PIN is asked for",
      zh: "金额(元),如 2000 或 2000.00;柜台办理,无需密码",
    }),
  })
}

export async function handler(args: DepositArguments, output: Output): Promise<number> {
  const notes = notesFor(parseYuan(args.amount, "amount"), "amount")
  return withFinancialTerminal(args, output, { kind: "teller" }, async ({ card, terminal, acceptor, onEvent }) => {
    if (notes.length > 0) acceptor.insert(notes)
    const outcome = await deposit(card.session, { terminal, acceptor, teller: "T001", onEvent })
    if (!outcome.ok) return printRefusal(output, outcome)
    const paid = formatYuan(outcome.amountFen)
    output.line(output.say({ en: `Paid in: ${paid}`, zh: `已存入:${paid} 元` }))
    output.document(outcome)
    return EXIT.DONE
  })
}
