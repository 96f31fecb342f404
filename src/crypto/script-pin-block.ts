import { assertBytes, concat } from "../apdu/index.js"
import { type Algorithm, blockDecrypt, blockEncrypt } from "./algorithm.js"
import { constantTimeEqual } from "./compare.js"
import { controlBlock, pinOfControlBlock } from "./pin-block.js"
import type { CipherKey } from "./prepared-key.js"

const FILL = Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0)

/**
 * The enciphered data of the issuer script PIN CHANGE/UNBLOCK (financial-emv §22): 08 ‖ block ‖ 80 00.. where the
 * block is `0L PIN F..` xor (00000000 ‖ UDK_AC bytes 4..7), and xor `0L old PIN F..` when P2 is 01.
 *
 * @param sessionKey SK_ENC, 16 bytes
 * @param udkAc 16 bytes
 * @param pin 4 to 12 digits
 * @param oldPin only for a change that needs the old PIN
 * @returns 16 bytes
 * @throws {InputError} when a PIN is not 4 to 12 digits
 */
export function scriptPinBlock(
  algorithm: Algorithm,
  sessionKey: CipherKey,
  udkAc: Uint8Array,
  pin: string,
  oldPin?: string,
): Uint8Array {
  const block = mixed(controlBlock(pin, 8), udkAc, oldPin)
  return blockEncrypt(algorithm, sessionKey, concat(8, block, FILL))
}

/**
 * Reads the new PIN out of {@link scriptPinBlock}.
 *
 * @param block 16 bytes
 * @returns `undefined` when it does not decode
 * @throws {InputError} when the old PIN is not 4 to 12 digits
 */
export function decodeScriptPinBlock(
  algorithm: Algorithm,
  sessionKey: CipherKey,
  udkAc: Uint8Array,
  block: Uint8Array,
  oldPin?: string,
): string | undefined {
  if (block.length !== 16) return undefined
  const clear = blockDecrypt(algorithm, sessionKey, block)
  if (clear[0] !== 8 || !constantTimeEqual(clear.subarray(9), FILL)) return undefined
  return pinOfControlBlock(mixed(clear.subarray(1, 9), udkAc, oldPin))
}

function mixed(block: Uint8Array, udkAc: Uint8Array, oldPin: string | undefined): Uint8Array {
  assertBytes("udkAc", udkAc, 16)
  const old = oldPin === undefined ? undefined : controlBlock(oldPin, 8)
  return block.map((byte, i) => byte ^ (i < 4 ? 0 : udkAc[i]!) ^ (old?.[i] ?? 0))
}
