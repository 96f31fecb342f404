import { SW } from "../../../apdu/index.js"
import {
  blockSizeOf,
  desCbcMac,
  desEncrypt,
  foldKey,
  retailMac,
  sm4CbcMac,
  sm4Encrypt,
  tripleDesEncrypt,
  xor4,
} from "../../../crypto/index.js"
import { SAM_KEY_TYPE } from "../../../dictionary/index.js"
import type { Handler } from "../../application.js"
import type { SamApplication } from "./application.js"
import type { Operation, SamState } from "./state.js"

/** P1 of DES CRYPT (card-commands §11.2, financial-emv §9). */
const ENCRYPT = 0x00
const MAC_LAST = 0x01
const ENCRYPT_MORE_FOLLOW = 0x02
const MAC_NEXT = 0x03
const MAC_SINGLE = 0x05
const MAC_FIRST = 0x07

const MAC_LENGTH = 4

/** Types that are for one of both only (card-structure §16.2); the others may do either. */
const ONLY_MAC: readonly number[] = [SAM_KEY_TYPE.debit, SAM_KEY_TYPE.pinReload, SAM_KEY_TYPE.mac]
const ONLY_ENCRYPTION: readonly number[] = [SAM_KEY_TYPE.encryption]

/**
 * DES CRYPT (80 FA P1 00): enciphers blocks, or makes a MAC over padded data that begin with the initial chaining value
 * (card-commands §11.2). Under the key that BF DE or 80 1A has made.
 */
export const crypt: Handler = ({ session, directory, response }, command) => {
  const { p1, p2, lc } = command
  const isMac = p1 === MAC_SINGLE || p1 === MAC_FIRST || p1 === MAC_NEXT || p1 === MAC_LAST
  if (p2 !== 0 || !(isMac || p1 === ENCRYPT || p1 === ENCRYPT_MORE_FOLLOW)) return SW.INCORRECT_P1P2
  const { operation } = session.state as SamState
  if (operation === undefined || (isMac ? ONLY_ENCRYPTION : ONLY_MAC).includes(operation.type))
    return SW.CONDITIONS_NOT_SATISFIED
  const { chain } = operation
  const begins = p1 === MAC_SINGLE || p1 === MAC_FIRST
  if (isMac && !begins && chain === undefined) return SW.CONDITIONS_NOT_SATISFIED
  operation.chain = undefined
  const { algorithm, options } = directory.application as SamApplication
  const blockSize = blockSizeOf(algorithm)
  if (lc < (begins ? 2 : 1) * blockSize || lc % blockSize !== 0) return SW.WRONG_LENGTH
  const cipher = algorithm === "3des" ? desCipher(operation) : sm4Cipher(operation)
  const data = command.data().slice()
  if (!isMac) {
    response.append(cipher.encrypt(data))
    return SW.OK
  }
  const [iv, message] = begins ? [data.subarray(0, blockSize), data.subarray(blockSize)] : [chain!, data]
  if (p1 === MAC_FIRST || p1 === MAC_NEXT) {
    operation.chain = cipher.next(message, iv)
    return SW.OK
  }
  const last = cipher.last(message, iv)
  response.append(algorithm === "sm4" && options.sm4Mac === "xor4" ? xor4(last) : last.subarray(0, MAC_LENGTH))
  return SW.OK
}

interface Cipher {
  encrypt(data: Uint8Array): Uint8Array
  /** Chains blocks. @returns the last one */
  next(data: Uint8Array, iv: Uint8Array): Uint8Array
  /** Chains the last blocks of a MAC. @returns the block whose first bytes are the MAC */
  last(data: Uint8Array, iv: Uint8Array): Uint8Array
}

/** Session keys are single DES keys; a card key makes retail MACs, that of TACs and PIN reload is folded (financial-emv §1). */
function desCipher({ key, type }: Operation): Cipher {
  if (key.length === 8)
    return {
      encrypt: (data) => desEncrypt(key, data),
      next: (data, iv) => desCbcMac(key, data, iv),
      last: (data, iv) => desCbcMac(key, data, iv),
    }
  const encrypt = (data: Uint8Array) => tripleDesEncrypt(key, data)
  if (type === SAM_KEY_TYPE.pinReload) {
    const folded = foldKey(key)
    const chain = (data: Uint8Array, iv: Uint8Array) => desCbcMac(folded, data, iv)
    return { encrypt, next: chain, last: chain }
  }
  return {
    encrypt,
    next: (data, iv) => desCbcMac(key.subarray(0, 8), data, iv),
    last: (data, iv) => retailMac(key, data, iv),
  }
}

function sm4Cipher({ key }: Operation): Cipher {
  const chain = (data: Uint8Array, iv: Uint8Array) => sm4CbcMac(key, data, iv)
  return { encrypt: (data) => sm4Encrypt(key, data), next: chain, last: chain }
}
