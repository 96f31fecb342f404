import { formatYuan } from "../../dictionary/index.js"
import { SERVICE_NAMES, type ServiceName } from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { inputError } from "../input-error.js"
import { type Output, tableLines } from "../output.js"
import type { BureauArguments } from "./arguments.js"
import { questionOf, showRefusal, stepDocuments, stepLines, withBureau, withBureauCard } from "./bureau.js"

function serviceOf({ action, what }: BureauArguments): ServiceName {
  const names = SERVICE_NAMES.filter((name) => name.startsWith(`${action}.`))
  const wanted = what === undefined ? names[0] : names.find((name) => name === `${action}.${what}`)
  if (wanted) return wanted
  const choices = names.map((name) => name.slice(action.length + 1)).join(", ")
  throw inputError("what", { en: `expected one of ${choices}`, zh: `应为 ${choices} 之一` })
}

/** Dates, months and phone numbers stay text; truth values and small numbers are what they look like. */
function detailOf(given: string): [string, unknown] {
  const at = given.indexOf("=")
  if (at < 1) throw inputError("set", { en: "expected NAME=VALUE", zh: "应为 名称=值" })
  const [name, text] = [given.slice(0, at), given.slice(at + 1)]
  if (text === "true" || text === "false") return [name, text === "true"]
  if (/^(grade|hours|children)$/.test(name) && /^\d{1,4}$/.test(text)) return [name, Number(text)]
  return [name, name === "missing" ? text.split(",") : text]
}

const shown = (name: string, value: unknown): string =>
  name.endsWith("Fen") || name === "fen" ? formatYuan(BigInt(value as string | bigint)) : String(value)

function resultLines(result: Readonly<Record<string, unknown>>): string[] {
  const { items, ...single } = result
  const rows = Object.entries(single).map(([name, value]) => [name.replace(/Fen$/, ""), shown(name, value)])
  const list = (items ?? []) as { kind: string; payer: string; every: string; fen: string | bigint }[]
  return tableLines([...rows, ...list.map(({ kind, payer, every, fen }) => [kind, shown("fen", fen), every, payer])])
}

/** `bureau pension|jobs|unemployment|training|injury|maternity|data|card WHAT`: one affair of a person. */
export function serviceCommand(args: BureauArguments, output: Output): Promise<number> {
  const service = serviceOf(args)
  const details = Object.fromEntries((args.set ?? []).map(detailOf))
  if (args.action === "card") {
    details.channel ??= "window"
    details.isIdentityVerified ??= true
  }
  return withBureauCard(args, output, (card) =>
    withBureau(args, async (bureau) => {
      const question = questionOf(args, card !== undefined)
      const { serial } = args
      if (card) await bureau.finishCard(question.subject, card)
      const answer = await bureau.serve(
        { ...question, service, details, ...(serial !== undefined && { serial }) },
        card,
      )
      if (!answer.ok) return showRefusal(answer, args, output)
      const { steps, ...rest } = answer
      const id = rest.id === undefined ? "" : `${rest.id}  `
      output.line(`${id}${service}  ${rest.state}`)
      for (const line of resultLines(rest.result)) output.line(line)
      if (rest.isCardBehind)
        output.line(output.say({ en: "the card is written when it comes", zh: "下次持卡时写入卡片" }))
      if (args.explain) for (const line of stepLines(steps, output)) output.line(line)
      output.document({ service, ...rest, ...(args.explain && { steps: stepDocuments(steps, output) }) })
      return rest.state === "pendingCard" ? EXIT.NO_CONNECTION : EXIT.DONE
    }),
  )
}
