import { encodeText, hex } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"
import type { Label } from "../label.js"
import { type KeyDefinition, socialSecurityKeys } from "./keys.js"

/** Where things are in a SAM (card-commands §11.1). */
export const SAM = {
  masterFile: 0x3f00,
  /** The environment of the Chinese ciphers; that of 3DES is the MF itself. */
  secondEnvironment: 0xddf1,
  application: 0xdf01,
  publicInformation: 0x0015,
  terminalNumber: 0x0016,
  /** AID of the application DF01. */
  aid: hex("D15600000590"),
} as const

const NAMES: Readonly<Record<Algorithm, string>> = { "3des": "sx1.sh.", sm4: "sx2.sh." }

/** Name of a SAM's environment: `sx1.sh.社会保障` for 3DES, `sx2.sh.社会保障` for SM4 (card-commands §11.1). */
export function samEnvironmentName(algorithm: Algorithm): Uint8Array {
  return encodeText(`${NAMES[algorithm]}社会保障`, undefined)
}

/** Diversification levels that a usage byte asks for: b8-b6, 0 to 3 in use (card-structure §16.2). */
export const usageLevels = (usage: number): number => usage >> 5
/** Type of key that a usage byte names: b5-b1 (card-structure §16.2). */
export const usageType = (usage: number): number => usage & 0x1f

/** Types of keys in a SAM (card-structure §16.2); 9 upwards are reserved. */
export const SAM_KEY_TYPE = {
  master: 0,
  maintenance: 1,
  debit: 2,
  pinUnblock: 3,
  pinReload: 4,
  cardMaintenance: 5,
  mac: 6,
  encryption: 7,
  macAndEncryption: 8,
} as const

const TYPE_LABELS: readonly Label[] = [
  { en: "master", zh: "主控密钥" },
  { en: "maintenance", zh: "维护密钥" },
  { en: "debit", zh: "消费密钥" },
  { en: "PIN unblock", zh: "PIN解锁密钥" },
  { en: "PIN reload", zh: "PIN重装密钥" },
  { en: "card maintenance", zh: "用户卡应用维护密钥" },
  { en: "MAC", zh: "MAC密钥" },
  { en: "encryption", zh: "加密密钥" },
  { en: "MAC and encryption", zh: "MAC、加密密钥" },
]

/** What a usage byte says of a key's type. @example describeUsageType(0x67).en // "encryption" */
export function describeUsageType(usage: number): Label {
  return TYPE_LABELS[usageType(usage)] ?? { en: "reserved", zh: "保留" }
}

/** The keys of social security cards that a SAM may hold: those with a usage byte and an identifier. */
export const samKeys: readonly (KeyDefinition & { readonly psamUsage: number; readonly psamId: number })[] =
  socialSecurityKeys.filter(
    (key): key is KeyDefinition & { psamUsage: number; psamId: number } =>
      key.psamUsage !== undefined && key.psamId !== undefined,
  )

/**
 * The key of a card that a SAM key serves, whatever levels the SAM holds it at; undefined for a local one.
 *
 * @example samKeyMeaning(0x67, 0x08)?.name // "IRK"
 */
export function samKeyMeaning(usage: number, id: number): KeyDefinition | undefined {
  return samKeys.find((key) => key.psamId === id && usageType(key.psamUsage) === usageType(usage))
}
