import { formatYuan } from "../../dictionary/index.js"
import { type BureauRecords, RECORD_OBJECTS, type RecordObject, type StatementLine } from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { inputError } from "../input-error.js"
import { type Output, tableLines } from "../output.js"
import type { BureauArguments } from "./arguments.js"
import { questionOf, showRefusal, stepDocuments, stepLines, withBureau, withBureauCard } from "./bureau.js"

function objectOf({ action, what }: BureauArguments): RecordObject {
  if (action === "statement" || action === "certificate") return action
  const wanted = RECORD_OBJECTS.find((name) => name === (what ?? "payments"))
  if (wanted) return wanted
  const choices = RECORD_OBJECTS.join(", ")
  throw inputError("what", { en: `expected one of ${choices}`, zh: `应为 ${choices} 之一` })
}

const statementRow = ({ insurance, since, monthsThisYear, monthsTotal, baseFen, account }: StatementLine) => [
  insurance,
  since,
  String(monthsThisYear),
  String(monthsTotal),
  formatYuan(baseFen),
  ...(account
    ? [account.openingFen, account.creditFen, account.interestFen, account.drawnFen, account.closingFen].map(formatYuan)
    : []),
]

function rowsOf(records: BureauRecords): string[][] {
  const { person, payments, supervision, statement, certificate, cases, audit } = records
  if (person) return Object.entries(person).map(([name, value]) => [name, String(value ?? "")])
  if (payments)
    return payments.map(({ month, insurance, employer, baseFen, employerFen, personFen, paidFen, state }) => [
      month,
      insurance,
      employer,
      ...[baseFen, employerFen, personFen, paidFen].map(formatYuan),
      state,
    ])
  if (supervision)
    return supervision.map(({ month, insurance, employer, state, dueFen, paidFen, owedFen }) => [
      month,
      insurance,
      employer,
      ...[dueFen, paidFen, owedFen].map(formatYuan),
      state,
    ])
  const printed = statement ?? certificate
  if (printed) return [...printed.lines.map(statementRow), [printed.code]]
  if (cases) return cases.map(({ id, openedOn, service, state }) => [id, openedOn, service, state])
  return (audit ?? []).map(({ at, actor, channel, object, purpose, result }) => [
    at,
    actor,
    channel,
    object,
    purpose,
    result,
  ])
}

/** `bureau records|statement|certificate`: what the record says, told to the person or to an operator; written down. */
export function recordsCommand(args: BureauArguments, output: Output): Promise<number> {
  const object = objectOf(args)
  return withBureauCard(args, output, (card) =>
    withBureau(args, async (bureau) => {
      const question = questionOf(args, card !== undefined)
      const records = await bureau.records({ ...question, object, ...(args.year !== undefined && { year: args.year }) })
      if (!records.ok) return showRefusal(records, args, output)
      const { steps = [], ...rest } = records
      output.line(`${rest.subject}  ${rest.name}  (${rest.requestedBy})`)
      for (const line of tableLines(rowsOf(records), "  ")) output.line(line)
      if (args.explain) for (const line of stepLines(steps, output)) output.line(line)
      output.document({ ...rest, ...(args.explain && { steps: stepDocuments(steps, output) }) })
      return EXIT.DONE
    }),
  )
}
