import { concat, equalBytes, readUint16, uint16 } from "../../../apdu/index.js"
import { sm2PublicKey } from "../../../crypto/index.js"
import {
  PKI_FILES,
  type PkiPair,
  pairReference,
  SM2_POINT_LENGTH,
  SM2_SCALAR_LENGTH,
} from "../../../dictionary/index.js"
import type { Context, Memory, Region } from "../../context.js"
import type { Directory } from "../../layout.js"

/** Internal elements of the PKI environment; the public key of the signature pair is EF 0012. */
export const PKI_ELEMENTS = {
  signaturePrivateKey: SM2_SCALAR_LENGTH,
  encryptionPrivateKey: SM2_SCALAR_LENGTH,
  encryptionPublicKey: SM2_POINT_LENGTH,
} as const

/** The pair that a data field names; `undefined` when it names none. */
export function referencedPair(data: Uint8Array): PkiPair | undefined {
  return (["signature", "encryption"] as const).find((pair) => equalBytes(data, pairReference(pair)))
}

/** True for two container references, whatever they name. */
export function isPairReference(data: Uint8Array): boolean {
  return data.length === 8 && readUint16(data, 0) === 0xc002 && readUint16(data, 4) === 0xc202
}

/** Content of EF 0012: length and point. */
export const publicKeyFile = (publicKey: Uint8Array): Uint8Array => concat(uint16(publicKey.length), publicKey)

/** The private key of a pair in a card's memory; `undefined` while there is none. */
export function privateKeyOf(memory: Memory, directory: Directory, pair: PkiPair): Uint8Array | undefined {
  return unlessBlank(memory.read(element(directory, `${pair}PrivateKey`)))
}

/** The public key of a pair; `undefined` while there is none. */
export function publicKeyOf({ memory, directory }: Context, pair: PkiPair): Uint8Array | undefined {
  if (pair === "encryption") return unlessBlank(memory.read(element(directory, "encryptionPublicKey")))
  return unlessBlank(memory.read(publicKeyRegion(directory)).slice(2))
}

/** True when both halves are there and belong together. */
export function isWholePair(context: Context, pair: PkiPair): boolean {
  const privateKey = privateKeyOf(context.memory, context.directory, pair)
  const publicKey = publicKeyOf(context, pair)
  return privateKey !== undefined && publicKey !== undefined && equalBytes(sm2PublicKey(privateKey), publicKey)
}

export function writePrivateKey({ memory, directory }: Context, pair: PkiPair, key: Uint8Array): void {
  memory.write(element(directory, `${pair}PrivateKey`).offset, key)
}

export function writePublicKey({ memory, directory }: Context, pair: PkiPair, key: Uint8Array): void {
  if (pair === "encryption") memory.write(element(directory, "encryptionPublicKey").offset, key)
  else memory.write(publicKeyRegion(directory).offset, publicKeyFile(key))
}

function element(directory: Directory, id: keyof typeof PKI_ELEMENTS): Region {
  return directory.environment.elements[id]!
}

function publicKeyRegion(directory: Directory): Region {
  return directory.filesByFid.get(PKI_FILES.signaturePublicKey.fid)!.region
}

function unlessBlank(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.some((byte) => byte !== 0) ? bytes : undefined
}
