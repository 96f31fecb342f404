import { hexNumber } from "../../../apdu/index.js"
import { pkiPinKey, sm2PublicKey } from "../../../crypto/index.js"
import { PKI_SECRETS, pkiApplication, pkiEnvironment, type TransparentFile } from "../../../dictionary/index.js"
import type { DirectorySpec, ElementSpec, FileSpec, KeySpec } from "../../specification.js"
import { certificateApplication, pkiEnvironmentApplication } from "./application.js"
import { PKI_ELEMENTS, publicKeyFile } from "./containers.js"

/** A PIN or key with its counter, as a profile gives it. */
export interface PkiSecretSpec {
  readonly value: Uint8Array
  readonly tries: number
  readonly triesLeft: number
}

/** Everything that makes a PKI application. */
export interface PkiSpec {
  /** Bytes of the PIN: 3 for the user, 4 for the administrator. */
  readonly userPin: PkiSecretSpec
  readonly adminPin: PkiSecretSpec
  /** 16 bytes. */
  readonly masterKey: PkiSecretSpec
  /** Private keys that the card already has, 32 bytes. */
  readonly signatureKey?: Uint8Array
  readonly encryptionKey?: Uint8Array
  readonly signatureCertificate?: Uint8Array
  readonly encryptionCertificate?: Uint8Array
}

/** Identifiers of the secrets; no command names them. */
const SECRET_IDS = { master: 0x00, admin: 0x01, user: 0x02 } as const

/**
 * The PKI application as a directory of the card, a sibling of the social security environment (card-structure §12).
 *
 * @param fci how the card writes the control information of a directory with that name
 */
export function pkiDirectory(spec: PkiSpec, fci: (name: Uint8Array) => Uint8Array): DirectorySpec {
  const { signatureKey, encryptionKey, signatureCertificate, encryptionCertificate } = spec
  const contents: Record<string, Uint8Array | undefined> = {
    signaturePublicKey: signatureKey && publicKeyFile(sm2PublicKey(signatureKey)),
    signatureCertificate,
    encryptionCertificate,
  }
  return {
    name: pkiEnvironment.name,
    aid: pkiEnvironment.aid,
    fci: fci(pkiEnvironment.aid),
    environment: true,
    keys: [
      secret("master", spec.masterKey, spec.masterKey.value),
      secret("admin", spec.adminPin, pkiPinKey(spec.adminPin.value)),
      secret("user", spec.userPin, pkiPinKey(spec.userPin.value)),
    ],
    elements: [
      element("signaturePrivateKey", signatureKey),
      element("encryptionPrivateKey", encryptionKey),
      element("encryptionPublicKey", encryptionKey && sm2PublicKey(encryptionKey)),
    ],
    application: pkiEnvironmentApplication,
    directories: [
      {
        name: pkiApplication.name,
        aid: pkiApplication.aid,
        fci: fci(pkiApplication.aid),
        files: pkiApplication.files.map((definition) => file(definition, contents[definition.id])),
        application: certificateApplication,
      },
    ],
  }
}

function secret(which: keyof typeof SECRET_IDS, { tries, triesLeft }: PkiSecretSpec, value: Uint8Array): KeySpec {
  return { name: PKI_SECRETS[which], id: SECRET_IDS[which], value, tries, triesLeft, use: "external" }
}

function element(id: keyof typeof PKI_ELEMENTS, value: Uint8Array | undefined): ElementSpec {
  return { id, initial: filled(PKI_ELEMENTS[id], value), secret: id.endsWith("PrivateKey") }
}

function file({ fid, size, read, write }: TransparentFile, content: Uint8Array | undefined): FileSpec {
  return { name: hexNumber(fid, 4), fid, structure: "transparent", read, write, content: filled(size, content) }
}

function filled(size: number, content: Uint8Array | undefined): Uint8Array {
  const bytes = new Uint8Array(size)
  if (content) bytes.set(content)
  return bytes
}
