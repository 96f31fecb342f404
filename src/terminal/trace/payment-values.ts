import { type DolEntry, hexNumber, parseDol, parseTlv, splitDol, type Tlv } from "../../apdu/index.js"
import { describeEmvValue, emvTag } from "../../dictionary/index.js"
import { say, type TraceValue, type ValueStyle } from "./values.js"

/** Data objects with their names; templates with their parts one level deeper. */
export function tlvValues(bytes: Uint8Array, style: ValueStyle): TraceValue[] {
  return parseTlv(bytes, { mode: "lenient" }).flatMap((object) => objectValues(object, 0, style))
}

function objectValues({ tag, value, children }: Tlv, depth: number, style: ValueStyle): TraceValue[] {
  if (children?.length)
    return [
      { name: tagName(tag, style), value: "", depth },
      ...children.flatMap((child) => objectValues(child, depth + 1, style)),
    ]
  return [tagValue(tag, value, depth, style)]
}

/** One data element. */
export function tagValue(tag: number, value: Uint8Array, depth: number, style: ValueStyle): TraceValue {
  return {
    name: tagName(tag, style),
    value: describeEmvValue(tag, value, style.language, { masked: style.masked }),
    depth,
  }
}

export function tagName(tag: number, style: ValueStyle): string {
  const known = emvTag(tag)?.name
  return known ? `${hexNumber(tag)} ${say(style, known)}` : hexNumber(tag)
}

/** The values that a terminal put together by a list of the card; empty when they do not fit it. */
export function dolValues(dol: Uint8Array | undefined, data: Uint8Array, style: ValueStyle): TraceValue[] {
  const entries = dol && readDol(dol)
  const values = entries && splitDol(entries, data)
  return values ? [...values].map(([tag, value]) => tagValue(tag, value, 0, style)) : []
}

function readDol(dol: Uint8Array): DolEntry[] | undefined {
  try {
    return parseDol(dol)
  } catch {
    return undefined
  }
}

/** Data objects that a format 1 answer holds without tags (EMV Book 3 §6.5.5.4, §6.5.8.4); the last takes the rest. */
const FORMAT_1 = {
  processingOptions: [
    [0x82, 2],
    [0x94, Number.POSITIVE_INFINITY],
  ],
  generateAc: [
    [0x9f27, 1],
    [0x9f36, 2],
    [0x9f26, 8],
    [0x9f10, Number.POSITIVE_INFINITY],
  ],
} as const

/** The answer of GET PROCESSING OPTIONS or GENERATE AC in either format. */
export function formattedAnswerValues(kind: keyof typeof FORMAT_1, data: Uint8Array, style: ValueStyle): TraceValue[] {
  const [template] = parseTlv(data, { mode: "lenient" })
  if (template?.tag !== 0x80) return tlvValues(data, style)
  const values: TraceValue[] = []
  let at = 0
  for (const [tag, length] of FORMAT_1[kind]) {
    const value = template.value.subarray(at, at + length)
    if (value.length > 0) values.push(tagValue(tag, value, 0, style))
    at += length
  }
  return values
}
