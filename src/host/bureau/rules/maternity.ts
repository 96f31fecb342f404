import { formatYuan } from "../../../dictionary/index.js"
import { type BureauRefusal, type BureauStep, divide, Explanation } from "./explain.js"
import { refuse } from "./refusals.js"

export interface MaternityFacts {
  readonly isInsured: boolean
  /** Average monthly base of the employer's last year. */
  readonly averageBaseFen: bigint
  readonly event: "birth" | "early" | "late"
  readonly children?: number
  readonly isDifficult?: boolean
}

/** Days of the national Special Rules, Art. 7: birth, difficult birth, each further child; loss before and after month 4. */
const DAYS = { birth: 98, difficult: 15, furtherChild: 15, early: 15, late: 42 } as const

/** The maternity allowance: employer's average base a day × days of leave. */
export function decideMaternity(
  facts: MaternityFacts,
):
  | { readonly ok: true; readonly days: number; readonly fen: bigint; readonly steps: readonly BureauStep[] }
  | BureauRefusal {
  const { event, children = 1, isDifficult = false, averageBaseFen } = facts
  if (!facts.isInsured) return refuse("M01")
  const isBirth = event === "birth"
  const days = isBirth
    ? DAYS.birth + (isDifficult ? DAYS.difficult : 0) + DAYS.furtherChild * Math.max(0, children - 1)
    : DAYS[event]
  const told = new Explanation()
  const fen = told.money(
    "Art. 2, domain-rules §5.1",
    { zh: "生育津贴", en: "maternity allowance" },
    "",
    "",
    `${formatYuan(averageBaseFen)} ÷ 30 × ${days} d`,
    divide(averageBaseFen * BigInt(days), 30n),
  )
  return { ok: true, days, fen, steps: told.steps }
}
