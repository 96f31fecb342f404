import { hexNumber, maskId, maskName, maskPan, maskText, maskTrack2, type Tlv, toHex } from "../../apdu/index.js"
import { conditionCodes, currencyCodes, describeCode, entryModeCodes, merchantCategoryCodes } from "../codes/index.js"
import { describeEmvValue, emvTag } from "../emv/index.js"
import type { Label, Language } from "../label.js"
import { formatYuan } from "../money.js"
import { answerCode } from "./answer-codes.js"
import { decodeBalances, decodeReplacementAmount } from "./coded-fields.js"
import { dataElements, messageTypes } from "./fields.js"
import { decodeIcData } from "./ic-data.js"
import type { Message } from "./message.js"
import { decodePrivateData } from "./private-data.js"
import { processingCodeName } from "./processing-codes.js"

/** A data element for people. */
export interface RenderedElement {
  /** `DE4`, or `DE55.9F26` for an object inside. */
  readonly id: string
  readonly name: string
  /** Secrets and personal data masked. */
  readonly value: string
}

/**
 * Writes a message for traces, one entry for each data element and for each object in DE48 and DE55.
 *
 * PANs and identity numbers show their first 6 and last 4 characters, names their last; PIN blocks, keys and track data
 * nothing. Never throws for a message that was decoded.
 */
export function describeMessage(message: Message, language: Language): RenderedElement[] {
  const rendered: RenderedElement[] = []
  for (const [key, value] of Object.entries(message.fields) as [string, string | Uint8Array | undefined][]) {
    const element = dataElements.get(Number(key))
    if (value === undefined || !element) continue
    const id = `DE${key}`
    const name = element.name[language]
    const inside = value instanceof Uint8Array ? describeInside(Number(key), value, language) : undefined
    if (inside) rendered.push(...inside)
    else rendered.push({ id, name, value: describeElement(Number(key), value, language) })
  }
  return rendered
}

/** A message as lines of text. @example console.error(renderMessage(message, "zh")) */
export function renderMessage(message: Message, language: Language): string {
  const name = messageTypes.get(message.messageType)?.[language]
  const lines = describeMessage(message, language).map(
    ({ id, name: elementName, value }) => `  ${id.padEnd(9)} ${elementName}: ${value}`,
  )
  return [name ? `${message.messageType} ${name}` : message.messageType, ...lines].join("\n")
}

function describeElement(number: number, value: string | Uint8Array, language: Language): string {
  const mask = dataElements.get(number)?.mask
  if (value instanceof Uint8Array) {
    if (mask !== undefined) return "**".repeat(value.length)
    return number === 64 || number === 128 ? describeMac(value) : toHex(value)
  }
  if (mask === "pan") return maskPan(value)
  if (mask === "track") return maskTrack2(value)
  if (mask === "text") return maskText(value)
  return withMeaning(value, meaningOf(number, value, language)) ?? value
}

function meaningOf(number: number, value: string, language: Language): string | undefined {
  switch (number) {
    case 3:
      return processingCodeName(value)?.[language]
    case 4:
      return formatYuan(Number(value))
    case 18:
      return known(merchantCategoryCodes, value, language)
    case 22:
      return known(entryModeCodes, value, language)
    case 25:
      return known(conditionCodes, value, language)
    case 39:
      return answerCode(value).name[language]
    case 49:
      return known(currencyCodes, value, language)
    case 54:
      return attempt(() =>
        decodeBalances(value)
          .map(({ kind, amountFen }) => `${BALANCE_KINDS[kind][language]} ${formatYuan(amountFen)}`)
          .join(", "),
      )
    case 95:
      return attempt(() => formatYuan(decodeReplacementAmount(value)))
    default:
      return undefined
  }
}

const BALANCE_KINDS: Readonly<Record<"ledger" | "available", Label>> = {
  ledger: { zh: "账面余额", en: "ledger" },
  available: { zh: "可用余额", en: "available" },
}

function known(list: Parameters<typeof describeCode>[0], code: string, language: Language): string | undefined {
  const text = describeCode(list, code, language)
  return text === code ? undefined : text
}

const withMeaning = (value: string, meaning: string | undefined) =>
  meaning === undefined ? undefined : `${value} (${meaning})`

function describeMac(value: Uint8Array): string {
  const text = String.fromCharCode(...value)
  return /^[0-9A-F]{8}$/.test(text) ? `"${text}"` : toHex(value)
}

function describeInside(number: number, value: Uint8Array, language: Language): RenderedElement[] | undefined {
  if (number === 55) {
    const objects = attempt(() => decodeIcData(value))
    return objects && flatten(objects).map((object) => describeObject(object, language))
  }
  return number === 48 ? attempt(() => describePrivateData(value, language)) : undefined
}

/** The objects of issuer scripts stand one by one: their commands carry the secrets. */
function flatten(objects: readonly Tlv[]): Tlv[] {
  return objects.flatMap((object) => (object.children ? flatten(object.children) : [object]))
}

function describeObject({ tag, value }: Tlv, language: Language): RenderedElement {
  return {
    id: `DE55.${hexNumber(tag)}`,
    name: emvTag(tag)?.name[language] ?? "",
    value: describeEmvValue(tag, value, language, { masked: true }),
  }
}

const PRIVATE_NAMES: Readonly<Record<string, Label>> = {
  atc: { zh: "应用交易计数器", en: "ATC" },
  challenge: { zh: "卡片随机数", en: "card challenge" },
  documentType: { zh: "证件类型", en: "document type" },
  identityNumber: { zh: "证件号", en: "identity number" },
  name: { zh: "姓名", en: "name" },
  newPinBlock: { zh: "新PIN数据", en: "new PIN block" },
  teller: { zh: "柜员", en: "teller" },
  authorisingTeller: { zh: "授权柜员", en: "authorising teller" },
  remark: { zh: "备注", en: "remark" },
  dispenseOutcome: { zh: "现金处理结果", en: "dispense outcome" },
  notes: { zh: "钞票", en: "notes" },
  pinTriesLeft: { zh: "PIN剩余次数", en: "PIN tries left" },
  totals: { zh: "批次合计", en: "batch totals" },
  feeFen: { zh: "手续费", en: "fee" },
}

function describePrivateData(bytes: Uint8Array, language: Language): RenderedElement[] {
  return Object.entries(decodePrivateData(bytes)).map(([id, value]) => ({
    id: "DE48",
    name: PRIVATE_NAMES[id]![language],
    value: describePrivateValue(id, value),
  }))
}

function describePrivateValue(id: string, value: unknown): string {
  if (id === "newPinBlock") return "****************"
  if (value instanceof Uint8Array) return toHex(value)
  if (id === "feeFen") return formatYuan(value as number)
  if (id === "identityNumber") return maskId(String(value))
  if (id === "name") return maskName(String(value))
  if (id === "remark") return maskText(String(value))
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

function attempt<Value>(make: () => Value): Value | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}
