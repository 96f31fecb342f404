import { createCipheriv, createDecipheriv } from "node:crypto"
import { assertBytes, concat, ShebaoError } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"

/**
 * A key as it may be kept outside the HSM: enciphered and authenticated under the local master key, together with what
 * it is for, so that a PIN key cannot be passed off as a MAC key.
 */
export type KeyBlock = Uint8Array

export type KeyUsage = "terminalMaster" | "pin" | "mac"

export interface ClearKey {
  readonly algorithm: Algorithm
  /** 16 bytes. */
  readonly key: Uint8Array
}

const VERSION = 1
const USAGES: readonly KeyUsage[] = ["terminalMaster", "pin", "mac"]
const ALGORITHMS: readonly Algorithm[] = ["3des", "sm4"]
const [HEADER_LENGTH, NONCE_LENGTH, TAG_LENGTH, KEY_LENGTH] = [3, 12, 16, 16]
const BLOCK_LENGTH = HEADER_LENGTH + NONCE_LENGTH + KEY_LENGTH + TAG_LENGTH

/** Version, usage and algorithm: in the clear, but covered by the authentication tag. */
const header = (usage: KeyUsage, algorithm: Algorithm) =>
  Uint8Array.of(VERSION, USAGES.indexOf(usage), ALGORITHMS.indexOf(algorithm))

/** @param nonce 12 bytes, never used twice */
export function wrapKey(localMasterKey: Uint8Array, usage: KeyUsage, clear: ClearKey, nonce: Uint8Array): KeyBlock {
  assertBytes("key", clear.key, KEY_LENGTH)
  const head = header(usage, clear.algorithm)
  const cipher = createCipheriv("aes-128-gcm", localMasterKey, nonce).setAAD(head)
  const body = concat(cipher.update(clear.key), cipher.final())
  return concat(head, nonce, body, cipher.getAuthTag())
}

/** @throws {ShebaoError} `KEY_BLOCK_INVALID` when the block is damaged, made under another key, or for another use */
export function unwrapKey(localMasterKey: Uint8Array, usage: KeyUsage, block: KeyBlock): ClearKey {
  const refuse = (cause?: unknown): never => {
    throw new ShebaoError("KEY_BLOCK_INVALID", `The HSM cannot read this ${usage} key.`, { cause })
  }
  const algorithm = ALGORITHMS[block[2] ?? -1]
  if (block.length !== BLOCK_LENGTH || block[0] !== VERSION || USAGES[block[1]!] !== usage || !algorithm)
    return refuse()
  const body = HEADER_LENGTH + NONCE_LENGTH
  try {
    const decipher = createDecipheriv("aes-128-gcm", localMasterKey, block.subarray(HEADER_LENGTH, body))
      .setAAD(block.subarray(0, HEADER_LENGTH))
      .setAuthTag(block.subarray(body + KEY_LENGTH))
    return { algorithm, key: concat(decipher.update(block.subarray(body, body + KEY_LENGTH)), decipher.final()) }
  } catch (cause) {
    return refuse(cause)
  }
}
