import { formatYuan } from "../../dictionary/index.js"
import { type CheckedRule, enrolDocument, parseWithdrawal, type WithdrawalOutcome } from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { inputError } from "../input-error.js"
import { type Output, tableLines } from "../output.js"
import { refusalDocument, refusalLine } from "../refusal.js"
import type { MedicalArguments } from "./arguments.js"
import { need, withAccount, withCentre } from "./centre.js"
import { readDocument } from "./read-document.js"

const CONDITIONS = { death: "DEATH", emigration: "EMIGRATION" } as const

function checkLines(checks: readonly CheckedRule[]): string[] {
  const rows = checks.map(({ code, rule, parameter, value, isPassed }) => [
    isPassed ? "✓" : "✗",
    code,
    rule,
    parameter && `${parameter} = ${value}`,
  ])
  return tableLines(rows, "  ")
}

function show(
  outcome: WithdrawalOutcome,
  checks: readonly CheckedRule[],
  args: MedicalArguments,
  output: Output,
): number {
  const explained = args.explain ? { checks } : {}
  if (args.explain) for (const line of checkLines(checks)) output.line(line)
  if (!outcome.ok) {
    output.line(refusalLine(output, outcome))
    if (outcome.missing) output.line(`  ${outcome.missing.join("  ")}`)
    const { state, missing, until } = outcome
    output.document({
      ...refusalDocument(output, outcome),
      state,
      ...(missing && { missing }),
      ...(until && { until }),
      ...explained,
    })
    return EXIT.REFUSED
  }
  const { id, state, amountFen, interestFen, card } = outcome
  output.line(output.say({ en: `Case ${id}: ${state}`, zh: `案件 ${id}:${state}` }))
  output.line(
    output.say({
      en: `Paid: ${formatYuan(amountFen)}, of it interest ${formatYuan(interestFen)}`,
      zh: `支付:${formatYuan(amountFen)} 元,其中利息 ${formatYuan(interestFen)} 元`,
    }),
  )
  output.document({ ok: true, id, state, amountFen, interestFen, card, ...explained })
  return EXIT.DONE
}

/** `medical withdraw --reason R --documents FILE`: takes a case through all its steps, or to the first that refuses. */
export function withdrawCommand(args: MedicalArguments, output: Output): Promise<number> {
  const condition = CONDITIONS[need(args, "reason")]
  const { insured, application: given } = parseWithdrawal(readDocument(args.documents ?? args.file, "documents"))
  if (given.condition !== undefined && given.condition !== condition)
    throw inputError("documents", {
      en: `expected documents for ${condition}, got ${given.condition}`,
      zh: `材料应为 ${condition},实为 ${given.condition}`,
    })
  const application = { ...given, condition }
  return withAccount(args, output, (card) =>
    withCentre(args, async (centre) => {
      if (insured) await enrolDocument(centre, insured)
      const { withdrawals } = centre
      const checks: CheckedRule[] = []
      const note = (outcome: WithdrawalOutcome) => {
        checks.push(...outcome.checks)
        return outcome
      }
      let outcome = note(await withdrawals.submit(application, args.operator))
      // A case that waited for something goes on where it stopped.
      if (outcome.ok || stepped(outcome)) outcome = note(await withdrawals.verify(application.id, args.operator))
      if (outcome.ok || stepped(outcome)) outcome = note(await withdrawals.freeze(application.id, args.operator, card))
      if (outcome.ok || stepped(outcome)) outcome = note(await withdrawals.approve(application.id, args.operator))
      if (outcome.ok || stepped(outcome)) outcome = note(await withdrawals.pay(application.id, args.cashier))
      return show(outcome, checks, args, output)
    }),
  )
}

/** The case passed this step earlier. */
const stepped = (outcome: WithdrawalOutcome) => !outcome.ok && outcome.code === "STEP" && outcome.state !== "rejected"
