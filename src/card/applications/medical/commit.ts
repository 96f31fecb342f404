import { concat, readUint16, readUint32, uint16, uint32 } from "../../../apdu/index.js"
import type { Context } from "../../context.js"
import { appendCyclicRecord } from "../../records.js"
import { elementOf, type PendingTransaction, rulesOf } from "./account.js"

/** Short file identifier of the journal of the account (card-structure §9.3). */
const JOURNAL_SFI = 0x08

/** What a transaction leaves in the card. */
export interface Settled {
  readonly transaction: PendingTransaction
  /** The new personal account, 4 bytes. */
  readonly balance: Uint8Array
  /** 7 bytes, BCD. */
  readonly dateTime: Uint8Array
  /** First part of the proof, 4 bytes (card-commands §10.5). */
  readonly mac: Uint8Array
  readonly tac: Uint8Array
  /** New totals of the year, where it is a debit that changes them. */
  readonly totals?: Totals
}

/** Own payments and pooled fund payments with their year, 6 bytes each. */
export interface Totals {
  readonly spip: Uint8Array
  readonly spfp: Uint8Array
}

/**
 * Writes a transaction, all of it or nothing: balance, totals, number, journal record and proof (card-commands §10.4).
 * Happens before the answer.
 */
export function commit(context: Context, { transaction, balance, dateTime, mac, tac, totals }: Settled): void {
  const { memory, directory } = context
  const { kind, terminal, amount, pooled } = transaction
  const type = rulesOf(context).types[kind]
  const counter = elementOf(context, kind === "debit" ? "offlineNumber" : "onlineNumber")
  const number = memory.read(counter)
  memory.transaction(() => {
    memory.write(elementOf(context, "cia").offset, balance)
    if (totals) {
      memory.write(elementOf(context, "spip").offset, totals.spip)
      memory.write(elementOf(context, "spfp").offset, totals.spfp)
    }
    memory.write(counter.offset, uint16(readUint16(number) + 1))
    memory.write(elementOf(context, "proof").offset, concat(type, number, mac, tac))
    const record = concat(number, type, terminal, dateTime, amount, pooled, balance)
    appendCyclicRecord(memory, directory.filesBySfi[JOURNAL_SFI]!, record)
  })
}

/**
 * The totals after a debit: a later year begins at zero, an earlier one changes nothing (card-commands §10.4).
 *
 * @param year 2 bytes, BCD
 * @returns `undefined` where they stay as they are, `overflow` where one no longer fits
 */
export function totalsAfter(
  context: Context,
  personal: Uint8Array,
  pooled: Uint8Array,
  year: Uint8Array,
): Totals | undefined | "overflow" {
  const own = context.memory.read(elementOf(context, "spip"))
  const fund = context.memory.read(elementOf(context, "spfp"))
  const stored = readUint16(own, 4)
  if (readUint16(year) < stored) return undefined
  const base = (total: Uint8Array) => (readUint16(year) > stored ? 0 : readUint32(total))
  const sums = [base(own) + readUint32(personal), base(fund) + readUint32(pooled)] as const
  if (Math.max(...sums) > 0xffff_ffff) return "overflow"
  return { spip: concat(uint32(sums[0]), year), spfp: concat(uint32(sums[1]), year) }
}
