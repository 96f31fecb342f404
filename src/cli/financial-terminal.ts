import {
  type BankTerminal,
  type FinancialEvent,
  type PinPad,
  recover,
  simulatedAcceptor,
  simulatedDispenser,
  softwarePinPad,
} from "../terminal/index.js"
import { type BankArguments, openBank } from "./bank-source.js"
import { type OpenedCard, withCard } from "./card-source.js"
import { financialEventText } from "./event-text.js"
import type { CardArguments, PinArguments } from "./options.js"
import type { Output } from "./output.js"
import { readSecrets, type SecretRequest } from "./secrets.js"

/** Arguments of a command that needs card, PIN and bank. */
export interface FinancialArguments extends CardArguments, PinArguments, BankArguments {}

/** A terminal with its devices, ready to work with the card in it. */
export interface FinancialTerminal {
  readonly card: OpenedCard
  readonly terminal: BankTerminal
  readonly pinPad: PinPad
  readonly dispenser: ReturnType<typeof simulatedDispenser>
  readonly acceptor: ReturnType<typeof simulatedAcceptor>
  /** Prints a flow's steps for people. */
  readonly onEvent: (event: FinancialEvent) => void
}

/**
 * Opens card, bank and terminal, ends what an earlier run left open, and runs a body with them.
 *
 * @param kind the machine: an ATM, or the teller's terminal at a counter
 */
export function withFinancialTerminal<T>(
  args: FinancialArguments,
  output: Output,
  kind: "atm" | "teller",
  body: (machine: FinancialTerminal) => Promise<T>,
): Promise<T> {
  return withCard(args, output, async (card) => {
    const bank = await openBank(args, card, output)
    try {
      const terminal = await bank.terminal(kind)
      const dispenser = simulatedDispenser()
      const acceptor = simulatedAcceptor()
      const onEvent = (event: FinancialEvent) => {
        const text = financialEventText(event)
        if (text) output.line(output.paint("dim", `  ${output.say(text)}`))
      }
      for (const what of await recover(terminal, { dispenser, acceptor })) onEvent({ type: "recovered", what })
      return await body({ card, terminal, pinPad: pinPadOf(args, output, terminal), dispenser, acceptor, onEvent })
    } finally {
      await bank.close()
    }
  })
}

/** The bank PIN, for `readSecrets`. */
export function bankPinRequest(output: Output, purpose: "current" | "new"): SecretRequest {
  return purpose === "current"
    ? {
        name: "bankPin",
        variables: ["SHEBAO_BANK_PIN", "SHEBAO_PIN"],
        prompt: output.say({ en: "Bank PIN", zh: "银行密码" }),
      }
    : {
        name: "newBankPin",
        variables: ["SHEBAO_BANK_PIN"],
        prompt: output.say({ en: "New bank PIN", zh: "新银行密码" }),
        twice: true,
      }
}

/** A PIN pad on this terminal: asks a person again after a wrong PIN; a PIN from a file or variable is tried once. */
function pinPadOf(args: FinancialArguments, output: Output, terminal: BankTerminal): PinPad {
  let last: string | undefined
  return softwarePinPad(terminal.keys, async ({ purpose, repeat, triesLeft }) => {
    // The repetition of a new PIN was asked for already; the balance that proves an activation takes the same PIN.
    if (last !== undefined && (repeat || triesLeft === undefined)) return last
    const request = bankPinRequest(output, purpose)
    if (triesLeft !== undefined) {
      if (args.pinStdin || request.variables.some((variable) => process.env[variable])) return undefined
      output.remark(output.say({ en: `Wrong PIN, ${triesLeft} tries left.`, zh: `密码错误,剩余 ${triesLeft} 次。` }))
    }
    ;[last] = await readSecrets([request], args.pinStdin ?? false)
    return last
  })
}
