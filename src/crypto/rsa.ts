import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  constants as rsaConstants,
} from "node:crypto"
import { assertInteger, hex, toHex } from "../apdu/index.js"

/** An RSA public key as cards carry it: big-endian bytes without leading zeros. */
export interface RsaPublicKey {
  readonly modulus: Uint8Array
  readonly exponent: Uint8Array
}

/** An RSA key by its public part and its two primes, from which everything else follows. */
export interface RsaPrivateKey extends RsaPublicKey {
  readonly primes: readonly [Uint8Array, Uint8Array]
}

/** Longest modulus of EMV (Book 2 annex B2.1). */
export const LONGEST_MODULUS = 248

const numberOf = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`))

function bytesOf(number: bigint, length?: number): Uint8Array {
  const digits = number.toString(16)
  return hex(digits.padStart(length === undefined ? digits.length + (digits.length % 2) : 2 * length, "0"))
}

/**
 * RSA with the public key and no padding: recovers a signed block, enciphers a PIN.
 *
 * @param block as many bytes as the modulus
 * @returns as many bytes; undefined when key or block cannot be those of RSA, whatever a card gave as them
 */
export function rsaRecover({ modulus, exponent }: RsaPublicKey, block: Uint8Array): Uint8Array | undefined {
  if (modulus.length === 0 || modulus.length > LONGEST_MODULUS || exponent.length === 0 || exponent.length > 3)
    return undefined
  const n = numberOf(modulus)
  const number = numberOf(block)
  if (block.length !== modulus.length || n % 2n === 0n || number >= n) return undefined
  return bytesOf(power(number, numberOf(exponent), n), modulus.length)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus
  for (let bits = exponent, factor = base; bits > 0n; bits >>= 1n, factor = (factor * factor) % modulus)
    if (bits & 1n) result = (result * factor) % modulus
  return result
}

/**
 * Prepares a private key for signing: RSA without padding, the inverse of {@link rsaRecover}.
 *
 * @returns signs a block of as many bytes as the modulus, as a number smaller than it
 * @throws {RangeError} when primes and modulus do not belong together; the function: when the block has another length
 * @example const sign = rsaSigner(key); const certificate = sign(block)
 */
export function rsaSigner(key: RsaPrivateKey): (block: Uint8Array) => Uint8Array {
  const privateKey = keyObject(key)
  const { length } = key.modulus
  return (block) => {
    if (block.length !== length) throw new RangeError(`block: expected ${length} bytes, got ${block.length}`)
    const signed = privateEncrypt({ key: privateKey, padding: rsaConstants.RSA_NO_PADDING }, block)
    return new Uint8Array(signed.buffer, signed.byteOffset, signed.length)
  }
}

function keyObject({ modulus, exponent, primes }: RsaPrivateKey): KeyObject {
  const [p, q] = [numberOf(primes[0]), numberOf(primes[1])]
  if (p * q !== numberOf(modulus)) throw new RangeError("key: expected a modulus that is the product of its primes")
  const d = inverse(numberOf(exponent), (p - 1n) * (q - 1n))
  const encode = (number: bigint) => Buffer.from(bytesOf(number)).toString("base64url")
  return createPrivateKey({
    format: "jwk",
    key: {
      kty: "RSA",
      n: encode(p * q),
      e: encode(numberOf(exponent)),
      d: encode(d),
      p: encode(p),
      q: encode(q),
      dp: encode(d % (p - 1n)),
      dq: encode(d % (q - 1n)),
      qi: encode(inverse(q, p)),
    },
  })
}

/** Extended Euclid. @throws {RangeError} when there is none */
function inverse(number: bigint, modulus: bigint): bigint {
  let [rest, last] = [modulus, number % modulus]
  let [before, found] = [0n, 1n]
  while (last > 0n) {
    const quotient = rest / last
    ;[rest, last] = [last, rest - quotient * last]
    ;[before, found] = [found, before - quotient * found]
  }
  if (rest !== 1n) throw new RangeError("key: expected an exponent that has an inverse")
  return ((before % modulus) + modulus) % modulus
}

/** An RSA key from its two primes. @param exponent 3 or 65537 */
export function rsaKeyOfPrimes(p: Uint8Array, q: Uint8Array, exponent: 3 | 65537 = 3): RsaPrivateKey {
  return {
    modulus: bytesOf(numberOf(p) * numberOf(q)),
    exponent: bytesOf(BigInt(exponent)),
    primes: [p, q],
  }
}

/**
 * Makes an RSA key.
 *
 * @param bits 512 to 1984, a multiple of 8
 * @param exponent 3 or 65537, the exponents of EMV
 */
export function generateRsaKey(bits: number, exponent: 3 | 65537 = 3): RsaPrivateKey {
  assertInteger("bits", bits, 512, 8 * LONGEST_MODULUS)
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent: exponent })
  const { n, p, q } = privateKey.export({ format: "jwk" })
  const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? "", "base64url"))
  return { modulus: bytes(n), exponent: bytesOf(BigInt(exponent)), primes: [bytes(p), bytes(q)] }
}
