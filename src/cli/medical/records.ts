import { formatYuan } from "../../dictionary/index.js"
import type { Records } from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { type Output, tableLines } from "../output.js"
import { printRefusal } from "../refusal.js"
import type { MedicalArguments } from "./arguments.js"
import { need, withCentre } from "./centre.js"

function lines({ account, settlements, audit }: Records, output: Output): string[] {
  if (account) {
    const held = [output.say({ en: "at the centre", zh: "中心余额" }), formatYuan(account.centreFen)]
    const loaded = [output.say({ en: "on the card", zh: "卡内余额" }), formatYuan(account.cardFen)]
    return [
      ...tableLines([held, loaded]),
      ...tableLines(
        account.lines.map(({ date, kind, fen }) => [date, kind, formatYuan(fen)]),
        "  ",
      ),
    ]
  }
  if (settlements)
    return tableLines(
      settlements.map(({ date, serial, provider, state, split }) => [
        date,
        serial,
        provider,
        state,
        formatYuan(split.totalFen),
        formatYuan(split.fundFen),
        formatYuan(split.accountFen),
        formatYuan(split.cashFen),
      ]),
    )
  return tableLines(
    (audit ?? []).map(({ at, actor, channel, object, purpose, result }) => [
      at,
      actor,
      channel,
      object,
      purpose,
      result,
    ]),
  )
}

/** `medical records --person ID --purpose TEXT`: an operator's question, which is written down. */
export function recordsCommand(args: MedicalArguments, output: Output): Promise<number> {
  const subject = need(args, "person")
  const purpose = need(args, "purpose")
  return withCentre(args, async (centre) => {
    const asker = { kind: "operator", id: args.operator } as const
    const records = await centre.records({ asker, subject, object: args.object, channel: "window", purpose })
    if (!records.ok) return printRefusal(output, records)
    output.line(output.say({ en: `records of ${records.subject}`, zh: `${records.subject} 的记录` }))
    for (const line of lines(records, output)) output.line(line)
    output.document(records)
    return EXIT.DONE
  })
}
