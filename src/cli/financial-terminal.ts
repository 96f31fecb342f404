import {
  type BankTerminal,
  type FinancialEvent,
  type PinPad,
  recover,
  simulatedAcceptor,
  simulatedDispenser,
} from "../terminal/index.js"
import { type BankArguments, openBank } from "./bank-source.js"
import { type OpenedCard, withCard } from "./card-source.js"
import { financialEventText } from "./event-text.js"
import type { CardArguments, PinArguments } from "./options.js"
import type { Output } from "./output.js"
import { promptingPinPad } from "./pin-pad.js"

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

/** Which machine it is. */
export interface Machine {
  /** An ATM, or the teller's terminal at a counter. */
  readonly kind: "atm" | "teller"
  /** SHEBAO_PIN is the social security PIN in this command: it must not be tried as the bank's. */
  readonly ownVariableOnly?: boolean
}

/** Opens card, bank and terminal, ends what an earlier run left open, and runs a body with them. */
export function withFinancialTerminal<T>(
  args: FinancialArguments,
  output: Output,
  { kind, ownVariableOnly = false }: Machine,
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
      const pinPad = promptingPinPad(terminal.keys, args, output, ownVariableOnly)
      const result = await body({ card, terminal, pinPad, dispenser, acceptor, onEvent })
      if (pinPad.failure) throw pinPad.failure
      return result
    } finally {
      await bank.close()
    }
  })
}
