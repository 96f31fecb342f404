import { z } from "zod"
import type { Label } from "../../dictionary/index.js"

/** What a field expects, in one language or both. */
type Expectation = string | Label

const chinese = new Map<string, string>()

/** The message of a schema, which is English alone; {@link chineseMessage} knows the other text. */
export function expected(what: Expectation): string {
  const { zh, en } = typeof what === "string" ? { zh: what, en: what } : what
  const message = `expected ${en}`
  chinese.set(message, `应为${zh}`)
  return message
}

/** The Chinese text of a message that {@link expected} made; any other message as it is. */
export const chineseMessage = (message: string): string => chinese.get(message) ?? message

/** The names that a field chooses among. */
export const quoted = (names: readonly unknown[]): Label => {
  const all = names.map((name) => JSON.stringify(name))
  return { zh: all.join("或"), en: all.join(" or ") }
}

export const text = (what: Expectation, pattern: RegExp, description: string) =>
  z.string().regex(pattern, expected(what)).describe(description)

/** Text of any characters but none at all. */
export const someText = (what: Expectation, description: string) =>
  z.string().min(1, expected(what)).describe(description)

const hexDigits = (count: number): Label => ({ zh: `${count}个十六进制数字`, en: `${count} hexadecimal digits` })

export const hexBytes = (bytes: number, description: string) =>
  text(hexDigits(2 * bytes), new RegExp(`^[0-9A-Fa-f]{${2 * bytes}}$`), description)
export const hexText = (description: string) =>
  text({ zh: "成对的十六进制数字", en: "pairs of hexadecimal digits" }, /^([0-9A-Fa-f]{2})+$/, description)
export const date = (description: string) =>
  text({ zh: "八位数字的日期YYYYMMDD", en: "a date of eight digits, YYYYMMDD" }, /^\d{8}$/, description)
export const yuan = (description: string) =>
  text(
    { zh: "以元为单位的金额,如500或500.00", en: "an amount in yuan such as 500 or 500.00" },
    /^\d{1,10}(\.\d{1,2})?$/,
    description,
  )
export const digits = (minimum: number, maximum: number, description: string) =>
  text(
    minimum === maximum
      ? { zh: `${minimum}位数字`, en: `${minimum} digits` }
      : { zh: `${minimum}至${maximum}位数字`, en: `${minimum} to ${maximum} digits` },
    new RegExp(`^\\d{${minimum},${maximum}}$`),
    description,
  )
export const tries = (description: string) => z.int().min(0).max(15).describe(description)

export const testKeys = z
  .literal(true)
  .describe("Says that the keys below are test keys. Real keys never belong into a profile.")

/** A text in both languages. */
export const label = z.strictObject({ zh: z.string(), en: z.string() })

export const atrSection = z
  .strictObject({
    preset: z
      .enum(["ssc", "bank"])
      .describe("ssc: as real social security cards; bank: the same layout, accepted by strict EMV kernels")
      .optional(),
    serial: hexBytes(6, "Last six historical bytes: the card serial").optional(),
    historical: hexBytes(13, "All thirteen historical bytes").optional(),
    contactless: z.boolean().describe("True: as a contactless slot shows the card, with the same bytes").optional(),
    hex: hexText("The whole answer to reset").optional(),
  })
  .describe("Answer to reset: a preset with serial or historical bytes, or the whole of it in hex")

/** How a profile gives the answer to reset. */
export type AtrSection = z.output<typeof atrSection>

/** How every card presents itself, whatever its kind (card-commands §2). */
export const cardOptions = {
  shortLe: z.enum(["6c", "cut"]).optional(),
  case4WithLe: z.enum(["61", "direct"]).optional(),
  emptyRecords: z.enum(["padded", "missing"]).optional(),
  externalAuthP2Zero: z.boolean().optional(),
  externalAuthOrder: z.enum(["AX", "XA"]).optional(),
}

/** What every profile begins with. */
export const profileHead = {
  $schema: z.string().describe("Where editors find the JSON Schema").optional(),
  name: text(
    { zh: "小写字母、数字和连字符", en: "small letters, digits and hyphens" },
    /^[a-z0-9][a-z0-9-]*$/,
    "Short name of the profile",
  ),
  description: label,
  synthetic: z
    .boolean()
    .default(false)
    .describe("True for invented holders; identity numbers of the areas 999999 and 000000 demand it"),
  atr: atrSection,
  algorithm: z.enum(["3des", "sm4"]).default("3des"),
}
