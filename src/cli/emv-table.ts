import { describeStatusWord, hexNumber, SW, toHex } from "../apdu/index.js"
import { applicationName, describeEmvValue, emvTag } from "../dictionary/index.js"
import type { EmvApplicationReading, EmvCardReading, EmvValue } from "../terminal/index.js"
import { type Output, tableLines } from "./output.js"

/** Where values came from, in the order in which they are shown. */
const PLACES: readonly { readonly from: EmvValue["from"]; readonly en: string; readonly zh: string }[] = [
  { from: "fci", en: "answer to SELECT", zh: "选择应用响应" },
  { from: "gpo", en: "GET PROCESSING OPTIONS", zh: "获取处理选项" },
  { from: "record", en: "records", zh: "记录" },
  { from: "getData", en: "GET DATA", zh: "取数据" },
]

/** Lines of everything that the payment applications of a card show; PAN, name and identity number are masked. */
export function emvLines(output: Output, { applications, cardBlocked }: EmvCardReading): string[] {
  if (cardBlocked) return [output.say({ en: "The card is blocked.", zh: "卡片已锁定。" })]
  if (applications.length === 0) return [output.say({ en: "No payment application.", zh: "卡上没有支付应用。" })]
  return applications.flatMap((application, i) => [...(i > 0 ? [""] : []), ...applicationLines(output, application)])
}

function applicationLines(output: Output, application: EmvApplicationReading): string[] {
  const { aid, statusWord, values, problem, log } = application
  const lines = [output.paint("cyan", `${toHex(aid)}  ${applicationName(aid)?.[output.language] ?? ""}`.trimEnd())]
  if (statusWord !== SW.OK) lines.push(output.paint("yellow", `  ${describeStatusWord(statusWord)[output.language]}`))
  for (const { from, ...title } of PLACES) {
    const rows = values.filter((value) => value.from === from).map(({ tag, value }) => cells(output, tag, value))
    if (rows.length > 0) lines.push(output.paint("bold", output.say(title)), ...tableLines(rows, "  "))
  }
  if (problem !== undefined) lines.push(output.paint("red", problem))
  lines.push(...authenticationLines(output, application))
  if (log.length > 0) lines.push(output.paint("bold", output.say({ en: "transaction log", zh: "交易日志" })))
  for (const fields of log) {
    const texts = fields.map(([tag, value]) => `${hexNumber(tag)} ${describe(output, tag, value)}`)
    lines.push(`  ${texts.join("  ")}`)
  }
  return lines
}

function authenticationLines(output: Output, { authentication }: EmvApplicationReading): string[] {
  if (!authentication) return []
  const { method, passed, why } = authentication
  const title = output.paint("bold", output.say({ en: "offline data authentication", zh: "脱机数据认证" }))
  const texts = {
    passed: { en: "passed", zh: "通过" },
    failed: { en: "failed", zh: "失败" },
    none: { en: "none that card and terminal both know", zh: "卡片与终端无共同方法" },
  }
  const text = output.say(texts[method === "none" ? "none" : passed ? "passed" : "failed"])
  const shown = method === "none" ? text : `${method.toUpperCase()} ${text}`
  const colour = method === "none" ? "dim" : passed ? "green" : "red"
  const reasons = method === "none" ? [] : why.map((reason) => `  ${output.say(reason)}`)
  return [`${title}  ${output.paint(colour, shown)}`, ...reasons]
}

const describe = (output: Output, tag: number, value: Uint8Array) =>
  describeEmvValue(tag, value, output.language, { masked: true })

const cells = (output: Output, tag: number, value: Uint8Array) => [
  hexNumber(tag),
  emvTag(tag)?.name[output.language] ?? "",
  describe(output, tag, value),
]

/** The JSON document: every value as text, and in hex where it names nobody. */
export function emvDocument(output: Output, { applications, cardBlocked }: EmvCardReading): object {
  const element = (tag: number, value: Uint8Array) => {
    const text = describe(output, tag, value)
    const isOpen = text === describeEmvValue(tag, value, output.language)
    const name = emvTag(tag)?.name[output.language]
    return { tag: hexNumber(tag), ...(name && { name }), text, ...(isOpen && { value }) }
  }
  return {
    ok: applications.length > 0,
    cardBlocked,
    applications: applications.map(({ aid, statusWord, values, problem, authentication, log }) => ({
      aid,
      statusWord: hexNumber(statusWord, 4),
      values: values.map(({ tag, value, from }) => ({ from, ...element(tag, value) })),
      ...(problem !== undefined && { problem }),
      ...(authentication && { authentication }),
      log: log.map((fields) => fields.map(([tag, value]) => element(tag, value))),
    })),
  }
}
