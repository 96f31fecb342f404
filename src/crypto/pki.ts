import { assertBytes, concat } from "../apdu/index.js"
import { constantTimeEqual } from "./compare.js"
import { sm3 } from "./hash.js"
import { pad80, sm4CbcMac, xor4 } from "./mac.js"
import { SECURE_MAC_LENGTH } from "./secure-messaging.js"
import { sm4Decrypt, sm4Encrypt } from "./sm4.js"

const KEY_LENGTH = 16
/** What stands before a new master key: that many bytes follow, three of them zero (card-commands §12). */
const MASTER_KEY_HEAD = Uint8Array.of(0x13, 0, 0, 0)

/** The key that a PIN of the PKI application stands for: the left half of SM3 of its bytes (card-commands §12). */
export function pkiPinKey(pin: Uint8Array): Uint8Array {
  return sm3(pin).slice(0, KEY_LENGTH)
}

/**
 * Proof that one has a PIN, or the master key: SM4 of the card's challenge (card-commands §12).
 *
 * @param key 16 bytes: {@link pkiPinKey}, or the master key
 * @param challenge 16 bytes
 * @returns 16 bytes
 * @throws {RangeError} when a length is wrong
 */
export function pkiProof(key: Uint8Array, challenge: Uint8Array): Uint8Array {
  assertBytes("challenge", challenge, KEY_LENGTH)
  return sm4Encrypt(key, challenge)
}

/** MAC over the header with Lc, and the data; the challenge is where the chain begins. @returns 4 bytes */
export function pkiMac(masterKey: Uint8Array, challenge: Uint8Array, message: Uint8Array): Uint8Array {
  return xor4(sm4CbcMac(masterKey, pad80(message, KEY_LENGTH), challenge))
}

/**
 * A whole command of the PKI application with its MAC (card-commands §12).
 *
 * @param masterKey MKpki, 16 bytes
 * @param challenge 16 bytes, the last one the card gave
 * @param header CLA INS P1 P2
 * @param data as it goes over the line
 * @returns `header ‖ Lc ‖ data ‖ MAC`
 * @throws {RangeError} when a length is wrong
 */
export function pkiCommandApdu(
  masterKey: Uint8Array,
  challenge: Uint8Array,
  header: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  assertBytes("header", header, 4)
  const message = concat(header, data.length + SECURE_MAC_LENGTH, data)
  return concat(message, pkiMac(masterKey, challenge, message))
}

/** The data of the administrator PIN change: SM4 of `length ‖ PIN ‖ 80 00..`. @param pin at most 14 bytes @returns 16 bytes */
export function encipherPkiPin(masterKey: Uint8Array, pin: Uint8Array): Uint8Array {
  return sm4Encrypt(masterKey, oneBlock(concat(pin.length, pin)))
}

/** The inverse of {@link encipherPkiPin}; `undefined` when the block is none. @param data 16 bytes */
export function decipherPkiPin(masterKey: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  const block = sm4Decrypt(masterKey, data)
  const end = 1 + block[0]!
  if (end >= KEY_LENGTH) return undefined
  return constantTimeEqual(block, oneBlock(block.slice(0, end))) ? block.slice(1, end) : undefined
}

/** The data of the master key update: SM4 of `13 000000 ‖ key ‖ 80 00..`. @param newKey 16 bytes @returns 32 bytes */
export function encipherPkiMasterKey(masterKey: Uint8Array, newKey: Uint8Array): Uint8Array {
  assertBytes("newKey", newKey, KEY_LENGTH)
  return sm4Encrypt(masterKey, pad80(concat(MASTER_KEY_HEAD, newKey), KEY_LENGTH))
}

/** The inverse of {@link encipherPkiMasterKey}; `undefined` when the block is none. @param data 32 bytes */
export function decipherPkiMasterKey(masterKey: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  const block = sm4Decrypt(masterKey, data)
  const key = block.slice(MASTER_KEY_HEAD.length, MASTER_KEY_HEAD.length + KEY_LENGTH)
  return constantTimeEqual(block, pad80(concat(MASTER_KEY_HEAD, key), KEY_LENGTH)) ? key : undefined
}

function oneBlock(data: Uint8Array): Uint8Array {
  assertBytes("data", data)
  if (data.length >= KEY_LENGTH) throw new RangeError(`pin: expected at most 14 bytes, got ${data.length - 1}`)
  return pad80(data, KEY_LENGTH)
}
