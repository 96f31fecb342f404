import { concat, hex, toHex, uint16, uint32 } from "../../src/apdu/index.js"
import { type Card, type CardRuntimeOptions, createCard, type Profile, parseProfile } from "../../src/card/index.js"
import {
  type Algorithm,
  debitMac1,
  debitSessionKey,
  type MedicalCipher,
  transferMac2,
  transferSessionKey,
} from "../../src/crypto/index.js"
import { deriveTestCardKey } from "../../src/dictionary/index.js"

/** The card of the vectors of card-commands §10.7. */
export const ATR = hex("3B6D000000815431008660110816000001")
export const TERMINAL = hex("320800000001")
export const VERIFY = "0020000003123456"

export const accountKey = (name: string, algorithm: Algorithm = "3des") =>
  deriveTestCardKey(algorithm, name, { atr: ATR, region: "320800" })

/** Runs a command; an answer that waits for GET RESPONSE is fetched. @returns the answer in hex */
export function exchange(card: Card, command: string | Uint8Array): string {
  const answer = card.process(typeof command === "string" ? hex(command) : command)
  if (answer.at(-2) !== 0x61) return toHex(answer)
  return toHex(card.process(concat(0x00, 0xc0, 0x00, 0x00, answer.at(-1)!)))
}

export interface MedicalCardChanges {
  readonly medical?: object
  readonly algorithm?: Algorithm
}

/** A card of the vectors with DF04 current; with `pin` also the PIN verified. */
export function medicalCard(
  { medical = {}, algorithm = "3des" }: MedicalCardChanges = {},
  { pin = true, ...options }: CardRuntimeOptions & { readonly pin?: boolean } = {},
): Card {
  const profile = parseProfile({
    extends: "employee",
    region: "320800",
    atr: { preset: "ssc", serial: "110816000001" },
    medical: { cia: "100.00", spip: "0.00", spfp: "0.00", year: "2024", ...medical },
  })
  const card = createCard({
    profile: { ...profile, algorithm } as Profile,
    seed: "medical",
    onFault: (error) => {
      throw error
    },
    ...options,
  })
  card.powerOn()
  enterAccount(card, pin)
  return card
}

/** SELECT of the SSSE and DF04, and VERIFY. */
export function enterAccount(card: Card, pin = true): void {
  exchange(card, "00A4000002DDF1")
  exchange(card, "00A4000002DF04")
  if (pin) exchange(card, VERIFY)
}

/** What the account holds, as GET BALANCE tells it: needs the PIN. */
export const amounts = (card: Card) =>
  ["B026000104", "B026000206", "B026000306"].map((command) => exchange(card, command).slice(0, -4))

/** When the transactions of a test happen. */
export const MOMENT = hex("20240315093000")

/** INITIALIZE FOR LOAD or UNLOAD. */
export const initializeTransfer = (kind: "load" | "unload", amountFen: number) =>
  concat(hex(kind === "load" ? "B02800010B01" : "B02E00010B01"), uint32(amountFen), TERMINAL)

/** INITIALIZE FOR DEBIT. */
export const initializeDebit = (personalFen: number, pooledFen: number) =>
  concat(hex("B02200010F01"), uint32(personalFen), uint32(pooledFen), TERMINAL)

/** CREDIT FOR LOAD or DEBIT FOR UNLOAD with the right MAC2. @param answer what INITIALIZE answered, in hex */
export function settleTransfer(
  kind: "load" | "unload",
  amountFen: number,
  answer: string,
  { algorithm = "3des", dateTime = MOMENT }: Partial<MedicalCipher> & { readonly dateTime?: Uint8Array } = {},
): Uint8Array {
  const cipher = { algorithm }
  const bytes = hex(answer)
  const key = accountKey(kind === "load" ? "DLK" : "DULK", algorithm)
  const sessionKey = transferSessionKey(cipher, key, bytes.slice(8, 12), bytes.slice(4, 6))
  const type = kind === "load" ? 0x31 : 0x33
  const mac2 = transferMac2(cipher, sessionKey, { amount: uint32(amountFen), type, terminal: TERMINAL, dateTime })
  return concat(hex(kind === "load" ? "B02A00000B" : "B03000000B"), dateTime, mac2)
}

/** DEBIT with the right MAC1. @param answer what INITIALIZE answered, in hex */
export function settleDebit(
  personalFen: number,
  pooledFen: number,
  answer: string,
  { algorithm = "3des", dateTime = MOMENT }: Partial<MedicalCipher> & { readonly dateTime?: Uint8Array } = {},
): Uint8Array {
  const cipher = { algorithm }
  const bytes = hex(answer)
  const sequence = concat(uint16(0), bytes.slice(4, 6))
  const key = accountKey("DPK", algorithm)
  const sessionKey = debitSessionKey(cipher, key, bytes.slice(11, 15), bytes.slice(4, 6), sequence)
  const mac1 = debitMac1(cipher, sessionKey, {
    personal: uint32(personalFen),
    pooled: uint32(pooledFen),
    type: 0x35,
    terminal: TERMINAL,
    dateTime,
  })
  return concat(hex("B02400000F"), sequence, dateTime, mac1)
}

/** Loads money, whole. @returns the TAC and 9000, in hex */
export const loadMoney = (card: Card, amountFen: number) =>
  exchange(card, settleTransfer("load", amountFen, exchange(card, initializeTransfer("load", amountFen))))

/** Takes money out, whole. @returns MAC3 and 9000, in hex */
export const unloadMoney = (card: Card, amountFen: number) =>
  exchange(card, settleTransfer("unload", amountFen, exchange(card, initializeTransfer("unload", amountFen))))

/** Pays, whole. @returns TAC, MAC2 and 9000, in hex */
export const pay = (card: Card, personalFen: number, pooledFen: number, dateTime = MOMENT) =>
  exchange(
    card,
    settleDebit(personalFen, pooledFen, exchange(card, initializeDebit(personalFen, pooledFen)), { dateTime }),
  )
