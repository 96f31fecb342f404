import type { Argv } from "yargs"
import { activateFinancial, activateSocial, type CardSession, readCard } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { cardEventText } from "../event-text.js"
import { EXIT, exitCodeOfRefusal } from "../exit-codes.js"
import { type FinancialArguments, type FinancialTerminal, withFinancialTerminal } from "../financial-terminal.js"
import { bankOptions, cardOptions, pinOptions, type Say, value } from "../options.js"
import type { Output } from "../output.js"
import { type PrintableRefusal, refusalDocument, refusalLine } from "../refusal.js"
import { readSecrets, type SecretRequest } from "../secrets.js"

interface ActivateArguments extends FinancialArguments {
  readonly function?: "social" | "financial"
  readonly idNumber?: string
  readonly name?: string
}

export function builder(parser: Argv, say: Say) {
  return bankOptions(pinOptions(cardOptions(parser, say), say), say)
    .positional("function", {
      choices: ["social", "financial"] as const,
      describe: say({
        en: "social changes the initial PIN, financial sets the bank PIN; default: both",
        zh: "social 修改初始密码,financial 设置银行密码;默认两者",
      }),
    })
    .option(
      "id-number",
      value(
        say({
          en: "number of the identity document shown at the counter (default: the card's)",
          zh: "柜台出示的证件号码(默认取自卡片)",
        }),
      ),
    )
    .option(
      "name",
      value(say({ en: "name on the identity document (default: the card's)", zh: "证件上的姓名(默认取自卡片)" })),
    )
}

const INITIAL_PIN: SecretRequest = {
  name: "pin",
  variables: ["SHEBAO_PIN"],
  prompt: { en: "Initial PIN", zh: "初始密码" },
}
const NEW_PIN: SecretRequest = {
  name: "newPin",
  variables: ["SHEBAO_NEW_PIN"],
  prompt: { en: "New PIN", zh: "新密码" },
  twice: true,
}

/** What became of one of the two functions. */
type Activation = { readonly ok: true; readonly confirmed?: boolean } | ({ readonly ok: false } & PrintableRefusal)

export async function handler(args: ActivateArguments, output: Output): Promise<number> {
  if (args.function === "social")
    return withCard(args, output, async ({ session }) => end(output, { social: await social(args, output, session) }))
  return withFinancialTerminal(args, output, { kind: "teller" }, async (machine) => {
    if (args.function === "financial") return end(output, { financial: await financial(args, output, machine) })
    const first = await social(args, output, machine.card.session)
    if (!first.ok) return end(output, { social: first })
    return end(output, { social: first, financial: await financial(args, output, machine) })
  })
}

function end(output: Output, activated: Readonly<Record<string, Activation>>): number {
  const refused = Object.values(activated).find((activation) => !activation.ok)
  const documents = Object.entries(activated).map(([name, activation]) => [
    name,
    activation.ok ? activation : refusalDocument(output, activation),
  ])
  output.document({ ok: !refused, ...Object.fromEntries(documents) })
  return refused ? exitCodeOfRefusal(refused) : EXIT.DONE
}

async function social(args: ActivateArguments, output: Output, session: CardSession): Promise<Activation> {
  const [initialPin, newPin] = await readSecrets([INITIAL_PIN, NEW_PIN], args, output)
  const outcome = await activateSocial(session, {
    initialPin: initialPin!,
    newPin: newPin!,
    onEvent: (event) => {
      const text = cardEventText(event)
      if (text) output.line(output.paint("dim", `  ${output.say(text)}`))
    },
  })
  output.line(
    outcome.ok
      ? output.say({ en: "The social security function is enabled.", zh: "社保功能已启用。" })
      : refusalLine(output, outcome),
  )
  return outcome
}

async function financial(
  args: ActivateArguments,
  output: Output,
  { card, terminal, pinPad, onEvent }: FinancialTerminal,
): Promise<Activation> {
  const holder = await holderOf(args, card.session)
  const outcome = holder.ok
    ? await activateFinancial(card.session, { terminal, pinPad, holder, teller: "T001", onEvent })
    : holder
  if (!outcome.ok) {
    output.line(refusalLine(output, outcome))
    return outcome
  }
  output.line(
    outcome.confirmed
      ? output.say({ en: "The financial account is active.", zh: "金融账户已激活。" })
      : output.say({
          en: "The card is active; the bank will be told as soon as it can be reached.",
          zh: "卡片已激活,恢复连接后将通知银行。",
        }),
  )
  return { ok: true, confirmed: outcome.confirmed }
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
