import type { CentreContext } from "../context.js"

/** What a provider says that it settled in a period. */
export interface ReconciliationRequest {
  readonly provider: string
  /** First and last day, YYYYMMDD. */
  readonly from: string
  readonly to: string
  readonly count: number
  readonly fundFen: bigint
  readonly accountFen: bigint
}

/** `000000` balanced, `000103` differs (domain-rules §15); with our figures. */
export interface Reconciliation {
  readonly code: "000000" | "000103"
  readonly count: number
  readonly fundFen: bigint
  readonly accountFen: bigint
  /** Serials that we know as settled, for finding the difference; only when there is one. */
  readonly serials?: readonly string[]
}

/** Compares a provider's sums with ours. */
export async function reconcile(centre: CentreContext, request: ReconciliationRequest): Promise<Reconciliation> {
  const { provider, from, to } = request
  const settled = await centre.store.transaction((rows) =>
    rows.list("medicalSettlements", { claimant: provider, state: "settled" }),
  )
  const ours = settled.filter(({ date }) => from <= date && date <= to)
  const fundFen = ours.reduce((sum, row) => sum + row.fundFen, 0n)
  const accountFen = ours.reduce((sum, row) => sum + row.accountFen + row.familyFen, 0n)
  const isEqual = ours.length === request.count && fundFen === request.fundFen && accountFen === request.accountFen
  const sums = { count: ours.length, fundFen, accountFen }
  return isEqual ? { code: "000000", ...sums } : { code: "000103", ...sums, serials: ours.map(({ serial }) => serial) }
}
