import type { PersonalAccountCard } from "../../dictionary/index.js"
import { bankPayouts, createBank, createMedicalCentre, type MedicalCentre, openStore } from "../../host/index.js"
import { personalAccountCard } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { inputError } from "../input-error.js"
import { withKeys } from "../key-source.js"
import { ledgerStore } from "../local-bank.js"
import { homeFolder } from "../options.js"
import type { Output } from "../output.js"
import { printRefusal } from "../refusal.js"
import { readSecrets } from "../secrets.js"
import type { MedicalArguments } from "./arguments.js"
import { orderFile } from "./order-file.js"

/** The medical centre of the home folder or database, for one command. */
export async function withCentre<T>(args: MedicalArguments, body: (centre: MedicalCentre) => Promise<T>): Promise<T> {
  const store = openStore(ledgerStore(args.database, args))
  const centre = createMedicalCentre({
    store,
    payouts: bankPayouts(createBank({ store })),
    ...(args.region !== undefined && { region: args.region }),
  })
  try {
    return await body(centre)
  } finally {
    await centre.close()
  }
}

/** An option that an action cannot do without. */
export function need<Key extends keyof MedicalArguments>(
  args: MedicalArguments,
  name: Key,
): NonNullable<MedicalArguments[Key]> {
  const value = args[name]
  if (value === undefined)
    throw inputError(name, { en: `expected --${name} with ${args.action}`, zh: `${args.action} 需要 --${name}` })
  return value as NonNullable<MedicalArguments[Key]>
}

const hasCard = (args: MedicalArguments) =>
  [args.card, args.profile, args.reader, args.replay].some((given) => given !== undefined)

/** The number that stands for this machine in a card's transactions (card-commands §10.1). */
const TERMINAL_NUMBER = "990100000001"

/** Runs a body with the personal account of the card that was named, or without one. @returns the exit code */
export async function withAccount(
  args: MedicalArguments,
  output: Output,
  body: (card: PersonalAccountCard | undefined) => Promise<number>,
): Promise<number> {
  if (!hasCard(args)) return body(undefined)
  return withCard(args, output, (card) =>
    withKeys(args, card, output, async ({ service, medical }) => {
      if (!medical)
        throw inputError("keys", {
          en: "expected --keys test or sam: an HSM does not serve accounts here",
          zh: "账户交易请用 --keys test 或 sam",
        })
      const request = {
        name: "pin",
        variables: ["SHEBAO_PIN"],
        prompt: { en: "Social security PIN", zh: "社保密码" },
      } as const
      const [pin] = await readSecrets([request], args, output)
      const presented = await personalAccountCard(card.session, {
        pin: pin!,
        terminalNumber: TERMINAL_NUMBER,
        accountKeys: medical,
        keys: service,
        memory: orderFile(homeFolder(args)),
      })
      return presented.ok ? body(presented.account) : printRefusal(output, presented)
    }),
  )
}
