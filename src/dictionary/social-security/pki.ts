import { concat, hex } from "../../apdu/index.js"
import type { Label } from "../label.js"
import { transparent } from "./define.js"
import type { TransparentFile } from "./types.js"

/** A directory of the PKI application: selected by name only (card-structure §12). */
export interface PkiDirectory {
  readonly name: "PKI" | "CERT"
  readonly label: Label
  readonly aid: Uint8Array
  readonly files: readonly TransparentFile[]
}

/** Transparent files of the certificate application. */
export const PKI_FILES = {
  /** `0040 ‖ X ‖ Y`. */
  signaturePublicKey: { fid: 0x0012, size: 0x42 },
  signatureCertificate: { fid: 0x0018, size: 0x800 },
  encryptionCertificate: { fid: 0x0019, size: 0x800 },
} as const

/** Names of the secrets in access rules and profiles. */
export const PKI_SECRETS = { user: "pkiUserPin", admin: "pkiAdminPin", master: "MKpki" } as const

const WRITERS = `${PKI_SECRETS.admin}+${PKI_SECRETS.master}`

const file = (id: keyof typeof PKI_FILES, zh: string, en: string, write: string): TransparentFile =>
  transparent({ fid: PKI_FILES[id].fid, id, zh, en, read: "free", write }, PKI_FILES[id].size)

/** "PKI.社会保障" in GBK: PINs and master key. */
export const pkiEnvironment: PkiDirectory = {
  name: "PKI",
  label: { zh: "PKI.社会保障", en: "PKI environment" },
  aid: hex("504B492EC9E7BBE1B1A3D5CF"),
  files: [],
}

/** "SS.CERT.ADF1": key pairs and certificates. */
export const pkiApplication: PkiDirectory = {
  name: "CERT",
  label: { zh: "SS.CERT.ADF1", en: "certificate application" },
  aid: hex("53532E434552542E41444631"),
  files: [
    file("signaturePublicKey", "签名公钥", "signature public key", "never"),
    file("signatureCertificate", "签名证书", "signature certificate", WRITERS),
    file("encryptionCertificate", "加密证书", "encryption certificate", WRITERS),
  ],
}

/** The two key pairs: one that the card makes for signing, one that is brought to it for enciphering. */
export type PkiPair = "signature" | "encryption"

/** Numbers of the key containers in commands (card-structure §12). */
export const PKI_CONTAINERS = {
  signature: { publicKey: 0x0012, privateKey: 0x0013 },
  encryption: { publicKey: 0x0014, privateKey: 0x0015 },
} as const satisfies Record<PkiPair, { publicKey: number; privateKey: number }>

/** The file of a certificate. */
export const certificateFile = (pair: PkiPair) =>
  pair === "signature" ? PKI_FILES.signatureCertificate : PKI_FILES.encryptionCertificate

/** P1 P2 of VERIFY, and the bytes that the PIN has (card-structure §12). */
export const PKI_PINS = {
  user: { reference: 0x0181, length: 3 },
  admin: { reference: 0x0100, length: 4 },
} as const

/** Bytes of an SM2 point X ‖ Y and of a private key. */
export const SM2_POINT_LENGTH = 64
export const SM2_SCALAR_LENGTH = 32

/** What names a container in a data field: tag, length 02, number. */
export const containerReference = (tag: 0xc0 | 0xc2, container: number): Uint8Array =>
  Uint8Array.of(tag, 2, container >> 8, container & 0xff)

/** What names both halves of a pair: `C0 02 public container C2 02 private container`. */
export const pairReference = (pair: PkiPair): Uint8Array =>
  concat(
    containerReference(0xc0, PKI_CONTAINERS[pair].publicKey),
    containerReference(0xc2, PKI_CONTAINERS[pair].privateKey),
  )
