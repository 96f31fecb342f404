import { tripleDesDecrypt, tripleDesEncrypt } from "./des.js"
import { type CipherKey, preparedFor } from "./prepared-key.js"
import { sm4Decrypt, sm4Encrypt } from "./sm4.js"

/** Which block cipher a card, a key or a line uses. Keys are 16 bytes for both. */
export type Algorithm = "3des" | "sm4"

/** Bytes in a block: 8 or 16. */
export const blockSizeOf = (algorithm: Algorithm): 8 | 16 => (algorithm === "3des" ? 8 : 16)

/** ECB without padding; wraps keys under a master key (host-iso8583 §7). @throws {RangeError} when a length is wrong */
export function blockEncrypt(algorithm: Algorithm, key: CipherKey, data: Uint8Array): Uint8Array {
  if (!(key instanceof Uint8Array)) return preparedFor(algorithm, key).encrypt(data)
  return algorithm === "3des" ? tripleDesEncrypt(key, data) : sm4Encrypt(key, data)
}

/** ECB without padding; unwraps keys. @throws {RangeError} when a length is wrong */
export function blockDecrypt(algorithm: Algorithm, key: CipherKey, data: Uint8Array): Uint8Array {
  if (!(key instanceof Uint8Array)) return preparedFor(algorithm, key).decrypt(data)
  return algorithm === "3des" ? tripleDesDecrypt(key, data) : sm4Decrypt(key, data)
}
