import { maskBytes, toHex } from "../apdu/index.js"
import {
  type CardComparison,
  type CardContents,
  type CardDifference,
  type CardItem,
  recordItems,
} from "../card/index.js"
import { decodeField, describeFieldBytes } from "../dictionary/index.js"
import type { Text } from "./language.js"
import { type Output, tableLines } from "./output.js"

type Place = Omit<CardItem, "bytes">

const HIDDEN = "***"
const SHOWN_BYTES = 16

/** Lines of everything that a card holds, directory by directory, as its owner sees it. */
export function contentsLines(output: Output, { items, lists }: CardContents): string[] {
  const all = [
    ...items,
    ...lists.flatMap((list) => list.records.flatMap((record, index) => recordItems(list, record, index + 1))),
  ]
  const names = [...new Set(all.map(({ directory }) => directory))]
  return names.flatMap((name) => [
    output.paint("cyan", name),
    ...tableLines(
      all
        .filter(({ directory }) => directory === name)
        .map((item) => [placeText(output, item), valueText(output, item)]),
      "  ",
    ),
  ])
}

/** Lines of a comparison: place, what it was, what it is. */
export function comparisonLines(output: Output, { sameLayout, differences }: CardComparison): string[] {
  const lines = tableLines(
    differences.map((difference) => [
      `${difference.directory}  ${placeText(output, difference)}`,
      ...changeTexts(output, difference),
    ]),
  )
  if (differences.length === 0) lines.push(output.say({ en: "no difference", zh: "没有差异" }))
  if (!sameLayout)
    lines.push(
      output.say({
        en: "The cards are laid out differently: places that only one of them has are marked.",
        zh: "两张卡的布局不同:只有一方存在的位置已注明。",
      }),
    )
  return lines
}

/** The same as JSON: values decoded where the tables know the field, hexadecimal otherwise, none of secrets. */
export function comparisonDocument({ sameLayout, differences }: CardComparison): object {
  return {
    ok: true,
    same: differences.length === 0,
    sameLayout,
    differences: differences.map((difference) => {
      const { directory, name, kind, record, field, change, secret, before, after } = difference
      return {
        directory,
        name,
        kind,
        ...(record !== undefined && { record }),
        ...(field && { field: field.id }),
        change,
        ...(secret && { secret }),
        ...(before && { before: plainValue(difference, before) }),
        ...(after && { after: plainValue(difference, after) }),
      }
    }),
  }
}

function plainValue({ kind, field }: Place, bytes: Uint8Array): unknown {
  if (kind === "tries") return bytes[0]
  if (field === undefined || kind === "binary") return maskBytes(bytes)
  try {
    return decodeField(field, bytes) ?? null
  } catch {
    return toHex(bytes)
  }
}

const TRIES: Text = { en: "tries left", zh: "剩余次数" }

function placeText(output: Output, { name, kind, record, field }: Place): string {
  const number = record === undefined ? "" : ` ${output.say({ en: "record", zh: "记录" })} ${record}`
  const label = kind === "tries" ? ` ${output.say(TRIES)}` : field ? `  ${field.name[output.language]}` : ""
  return `${name}${number}${label}`
}

function valueText(output: Output, item: CardItem): string {
  const { kind, field, bytes, secret } = item
  if (secret) return HIDDEN
  if (kind === "tries") return String(bytes[0])
  if (kind === "binary") return binaryText(output, bytes)
  if (field === undefined) return maskBytes(bytes)
  return describeFieldBytes(field, bytes, output.language) || "-"
}

function binaryText(output: Output, bytes: Uint8Array): string {
  const size = output.say({ en: `${bytes.length} bytes`, zh: `${bytes.length} 字节` })
  if (bytes.every((byte) => byte === 0)) return `${size}  00`
  return bytes.length <= SHOWN_BYTES
    ? `${size}  ${maskBytes(bytes)}`
    : `${size}  ${maskBytes(bytes.subarray(0, SHOWN_BYTES))}..`
}

function changeTexts(output: Output, difference: CardDifference): string[] {
  const { change, secret, kind, before, after } = difference
  const value = (bytes: Uint8Array) => valueText(output, { ...difference, bytes })
  const said = (text: Text, bytes: Uint8Array | undefined) => [output.say(text), bytes ? value(bytes) : ""]
  switch (change) {
    case "added":
      return said({ en: "new", zh: "新增" }, after)
    case "removed":
      return said({ en: "gone", zh: "消失" }, before)
    case "onlyBefore":
      return said({ en: "only in the first", zh: "仅前者有" }, before)
    case "onlyAfter":
      return said({ en: "only in the second", zh: "仅后者有" }, after)
    case "changed":
      if (secret) return [output.say({ en: "changed", zh: "已改变" }), HIDDEN]
      if (kind === "binary")
        return [output.say({ en: "changed", zh: "已改变" }), differingText(output, before!, after!)]
      return [output.say({ en: "changed", zh: "已改变" }), `${value(before!)} → ${value(after!)}`]
  }
}

function differingText(output: Output, before: Uint8Array, after: Uint8Array): string {
  let count = Math.abs(before.length - after.length)
  for (let at = 0; at < Math.min(before.length, after.length); at++) if (before[at] !== after[at]) count++
  return output.say({ en: `${count} of ${after.length} bytes`, zh: `${after.length} 字节中的 ${count} 字节` })
}
