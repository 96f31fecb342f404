import type { WithdrawalCode } from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { WithdrawalRow } from "../../store/medical-rows.js"
import { writeAudit } from "../audit.js"
import type { CentreContext, CentreTime } from "../context.js"
import { accountOf } from "../insured.js"
import { personalAccount } from "../ledger/accounts.js"
import type { WithdrawalApplication } from "./application.js"
import type { WithdrawalCheck, WithdrawalFacts, WithdrawalFault } from "./checks.js"

/** A reason that was looked for, for whoever asks why. */
export interface CheckedRule {
  readonly code: WithdrawalCode
  readonly rule: string
  /** Path of the region's parameter that decided; empty when none did. */
  readonly parameter: string
  readonly value: string
  readonly isPassed: boolean
}

/** What a step of a case came to. */
export type WithdrawalOutcome =
  | {
      readonly ok: true
      readonly id: string
      readonly state: WithdrawalRow["state"]
      readonly amountFen: bigint
      readonly interestFen: bigint
      readonly card: WithdrawalRow["card"]
      readonly checks: readonly CheckedRule[]
    }
  | {
      readonly ok: false
      readonly id: string
      readonly state: WithdrawalRow["state"]
      readonly code: WithdrawalCode | "STEP"
      readonly rule: string
      readonly reason: { readonly zh: string; readonly en: string }
      readonly missing?: readonly string[]
      readonly until?: string
      readonly checks: readonly CheckedRule[]
    }

/** Refusals that end a case; the others wait until what they name is mended. */
const FINAL = new Set<WithdrawalCode>(["W01", "W13", "W02", "W10", "W03", "W04", "W05", "W06", "W09"])

export const documentOf = (row: WithdrawalRow) => JSON.parse(row.document) as WithdrawalApplication

/** Credits that came after the event and go back to who paid them (domain-rules §8.2). */
export async function lateCredits(rows: BankTransaction, number: string, eventOn: string | null): Promise<bigint> {
  if (eventOn === null) return 0n
  let lateFen = 0n
  for (const { entry, fen } of await rows.list("medicalLegs", { account: personalAccount(number) })) {
    if (fen > 0n) continue
    const { kind, date } = (await rows.get("medicalEntries", entry))!
    if ((kind === "K1" || kind === "K2") && date > eventOn) lateFen -= fen
  }
  return lateFen
}

async function hasOpenBills(rows: BankTransaction, person: string): Promise<boolean> {
  const visits = await rows.list("visits", { person })
  if (visits.some(({ state, homeArea }) => homeArea === null && (state === "registered" || state === "settling")))
    return true
  return (await rows.list("medicalSettlements", { person, state: "prepared" })).length > 0
}

/** Everything that the checks of a case look at. */
export async function factsOf(
  rows: BankTransaction,
  row: WithdrawalRow,
  asked: Partial<Pick<WithdrawalFacts, "isEventContradicted" | "acceptsPayees">> = {},
): Promise<WithdrawalFacts> {
  const application = documentOf(row)
  const insured = await rows.get("insured", row.person)
  const others = await rows.list("medicalWithdrawals", { person: row.person })
  const account = insured ? await accountOf(rows, insured.number) : { totalFen: 0n }
  const late = insured ? await lateCredits(rows, insured.number, row.eventOn) : 0n
  return {
    application,
    insured,
    hasOtherCase: others.some(({ id, state }) => id !== row.id && state !== "rejected"),
    hasOpenBills: await hasOpenBills(rows, row.person),
    frozenOn: row.frozenOn,
    balanceFen: account.totalFen > late ? account.totalFen - late : 0n,
    isEventContradicted: false,
    acceptsPayees: undefined,
    ...asked,
  }
}

/** The value of a region's parameter, as text. */
function parameterValue(path: string, { region }: CentreTime): string {
  if (path === "") return ""
  const value = path.split(".").reduce((at: unknown, key) => (at as Record<string, unknown>)[key], region)
  return JSON.stringify(value)
}

/** Looks for each reason in turn. */
export function runChecks(
  checks: readonly WithdrawalCheck[],
  facts: WithdrawalFacts,
  time: CentreTime,
): { fault?: WithdrawalFault & Pick<WithdrawalCheck, "code" | "rule">; checked: CheckedRule[] } {
  const checked: CheckedRule[] = []
  for (const { code, rule, parameter, find } of checks) {
    const fault = find(facts, time)
    checked.push({ code, rule, parameter, value: parameterValue(parameter, time), isPassed: fault === undefined })
    if (fault) return { fault: { ...fault, code, rule }, checked }
  }
  return { checked }
}

export const went = (row: WithdrawalRow, checks: readonly CheckedRule[] = []): WithdrawalOutcome => ({
  ok: true,
  id: row.id,
  state: row.state,
  amountFen: row.amountFen,
  interestFen: row.interestFen,
  card: row.card,
  checks,
})

/** The case is not at this step. */
export const wrongStep = (id: string, state: WithdrawalRow["state"]): WithdrawalOutcome => ({
  ok: false,
  id,
  state,
  code: "STEP",
  rule: "domain-rules §8.2",
  reason: { zh: "案件不在此步骤", en: "the case is not at this step" },
  checks: [],
})

/** Keeps a case at its new state, with a note of who brought it there. */
export async function keep(
  rows: BankTransaction,
  row: WithdrawalRow,
  operator: string,
  time: CentreTime,
  result: string = row.state,
): Promise<void> {
  await rows.put("medicalWithdrawals", row)
  const { channel } = documentOf(row)
  const subject = (await rows.get("insured", row.person))?.number ?? "unknown"
  const note = { actor: operator, channel, subject, object: `withdrawal ${row.id}`, purpose: row.condition, result }
  await writeAudit(rows, note, time)
}

/** Runs the checks of a step; a refusal that ends the case is kept. */
export async function refuseStep(
  rows: BankTransaction,
  row: WithdrawalRow,
  { checks, facts, operator }: { checks: readonly WithdrawalCheck[]; facts: WithdrawalFacts; operator: string },
  time: CentreTime,
): Promise<{ refusal?: WithdrawalOutcome; checked: CheckedRule[] }> {
  const { fault, checked } = runChecks(checks, facts, time)
  if (!fault) return { checked }
  const { zh, en, code, rule, missing, until } = fault
  const kept = FINAL.has(code) ? { ...row, state: "rejected" as const, code } : row
  await keep(rows, kept, operator, time, code)
  const refusal: WithdrawalOutcome = {
    ok: false,
    id: row.id,
    state: kept.state,
    code,
    rule,
    reason: { zh, en },
    ...(missing && { missing }),
    ...(until !== undefined && { until }),
    checks: checked,
  }
  return { refusal, checked }
}

/** A row of a case and the moment, in one transaction. */
export function onCase(
  centre: CentreContext,
  id: string,
  states: readonly WithdrawalRow["state"][],
  body: (rows: BankTransaction, row: WithdrawalRow) => Promise<WithdrawalOutcome>,
): Promise<WithdrawalOutcome> {
  return centre.store.transaction(async (rows) => {
    const row = await rows.get("medicalWithdrawals", id)
    if (!row) return wrongStep(id, "draft")
    return states.includes(row.state) ? body(rows, row) : wrongStep(id, row.state)
  })
}
