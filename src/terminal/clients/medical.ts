import { commandApdu, readUint32, ShebaoError, type Transport, toHex } from "../../apdu/index.js"
import { type FieldValue, findDirectory, findFile, socialSecurityTables } from "../../dictionary/index.js"
import { type FileReading, readFile } from "./file-reading.js"
import { selectByFid, selectByName } from "./files.js"
import { type Outcome, send } from "./outcome.js"

/**
 * The amounts of the medical account (card-structure §9.5): CIA, balance of the personal account; SPIP, own payments of
 * the year; SPFP, payments of the pooled fund in the year.
 */
export type MedicalElement = "CIA" | "SPIP" | "SPFP"

export interface MedicalAmount {
  readonly amountFen: number
  /** Year of payment, four digits; CIA has none. */
  readonly year: string | undefined
}

export interface MedicalBalances {
  readonly personalBalanceFen: number
  readonly ownPaymentsFen: number
  readonly ownPaymentsYear: string | undefined
  readonly pooledPaymentsFen: number
  readonly pooledPaymentsYear: string | undefined
}

/** One row of the medical transactions (DF04 EF08, card-structure §9.3). */
export interface MedicalTransaction {
  /** 1 is the newest. */
  readonly record: number
  readonly number: number
  /** `1` load, `3` unload, `5` debit. */
  readonly type: string
  readonly terminalNumber: string
  /** YYYYMMDDhhmmss */
  readonly dateTime: string
  readonly personalAmountFen: number
  readonly pooledAmountFen: number
  readonly balanceAfterFen: number
}

/**
 * The medical account over a card connection that hides 61xx and 6Cxx. All of it needs the PIN of the SSSE. An answer of
 * a length that GET BALANCE does not have is an error with code `CARD_DATA`.
 */
export interface MedicalClient {
  /** SELECT of the SSSE and of DF04 in it. */
  select(): Promise<Outcome>
  getBalance(element: MedicalElement): Promise<Outcome<MedicalAmount>>
  /** CIA, SPIP and SPFP; ends at the first that the card refuses. */
  getBalances(): Promise<Outcome<MedicalBalances>>
  /** Newest first. A record that does not decode is left out; {@link readTransactionFile} shows it. */
  readTransactions(): Promise<Outcome<{ readonly transactions: readonly MedicalTransaction[] }>>
  readTransactionFile(): Promise<FileReading>
}

/** P2 and length of the answer of GET BALANCE, `B0 26 00` (card-commands §10.1). */
const BALANCE_COMMANDS: Readonly<Record<MedicalElement, readonly [p2: number, length: number]>> = {
  CIA: [0x01, 4],
  SPIP: [0x02, 6],
  SPFP: [0x03, 6],
}

const tables = socialSecurityTables("2.00")
const environment = findDirectory(tables, "SSSE")
const directory = findDirectory(tables, "DF04")
const transactionFile = findFile(tables, "DF04", 0xef08)!

/** Makes the client. It keeps no state. @example await medicalClient(card).getBalances() */
export function medicalClient(card: Transport): MedicalClient {
  return {
    async select() {
      const selected = await selectByName(card, environment.aid)
      return selected.ok ? selectByFid(card, directory.fid) : selected
    },
    getBalance: (element) => getBalance(card, element),
    getBalances: () => getBalances(card),
    async readTransactions() {
      const reading = await readFile(card, transactionFile)
      const refusal = reading.refusal ?? reading.missing[0]?.statusWord
      if (refusal !== undefined) return { ok: false, statusWord: refusal }
      return { ok: true, transactions: transactionsOf(reading) }
    },
    readTransactionFile: () => readFile(card, transactionFile),
  }
}

async function getBalance(card: Transport, element: MedicalElement): Promise<Outcome<MedicalAmount>> {
  const [p2, length] = BALANCE_COMMANDS[element]
  const outcome = await send(card, commandApdu(0xb0, 0x26, 0x00, p2, undefined, length))
  if (!outcome.ok) return outcome
  if (outcome.data.length !== length)
    throw new ShebaoError("CARD_DATA", `${element}: expected ${length} bytes, got ${outcome.data.length}`, {
      messageZh: "卡片数据错误",
    })
  const year = length === 6 ? toHex(outcome.data.subarray(4)) : undefined
  return { ok: true, amountFen: readUint32(outcome.data), year }
}

async function getBalances(card: Transport): Promise<Outcome<MedicalBalances>> {
  const personal = await getBalance(card, "CIA")
  if (!personal.ok) return personal
  const own = await getBalance(card, "SPIP")
  if (!own.ok) return own
  const pooled = await getBalance(card, "SPFP")
  if (!pooled.ok) return pooled
  return {
    ok: true,
    personalBalanceFen: personal.amountFen,
    ownPaymentsFen: own.amountFen,
    ownPaymentsYear: own.year,
    pooledPaymentsFen: pooled.amountFen,
    pooledPaymentsYear: pooled.year,
  }
}

function transactionsOf(reading: FileReading): MedicalTransaction[] {
  const records = new Map<number, Record<string, FieldValue | undefined>>()
  for (const { record = 0, field, value } of reading.values) {
    const values = records.get(record) ?? {}
    values[field.id] = value
    records.set(record, values)
  }
  return [...records].map(([record, values]) => ({
    record,
    number: numberOf(values.transactionNumber),
    type: textOf(values.transactionType),
    terminalNumber: textOf(values.terminalNumber),
    dateTime: textOf(values.dateTime),
    personalAmountFen: numberOf(values.personalAmount),
    pooledAmountFen: numberOf(values.pooledAmount),
    balanceAfterFen: numberOf(values.balanceAfter),
  }))
}

const numberOf = (value: FieldValue | undefined): number => (typeof value === "number" ? value : 0)
const textOf = (value: FieldValue | undefined): string => (typeof value === "string" ? value : "")
