import {
  assertInteger,
  bcdDigits,
  bcdRight,
  concat,
  encodeTlv,
  InputError,
  isBcd,
  parseTlv,
  readUint16,
  readUint32,
  uint16,
  uint32,
} from "../../apdu/index.js"
import { fenDigits } from "../money.js"

/** How notes left the terminal or came into it. */
export type DispenseOutcome = "taken" | "partial" | "retracted" | "unknown" | "stored" | "returned"

/** Notes of one denomination. */
export interface NoteCount {
  readonly denominationYuan: number
  readonly count: number
}

/** Number and sum of one kind of transaction in a batch. */
export interface BatchTotal {
  readonly count: number
  readonly amountFen: number
}

/** Totals of a batch, in the order of DF0D (host-iso8583 §19). */
export interface BatchTotals {
  readonly withdrawals: BatchTotal
  readonly deposits: BatchTotal
  readonly reversals: BatchTotal
  readonly retracts: BatchTotal
}

/** One movement of an account in a statement. */
export interface StatementLine {
  /** YYYYMMDD, the business day. */
  readonly date: string
  /** The event, two characters, as the bank's book names it: W1, C1 ... */
  readonly kind: string
  /** > 0 came in, < 0 went out. */
  readonly amountFen: number
  readonly balanceFen: number
}

/** Private data of DE48 (host-iso8583 §4.6). */
export interface PrivateData {
  /** DF01: the card's ATC, 2 bytes. */
  readonly atc?: Uint8Array
  /** DF02: the card's challenge that anchors the scripts, 8 bytes. */
  readonly challenge?: Uint8Array
  /** DF03: document type as in tag 9F62, 2 digits. */
  readonly documentType?: string
  /** DF04. */
  readonly identityNumber?: string
  /** DF05, UTF-8. */
  readonly name?: string
  /** DF06: the new PIN block of a PIN change, 8 or 16 bytes. */
  readonly newPinBlock?: Uint8Array
  /** DF07. */
  readonly teller?: string
  /** DF08: the second person. */
  readonly authorisingTeller?: string
  /** DF09, UTF-8. */
  readonly remark?: string
  /** DF0A. */
  readonly dispenseOutcome?: DispenseOutcome
  /** DF0B. */
  readonly notes?: readonly NoteCount[]
  /** DF0C. */
  readonly pinTriesLeft?: number
  /** DF0D. */
  readonly totals?: BatchTotals
  /** DF0E. */
  readonly feeFen?: number
  /** DF0F, an addition of ours: each line date n8, event an2, C or D, amount n12, balance n12. */
  readonly statement?: readonly StatementLine[]
}

const OUTCOMES: readonly DispenseOutcome[] = ["taken", "partial", "retracted", "unknown", "stored", "returned"]
const TOTALS = ["withdrawals", "deposits", "reversals", "retracts"] as const
const TOTAL_LENGTH = 10

/** Writes DE48: the data that are there, by rising tag. */
export function encodePrivateData(data: PrivateData): Uint8Array {
  const parts: Uint8Array[] = []
  const add = <Value>(tag: number, value: Value | undefined, encode: (value: Value) => Uint8Array) => {
    if (value !== undefined) parts.push(encodeTlv(tag, encode(value)))
  }
  add(0xdf01, data.atc, (bytes) => bytes)
  add(0xdf02, data.challenge, (bytes) => bytes)
  add(0xdf03, data.documentType, (digits) => bcdRight(digits, 1, "documentType"))
  add(0xdf04, data.identityNumber, utf8)
  add(0xdf05, data.name, utf8)
  add(0xdf06, data.newPinBlock, (bytes) => bytes)
  add(0xdf07, data.teller, utf8)
  add(0xdf08, data.authorisingTeller, utf8)
  add(0xdf09, data.remark, utf8)
  add(0xdf0a, data.dispenseOutcome, (outcome) => Uint8Array.of(OUTCOMES.indexOf(outcome) + 1))
  add(0xdf0b, data.notes, (notes) =>
    concat(...notes.flatMap(({ denominationYuan, count }) => [uint16(denominationYuan), uint16(count)])),
  )
  add(0xdf0c, data.pinTriesLeft, (tries) => {
    assertInteger("pinTriesLeft", tries, 0, 255)
    return Uint8Array.of(tries)
  })
  add(0xdf0d, data.totals, (totals) =>
    concat(...TOTALS.flatMap((kind) => [uint32(totals[kind].count), money(totals[kind].amountFen)])),
  )
  add(0xdf0e, data.feeFen, money)
  add(0xdf0f, data.statement, (lines) => concat(...lines.map(statementLine)))
  return concat(...parts)
}

/**
 * Reads DE48. Tags that are not known are passed over.
 *
 * @throws {InputError} naming DE48, when it is no BER-TLV or a value has a wrong form
 */
export function decodePrivateData(bytes: Uint8Array): PrivateData {
  const data: { -readonly [Key in keyof PrivateData]: PrivateData[Key] } = {}
  for (const { tag, value } of objectsOf(bytes)) {
    switch (tag) {
      case 0xdf01:
        data.atc = exactly(value, 2)
        break
      case 0xdf02:
        data.challenge = exactly(value, 8)
        break
      case 0xdf03:
        data.documentType = decimal(exactly(value, 1))
        break
      case 0xdf04:
        data.identityNumber = text(value)
        break
      case 0xdf05:
        data.name = text(value)
        break
      case 0xdf06:
        data.newPinBlock = exactly(value, 8, 16)
        break
      case 0xdf07:
        data.teller = text(value)
        break
      case 0xdf08:
        data.authorisingTeller = text(value)
        break
      case 0xdf09:
        data.remark = text(value)
        break
      case 0xdf0a:
        data.dispenseOutcome = OUTCOMES[exactly(value, 1)[0]! - 1] ?? refuse("expected 1 to 6 as outcome")
        break
      case 0xdf0b:
        data.notes = readNotes(value)
        break
      case 0xdf0c:
        data.pinTriesLeft = exactly(value, 1)[0]!
        break
      case 0xdf0d:
        data.totals = readTotals(exactly(value, TOTALS.length * TOTAL_LENGTH))
        break
      case 0xdf0e:
        data.feeFen = Number(decimal(exactly(value, 6)))
        break
      case 0xdf0f:
        data.statement = readStatement(value)
        break
    }
  }
  return data
}

function objectsOf(bytes: Uint8Array) {
  try {
    return parseTlv(bytes)
  } catch (cause) {
    throw new InputError("DE48", "expected well-formed BER-TLV", { cause })
  }
}

function readNotes(value: Uint8Array): NoteCount[] {
  if (value.length % 4 !== 0) refuse("expected 4 bytes for each denomination")
  return Array.from({ length: value.length / 4 }, (_, i) => ({
    denominationYuan: readUint16(value, 4 * i),
    count: readUint16(value, 4 * i + 2),
  }))
}

const STATEMENT_LINE = 19

function statementLine({ date, kind, amountFen, balanceFen }: StatementLine): Uint8Array {
  const sign = amountFen < 0 ? "D" : "C"
  return concat(bcdRight(date, 4), utf8(kind.padEnd(2) + sign), money(Math.abs(amountFen)), money(balanceFen))
}

function readStatement(value: Uint8Array): StatementLine[] {
  if (value.length % STATEMENT_LINE !== 0) refuse(`expected ${STATEMENT_LINE} bytes for each line of a statement`)
  return Array.from({ length: value.length / STATEMENT_LINE }, (_, i) => {
    const line = value.subarray(i * STATEMENT_LINE, (i + 1) * STATEMENT_LINE)
    const event = text(line.subarray(4, 7))
    const amountFen = Number(decimal(line.subarray(7, 13)))
    return {
      date: decimal(line.subarray(0, 4)),
      kind: event.slice(0, 2).trim(),
      amountFen: event[2] === "D" ? -amountFen : amountFen,
      balanceFen: Number(decimal(line.subarray(13))),
    }
  })
}

function readTotals(value: Uint8Array): BatchTotals {
  const totalAt = (at: number): BatchTotal => ({
    count: readUint32(value, at),
    amountFen: Number(decimal(value.subarray(at + 4, at + TOTAL_LENGTH))),
  })
  return {
    withdrawals: totalAt(0),
    deposits: totalAt(TOTAL_LENGTH),
    reversals: totalAt(2 * TOTAL_LENGTH),
    retracts: totalAt(3 * TOTAL_LENGTH),
  }
}

const money = (fen: number) => bcdRight(fenDigits(fen), 6)
const utf8 = (value: string) => new TextEncoder().encode(value)

function text(value: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value)
  } catch {
    return refuse("expected text in UTF-8")
  }
}

function decimal(value: Uint8Array): string {
  return isBcd(value) ? bcdDigits(value) : refuse("expected packed decimal digits")
}

function exactly(value: Uint8Array, ...lengths: number[]): Uint8Array {
  return lengths.includes(value.length)
    ? value.slice()
    : refuse(`expected a value of ${lengths.join(" or ")} bytes, got ${value.length}`)
}

function refuse(what: string): never {
  throw new InputError("DE48", what)
}
