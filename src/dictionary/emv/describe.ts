import {
  bcdDigits,
  decodeText,
  hexNumber,
  maskBytes,
  maskCommand,
  maskId,
  maskName,
  maskPan,
  maskTrack2,
  parseDol,
  toHex,
} from "../../apdu/index.js"
import { countryCodes, currencyCodes, describeCode, emvDocumentCodes, transactionTypeCodes } from "../codes/index.js"
import { commandName } from "../commands.js"
import type { Language } from "../label.js"
import { formatYuan } from "../money.js"
import { CVR, describeBits, emvBits } from "./bits.js"
import { cryptogramType, parseCvr, parseIad } from "./cryptogram.js"
import { cvmConditionCodes, cvmMethodCodes, cvmResultCodes, parseCvmList } from "./cvm.js"
import { decodeScriptResults } from "./script-results.js"
import { type EmvTag, emvTag } from "./tags.js"

/**
 * Writes the value of an EMV data element for people: digits, text, amounts in yuan, dates, and the meaning of bits. A value
 * that does not fit its definition is shown in hexadecimal. Never throws.
 *
 * @param options.masked hides what names a person or an account, as a log or trace must
 * @example describeEmvValue(0x9c, hex("01"), "zh") // "取款"
 */
export function describeEmvValue(
  tag: number,
  value: Uint8Array,
  language: Language,
  options: { readonly masked?: boolean } = {},
): string {
  const masked = options.masked ?? false
  const definition = emvTag(tag)
  if (!definition) return masked ? maskBytes(value) : toHex(value)
  try {
    return describeKind(definition, value, language, masked) ?? describeFormat(definition, value, language, masked)
  } catch {
    return masked ? "**".repeat(value.length) : toHex(value)
  }
}

function describeKind({ kind }: EmvTag, value: Uint8Array, language: Language, masked: boolean): string | undefined {
  const mask = (shown: (text: string) => string, text: string) => (masked ? shown(text) : text)
  switch (kind) {
    case "hidden":
      return masked ? "**".repeat(value.length) : toHex(value)
    case "pan":
      return mask(maskPan, bcdDigits(value))
    case "track":
      return mask(maskTrack2, toHex(value).replace(/F$/, ""))
    case "name":
      return mask(maskName, decodeText(value))
    case "id":
      return mask(maskId, decodeText(value))
    case "amount":
      return formatYuan(Number(bcdDigits(value)))
    case "date":
      return grouped(value, "-", "20")
    case "time":
      return grouped(value, ":", "")
    case "currency":
      return describeCode(currencyCodes, bcdDigits(value).slice(-3), language)
    case "country":
      return describeCode(countryCodes, bcdDigits(value).slice(-3), language)
    case "transactionType":
      return describeCode(transactionTypeCodes, bcdDigits(value), language)
    case "documentType":
      return describeCode(emvDocumentCodes, bcdDigits(value), language)
    case "dol":
      return parseDol(value)
        .map(({ tag, length }) => `${hexNumber(tag)}(${length})`)
        .join(" ")
    case "afl":
      return describeAfl(value)
    case "cvmList":
      return describeCvmList(value, language)
    case "cvmResults":
      return describeCvmResults(value, language)
    case "iad":
      return describeIad(value, language)
    case "cid":
      return cryptogramType(value[0] ?? 0xff) ?? toHex(value)
    case "scriptResults":
      return decodeScriptResults(value)
        .map(({ outcome, command, scriptId }) => {
          const text = { notRun: ["未执行", "not run"], failed: ["失败", "failed"], ok: ["成功", "ok"] }[outcome]
          const where = outcome === "failed" ? ` (${command})` : ""
          return `${toHex(scriptId)} ${text[language === "zh" ? 0 : 1]}${where}`
        })
        .join(", ")
    case "command": {
      const name = commandName(value)?.[language]
      const bytes = masked ? maskCommand(value) : toHex(value)
      return name ? `${name} ${bytes}` : bytes
    }
    default:
      return undefined
  }
}

function describeFormat(definition: EmvTag, value: Uint8Array, language: Language, masked: boolean): string {
  const bits = emvBits.get(definition.tag)
  if (bits) {
    const names = describeBits(bits, value, language)
    return names.length > 0 ? `${toHex(value)} ${names.join(language === "zh" ? "、" : "; ")}` : toHex(value)
  }
  if (definition.format === "n" || definition.format === "cn") return bcdDigits(value)
  if (definition.format === "an" || definition.format === "ans") {
    const text = decodeText(value)
    return /[\p{Cc}\uFFFD]/u.test(text) ? toHex(value) : text
  }
  return masked && definition.format === "t" ? maskBytes(value) : toHex(value)
}

function grouped(value: Uint8Array, separator: string, prefix: string): string {
  return prefix + bcdDigits(value).replace(/(\d\d)(?=\d)/g, `$1${separator}`)
}

function describeAfl(value: Uint8Array): string {
  if (value.length % 4 !== 0) return toHex(value)
  const entries: string[] = []
  for (let at = 0; at < value.length; at += 4) {
    const signed = value[at + 3]! > 0 ? ` (ODA ${value[at + 3]})` : ""
    entries.push(`SFI ${value[at]! >> 3}: ${value[at + 1]}-${value[at + 2]}${signed}`)
  }
  return entries.join(", ")
}

function describeCvmList(value: Uint8Array, language: Language): string {
  return parseCvmList(value)
    .rules.map(({ method, condition, continueIfFailed }) => {
      const next = continueIfFailed ? (language === "zh" ? ",失败则继续" : ", else next") : ""
      const name = describeCode(cvmMethodCodes, hexNumber(method), language)
      return `${name} (${describeCode(cvmConditionCodes, hexNumber(condition), language)}${next})`
    })
    .join(language === "zh" ? ";" : "; ")
}

function describeCvmResults(value: Uint8Array, language: Language): string {
  if (value.length !== 3) return toHex(value)
  const method = describeCode(cvmMethodCodes, hexNumber(value[0]! & 0x3f), language)
  return `${toHex(value)} ${method}: ${describeCode(cvmResultCodes, hexNumber(value[2]!), language)}`
}

function describeIad(value: Uint8Array, language: Language): string {
  const iad = parseIad(value)
  if (!iad) return toHex(value)
  const { first, second } = parseCvr(iad.cvr)
  const parts = [
    `DKI ${hexNumber(iad.dki)}`,
    `CVN ${hexNumber(iad.cvn)}`,
    iad.algorithm === "sm4" ? "SM4" : "3DES",
    `GAC1 ${first ?? "-"}`,
    ...(second ? [`GAC2 ${second}`] : []),
    ...describeBits(Object.values(CVR), iad.cvr, language),
  ]
  return `${toHex(value)} ${parts.join(language === "zh" ? "、" : "; ")}`
}
