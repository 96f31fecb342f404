import { type CommandApdu, equalBytes, hexNumber } from "../../apdu/index.js"
import { keyById, type Label, PKI_PINS, PKI_SECRETS, pairReference } from "../../dictionary/index.js"
import { say, type ValueStyle } from "./values.js"
import type { DirectoryView } from "./view.js"

const RELOAD: Label = { en: "PIN RELOAD", zh: "个人密码重装" }
const UPDATE_MASTER_KEY: Label = { en: "UPDATE MASTER KEY", zh: "更新主控密钥" }
/** Data of a PIN reload, by algorithm: a block and the MAC. */
const RELOAD_LENGTHS = [12, 20]

/** The name of a command whose header means something else in another application. */
export function nameInDirectory({ kind }: DirectoryView, { cla, ins, p1, p2, data }: CommandApdu): Label | undefined {
  if (cla !== 0x84 || kind === "payment") return undefined
  // Out of the payment application 84 24 00 01 is the RELOAD of the social security PIN (card-commands §5.3).
  if (ins === 0x24 && p2 === 0x01) return RELOAD
  if (ins !== 0xd4) return undefined
  if (kind === "pki") return UPDATE_MASTER_KEY
  return p1 === 0x00 && p2 === 0x01 && RELOAD_LENGTHS.includes(data.length) ? RELOAD : undefined
}

/** The key that EXTERNAL AUTHENTICATE and WRITE KEY name in P2. */
export function keyName(directory: DirectoryView, apdu: CommandApdu): string | undefined {
  const { p2 } = apdu
  if (nameInDirectory(directory, apdu) === RELOAD) return undefined
  if (directory.kind === "pki") return PKI_SECRETS.master
  const name = directory.kind === "social" ? keyById(directory.directory.name, p2)?.name : undefined
  return name ?? hexNumber(p2)
}

const PIN_LABELS = {
  user: { en: "user PIN", zh: "用户口令" },
  admin: { en: "administrator PIN", zh: "管理员口令" },
} as const
const PAIR_LABELS = {
  signature: { en: "signature pair", zh: "签名密钥对" },
  encryption: { en: "encryption pair", zh: "加密密钥对" },
} as const
const STATUS: Label = { en: "status", zh: "状态" }

/** Which PIN a VERIFY means, and whether it only asks for its state. */
export function pinName({ kind }: DirectoryView, { p1, p2, data }: CommandApdu, style: ValueStyle): string | undefined {
  const which = kind === "pki" && (["user", "admin"] as const).find((pin) => PKI_PINS[pin].reference === p1 * 256 + p2)
  const words = [which && PIN_LABELS[which], data.length === 0 && STATUS]
  const text = words.flatMap((label) => (label ? [say(style, label)] : []))
  return text.length === 0 ? undefined : text.join(", ")
}

/** The key pair that the data of a PKI command begin with. */
export function pairName({ kind }: DirectoryView, { data }: CommandApdu, style: ValueStyle): string | undefined {
  if (kind !== "pki") return undefined
  const pair = (["signature", "encryption"] as const).find((candidate) => {
    const reference = pairReference(candidate)
    return equalBytes(data.subarray(0, reference.length), reference)
  })
  return pair && say(style, PAIR_LABELS[pair])
}
