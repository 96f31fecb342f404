import { assertBytes, assertInteger, concat } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"

/** What GENERATE AC gave: declined, approved offline, or sent to the issuer. */
export type CryptogramType = "AAC" | "TC" | "ARQC"

const CRYPTOGRAM_TYPES: readonly (CryptogramType | undefined)[] = ["AAC", "TC", "ARQC", undefined]

/** The cryptogram type in b8 b7 of CID or of P1 of GENERATE AC; undefined for the combination 11. */
export function cryptogramType(byte: number): CryptogramType | undefined {
  return CRYPTOGRAM_TYPES[(byte >> 6) & 3]
}

/** Bits b8 b7 that ask for or announce a cryptogram type. @example cryptogramBits("ARQC") // 0x80 */
export function cryptogramBits(type: CryptogramType): number {
  return CRYPTOGRAM_TYPES.indexOf(type) << 6
}

/** Issuer application data, tag 9F10 (financial-emv §20). */
export interface IssuerApplicationData {
  /** Derivation key index. */
  readonly dki: number
  /** Cryptogram version number: 01 contact, 17 (hex) qPBOC. */
  readonly cvn: number
  /** Card verification results, 4 bytes, the first 03. */
  readonly cvr: Uint8Array
  readonly algorithm: Algorithm
  /** Issuer discretionary data behind its length: type, data, MAC. */
  readonly discretionary?: IssuerDiscretionaryData
}

export interface IssuerDiscretionaryData {
  readonly type: number
  readonly data: Uint8Array
  /** 4 bytes. */
  readonly mac: Uint8Array
}

const LENGTH = 7
const ALGORITHM_BYTES = { "3des": 0x01, sm4: 0x04 } as const

/**
 * Reads issuer application data: `07 DKI CVN CVR(4) alg [LL type data MAC4]`.
 *
 * @returns `undefined` when the bytes have another form
 */
export function parseIad(bytes: Uint8Array): IssuerApplicationData | undefined {
  if (bytes.length < LENGTH + 1 || bytes[0] !== LENGTH) return undefined
  const algorithm = bytes[7] === ALGORITHM_BYTES["3des"] ? "3des" : bytes[7] === ALGORITHM_BYTES.sm4 ? "sm4" : undefined
  if (algorithm === undefined) return undefined
  const head = { dki: bytes[1]!, cvn: bytes[2]!, cvr: bytes.slice(3, 7), algorithm } as const
  if (bytes.length === LENGTH + 1) return head
  const length = bytes[8]!
  if (length < 5 || bytes.length !== 9 + length) return undefined
  return { ...head, discretionary: { type: bytes[9]!, data: bytes.slice(10, -4), mac: bytes.slice(-4) } }
}

/** Writes issuer application data. @throws {RangeError} when a part has the wrong size */
export function buildIad(iad: IssuerApplicationData): Uint8Array {
  assertInteger("dki", iad.dki, 0, 255)
  assertInteger("cvn", iad.cvn, 0, 255)
  assertBytes("cvr", iad.cvr, 4)
  const head = concat(LENGTH, iad.dki, iad.cvn, iad.cvr, ALGORITHM_BYTES[iad.algorithm])
  if (!iad.discretionary) return head
  const { type, data, mac } = iad.discretionary
  assertBytes("mac", mac, 4)
  return concat(head, 1 + data.length + mac.length, type, data, mac)
}

/** The parts of the card verification results that are more than one bit; the others are in the table `CVR`. */
export interface CvrParts {
  /** Answer of the first GENERATE AC. */
  readonly first: CryptogramType | undefined
  /** Answer of the second, or undefined while it was not asked for. */
  readonly second: "AAC" | "TC" | undefined
  /** Scripts received after the second GENERATE AC of the last transaction. */
  readonly scripts: number
}

/** Reads what the card verification results say about both cryptograms and the scripts. */
export function parseCvr(cvr: Uint8Array): CvrParts {
  assertBytes("cvr", cvr, 4)
  const second = cryptogramType(cvr[1]!)
  return {
    first: cryptogramType(cvr[1]! << 2),
    second: second === "AAC" || second === "TC" ? second : undefined,
    scripts: cvr[3]! >> 4,
  }
}
