import { encodePrivateData, type StatementLine } from "../../dictionary/index.js"
import { customerAccount } from "../ledger/accounts.js"
import type { CardRow } from "../store/rows.js"
import type { Decision, TerminalRequest } from "./context.js"
import type { FlowRules } from "./flows.js"

/** As many as a machine shows on one page. */
const LINES = 10

/** The last movements of the account with the balance after each, newest first; nothing is posted. */
export async function statement({ rows }: TerminalRequest, { flow }: FlowRules, card: CardRow): Promise<Decision> {
  const legs = await rows.list("legs", { account: customerAccount(card.accountNumber) })
  const lines: StatementLine[] = []
  let balanceFen = 0n
  for (const [index, leg] of legs.entries()) {
    balanceFen -= leg.fen
    if (index < legs.length - LINES) continue
    const entry = await rows.get("entries", leg.entry)
    lines.unshift({
      date: entry!.businessDate,
      kind: entry!.kind,
      amountFen: Number(-leg.fen),
      balanceFen: Number(balanceFen),
    })
  }
  const fields = { 48: encodePrivateData({ statement: lines }) }
  return { code: "00", fields, state: "approved", flow, amountFen: 0n, entry: null }
}
