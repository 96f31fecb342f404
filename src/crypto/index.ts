export * from "./algorithm.js"
export * from "./authentication.js"
export * from "./compare.js"
export {
  desDecrypt,
  desEncrypt,
  tripleDesCbcDecrypt,
  tripleDesCbcEncrypt,
  tripleDesDecrypt,
  tripleDesEncrypt,
} from "./des.js"
export * from "./diversify.js"
export * from "./emv.js"
export * from "./emv-certificates.js"
export * from "./hash.js"
export * from "./kcv.js"
export { type LineMacMethod, lineMac, lineMacUnder } from "./line-mac.js"
export * from "./mac.js"
export * from "./medical-account.js"
export { decryptPinBlock, encodePinBlock, encryptPinBlock, type PinBlockFormat } from "./pin-block.js"
export * from "./pki.js"
export { type CipherKey, type PreparedKey, prepareKey } from "./prepared-key.js"
export * from "./rsa.js"
export * from "./script-pin-block.js"
export * from "./secure-messaging.js"
export * from "./session-keys.js"
export * from "./sm2.js"
export * from "./sm4.js"
export * from "./test-emv-keys.js"
export * from "./test-keys.js"
