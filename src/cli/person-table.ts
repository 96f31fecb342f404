import { businessTime, describeFieldValue, type FieldValue } from "../dictionary/index.js"
import type { CardReading, FileReading } from "../terminal/index.js"
import { missingLines, unknownLines } from "./missing-lines.js"
import { type Output, tableLines } from "./output.js"
import { refusalText } from "./refusal.js"

/** Check bytes of the card identification code before personalisation (card-structure §18.1). */
const NOT_PERSONALISED = /F{8}$/

/** Who the card belongs to, and what card it is, as a person reads it. */
export function personLines(output: Output, { person, genuine, keyUses = [] }: CardReading): string[] {
  const { values } = person
  const [issuer, holder] = person.files
  const name = fullName(values)
  const version = person.version === undefined ? "" : ` ${person.version}`
  const lines = [
    output.paint("bold", name ?? output.say({ en: "Holder", zh: "持卡人" })),
    ...(holder ? fieldLines(output, holder, name === undefined ? [] : ["name", "nameExtension", "employerName"]) : []),
    output.paint("bold", output.say({ en: `Social security card${version}`, zh: `社会保障卡${version}` })),
    ...(issuer ? fieldLines(output, issuer, ["specVersion"]) : []),
  ]
  if (genuine) lines.push(`  ${genuineText(output, genuine)}`)
  for (const { key, refusal } of keyUses)
    if (refusal) lines.push(output.paint("yellow", `  ${key}: ${refusalText(output, refusal)}`))
  return [...lines, ...warnings(output, values).map((text) => output.paint("yellow", `  ${text}`))]
}

/** The name of a person in both its parts, or of an employer. */
function fullName({ name, nameExtension, employerName }: Readonly<Record<string, FieldValue>>): string | undefined {
  if (typeof employerName === "string") return employerName
  return typeof name === "string" ? `${name}${typeof nameExtension === "string" ? nameExtension : ""}` : undefined
}

function fieldLines(output: Output, reading: FileReading, without: readonly string[]): string[] {
  const { language } = output
  const rows = reading.values
    .filter(({ field, value }) => value !== undefined && !without.includes(field.id))
    .map(({ field, value }) => [field.name[language], describeFieldValue(field, value, language)])
  return [...tableLines(rows, "  "), ...unknownLines(output, reading), ...missingLines(output, reading)]
}

function genuineText(output: Output, genuine: NonNullable<CardReading["genuine"]>): string {
  if (genuine.ok) return output.say({ en: "genuine: internal authentication passed", zh: "内部认证通过" })
  return output.paint("red", refusalText(output, genuine))
}

/** What whoever has the card before them should know. */
function warnings(output: Output, { cardId, expiryDate }: Readonly<Record<string, FieldValue>>): string[] {
  const texts: string[] = []
  if (typeof cardId === "string" && NOT_PERSONALISED.test(cardId))
    texts.push(output.say({ en: "not personalised yet", zh: "尚未个人化" }))
  const today = businessTime(Date.now()).date
  if (typeof expiryDate === "string" && /^\d{8}$/.test(expiryDate) && expiryDate < today)
    texts.push(output.say({ en: "expired", zh: "已过有效期" }))
  return texts
}
