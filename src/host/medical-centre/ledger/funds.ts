import { type CentreContext, centreTime } from "../context.js"
import { FUND_CASH } from "./accounts.js"
import { credit, debit, postMedical } from "./post.js"

/**
 * Endows funds, or covers their deficit, once under a key.
 *
 * @param fundsFen by account: 3101 pooled, 3102 large amount, 3103 major illness, 3104 civil servants, 3105 medical aid
 * @returns false when this key was used before
 * @example await endowFunds(centre, "2025", { "3101": 100_000_000n })
 */
export async function endowFunds(
  centre: CentreContext,
  key: string,
  fundsFen: Readonly<Record<string, bigint>>,
): Promise<boolean> {
  const time = centreTime(centre)
  const totalFen = Object.values(fundsFen).reduce((sum, fen) => sum + fen, 0n)
  const legs = [debit(FUND_CASH, totalFen), ...Object.entries(fundsFen).map(([account, fen]) => credit(account, fen))]
  return centre.store.transaction(
    async (rows) => (await postMedical(rows, { key, kind: "F0", legs }, time)) !== undefined,
  )
}
