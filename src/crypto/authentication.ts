import { assertBytes, concat, notBytes } from "../apdu/index.js"
import type { Algorithm } from "./algorithm.js"
import { desEncrypt } from "./des.js"
import { sm4Encrypt } from "./sm4.js"

/**
 * What INTERNAL AUTHENTICATE answers and EXTERNAL AUTHENTICATE brings (card-commands §9.2, §9.3).
 *
 * @param sessionKey from `challengeSessionKey`: 8 bytes (3DES) or 16 (SM4)
 * @param original 8 bytes, the "original information" X
 * @returns DES(SK, X), 8 bytes; or SM4(SK, X ‖ ~X), 16 bytes
 * @throws {RangeError} when a length is wrong
 */
export function authenticationData(algorithm: Algorithm, sessionKey: Uint8Array, original: Uint8Array): Uint8Array {
  assertBytes("original", original, 8)
  if (algorithm === "3des") return desEncrypt(sessionKey, original)
  return sm4Encrypt(sessionKey, concat(original, notBytes(original)))
}
