import type { Argv } from "yargs"
import { formatYuan, parseYuan } from "../../dictionary/index.js"
import { transfer } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { type FinancialArguments, withFinancialTerminal } from "../financial-terminal.js"
import { inputError } from "../input-error.js"
import { bankOptions, cardOptions, flag, pinOptions, type Say, value } from "../options.js"
import type { Output } from "../output.js"
import { printRefusal } from "../refusal.js"

interface TransferArguments extends FinancialArguments {
  readonly amount: string
  readonly to: string
  readonly own?: boolean
  readonly counter?: boolean
}

export function builder(parser: Argv, say: Say) {
  return bankOptions(pinOptions(cardOptions(parser, say), say), say)
    .positional("amount", {
      type: "string",
      demandOption: true,
      describe: say({ en: "yuan, 500 or 500.00", zh: "金额(元),如 500 或 500.00" }),
    })
    .option("to", {
      ...value(say({ en: "account number or card number of the payee", zh: "收款账号或卡号" })),
      demandOption: true,
    })
    .option("own", flag(say({ en: "between accounts of one holder: at once", zh: "本人账户互转,实时到账" })))
    .option("counter", flag(say({ en: "at a bank's counter: at once", zh: "柜台办理,实时到账" })))
}

export async function handler(args: TransferArguments, output: Output): Promise<number> {
  const amountFen = parseYuan(args.amount, "amount")
  const { to: payee } = args
  if (!/^[0-9A-Za-z]{1,28}$/.test(payee))
    throw inputError("to", { en: "expected 1 to 28 letters and digits", zh: "应为 1 至 28 位字母或数字" })
  const kind = args.counter ? "teller" : "atm"
  return withFinancialTerminal(args, output, { kind }, async ({ card, terminal, pinPad, onEvent }) => {
    const outcome = await transfer(card.session, {
      terminal,
      pinPad,
      amountFen,
      payee,
      to: args.own ? "own" : "other",
      onEvent,
    })
    if (!outcome.ok) return printRefusal(output, outcome)
    const { payeeName = "", isDelayed, availableFen } = outcome
    const amount = formatYuan(outcome.amountFen)
    output.line(
      output.say({ en: `Transferred: ${amount} ${payeeName}`, zh: `已转账:${amount} 元 ${payeeName}` }).trimEnd(),
    )
    if (isDelayed)
      output.line(
        output.say({
          en: "The payee gets it later; until then the bank can call it off.",
          zh: "延时到账,到账前可向银行申请撤销。",
        }),
      )
    if (availableFen !== undefined)
      output.line(
        output.say({ en: `Available: ${formatYuan(availableFen)}`, zh: `可用余额:${formatYuan(availableFen)} 元` }),
      )
    output.document(outcome)
    return EXIT.DONE
  })
}
