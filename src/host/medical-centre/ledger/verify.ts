import type { BankStore } from "../../store/bank-store.js"
import type { MedicalEntryRow, MedicalLegRow } from "../../store/medical-rows.js"
import { groupOf, KINDS, mayNotBeOverdrawn } from "./accounts.js"

/** What the book of the medical funds says. */
export interface MedicalLedgerCheck {
  readonly ok: boolean
  /** One sentence for each broken invariant. */
  readonly violations: readonly string[]
  readonly entries: number
  /** Credit balance of each group of accounts: 2101 personal accounts, 3101 pooled fund ... */
  readonly groupsFen: ReadonlyMap<string, bigint>
}

type Report = (text: string) => void

function checkEntries(entries: readonly MedicalEntryRow[], legs: ReadonlyMap<number, MedicalLegRow[]>, report: Report) {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const reversed = new Set<number>()
  for (const { id, kind, key, reverses } of entries) {
    const own = legs.get(id) ?? []
    const name = `entry ${id} (${kind} of ${key})`
    if (own.reduce((sum, { fen }) => sum + fen, 0n) !== 0n) report(`${name} is not balanced`)
    const rule = KINDS[kind]
    for (const { account, fen } of own)
      if (fen === 0n || !(fen > 0n ? rule?.debit : rule?.credit)?.includes(groupOf(account)))
        report(`${name} may not touch ${groupOf(account)} so`)
    if (reverses === null) continue
    const original = byId.get(reverses)
    if (!original || original.id >= id) report(`${name} reverses no earlier entry`)
    if (reversed.has(reverses)) report(`entry ${reverses} is reversed twice`)
    reversed.add(reverses)
    const volume = (rows: readonly MedicalLegRow[]) => rows.reduce((sum, { fen }) => (fen > 0n ? sum + fen : sum), 0n)
    if (volume(own) !== volume(legs.get(reverses) ?? [])) report(`${name} reverses another amount than was posted`)
  }
}

/**
 * Checks the whole book of the medical funds: every entry balanced and of a lawful kind, no account overdrawn in any prefix
 * of the journal, balances equal to their legs, nothing reversed twice, nothing waiting for a card that has its answer,
 * nothing posted that no settlement tells of.
 */
export async function verifyMedicalLedger(store: BankStore): Promise<MedicalLedgerCheck> {
  return store.transaction(async (rows) => {
    const entries = await rows.list("medicalEntries")
    const allLegs = await rows.list("medicalLegs")
    const violations: string[] = []
    const report: Report = (text) => violations.push(text)
    const legs = new Map<number, MedicalLegRow[]>()
    const sums = new Map<string, bigint>()
    for (const leg of allLegs) {
      const known = legs.get(leg.entry)
      if (known) known.push(leg)
      else legs.set(leg.entry, [leg])
      const sum = (sums.get(leg.account) ?? 0n) + leg.fen
      sums.set(leg.account, sum)
      if (sum > 0n && mayNotBeOverdrawn(leg.account))
        report(`${groupOf(leg.account)} is overdrawn by entry ${leg.entry}`)
    }
    checkEntries(entries, legs, report)
    for (const { account, fen } of await rows.list("medicalBalances")) {
      if ((sums.get(account) ?? 0n) !== fen) report(`${groupOf(account)} is kept as ${fen}, its legs say otherwise`)
      sums.delete(account)
    }
    for (const [account, sum] of sums) if (sum !== 0n) report(`${groupOf(account)} has legs, but no balance`)
    await checkSettlements()

    async function checkSettlements(): Promise<void> {
      const kinds = new Map<string, Set<string>>()
      for (const { key, kind } of entries) kinds.set(key, (kinds.get(key) ?? new Set()).add(kind))
      const lawful = { prepared: "S2", settled: "S1|S2 S3|X1", cancelled: "S2 S4", reversed: "S1 S5|S2 S3 S5|X1 X2" }
      const known = new Set<string>()
      for (const { serial, state } of await rows.list("medicalSettlements")) {
        known.add(serial)
        const posted = [...(kinds.get(serial) ?? [])].sort().join(" ")
        if (!lawful[state].split("|").includes(posted))
          report(`settlement ${serial} is ${state} with ${posted || "nothing"}`)
      }
      for (const { key, kind } of entries)
        if (/^[SX]/.test(kind) && !known.has(key)) report(`${kind} of ${key} belongs to no settlement`)
    }

    const groupsFen = new Map<string, bigint>()
    for (const { account, fen } of allLegs)
      groupsFen.set(groupOf(account), (groupsFen.get(groupOf(account)) ?? 0n) - fen)
    return { ok: violations.length === 0, violations, entries: entries.length, groupsFen }
  })
}
