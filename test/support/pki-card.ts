import { concat, hex, toHex } from "../../src/apdu/index.js"
import { type Card, parseProfile } from "../../src/card/index.js"
import {
  encipherPkiMasterKey,
  encipherPkiPin,
  pkiCommandApdu,
  pkiPinKey,
  pkiProof,
  sm2Encrypt,
  sm2PublicKey,
  sm4Encrypt,
  testTransportKey,
} from "../../src/crypto/index.js"
import { exchangeAll } from "./exchange.js"
import { send } from "./financial-card.js"
import { cardOf, type ScriptedChoices } from "./social-security-card.js"

export const SELECT_PKI = "00A404000C504B492EC9E7BBE1B1A3D5CF"
export const SELECT_CERT = "00A404000C53532E434552542E41444631"
export const CHALLENGE_16 = "0084000010"
export const GENERATE = "8040000008C0020012C2020013"
export const MK = toHex(testTransportKey())
/** Private keys of the tests. */
export const KEY_A = "11".repeat(32)
export const KEY_B = "22".repeat(32)

export interface PkiChoices extends ScriptedChoices {
  /** The section `pki` of the profile. */
  readonly pki?: object
}

/** A powered card of version 3.00 with a PKI application, the certificate application selected. */
export function pkiCard({ pki = {}, ...options }: PkiChoices = {}): Card {
  const card = cardOf(parseProfile({ extends: "employee", specVersion: "3.00", algorithm: "sm4", pki }), options)
  exchangeAll(card, [SELECT_CERT])
  return card
}

export const challenge16 = (card: Card): Uint8Array => hex(send(card, CHALLENGE_16).slice(0, 32))

/** A proof for a fresh challenge. @param header VERIFY or EXTERNAL AUTHENTICATE without Lc */
function proof(card: Card, header: string, key: Uint8Array): string {
  return `${header}10${toHex(pkiProof(key, challenge16(card)))}`
}

export const userProof = (card: Card, pin = "123456"): string => proof(card, "00200181", pkiPinKey(hex(pin)))
export const adminProof = (card: Card, pin = "12345678"): string => proof(card, "00200100", pkiPinKey(hex(pin)))
export const masterProof = (card: Card, key = MK): string => proof(card, "00820000", hex(key))

/** What every write needs. */
export function openForWriting(card: Card): void {
  for (const command of [adminProof, masterProof]) exchangeAll(card, [`${command(card)} < 9000`])
}

export function changeAdminPin(card: Card, pin: string, key = MK): string {
  const data = encipherPkiPin(hex(key), hex(pin))
  return toHex(pkiCommandApdu(hex(key), challenge16(card), hex("845E0100"), data))
}

export function updateMasterKey(card: Card, newKey: string, key = MK): string {
  const data = encipherPkiMasterKey(hex(key), hex(newKey))
  return toHex(pkiCommandApdu(hex(key), challenge16(card), hex("84D40100"), data))
}

const command = (header: string, data: Uint8Array) => toHex(concat(hex(header), data.length, data))

/** The digital envelope: an SM4 key for the card's signature pair. */
export function envelopeCommand(publicKey: Uint8Array, key: string): string {
  const envelope = sm2Encrypt(publicKey, hex(key))
  return command("804E0001", concat(hex("C2020013C182"), 0, envelope.length, envelope))
}

/** An encryption pair under the key of the envelope. */
export function importCommand(key: string, privateKey: string): string {
  const pair = concat(sm2PublicKey(hex(privateKey)), hex(privateKey))
  return command("804A0210", concat(hex("C0020014C2020015C1820060"), sm4Encrypt(hex(key), pair)))
}

/** The point in EF 0012, head included. */
export const publicKeyFile = (card: Card): string => {
  exchangeAll(card, ["00A40000020012 < 9000"])
  return send(card, "00B0000042")
}
