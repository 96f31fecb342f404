import { z } from "zod"

export const text = (expected: string, pattern: RegExp, description: string) =>
  z.string().regex(pattern, `expected ${expected}`).describe(description)

export const hexBytes = (bytes: number, description: string) =>
  text(`${2 * bytes} hexadecimal digits`, new RegExp(`^[0-9A-Fa-f]{${2 * bytes}}$`), description)
export const hexText = (description: string) => text("pairs of hexadecimal digits", /^([0-9A-Fa-f]{2})+$/, description)
export const date = (description: string) => text("a date of eight digits, YYYYMMDD", /^\d{8}$/, description)
export const yuan = (description: string) =>
  text("an amount in yuan such as 500 or 500.00", /^\d{1,10}(\.\d{1,2})?$/, description)
export const digits = (minimum: number, maximum: number, description: string) =>
  text(
    minimum === maximum ? `${minimum} digits` : `${minimum} to ${maximum} digits`,
    new RegExp(`^\\d{${minimum},${maximum}}$`),
    description,
  )
export const tries = (description: string) => z.int().min(0).max(15).describe(description)

export const testKeys = z
  .literal(true)
  .describe("Says that the keys below are test keys. Real keys never belong into a profile.")

const label = z.strictObject({ zh: z.string(), en: z.string() })

export const atrSection = z
  .strictObject({
    preset: z
      .enum(["ssc", "bank"])
      .describe("ssc: as real social security cards; bank: the same layout, accepted by strict EMV kernels")
      .optional(),
    serial: text("12 hexadecimal digits", /^[0-9A-Fa-f]{12}$/, "Last six historical bytes: the card serial").optional(),
    historical: text("26 hexadecimal digits", /^[0-9A-Fa-f]{26}$/, "All thirteen historical bytes").optional(),
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
  name: text("small letters, digits and hyphens", /^[a-z0-9][a-z0-9-]*$/, "Short name of the profile"),
  description: label,
  synthetic: z
    .boolean()
    .default(false)
    .describe("True for invented holders; identity numbers of the areas 999999 and 000000 demand it"),
  atr: atrSection,
  algorithm: z.enum(["3des", "sm4"]).default("3des"),
}
