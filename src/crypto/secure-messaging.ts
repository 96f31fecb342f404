import { assertBytes, assertInteger, concat } from "../apdu/index.js"
import { type Algorithm, blockDecrypt, blockEncrypt, blockSizeOf } from "./algorithm.js"
import { constantTimeEqual } from "./compare.js"
import { desDecrypt, desEncrypt } from "./des.js"
import { mac4, type Sm4MacForm } from "./mac.js"
import { challengeSessionKey } from "./session-keys.js"

/** Bytes of the MAC at the end of a command of class 04 or 84. */
export const SECURE_MAC_LENGTH = 4
/** Most data bytes of a short command. */
const LONGEST_DATA = 255
/** Bytes of a key block behind its length: usage, key number, six of zero, the key (card-commands §13). */
const KEY_BLOCK_LENGTH = 24
const KEY_AT = 9

/**
 * A whole command with its MAC (card-commands §7.1): the session key is the key under the card's last challenge, the MAC
 * covers `CLA INS P1 P2 Lc data` with Lc counting the MAC as well, IV zero.
 *
 * @param key 16 bytes: the STK of the current directory, or the master key that writes a key
 * @param challenge 8 bytes, the last one the card gave
 * @param header CLA INS P1 P2
 * @param data enciphered already, or in the clear
 * @param encipher true: `data` begins with its length byte and is enciphered under the session key first
 * @param form how an SM4 MAC becomes 4 bytes
 * @returns `header ‖ Lc ‖ data ‖ MAC`, without Le
 * @throws {RangeError} when a length is wrong
 * @example secureCommandApdu("3des", stk, challenge, hex("84240001"), hex("03123456"), true) // 842400010C...
 */
export function secureCommandApdu(
  algorithm: Algorithm,
  key: Uint8Array,
  challenge: Uint8Array,
  header: Uint8Array,
  data: Uint8Array = new Uint8Array(0),
  encipher = false,
  form: Sm4MacForm = "xor4",
): Uint8Array {
  assertBytes("header", header, 4)
  assertBytes("data", data)
  const sessionKey = challengeSessionKey(algorithm, key, challenge)
  const field = encipher ? encipherSecureData(algorithm, sessionKey, data) : data
  assertInteger("data.length", field.length, 0, LONGEST_DATA - SECURE_MAC_LENGTH)
  const message = concat(header, field.length + SECURE_MAC_LENGTH, field)
  return concat(message, mac4(algorithm, sessionKey, message, form))
}

/**
 * Enciphers a data field under a session key: ECB, with 80 00.. behind it where it ends with no whole block
 * (card-commands §5.3).
 *
 * @param sessionKey 8 bytes (3DES cards) or 16 (SM4)
 * @param data begins with its length byte, as a PIN block `03 123456` does
 * @throws {RangeError} when a length is wrong or the length byte does not fit
 */
export function encipherSecureData(algorithm: Algorithm, sessionKey: Uint8Array, data: Uint8Array): Uint8Array {
  const padded = padLengthBlock(data, blockSizeOf(algorithm))
  return algorithm === "3des" ? desEncrypt(sessionKey, padded) : blockEncrypt("sm4", sessionKey, padded)
}

/**
 * The inverse of {@link encipherSecureData}.
 *
 * @param data one or more whole blocks
 * @returns what stands behind the length byte; `undefined` when length and padding do not fit
 */
export function decipherSecureData(
  algorithm: Algorithm,
  sessionKey: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  if (data.length === 0 || data.length % blockSizeOf(algorithm) !== 0) return undefined
  const clear = algorithm === "3des" ? desDecrypt(sessionKey, data) : blockDecrypt("sm4", sessionKey, data)
  return ofLengthBlock(clear, blockSizeOf(algorithm))
}

/** What a key block tells besides the key. */
export interface KeyBlock {
  /** Usage byte as in a SAM: levels and type (card-structure §16.2). */
  readonly usage: number
  /** Identifier of the key on the card. */
  readonly keyNumber: number
  /** 16 bytes. */
  readonly key: Uint8Array
}

/**
 * The data of WRITE KEY: `18 usage number 00×6 key 80 00..`, enciphered under the master key itself (card-commands §13).
 *
 * @param masterKey 16 bytes
 * @returns 32 bytes
 * @throws {RangeError} when a length is wrong
 */
export function encipherKeyBlock(algorithm: Algorithm, masterKey: Uint8Array, block: KeyBlock): Uint8Array {
  assertBytes("key", block.key, 16)
  const clear = concat(KEY_BLOCK_LENGTH, block.usage, block.keyNumber, new Uint8Array(6), block.key)
  return blockEncrypt(algorithm, masterKey, padLengthBlock(clear, 16))
}

/**
 * The inverse of {@link encipherKeyBlock}.
 *
 * @param data 32 bytes
 * @returns `undefined` when it is no key block
 */
export function decipherKeyBlock(algorithm: Algorithm, masterKey: Uint8Array, data: Uint8Array): KeyBlock | undefined {
  const block = ofLengthBlock(blockDecrypt(algorithm, masterKey, data), 16)
  if (block?.length !== KEY_BLOCK_LENGTH || block.subarray(2, KEY_AT - 1).some((byte) => byte !== 0)) return undefined
  return { usage: block[0]!, keyNumber: block[1]!, key: block.slice(KEY_AT - 1) }
}

/**
 * A data field before it is enciphered: `80 00 ..` behind it where it ends with no whole block (card-commands §5.3).
 *
 * @param data begins with its length byte
 * @throws {RangeError} when the length byte does not fit
 */
export function padLengthBlock(data: Uint8Array, blockSize: number): Uint8Array {
  if (data.length === 0 || data[0] !== data.length - 1)
    throw new RangeError(`data: expected a length byte and so many bytes, got ${data.length} bytes`)
  const padded = new Uint8Array(Math.ceil(data.length / blockSize) * blockSize)
  padded.set(data)
  if (data.length < padded.length) padded[data.length] = 0x80
  return padded
}

/** What stands behind the length byte. Looks at every byte whatever it finds, as it is secret. */
function ofLengthBlock(clear: Uint8Array, blockSize: number): Uint8Array | undefined {
  const end = 1 + clear[0]!
  if (Math.ceil(end / blockSize) * blockSize !== clear.length) return undefined
  return constantTimeEqual(clear, padLengthBlock(clear.slice(0, end), blockSize)) ? clear.slice(1, end) : undefined
}
