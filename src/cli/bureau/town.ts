import { businessTime } from "../../dictionary/index.js"
import { loadRegion, openStore, seedTown } from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { inputError } from "../input-error.js"
import { ledgerStore } from "../local-bank.js"
import type { Output } from "../output.js"
import type { BureauArguments } from "./arguments.js"

/** `bureau town --seed N`: fills the database with a small town of synthetic people. */
export async function townCommand(args: BureauArguments, output: Output): Promise<number> {
  if (!/^\d{1,9}$/.test(args.seed)) throw inputError("seed", { en: "expected a number", zh: "应为数字" })
  const store = openStore(ledgerStore(args.database, args))
  try {
    const region = loadRegion(args.region ?? "default")
    const town = await seedTown(store, { seed: Number(args.seed), today: businessTime(Date.now()).date, region })
    const { persons, employers, lines } = town
    output.line(
      output.say({
        en: `${persons.length} synthetic holders, ${employers.length} employers, ${lines} lines of records`,
        zh: `${persons.length} 名虚拟持卡人,${employers.length} 家单位,${lines} 条缴费记录`,
      }),
    )
    output.line(`  ${persons[0]}  ${employers[0]}`)
    output.document({ ok: true, ...town })
    return EXIT.DONE
  } finally {
    await store.close()
  }
}
