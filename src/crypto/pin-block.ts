import { bcdLeft, bcdRight, InputError, toHex } from "../apdu/index.js"
import { type Algorithm, blockDecrypt, blockEncrypt } from "./algorithm.js"
import type { CipherKey } from "./prepared-key.js"

/** `iso0`: ISO 9564-1 format 0, 8 bytes. `sm4`: the same stretched to 16 bytes (host-iso8583 §8). */
export type PinBlockFormat = "iso0" | "sm4"

/**
 * A PIN block before it is enciphered: `0L PIN F..` xor the 12 rightmost PAN digits without the check digit.
 *
 * @param pin 4 to 12 digits
 * @param pan 13 to 19 digits
 * @returns 8 or 16 bytes; secret
 * @throws {InputError} when PIN or PAN are not that; the text tells neither
 * @example encodePinBlock("iso0", "1234", "1234567890123456") // 0412719876FEDCBA
 */
export function encodePinBlock(format: PinBlockFormat, pin: string, pan: string): Uint8Array {
  const length = format === "iso0" ? 8 : 16
  const block = controlBlock(pin, length)
  const panPart = panBlock(pan, length)
  return block.map((byte, i) => byte ^ panPart[i]!)
}

/**
 * The PIN block of DE52: {@link encodePinBlock} enciphered under the terminal's PIN key.
 *
 * @param tpk 16 bytes
 * @returns 8 bytes (3DES) or 16 (SM4)
 * @throws {InputError} as {@link encodePinBlock}
 */
export function encryptPinBlock(algorithm: Algorithm, tpk: CipherKey, pin: string, pan: string): Uint8Array {
  return blockEncrypt(algorithm, tpk, encodePinBlock(formatOf(algorithm), pin, pan))
}

/**
 * Reads the PIN out of an enciphered block.
 *
 * @returns `undefined` when it does not decode: control nibble, length, digits, fill (answer code 99), or size
 * @throws {InputError} when the PAN is not 13 to 19 digits
 */
export function decryptPinBlock(
  algorithm: Algorithm,
  tpk: CipherKey,
  block: Uint8Array,
  pan: string,
): string | undefined {
  const length = formatOf(algorithm) === "iso0" ? 8 : 16
  const panPart = panBlock(pan, length)
  if (block.length !== length) return undefined
  return pinOfControlBlock(blockDecrypt(algorithm, tpk, block).map((byte, i) => byte ^ panPart[i]!))
}

const formatOf = (algorithm: Algorithm): PinBlockFormat => (algorithm === "3des" ? "iso0" : "sm4")

/** `0L PIN F..`: control nibble 0, number of digits, digits, fill. @throws {InputError} unless 4 to 12 digits */
export function controlBlock(pin: string, length: 8 | 16): Uint8Array {
  if (!/^\d{4,12}$/.test(pin)) throw new InputError("pin", "expected 4 to 12 digits")
  const block = new Uint8Array(length)
  block[0] = pin.length
  block.set(bcdLeft(pin, length - 1), 1)
  return block
}

/** The inverse of {@link controlBlock}; `undefined` when it is not one. */
export function pinOfControlBlock(block: Uint8Array): string | undefined {
  const [control, text] = [block[0]!, toHex(block.subarray(1))]
  const pin = text.slice(0, control)
  const isPin = control >= 4 && control <= 12 && /^\d+$/.test(pin) && /^F+$/.test(text.slice(control))
  return isPin ? pin : undefined
}

function panBlock(pan: string, length: number): Uint8Array {
  if (!/^\d{13,19}$/.test(pan)) throw new InputError("pan", "expected 13 to 19 digits")
  return bcdRight(pan.slice(-13, -1), length)
}
