import { concat, encodeTlv, hex } from "../../src/apdu/index.js"
import { sm2Sign } from "../../src/crypto/index.js"

const sequence = (...parts: Uint8Array[]) => encodeTlv(0x30, parts)
const integer = (bytes: Uint8Array) => {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = bytes.subarray(first)
  return encodeTlv(0x02, digits[0]! >= 0x80 ? concat(0, digits) : digits)
}
const ascii = (text: string) => new TextEncoder().encode(text)
const bitString = (bytes: Uint8Array) => encodeTlv(0x03, concat(0, bytes))
const commonName = (name: string) =>
  sequence(encodeTlv(0x31, [sequence(encodeTlv(0x06, hex("550403")), encodeTlv(0x0c, ascii(name)))]))
const time = (text: string) => encodeTlv(0x17, ascii(text))

/** 1.2.156.10197.1.501: SM2 with SM3. */
const SIGNATURE_ALGORITHM = sequence(encodeTlv(0x06, hex("2A811CCF55018375")))
/** 1.2.840.10045.2.1 on 1.2.156.10197.1.301: a key on the SM2 curve. */
const KEY_ALGORITHM = sequence(encodeTlv(0x06, hex("2A8648CE3D0201")), encodeTlv(0x06, hex("2A811CCF5501822D")))

/** What an authority signs, and the whole certificate. */
export interface TestCertificate {
  readonly body: Uint8Array
  readonly signature: Uint8Array
  readonly certificate: Uint8Array
}

/** An X.509 certificate for an SM2 key, of a synthetic authority. @param publicKey X ‖ Y */
export function sm2Certificate(authorityKey: Uint8Array, publicKey: Uint8Array, subject: string): TestCertificate {
  const body = sequence(
    encodeTlv(0xa0, encodeTlv(0x02, Uint8Array.of(2))),
    integer(Uint8Array.of(0x12, 0x34)),
    SIGNATURE_ALGORITHM,
    commonName("SHEBAO TEST CA"),
    sequence(time("250101000000Z"), time("341231235959Z")),
    commonName(subject),
    sequence(KEY_ALGORITHM, bitString(concat(0x04, publicKey))),
  )
  const signature = sm2Sign(authorityKey, body)
  const value = sequence(integer(signature.subarray(0, 32)), integer(signature.subarray(32)))
  return { body, signature, certificate: sequence(body, SIGNATURE_ALGORITHM, bitString(value)) }
}
