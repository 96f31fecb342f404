import { hex } from "../apdu/index.js"
import type { Algorithm } from "./algorithm.js"
import { sha256 } from "./hash.js"

/**
 * A public, worthless master key of the social security test cards (card-structure §16.6).
 *
 * @param id PSAM id as two upper-case hex digits (`08`, `2D`), or `SSSE.MK`, `DF01.STK`, `DF01.MK`
 * @returns 16 bytes
 * @example testMasterKey("3des", "08") // IRK: 14E45662...
 */
export function testMasterKey(algorithm: Algorithm, id: string): Uint8Array {
  return sha256(asciiBytes(`shebao/test-master-key/${algorithm}/${id}`)).slice(0, 16)
}

/** Transport key of blank cards and SAMs (card-structure §16.6). @returns 16 bytes */
export const testTransportKey = (): Uint8Array => hex("01020304050607081112131415161718")

/** Issuer master keys of the default financial profile: IMK_AC, IMK_MAC, IMK_ENC (financial-emv §13). */
export const testIssuerMasterKeys = (): { ac: Uint8Array; mac: Uint8Array; enc: Uint8Array } => ({
  ac: hex("A0A1A2A3A4A5A6A7B0B1B2B3B4B5B6B7"),
  mac: hex("C0C1C2C3C4C5C6C7D0D1D2D3D4D5D6D7"),
  enc: hex("E0E1E2E3E4E5E6E7F0F1F2F3F4F5F6F7"),
})

/** Keys of the default terminal: master, PIN and MAC key (host-iso8583 §10 V-C4). */
export const testTerminalKeys = (): { tmk: Uint8Array; tpk: Uint8Array; tak: Uint8Array } => ({
  tmk: hex("11111111111111112222222222222222"),
  tpk: hex("0123456789ABCDEFFEDCBA9876543210"),
  tak: hex("FEDCBA98765432100123456789ABCDEF"),
})

/** SM2 private key with which the medical centre of the tests signs what drivers read (driver-api §9.1). @returns 32 bytes */
export const testMedicalCentreKey = (): Uint8Array => sha256(asciiBytes("shebao/test-medical-centre/sm2"))

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
