import { concat, hex, toHex } from "../../src/apdu/index.js"
import { type Card, type CardRuntimeOptions, cardFromLayout, compileLayout } from "../../src/card/index.js"
import { parseProfile, profileToSpec } from "../../src/card/profile/index.js"
import {
  type Algorithm,
  arpcMethod1,
  pbocSessionKey,
  scriptMac,
  scriptPinBlock,
  testIssuerMasterKeys,
  udkOptionA,
} from "../../src/crypto/index.js"

export const PAN = "6217000000000000046"
export const PSN = "01"
export const SELECT_FINANCIAL = "00A4040008A000000333010101"
export const GPO = "80A800000B830900000000050000015600"

/** The 52 bytes of CDOL1 in V-B10: 500.00 yuan at the default ATM. */
export const CDOL_VALUES =
  "000000050000000000000000015600000480000156251120011122334410300053484542414F20544553542041544D2030303031"

/** Changes to the financial section of the profile `employee`. */
export type FinancialChanges = Readonly<Record<string, unknown>>

/** A powered card of the profile `employee` with changes to its financial section. */
export function financialCard(changes: FinancialChanges = {}, options: CardRuntimeOptions = {}): Card {
  const profile = parseProfile({ extends: "employee", financial: changes })
  const card = cardFromLayout(compileLayout(profileToSpec(profile)), {
    seed: "financial",
    onFault: (error) => {
      throw error
    },
    ...options,
  })
  card.powerOn()
  return card
}

/** A card in the hand of a holder whose account is active, and who used it before. */
export const activeCard = (changes: FinancialChanges = {}, options: CardRuntimeOptions = {}) =>
  financialCard({ state: "active", data: { "9F36": "0006", "9F13": "0006" }, ...changes }, options)

/** Sends a command as a T=0 reader does: fetches what waits, sends again with the right Le. Answers in hex. */
export function send(card: Pick<Card, "process">, command: string): string {
  let sent = hex(command)
  let answer = card.process(sent)
  let data: Uint8Array = new Uint8Array(0)
  for (;;) {
    const sw1 = answer[answer.length - 2]!
    const sw2 = answer[answer.length - 1]!
    if (sw1 === 0x6c) {
      sent = concat(sent.subarray(0, 4), sw2)
      answer = card.process(sent)
      continue
    }
    data = concat(data, answer.subarray(0, -2))
    if (sw1 !== 0x61) return toHex(concat(data, answer.subarray(-2)))
    answer = card.process(Uint8Array.of(0, 0xc0, 0, 0, sw2))
  }
}

/** Status word of a command, in hex. */
export const status = (card: Pick<Card, "process">, command: string): string => send(card, command).slice(-4)

/** SELECT of the application. @returns the status word */
export const select = (card: Pick<Card, "process">): string => status(card, SELECT_FINANCIAL)

/** What GENERATE AC answers, taken apart. */
export interface CryptogramAnswer {
  readonly cid: string
  readonly counter: string
  readonly cryptogram: Uint8Array
  readonly cvr: string
  readonly sw: string
}

/** GENERATE AC. @param kind 80 ARQC, 40 TC, 00 AAC @param responseCode hex, for the second one */
export function generateAc(
  card: Pick<Card, "process">,
  kind: "80" | "40" | "00",
  responseCode = "",
  values = CDOL_VALUES,
): CryptogramAnswer {
  const data = responseCode + values
  const length = (data.length / 2).toString(16).padStart(2, "0")
  const answer = send(card, `80AE${kind}00${length}${data}00`)
  return {
    cid: answer.slice(4, 6),
    counter: answer.slice(6, 10),
    cryptogram: hex(answer.length > 4 ? answer.slice(10, 26) : ""),
    cvr: answer.slice(32, 40),
    sw: answer.slice(-4),
  }
}

/** A transaction of an active card up to its ARQC, which is the anchor of its scripts. */
export function onlineCard(changes: FinancialChanges = {}): { card: Card; arqc: CryptogramAnswer } {
  const card = activeCard(changes)
  select(card)
  send(card, GPO)
  return { card, arqc: generateAc(card, "80") }
}

/** Keys that the issuer derives for a card and a counter value. */
export function issuerKeys(counter: string, pan = PAN, psn = PSN, algorithm: Algorithm = "3des") {
  const masters = testIssuerMasterKeys()
  const udk = (master: Uint8Array) => udkOptionA(algorithm, master, pan, psn)
  const session = (master: Uint8Array) => pbocSessionKey(algorithm, udk(master), hex(counter))
  return {
    udkAc: udk(masters.ac),
    ac: session(masters.ac),
    mac: session(masters.mac),
    enc: session(masters.enc),
  }
}

/** EXTERNAL AUTHENTICATE with the right issuer cryptogram, or with a wrong one. @returns the status word */
export function externalAuthenticate(card: Pick<Card, "process">, arqc: CryptogramAnswer, right = true): string {
  const arpc = arpcMethod1("3des", issuerKeys(arqc.counter).ac, arqc.cryptogram, hex("3030"))
  if (!right) arpc[0]! ^= 1
  return status(card, `008200000A${toHex(arpc)}3030`)
}

/** An issuer script command with its MAC. @param header four bytes in hex @param anchor first cryptogram, or challenge */
export function scriptCommand(
  counter: string,
  anchor: Uint8Array,
  header: string,
  data: Uint8Array = new Uint8Array(0),
): string {
  const full = concat(hex(header), data.length + 4)
  const mac = scriptMac("3des", issuerKeys(counter).mac, full, hex(counter), anchor, data)
  return toHex(concat(full, data, mac))
}

/** PIN CHANGE with P2 01 or 02. */
export function pinChange(counter: string, anchor: Uint8Array, pin: string, oldPin?: string): string {
  const { enc, udkAc } = issuerKeys(counter)
  const header = oldPin === undefined ? "84240002" : "84240001"
  return scriptCommand(counter, anchor, header, scriptPinBlock("3des", enc, udkAc, pin, oldPin))
}

/** The challenge of an unblocking session. */
export const challenge = (card: Pick<Card, "process">): Uint8Array => hex(send(card, "0084000008").slice(0, 16))

/** Value of a data object by GET DATA, in hex; the status word when there is none. */
export function getData(card: Pick<Card, "process">, tag: string): string {
  const answer = send(card, `80CA${tag}00`)
  return answer.length === 4 ? answer : answer.slice(6, -4)
}

/** A whole on-line approval; for tests that need a card with a past. */
export function approve(card: Pick<Card, "process">): CryptogramAnswer {
  select(card)
  status(card, GPO)
  const arqc = generateAc(card, "80")
  externalAuthenticate(card, arqc)
  return generateAc(card, "40", "3030")
}
