import { hash } from "node:crypto"
import { plainView } from "./block-cipher.js"

/** SHA-1, 20 bytes: EMV key derivation option B and RSA certificates. Not for anything new. */
export const sha1 = (data: Uint8Array): Uint8Array => digest("sha1", data)

/** SHA-256, 32 bytes. */
export const sha256 = (data: Uint8Array): Uint8Array => digest("sha256", data)

/** SM3 (GB/T 32905), 32 bytes. */
export const sm3 = (data: Uint8Array): Uint8Array => digest("sm3", data)

function digest(name: string, data: Uint8Array): Uint8Array {
  return plainView(hash(name, data, "buffer"))
}
