import type { BureauCard } from "../../dictionary/index.js"
import {
  type Bureau,
  type BureauQuestion,
  type BureauRefusal,
  type BureauStep,
  createBureau,
} from "../../host/index.js"
import { bureauCard } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { inputError } from "../input-error.js"
import { withKeys } from "../key-source.js"
import { ledgerStore } from "../local-bank.js"
import { type Output, tableLines } from "../output.js"
import { printRefusal, refusalDocument, refusalLine } from "../refusal.js"
import { readSecrets } from "../secrets.js"
import type { BureauArguments } from "./arguments.js"

/** The bureau of the home folder or database, for one command. */
export async function withBureau<T>(args: BureauArguments, body: (bureau: Bureau) => Promise<T>): Promise<T> {
  const bureau = createBureau({
    store: ledgerStore(args.database, args),
    ...(args.region !== undefined && { region: args.region }),
  })
  try {
    return await body(bureau)
  } finally {
    await bureau.close()
  }
}

/** An option that an action cannot do without. */
export function need<Key extends keyof BureauArguments>(args: BureauArguments, name: Key) {
  const value = args[name]
  if (value === undefined)
    throw inputError(name, { en: `expected --${name} with ${args.action}`, zh: `${args.action} 需要 --${name}` })
  return value as NonNullable<BureauArguments[Key]>
}

/** Runs a body with the card that was named, its PIN checked, or without one. @returns the exit code */
export async function withBureauCard(
  args: BureauArguments,
  output: Output,
  body: (card: BureauCard | undefined) => Promise<number>,
): Promise<number> {
  if ([args.card, args.profile, args.reader, args.replay].every((given) => given === undefined)) return body(undefined)
  return withCard(args, output, (card) =>
    withKeys(args, card, output, async ({ service }) => {
      const request = {
        name: "pin",
        variables: ["SHEBAO_PIN"],
        prompt: { en: "Social security PIN", zh: "社保密码" },
      } as const
      const [pin] = await readSecrets([request], args, output)
      const presented = await bureauCard(card.session, { pin: pin!, keys: service })
      return presented.ok ? body(presented.card) : printRefusal(output, presented)
    }),
  )
}

/** The person asks with his card, or an operator asks for him. */
export function questionOf(args: BureauArguments, hasCard: boolean): BureauQuestion {
  const subject = need(args, "person")
  const { purpose, operator } = args
  if (!hasCard) return { asker: { kind: "operator", id: operator }, subject, channel: "window", purpose }
  return { asker: { kind: "person", id: subject, proof: "cardAndPin" }, subject, channel: "kiosk", purpose }
}

/** Lines of an explanation: figure, calculation, parameter, rule. */
export const stepLines = (steps: readonly BureauStep[], output: Output): string[] =>
  tableLines(
    steps.map(({ label, figure, calculation, parameter, value, rule }) => [
      output.say(label),
      figure,
      calculation && `= ${calculation}`,
      parameter && `${parameter} = ${value}`,
      rule,
    ]),
    "  ",
  )

export const stepDocuments = (steps: readonly BureauStep[], output: Output) =>
  steps.map((step) => ({ ...step, label: output.say(step.label) }))

/** Prints a refusal with what is lacking and, asked for, why. @returns the exit code */
export function showRefusal(refusal: BureauRefusal, args: BureauArguments, output: Output): number {
  const { lacks, steps = [] } = refusal
  output.line(refusalLine(output, refusal))
  if (lacks !== undefined) output.line(`  ${lacks}`)
  if (args.explain) for (const line of stepLines(steps, output)) output.line(line)
  output.document({
    ...refusalDocument(output, refusal),
    ...(lacks !== undefined && { lacks }),
    ...(args.explain && { steps: stepDocuments(steps, output) }),
  })
  return EXIT.REFUSED
}
