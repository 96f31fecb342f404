import { type ExplanationStep, formatYuan, type SettlementSplit } from "../../dictionary/index.js"
import { enrolDocument, parseBill, registerDocument, type SettlementOutcome } from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import type { Text } from "../language.js"
import { type Output, tableLines } from "../output.js"
import { printRefusal } from "../refusal.js"
import type { MedicalArguments } from "./arguments.js"
import { withAccount, withCentre } from "./centre.js"
import { readDocument } from "./read-document.js"

/** The figures of a split bill, in the order in which they are found. */
const FIGURES: readonly (readonly [keyof SettlementSplit, Text])[] = [
  ["totalFen", { en: "total", zh: "总费用" }],
  ["ownFen", { en: "own (class C)", zh: "全自费" }],
  ["overFen", { en: "above price limits", zh: "超限价" }],
  ["preFen", { en: "first own share (class B)", zh: "先行自付" }],
  ["scopeFen", { en: "in scope", zh: "政策范围内" }],
  ["deductibleFen", { en: "deductible", zh: "起付线" }],
  ["poolFen", { en: "pooled fund", zh: "统筹基金支付" }],
  ["largeFen", { en: "large-amount fund", zh: "大额基金支付" }],
  ["majorIllnessFen", { en: "major illness", zh: "大病保险支付" }],
  ["civilFen", { en: "civil servants' subsidy", zh: "公务员补助" }],
  ["aidFen", { en: "medical aid", zh: "医疗救助" }],
  ["personFen", { en: "the person's part", zh: "个人负担" }],
  ["accountFen", { en: "personal account", zh: "个人账户支付" }],
  ["familyFen", { en: "relatives' accounts", zh: "家庭共济支付" }],
  ["cashFen", { en: "cash", zh: "个人现金支付" }],
]

function explanationLines(steps: readonly ExplanationStep[], output: Output): string[] {
  const rows = steps.map(({ label, fen, calculation, parameter, value, rule }) => [
    output.say(label),
    formatYuan(fen),
    `= ${calculation}`,
    parameter && `${parameter} = ${value}`,
    rule,
  ])
  return tableLines(rows, "  ")
}

/** Prints a settlement, or why there is none. @returns the exit code */
function show(outcome: SettlementOutcome, steps: readonly ExplanationStep[], output: Output): number {
  if (!outcome.ok) return printRefusal(output, outcome)
  const { split, balanceFen, serial, date } = outcome
  const rows = FIGURES.filter(([field]) => split[field] > 0n || field === "cashFen")
  for (const text of tableLines(rows.map(([field, name]) => [output.say(name), formatYuan(split[field])])))
    output.line(text)
  output.line(`${output.say({ en: "left in the account", zh: "账户余额" })}  ${formatYuan(balanceFen)}`)
  for (const text of explanationLines(steps, output)) output.line(text)
  const explained = steps.length > 0 ? { steps: steps.map((step) => ({ ...step, label: output.say(step.label) })) } : {}
  output.document({ ok: true, serial, date, split, balanceFen, ...explained })
  return EXIT.DONE
}

/** `medical settle FILE`: enrols and registers what the file brings along, and settles, or shows what it would come to. */
export function settleCommand(args: MedicalArguments, output: Output): Promise<number> {
  const document = parseBill(readDocument(args.file, "file"))
  return withAccount(args, output, (card) =>
    withCentre(args, async (centre) => {
      const enrolled = document.insured ? await enrolDocument(centre, document.insured) : undefined
      if (enrolled?.ok === false) return printRefusal(output, enrolled)
      const refused = await registerDocument(centre, document)
      if (refused) return printRefusal(output, refused)
      const request = card ? { ...document.request, pinVerified: true } : document.request
      const shown = args.explain || args.preview ? await centre.preSettle(request) : undefined
      const steps = args.explain && shown?.ok ? (shown.steps ?? []) : []
      if (args.preview) return show(shown!, steps, output)
      return show(await centre.settle(request, card), steps, output)
    }),
  )
}
