import { endTransfer } from "./account/load.js"
import { writeAudit } from "./audit.js"
import { type CentreContext, centreTime } from "./context.js"
import { claimAccount } from "./ledger/accounts.js"
import { endWaiting } from "./settlement/settle.js"

/** What staff found out about an order whose card is lost, broken or never comes back. */
export interface CardOrderResolution {
  readonly serial: string
  /** Whether the card did it: its journal, a proof that came late, or a copy of it says so. */
  readonly isCommitted: boolean
  readonly operator: string
  readonly purpose: string
}

const NO_PROOF = new Uint8Array(0)
const NOT_DONE = { zh: "经查卡片未执行", en: "staff found that the card did not do it" }

/** Ends an order that waits for its card, so that neither the bill nor the account waits for ever. It is written down. */
export async function resolveCardOrder(
  centre: CentreContext,
  { serial, isCommitted, operator, purpose }: CardOrderResolution,
): Promise<boolean> {
  const time = centreTime(centre)
  const outcome = isCommitted
    ? ({ outcome: "done", proof: NO_PROOF } as const)
    : ({ outcome: "refused", reason: NOT_DONE } as const)
  return centre.store.transaction(async (rows) => {
    const order = await rows.get("medicalCardOrders", serial)
    if (order?.state !== "prepared") return false
    if (order.kind === "debit") {
      const { claimant, visit } = (await rows.get("medicalSettlements", serial))!
      const mark = async (_: typeof rows, state: "settling" | "settled" | "registered") =>
        rows.put("visits", { ...(await rows.get("visits", visit))!, state })
      await endWaiting(rows, { serial, mark }, claimAccount(claimant), outcome, time)
    } else await endTransfer(rows, serial, outcome, time)
    const subject = (await rows.get("insured", order.person))!.number
    const result = isCommitted ? "done" : "cancelled"
    const object = `${order.kind} ${serial}`
    await writeAudit(rows, { actor: operator, channel: "window", subject, object, purpose, result }, time)
    return true
  })
}
