import { InputError } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"
import { checkBankCardNumber, computeLuhn } from "../../dictionary/index.js"
import { accountOpened } from "../ledger/events.js"
import { postOnce } from "../ledger/post.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { AccountClass, CardRow, CardState } from "../store/rows.js"
import type { BankContext } from "./context.js"
import { type Fen, toFen } from "./fen.js"
import type { BankTime } from "./time.js"

/** A card that the bank issues, as personalisation hands it over. */
export interface Enrolment {
  /** 13 to 19 digits with a check digit. */
  readonly pan: string
  /** PAN sequence number, two digits; default "00". */
  readonly sequenceNumber?: string
  /** YYMM or YYMMDD. */
  readonly expiry: string
  /** Chinese name, as on the identity card. */
  readonly holderName: string
  readonly holderNameLatin?: string
  /** Tag 9F62 in hex; default "00", identity card. */
  readonly idType?: string
  readonly idNumber: string
  /** Default `notActivated`, as issued. */
  readonly state?: CardState
  /** PIN the card was issued with; without one no PIN is right until activation. */
  readonly pin?: string
  /** Default 0. */
  readonly openingBalanceFen?: Fen
  readonly phone?: string
  /** Default: the class of the region profile. */
  readonly accountClass?: AccountClass
  /** Key index and algorithm of the card's issuer keys; default 1 and "3des". */
  readonly keyIndex?: number
  readonly algorithm?: Algorithm
}

function expect(isRight: boolean, field: string, expected: string): void {
  if (!isRight) throw new InputError(field, `expected ${expected}`)
}

function check({ pan, sequenceNumber = "00", expiry, holderName, idNumber, idType = "00", pin }: Enrolment): void {
  expect(checkBankCardNumber(pan) === undefined, "pan", "13 to 19 digits with a right check digit")
  expect(/^\d{2}$/.test(sequenceNumber), "sequenceNumber", "2 digits")
  expect(/^\d{2}(0[1-9]|1[0-2])(\d{2})?$/.test(expiry), "expiry", "YYMM or YYMMDD")
  expect(holderName.trim() !== "", "holderName", "a name")
  expect(/^[0-9A-Za-z]{1,40}$/.test(idNumber), "idNumber", "1 to 40 letters and digits")
  expect(/^\d{2}$/.test(idType), "idType", "2 digits")
  expect(pin === undefined || /^\d{4,12}$/.test(pin), "pin", "4 to 12 digits")
}

/** Ten digits, the last one checks the others: not the PAN, which changes with the card. */
function accountNumberOf(sequence: number): string {
  const digits = String(sequence).padStart(9, "0")
  return digits + computeLuhn(digits)
}

/**
 * Takes a card and its account into the books; a PAN that is known stays as it is.
 *
 * @returns true when the card is new
 * @throws {InputError} naming the field that is wrong
 */
export async function enroll(
  bank: BankContext,
  rows: BankTransaction,
  enrolment: Enrolment,
  time: BankTime,
): Promise<boolean> {
  check(enrolment)
  if (await rows.get("cards", enrolment.pan)) return false
  const accountNumber = accountNumberOf(await rows.next("account"))
  const accountClass = enrolment.accountClass ?? bank.region.bank.accountClass
  await rows.put("cards", freshCard(bank, enrolment, { accountNumber, accountClass, scriptCount: 0 }))
  const openingFen = toFen("openingBalanceFen", enrolment.openingBalanceFen ?? 0n)
  if (openingFen > 0n) await postOnce(rows, accountOpened(`OPEN-${accountNumber}`, accountNumber, openingFen), time)
  return true
}

/**
 * Issues a card again with the same PAN: the new chip counts from the beginning, state, PIN and holder are as enrolled, and
 * the account with its money stays. A PAN that is not known is enrolled.
 *
 * @returns true when the card is new
 * @throws {InputError} naming the field that is wrong
 */
export async function reissue(
  bank: BankContext,
  rows: BankTransaction,
  enrolment: Enrolment,
  time: BankTime,
): Promise<boolean> {
  check(enrolment)
  const known = await rows.get("cards", enrolment.pan)
  if (!known) return enroll(bank, rows, enrolment, time)
  await rows.put("cards", freshCard(bank, enrolment, known))
  return false
}

/** A card that nobody has used. */
function freshCard(
  bank: BankContext,
  enrolment: Enrolment,
  { accountNumber, accountClass, scriptCount }: Pick<CardRow, "accountNumber" | "accountClass" | "scriptCount">,
): CardRow {
  const { pan, pin } = enrolment
  return {
    pan,
    sequenceNumber: enrolment.sequenceNumber ?? "00",
    expiry: enrolment.expiry.slice(0, 4),
    accountNumber,
    accountClass,
    state: enrolment.state ?? "notActivated",
    listedCode: null,
    holderName: enrolment.holderName.trim(),
    holderNameLatin: enrolment.holderNameLatin ?? "",
    idType: enrolment.idType ?? "00",
    idNumber: enrolment.idNumber,
    phone: enrolment.phone ?? null,
    pinVerifier: pin === undefined ? null : bank.hsm.issuedPinVerifier(pan, pin),
    pinTries: 0,
    pinTriesAt: null,
    lastAtc: null,
    keyIndex: enrolment.keyIndex ?? 1,
    algorithm: enrolment.algorithm ?? "3des",
    // What the chip before this one reports late about its scripts must not change the PIN of this one.
    scriptCount,
    pinScript: scriptCount,
  }
}
