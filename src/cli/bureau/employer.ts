import { formatYuan, parseYuan } from "../../dictionary/index.js"
import type { Bureau, BureauRefusal, BureauStep, UnitAsker } from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { inputError } from "../input-error.js"
import { type Output, tableLines } from "../output.js"
import type { BureauArguments } from "./arguments.js"
import { need, showRefusal, stepDocuments, stepLines, withBureau } from "./bureau.js"

type Answer = ({ readonly ok: true; readonly steps?: readonly BureauStep[] } & object) | BureauRefusal

/** Details of `--set`, by name. */
function detail(args: BureauArguments, name: string): string {
  const given = (args.set ?? []).find((one) => one.startsWith(`${name}=`))
  if (given) return given.slice(name.length + 1)
  throw inputError(name, { en: `expected --set ${name}=VALUE`, zh: `需要 --set ${name}=值` })
}

const ACTIONS: Readonly<Record<string, (bureau: Bureau, unit: UnitAsker, args: BureauArguments) => Promise<Answer>>> = {
  account: ({ unit }, asker) => unit.query(asker, { object: "account" }),
  premiums: ({ unit }, asker, args) => unit.query(asker, { object: "premiums", person: need(args, "person") }),
  declare: ({ unit }, asker, args) => unit.declare(asker, need(args, "month")),
  pay: ({ unit }, asker, args) =>
    unit.pay(asker, need(args, "month"), BigInt(parseYuan(need(args, "amount"), "amount"))),
  add: ({ unit }, asker, args) =>
    unit.addEmployee(asker, {
      person: need(args, "person"),
      beganOn: detail(args, "beganOn"),
      wageFen: BigInt(parseYuan(detail(args, "wage"), "wage")),
    }),
  remove: ({ unit }, asker, args) =>
    unit.removeEmployee(asker, {
      person: need(args, "person"),
      endedOn: detail(args, "endedOn"),
      reason: detail(args, "reason"),
    }),
}

function linesOf(answer: object): string[] {
  const cells = (row: object) =>
    Object.entries(row).map(([name, value]) => (name.endsWith("Fen") ? formatYuan(value as bigint) : String(value)))
  const { months, premiums, ...single } = answer as { months?: object[]; premiums?: object[] }
  const rows = Object.entries(single).filter(([name]) => name !== "ok")
  return [
    ...tableLines(rows.map(([name, value]) => [name, ...cells({ [name]: value })])),
    ...tableLines((months ?? premiums ?? []).map(cells), "  "),
  ]
}

/** `bureau employer WHAT --employer CODE --operator NAME`: a unit declares, pays and reads what is its own. */
export function employerCommand(args: BureauArguments, output: Output): Promise<number> {
  const action = ACTIONS[args.what ?? "account"]
  if (!action) {
    const choices = Object.keys(ACTIONS).join(", ")
    throw inputError("what", { en: `expected one of ${choices}`, zh: `应为 ${choices} 之一` })
  }
  const asker = { employer: need(args, "employer"), operator: args.operator }
  return withBureau(args, async (bureau) => {
    const answer = await action(bureau, asker, args)
    if (!answer.ok) return showRefusal(answer, args, output)
    const { steps = [], ...rest } = answer
    for (const line of linesOf(rest)) output.line(line)
    if (args.explain) for (const line of stepLines(steps, output)) output.line(line)
    output.document({ ...rest, ...(args.explain && { steps: stepDocuments(steps, output) }) })
    return EXIT.DONE
  })
}
