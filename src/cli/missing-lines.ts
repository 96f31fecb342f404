import { describeStatusWord, hexNumber, SW, toHex } from "../apdu/index.js"
import type { FileReading } from "../terminal/index.js"
import type { Output } from "./output.js"

/** What the card refused, with the rule that the tables give for it. */
export function missingLines(output: Output, { file, missing, unlisted }: FileReading): string[] {
  const counts = new Map<string, number>()
  for (const { field, record, statusWord } of missing) {
    const own = file.structure === "variable" ? file.records.find(({ number }) => number === record)?.read : undefined
    const rule = unlisted ? "?" : (own ?? file.read)
    const needs =
      statusWord === SW.SECURITY_STATUS_NOT_SATISFIED ? output.say({ en: `, needs ${rule}`, zh: `,需要 ${rule}` }) : ""
    const names = statusWord === SW.SECURITY_STATUS_NOT_SATISFIED || !field ? "" : `: ${field.name[output.language]}`
    const text = `${describeStatusWord(statusWord)[output.language]} (${hexNumber(statusWord, 4)}${needs})${names}`
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, count]) => `  ${count} × ${text}`)
}

/** Records that the tables do not explain, as they are. */
export function unknownLines(output: Output, { unknown }: Pick<FileReading, "unknown">): string[] {
  return unknown.map(({ record, bytes, reason }) => {
    const what =
      reason === "unknownTag"
        ? output.say({ en: "local", zh: "地方数据项" })
        : output.say({ en: "malformed", zh: "格式不符" })
    return `  ${output.say({ en: "record", zh: "记录" })} ${record} (${what})  ${toHex(bytes)}`
  })
}
