import type { Argv } from "yargs"
import { activateFinancial, activateSocial, type CardSession, readCard } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { cardEventText } from "../event-text.js"
import { EXIT } from "../exit-codes.js"
import { type FinancialArguments, withFinancialTerminal } from "../financial-terminal.js"
import { bankOptions, cardOptions, outputOf, pinOptions } from "../options.js"
import type { Output } from "../output.js"
import { type PrintableRefusal, printRefusal } from "../refusal.js"
import { readSecrets } from "../secrets.js"

interface ActivateArguments extends FinancialArguments {
  readonly function?: "social" | "financial"
  readonly idNumber?: string
  readonly name?: string
}

export function builder(parser: Argv) {
  return bankOptions(pinOptions(cardOptions(parser)))
    .positional("function", {
      choices: ["social", "financial"] as const,
      describe: "default: both; social changes the initial PIN, financial sets the bank PIN",
    })
    .option("id-number", {
      type: "string",
      describe: "number of the identity document shown at the counter (default: the card's)",
    })
    .option("name", { type: "string", describe: "name on the identity document (default: the card's)" })
}

export async function handler(args: ActivateArguments): Promise<number> {
  const output = outputOf(args)
  if (args.function === "social") return withCard(args, output, ({ session }) => social(args, output, session))
  return withFinancialTerminal(args, output, "teller", async ({ card, terminal, pinPad, onEvent }) => {
    if (args.function === undefined) {
      const exitCode = await social(args, output, card.session)
      if (exitCode !== EXIT.DONE) return exitCode
    }
    const holder = await holderOf(args, card.session)
    if (!holder.ok) return printRefusal(output, holder)
    const outcome = await activateFinancial(card.session, { terminal, pinPad, holder, teller: "T001", onEvent })
    if (!outcome.ok) return printRefusal(output, outcome)
    output.line(
      outcome.confirmed
        ? output.say({ en: "The financial account is active.", zh: "金融账户已激活。" })
        : output.say({
            en: "The card is active; the bank will be told as soon as it can be reached.",
            zh: "卡片已激活,恢复连接后将通知银行。",
          }),
    )
    output.document({ ok: true, function: "financial", confirmed: outcome.confirmed })
    return EXIT.DONE
  })
}

async function social(args: ActivateArguments, output: Output, session: CardSession): Promise<number> {
  const [initialPin, newPin] = await readSecrets(
    [
      { name: "pin", variables: ["SHEBAO_PIN"], prompt: output.say({ en: "Initial PIN", zh: "初始密码" }) },
      {
        name: "newPin",
        variables: ["SHEBAO_NEW_PIN"],
        prompt: output.say({ en: "New PIN", zh: "新密码" }),
        twice: true,
      },
    ],
    args.pinStdin,
  )
  const outcome = await activateSocial(session, {
    initialPin: initialPin!,
    newPin: newPin!,
    onEvent: (event) => {
      const text = cardEventText(event)
      if (text) output.line(output.paint("dim", `  ${output.say(text)}`))
    },
  })
  if (!outcome.ok) return printRefusal(output, outcome)
  output.line(output.say({ en: "The social security function is enabled.", zh: "社保功能已启用。" }))
  output.document({ ok: true, function: "social" })
  return EXIT.DONE
}

interface Holder {
  readonly ok: true
  readonly identityNumber: string
  readonly name: string
}

/** Who stands at the counter: as his document says where that is given, else as the card says. */
async function holderOf(
  args: ActivateArguments,
  session: CardSession,
): Promise<Holder | ({ ok: false } & PrintableRefusal)> {
  if (args.idNumber !== undefined && args.name !== undefined)
    return { ok: true, identityNumber: args.idNumber, name: args.name }
  const reading = await readCard(session)
  if (!reading.ok) return reading
  const { socialSecurityNumber = "", name = "" } = reading.person.values
  return { ok: true, identityNumber: args.idNumber ?? String(socialSecurityNumber), name: args.name ?? String(name) }
}
