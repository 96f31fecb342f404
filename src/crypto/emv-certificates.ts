import { assertBytes, concat, equalBytes } from "../apdu/index.js"
import { constantTimeEqual } from "./compare.js"
import { sha1, sm3 } from "./hash.js"
import { type RsaPrivateKey, type RsaPublicKey, rsaRecover, rsaSigner } from "./rsa.js"
import { sm2Sign, sm2Verify } from "./sm2.js"

/** A public key in a certificate: RSA, recovered from it, or SM2, X ‖ Y of 64 bytes standing in it. */
export type EmvPublicKey =
  | ({ readonly algorithm: "rsa" } & RsaPublicKey)
  | { readonly algorithm: "sm2"; readonly point: Uint8Array }

/** The key that signs: an RSA key, or the 32 bytes of an SM2 key. */
export type EmvPrivateKey =
  | ({ readonly algorithm: "rsa" } & RsaPrivateKey)
  | { readonly algorithm: "sm2"; readonly scalar: Uint8Array }

/** What both kinds of certificate say. */
export interface CertificateFields {
  /** Issuer: 4 bytes, leftmost digits of the PAN. Card: 10 bytes, the PAN. Padded with F. */
  readonly subject: Uint8Array
  /** MMYY, 2 bytes: good to the end of that month. */
  readonly expiry: Uint8Array
  /** 3 bytes. */
  readonly serial: Uint8Array
}

/** A certificate and what a card carries beside it: tags 90, 92, 9F32 of the issuer, 9F46, 9F48, 9F47 of the card. */
export interface Certificate {
  readonly certificate: Uint8Array
  /** The part of an RSA key that does not fit; absent when all does, and with SM2. */
  readonly remainder?: Uint8Array
  /** Absent with SM2. */
  readonly exponent?: Uint8Array
}

/** A certificate that was found good. */
export interface RecoveredCertificate extends CertificateFields {
  readonly key: EmvPublicKey
}

/** Why a signed object is not believed. */
export type CertificateFault =
  /** Its length does not fit the key that should have signed it, or a key cannot be one. */
  | "length"
  /** What was recovered has no header, trailer or format of such an object. */
  | "format"
  /** It names algorithms that nobody here knows. */
  | "algorithm"
  /** Its hash or signature is another one. */
  | "hash"

/** A result, or why there is none. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: CertificateFault }

/** What the two levels of certificates differ in (financial-emv §19, §25). */
export type CertificateLevel = "issuer" | "card"

const LEVELS = {
  issuer: { subjectLength: 4, format: 0x02, sm2Format: 0x12 },
  card: { subjectLength: 10, format: 0x04, sm2Format: 0x14 },
} as const

const [HEADER, TRAILER, PADDING] = [0x6a, 0xbc, 0xbb]
const HASH_LENGTH = 20
/** Header, hash and trailer around the signed content. */
const FRAME = HASH_LENGTH + 2
const [SHA1, RSA, SM2] = [0x01, 0x01, 0x04]
const POINT_LENGTH = 64
const SIGNATURE_LENGTH = 64
const NOTHING = new Uint8Array(0)

const fail = (fault: CertificateFault) => ({ ok: false, fault }) as const

/**
 * Makes an issuer or card certificate (EMV Book 2 §5.3, §6.4; financial-emv §19, §25).
 *
 * @param signer the certification authority's key for an issuer, the issuer's for a card
 * @param staticData of a card only: the data that its certificate covers besides the key
 * @throws {RangeError} when a field has another length or the keys are of different algorithms
 */
export function makeCertificate(
  level: CertificateLevel,
  signer: EmvPrivateKey,
  fields: CertificateFields,
  key: EmvPublicKey,
  staticData: Uint8Array = NOTHING,
): Certificate {
  const { subjectLength, format, sm2Format } = LEVELS[level]
  assertBytes("subject", fields.subject, subjectLength)
  assertBytes("expiry", fields.expiry, 2)
  assertBytes("serial", fields.serial, 3)
  const head = concat(fields.subject, fields.expiry, fields.serial)
  if (signer.algorithm === "sm2") {
    if (key.algorithm !== "sm2") throw new RangeError("key: expected an SM2 key, like the signer's")
    const content = concat(sm2Format, head, SM2, SM2, 0x00, POINT_LENGTH, key.point)
    return { certificate: concat(content, signSm2(signer.scalar, concat(content, staticData))) }
  }
  if (key.algorithm !== "rsa") throw new RangeError("key: expected an RSA key, like the signer's")
  const { modulus, exponent } = key
  const fixed = concat(format, head, SHA1, RSA, modulus.length, exponent.length)
  const room = signer.modulus.length - FRAME - fixed.length
  const [left, remainder] = [modulus.subarray(0, room), modulus.slice(room)]
  const content = concat(fixed, left, new Uint8Array(room - left.length).fill(PADDING))
  const certificate = seal(signer, content, concat(remainder, exponent, staticData))
  return { certificate, exponent, ...(remainder.length > 0 && { remainder }) }
}

/**
 * Checks a certificate and takes the key out of it (EMV Book 2 §5.3, §6.4).
 *
 * @param signer public key of the certification authority for an issuer, of the issuer for a card
 */
export function recoverCertificate(
  level: CertificateLevel,
  signer: EmvPublicKey,
  { certificate, remainder = NOTHING, exponent = NOTHING }: Certificate,
  staticData: Uint8Array = NOTHING,
): Checked<RecoveredCertificate> {
  const { subjectLength, format, sm2Format } = LEVELS[level]
  const fixedLength = 1 + subjectLength + 5
  const isSm2 = signer.algorithm === "sm2"
  const opened = isSm2
    ? openSm2(signer.point, certificate, fixedLength + 4 + POINT_LENGTH, staticData)
    : unseal(signer, certificate, concat(remainder, exponent, staticData))
  if (!opened.ok) return opened
  const content = opened.value
  if (content.length < fixedLength + 4 || content[0] !== (isSm2 ? sm2Format : format)) return fail("format")
  const [hashAlgorithm, keyAlgorithm, third, fourth] = content.subarray(fixedLength) as unknown as number[]
  const fields = {
    subject: content.slice(1, 1 + subjectLength),
    expiry: content.slice(1 + subjectLength, 3 + subjectLength),
    serial: content.slice(3 + subjectLength, fixedLength),
  }
  const body = content.subarray(fixedLength + 4)
  if (isSm2) {
    if (hashAlgorithm !== SM2 || keyAlgorithm !== SM2) return fail("algorithm")
    if (fourth !== POINT_LENGTH) return fail("length")
    return { ok: true, value: { ...fields, key: { algorithm: "sm2", point: body.slice() } } }
  }
  if (hashAlgorithm !== SHA1 || keyAlgorithm !== RSA) return fail("algorithm")
  // The key stands in the certificate, padded, or fills it and goes on in the remainder.
  const length = third!
  if (fourth !== exponent.length || length !== Math.min(length, body.length) + remainder.length) return fail("length")
  const modulus = concat(body.subarray(0, Math.min(length, body.length)), remainder)
  return { ok: true, value: { ...fields, key: { algorithm: "rsa", modulus, exponent } } }
}

/**
 * Signs the static data of a card: tag 93 (EMV Book 2 §5.4).
 *
 * @param authenticationCode 2 bytes, tag 9F45
 */
export function signStaticData(
  issuer: EmvPrivateKey,
  authenticationCode: Uint8Array,
  staticData: Uint8Array,
): Uint8Array {
  assertBytes("authenticationCode", authenticationCode, 2)
  return signData(issuer, { format: 0x03, sm2Format: 0x13 }, authenticationCode, staticData)
}

/** Checks tag 93. @returns the data authentication code, tag 9F45 */
export function recoverStaticData(
  issuer: EmvPublicKey,
  signed: Uint8Array,
  staticData: Uint8Array,
): Checked<{ readonly authenticationCode: Uint8Array }> {
  const opened = openData(issuer, { format: 0x03, sm2Format: 0x13 }, signed, staticData, () => 2)
  return opened.ok ? { ok: true, value: { authenticationCode: opened.value } } : opened
}

/**
 * Signs what a card says in this transaction: tag 9F4B (EMV Book 2 §6.5.1, §6.6.1).
 *
 * @param dynamicData at most 255 bytes: length and ICC dynamic number, with CDA also what {@link combinedData} adds
 * @param terminalData values of the DDOL, or with CDA the unpredictable number
 */
export function signDynamicData(card: EmvPrivateKey, dynamicData: Uint8Array, terminalData: Uint8Array): Uint8Array {
  return signData(card, DYNAMIC, concat(dynamicData.length, dynamicData), terminalData)
}

/** Checks tag 9F4B. */
export function recoverDynamicData(
  card: EmvPublicKey,
  signed: Uint8Array,
  terminalData: Uint8Array,
): Checked<{ readonly dynamicData: Uint8Array; readonly dynamicNumber: Uint8Array }> {
  const opened = openData(card, DYNAMIC, signed, terminalData, (body) => 1 + (body[0] ?? 0))
  if (!opened.ok) return opened
  const dynamicData = opened.value.subarray(1)
  const length = dynamicData[0] ?? 0
  // EMV Book 2 §6.5.2: a dynamic number has 2 to 8 bytes.
  if (length < 2 || length > 8 || dynamicData.length < 1 + length) return fail("format")
  return { ok: true, value: { dynamicData, dynamicNumber: dynamicData.slice(1, 1 + length) } }
}

const DYNAMIC = { format: 0x05, sm2Format: 0x15 } as const

/** What the dynamic data of CDA hold behind the dynamic number (EMV Book 2 table 19). */
export interface CombinedData {
  readonly dynamicNumber: Uint8Array
  /** Tag 9F27. */
  readonly informationData: number
  /** Tag 9F26, 8 bytes. */
  readonly cryptogram: Uint8Array
  /** SHA-1, or SM3, over the transaction's data. */
  readonly hash: Uint8Array
}

/** Joins them. */
export function combinedData({ dynamicNumber, informationData, cryptogram, hash }: CombinedData): Uint8Array {
  assertBytes("cryptogram", cryptogram, 8)
  return concat(dynamicNumber.length, dynamicNumber, informationData, cryptogram, hash)
}

/** Takes them apart; undefined when they have another form. @param hashLength 20 for SHA-1, 32 for SM3 */
export function parseCombinedData(dynamicData: Uint8Array, hashLength: 20 | 32): CombinedData | undefined {
  const length = dynamicData[0] ?? 0
  const at = 1 + length
  if (dynamicData.length !== at + 9 + hashLength) return undefined
  return {
    dynamicNumber: dynamicData.slice(1, at),
    informationData: dynamicData[at]!,
    cryptogram: dynamicData.slice(at + 1, at + 9),
    hash: dynamicData.slice(at + 9),
  }
}

/** Check value of a certification authority's key: SHA-1 over RID ‖ index ‖ modulus ‖ exponent, or the SM2 point. */
export function authorityKeyHash(rid: Uint8Array, index: number, key: EmvPublicKey): Uint8Array {
  assertBytes("rid", rid, 5)
  return sha1(key.algorithm === "rsa" ? concat(rid, index, key.modulus, key.exponent) : concat(rid, index, key.point))
}

/** The public part of a key that signs. @param point X ‖ Y of an SM2 key */
export function publicPart(key: RsaPrivateKey): EmvPublicKey {
  return { algorithm: "rsa", modulus: key.modulus, exponent: key.exponent }
}

interface Formats {
  readonly format: number
  readonly sm2Format: number
}

function signData(
  key: EmvPrivateKey,
  { format, sm2Format }: Formats,
  body: Uint8Array,
  addition: Uint8Array,
): Uint8Array {
  if (key.algorithm === "sm2") {
    const content = concat(sm2Format, SM2, body)
    return concat(content, signSm2(key.scalar, concat(content, addition)))
  }
  const room = key.modulus.length - FRAME - 2 - body.length
  if (room < 0) throw new RangeError(`key: expected room for ${body.length} bytes of signed data`)
  return seal(key, concat(format, SHA1, body, new Uint8Array(room).fill(PADDING)), addition)
}

/** @param lengthOf how many bytes of the body are its data; the rest is padding */
function openData(
  key: EmvPublicKey,
  { format, sm2Format }: Formats,
  signed: Uint8Array,
  addition: Uint8Array,
  lengthOf: (body: Uint8Array) => number,
): Checked<Uint8Array> {
  const isSm2 = key.algorithm === "sm2"
  const opened = isSm2
    ? openSm2(key.point, signed, signed.length - SIGNATURE_LENGTH, addition)
    : unseal(key, signed, addition)
  if (!opened.ok) return opened
  const [seenFormat, algorithm] = opened.value as unknown as number[]
  if (seenFormat !== (isSm2 ? sm2Format : format)) return fail("format")
  if (algorithm !== (isSm2 ? SM2 : SHA1)) return fail("algorithm")
  const body = opened.value.subarray(2)
  const length = lengthOf(body)
  if (length > body.length || (isSm2 && length !== body.length)) return fail("length")
  return { ok: true, value: body.slice(0, length) }
}

const PIN_HEADER = 0x7f
const PIN_BLOCK_LENGTH = 8

/**
 * Takes the PIN block out of the data of an enciphered VERIFY: `7F ‖ PIN block ‖ challenge ‖ fill` (EMV Book 2 §7.2).
 *
 * @param data as many bytes as the modulus
 * @param challenge what the card gave last
 * @returns undefined when it is another challenge or nothing of that form
 */
export function decipherPinBlock(key: RsaPrivateKey, data: Uint8Array, challenge: Uint8Array): Uint8Array | undefined {
  if (Buffer.compare(data, key.modulus) >= 0) return undefined
  const clear = signerOf(key)(data)
  const end = 1 + PIN_BLOCK_LENGTH
  const isFresh = constantTimeEqual(clear.subarray(end, end + challenge.length), challenge)
  return clear[0] === PIN_HEADER && isFresh ? clear.slice(1, end) : undefined
}

/** 6A ‖ content ‖ SHA-1(content ‖ addition) ‖ BC, signed with recovery (EMV Book 2 annex A2.1). */
function seal(key: RsaPrivateKey, content: Uint8Array, addition: Uint8Array): Uint8Array {
  return signerOf(key)(concat(HEADER, content, sha1(concat(content, addition)), TRAILER))
}

function signerOf(key: RsaPrivateKey): (block: Uint8Array) => Uint8Array {
  let sign = signers.get(key)
  if (!sign) {
    sign = rsaSigner(key)
    signers.set(key, sign)
  }
  return sign
}

/** Prepared once: a card signs with the same key in every transaction. */
const signers = new WeakMap<RsaPrivateKey, (block: Uint8Array) => Uint8Array>()

function unseal(key: RsaPublicKey, signed: Uint8Array, addition: Uint8Array): Checked<Uint8Array> {
  const block = rsaRecover(key, signed)
  if (!block || block.length < FRAME) return fail("length")
  const end = block.length - HASH_LENGTH - 1
  if (block[0] !== HEADER || block.at(-1) !== TRAILER) return fail("format")
  const content = block.slice(1, end)
  return equalBytes(sha1(concat(content, addition)), block.subarray(end, -1))
    ? { ok: true, value: content }
    : fail("hash")
}

/**
 * The secret number of the signature follows from key and message, so that the same card is made of the same profile twice,
 * and a weak generator betrays no key.
 */
function signSm2(scalar: Uint8Array, message: Uint8Array): Uint8Array {
  const random = (length: number) =>
    concat(...[0, 1].map((part) => sm3(concat(scalar, part, message)))).subarray(0, length)
  return sm2Sign(scalar, message, { random })
}

/** A plain content with r ‖ s behind it (financial-emv §25). */
function openSm2(point: Uint8Array, signed: Uint8Array, length: number, addition: Uint8Array): Checked<Uint8Array> {
  if (length < 0 || signed.length !== length + SIGNATURE_LENGTH) return fail("length")
  const content = signed.slice(0, length)
  const isGood = sm2Verify(point, concat(content, addition), signed.subarray(length))
  return isGood ? { ok: true, value: content } : fail("hash")
}
