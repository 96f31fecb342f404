import { createRequire } from "node:module"
import { assertBytes, hex, toHex } from "../apdu/index.js"

/** Key pair of SM2 (GB/T 32918): private scalar of 32 bytes, public point X ‖ Y of 64 bytes. */
export interface Sm2KeyPair {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** Source of random bytes: the card's own, where a run must be repeatable. */
type Random = (length: number) => Uint8Array

/** The signer identifier that the standard gives where nobody chose another (GB/T 35276 §10). */
export const SM2_DEFAULT_USER_ID = "1234567812345678"

/** Order of the base point, GB/T 32918.5. */
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

const UNCOMPRESSED = "04"

type Library = typeof import("sm-crypto-v2")
let library: Library["sm2"] | undefined

/** Loaded with the first use: the curve costs more to load than the rest of this folder. */
function sm2(): Library["sm2"] {
  library ??= (createRequire(import.meta.url)("sm-crypto-v2") as Library).sm2
  return library
}

/**
 * Makes a key pair.
 *
 * @param random where the private key comes from; default: the system's generator
 */
export function sm2GenerateKeyPair(random?: Random): Sm2KeyPair {
  if (random === undefined) {
    const pair = sm2().generateKeyPairHex()
    return { privateKey: hex(pair.privateKey), publicKey: hex(pair.publicKey.slice(2)) }
  }
  const privateKey = scalar(random)
  return { privateKey, publicKey: sm2PublicKey(privateKey) }
}

/**
 * The public point of a private key: 64 bytes, X ‖ Y.
 *
 * @throws {RangeError} when the key is not 32 bytes or not between 1 and the order of the curve
 */
export function sm2PublicKey(privateKey: Uint8Array): Uint8Array {
  assertPrivateKey(privateKey)
  return hex(sm2().getPublicKeyFromPrivateKey(toHex(privateKey)).slice(2))
}

/** True for a point of the curve. @param publicKey X ‖ Y, 64 bytes */
export function isSm2PublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 64 && isPoint(UNCOMPRESSED + toHex(publicKey))
}

/** True for 32 bytes that are a number between 1 and the order of the curve. */
export function isSm2PrivateKey(privateKey: Uint8Array): boolean {
  if (privateKey.length !== 32) return false
  const number = BigInt(`0x${toHex(privateKey)}`)
  return number > 0n && number < ORDER - 1n
}

/**
 * Signs a message (GB/T 32918.2 §6): SM3 over ZA ‖ message.
 *
 * @param options.userId signer identifier; default {@link SM2_DEFAULT_USER_ID}
 * @param options.random where the signature's secret number comes from; default: the system's generator
 * @returns r ‖ s, 64 bytes
 * @throws {RangeError} when the key is not a private key
 */
export function sm2Sign(
  privateKey: Uint8Array,
  message: Uint8Array,
  options: { readonly userId?: string; readonly random?: Random } = {},
): Uint8Array {
  assertPrivateKey(privateKey)
  const { userId = SM2_DEFAULT_USER_ID, random } = options
  const pointPool = random && [point(scalar(random))]
  return hex(sm2().doSignature(message, toHex(privateKey), { hash: true, userId, ...(pointPool && { pointPool }) }))
}

/**
 * Verifies a signature of {@link sm2Sign} (GB/T 32918.2 §7).
 *
 * @param publicKey X ‖ Y, 64 bytes
 * @returns false for anything that is no good signature, a key that is not on the curve included
 */
export function sm2Verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  options: { readonly userId?: string } = {},
): boolean {
  if (publicKey.length !== 64 || signature.length !== 64) return false
  const { userId = SM2_DEFAULT_USER_ID } = options
  try {
    const key = UNCOMPRESSED + toHex(publicKey)
    return sm2().verifyPublicKey(key) && sm2().doVerifySignature(message, toHex(signature), key, { hash: true, userId })
  } catch {
    return false
  }
}

/**
 * Enciphers for the holder of a private key (GB/T 32918.4), in the order C1 ‖ C3 ‖ C2.
 *
 * @param publicKey X ‖ Y, 64 bytes
 * @returns 96 bytes more than the data: X ‖ Y of the ephemeral point, SM3 check value, cipher text
 * @throws {RangeError} when the key is no point of the curve
 */
export function sm2Encrypt(publicKey: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("publicKey", publicKey, 64)
  const key = UNCOMPRESSED + toHex(publicKey)
  if (!isPoint(key)) throw new RangeError("publicKey: expected a point of the SM2 curve")
  return hex(sm2().doEncrypt(data, key, 1))
}

/**
 * The inverse of {@link sm2Encrypt}.
 *
 * @returns undefined when the check value does not fit
 * @throws {RangeError} when the key is not a private key
 */
export function sm2Decrypt(privateKey: Uint8Array, data: Uint8Array): Uint8Array | undefined {
  assertPrivateKey(privateKey)
  if (data.length <= 96) return undefined
  try {
    const plain = sm2().doDecrypt(toHex(data), toHex(privateKey), 1, { output: "array" })
    return plain.length === 0 ? undefined : plain
  } catch {
    return undefined
  }
}

function isPoint(key: string): boolean {
  try {
    return sm2().verifyPublicKey(key)
  } catch {
    return false
  }
}

/** A number from 1 to the order less two, of 16 more random bytes than it needs, so that none is likelier than another. */
function scalar(random: Random): Uint8Array {
  const number = (BigInt(`0x${toHex(random(48))}`) % (ORDER - 2n)) + 1n
  return hex(number.toString(16).padStart(64, "0"))
}

function point(k: Uint8Array): { k: bigint; x1: bigint } {
  const x = sm2PublicKey(k).subarray(0, 32)
  return { k: BigInt(`0x${toHex(k)}`), x1: BigInt(`0x${toHex(x)}`) }
}

function assertPrivateKey(privateKey: Uint8Array): void {
  assertBytes("privateKey", privateKey, 32)
  if (!isSm2PrivateKey(privateKey))
    throw new RangeError("privateKey: expected a number between 1 and the order of the SM2 curve")
}
