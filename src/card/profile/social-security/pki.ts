import { hex, wrongInput } from "../../../apdu/index.js"
import { isSm2PrivateKey, testTransportKey } from "../../../crypto/index.js"
import { certificateFile, type PkiPair } from "../../../dictionary/index.js"
import type { PkiSecretSpec, PkiSpec } from "../../applications/pki/directories.js"
import type { PkiProfile } from "./schema.js"

/**
 * The PKI application that a profile asks for (card-structure §12).
 *
 * @throws {InputError} naming a private key that is none, or a certificate that is too long
 */
export function pkiSpec({ userPin, adminPin, masterKey, keys, certificates }: PkiProfile): PkiSpec {
  const signatureKey = privateKey("signature", keys?.signature)
  const encryptionKey = privateKey("encryption", keys?.encryption)
  const signatureCertificate = certificate("signature", certificates.signature)
  const encryptionCertificate = certificate("encryption", certificates.encryption)
  return {
    userPin: secret(hex(userPin.value, "pki.userPin.value"), userPin),
    adminPin: secret(hex(adminPin.value, "pki.adminPin.value"), adminPin),
    masterKey: secret(keys?.master ? hex(keys.master, "pki.keys.master") : testTransportKey(), masterKey),
    ...(signatureKey && { signatureKey }),
    ...(encryptionKey && { encryptionKey }),
    ...(signatureCertificate && { signatureCertificate }),
    ...(encryptionCertificate && { encryptionCertificate }),
  }
}

interface Tries {
  readonly tries: number
  readonly triesLeft?: number | undefined
}

function secret(value: Uint8Array, { tries, triesLeft = tries }: Tries): PkiSecretSpec {
  return { value, tries, triesLeft }
}

function privateKey(pair: PkiPair, text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined
  const field = `pki.keys.${pair}`
  const key = hex(text, field)
  if (!isSm2PrivateKey(key))
    throw wrongInput(field, "应为SM2曲线阶以内的私钥", "expected a number between 1 and the order of the SM2 curve")
  return key
}

function certificate(pair: PkiPair, text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined
  const field = `pki.certificates.${pair}`
  const bytes = hex(text, field)
  const { size } = certificateFile(pair)
  if (bytes.length > size)
    throw wrongInput(
      field,
      `最多${size}字节,收到${bytes.length}字节`,
      `expected at most ${size} bytes, got ${bytes.length}`,
    )
  return bytes
}
