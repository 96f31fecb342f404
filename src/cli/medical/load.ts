import { randomUUID } from "node:crypto"
import { formatYuan, parseYuan } from "../../dictionary/index.js"
import type { MedicalCentre } from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { inputError } from "../input-error.js"
import type { Output } from "../output.js"
import { printRefusal } from "../refusal.js"
import type { MedicalArguments } from "./arguments.js"
import { need, withAccount, withCentre } from "./centre.js"

/** Credits the premium of a month, when one is named. */
async function creditNamedMonth(centre: MedicalCentre, person: string, args: MedicalArguments, output: Output) {
  if (args.month === undefined) return undefined
  const wageFen = args.wage === undefined ? {} : { wageFen: BigInt(parseYuan(args.wage, "wage")) }
  const credited = await centre.creditMonth({ person, month: args.month, ...wageFen })
  if (credited) {
    const { creditFen, isNew } = credited
    const text = formatYuan(creditFen)
    output.line(
      isNew
        ? output.say({ en: `Credited for ${args.month}: ${text}`, zh: `${args.month} 划入:${text} 元` })
        : output.say({ en: `${args.month} was credited before`, zh: `${args.month} 已划入` }),
    )
  }
  return credited
}

/** `medical load --person ID`: credits a month to the personal account, and loads the account onto the card that is named. */
export function loadCommand(args: MedicalArguments, output: Output): Promise<number> {
  const person = need(args, "person")
  if (args.month !== undefined && !/^\d{4}(0[1-9]|1[0-2])$/.test(args.month))
    throw inputError("month", { en: "expected YYYYMM", zh: "应为 YYYYMM" })
  const amountFen = args.amount === undefined ? {} : { amountFen: BigInt(parseYuan(args.amount, "amount")) }
  return withAccount(args, output, (card) =>
    withCentre(args, async (centre) => {
      if (!(await centre.findInsured({ person })))
        return printRefusal(output, {
          code: "S02",
          reason: { en: "nobody of this number is insured here", zh: "参保人不存在" },
        })
      const credited = await creditNamedMonth(centre, person, args, output)
      if (card) {
        const open = await centre.openCardOrder(person, "load")
        const order = { serial: open ?? randomUUID(), person, kind: "load", ...amountFen } as const
        const loaded = await centre.transferToCard(order, card)
        if (!loaded.ok) return printRefusal(output, loaded)
        output.line(
          output.say({
            en: `Loaded onto the card: ${formatYuan(loaded.amountFen)}`,
            zh: `圈存入卡:${formatYuan(loaded.amountFen)} 元`,
          }),
        )
      }
      const account = (await centre.account(person))!
      output.line(`${output.say({ en: "at the centre", zh: "中心余额" })}  ${formatYuan(account.centreFen)}`)
      output.line(`${output.say({ en: "on the card", zh: "卡内余额" })}  ${formatYuan(account.cardFen)}`)
      output.document({ ok: true, ...(credited && { credited }), account })
      return EXIT.DONE
    }),
  )
}
