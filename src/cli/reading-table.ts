import { describeStatusWord, hexNumber } from "../apdu/index.js"
import { describeFieldValue, formatYuan } from "../dictionary/index.js"
import {
  type CardReading,
  type DirectoryReading,
  type FieldReading,
  type MedicalAccount,
  type OpenedFileReading,
  withoutPadding,
} from "../terminal/index.js"
import { paymentLines, pkiLines } from "./application-lines.js"
import { missingLines, unknownLines } from "./missing-lines.js"
import { type Output, tableLines } from "./output.js"
import { personLines } from "./person-table.js"
import { refusalText } from "./refusal.js"

/** Lines of everything that was read from a card: who it belongs to; with `--all` every directory instead. */
export function cardLines(output: Output, reading: CardReading): string[] {
  if (reading.directories.length === 0) return personLines(output, reading)
  const here = reading.directories.filter(({ refusal }) => refusal === undefined)
  const parts = [
    personLines(output, reading),
    ...here.map((directory) => directoryLines(output, directory)),
    absentLines(output, reading),
    ...(reading.pki && reading.pki.refusal === undefined ? [pkiLines(output, reading.pki.objects)] : []),
    ...(reading.payment?.length ? [paymentLines(output, reading.payment)] : []),
  ]
  return parts.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]))
}

function directoryLines(output: Output, { directory, files }: DirectoryReading): string[] {
  const title = output.paint("cyan", `${directory.name}  ${directory.label[output.language]}`)
  return [title, ...files.flatMap((file) => fileLines(output, file))]
}

/** Directories that the card does not have, or does not let anybody select. */
function absentLines(output: Output, { directories }: CardReading): string[] {
  return directories.flatMap(({ directory, refusal }) =>
    refusal === undefined
      ? []
      : [
          output.paint(
            "dim",
            `${directory.name}  ${directory.label[output.language]}  -  ${describeStatusWord(refusal)[output.language]}`,
          ),
        ],
  )
}

/** Lines of a file's table: names and decoded values, then what is missing or unknown. */
function fileLines(output: Output, reading: OpenedFileReading): string[] {
  const { language } = output
  const { file } = reading
  const title = `${hexNumber(file.fid, 4)}  ${file.name[language]}`
  if (reading.refusal !== undefined) return [`${title}  -  ${describeStatusWord(reading.refusal)[language]}`]
  const lines = [output.paint("bold", title), ...(isList(reading) ? listLines : valueLines)(output, reading)]
  lines.push(...unknownLines(output, reading))
  lines.push(...missingLines(output, reading))
  for (const { key, refusal } of reading.keys ?? [])
    if (refusal) lines.push(output.paint("yellow", `  ${key}: ${refusalText(output, refusal)}`))
  const empty = reading.values.filter(({ value }) => value === undefined).length
  if (empty > 0)
    lines.push(output.paint("dim", `  ${output.say({ en: `${empty} not written`, zh: `${empty} 项未写入` })}`))
  return lines
}

const isList = ({ file }: OpenedFileReading): boolean => file.structure === "cyclic" || file.structure === "fixed"

function valueLines(output: Output, { values }: OpenedFileReading): string[] {
  const { language } = output
  const rows = values
    .filter(({ value }) => value !== undefined)
    .map((reading) => [reading.field.name[language], valueText(output, reading)])
  return tableLines(rows, "  ")
}

/** Pictures and templates by their size: their bytes tell nobody anything. */
function valueText(output: Output, { field, value, bytes }: FieldReading): string {
  if (field.format !== "photo" && field.format !== "template") return describeFieldValue(field, value, output.language)
  return `${withoutPadding(bytes)?.length ?? 0} ${output.say({ en: "bytes", zh: "字节" })}`
}

/** Records of one form are the rows of a table, with the names of their fields on top. */
function listLines(output: Output, { file, values, missing }: OpenedFileReading): string[] {
  if (file.structure === "variable" || file.structure === "transparent") return []
  if (values.length === 0 && missing.length > 0) return []
  if (values.length === 0) return [output.paint("dim", `  ${output.say({ en: "no records", zh: "无记录" })}`)]
  const rows = new Map<number, FieldReading[]>()
  for (const reading of values) {
    const row = rows.get(reading.record!) ?? []
    row.push(reading)
    rows.set(reading.record!, row)
  }
  const heads = ["#", ...file.fields.map(({ name }) => name[output.language])]
  const cells = [...rows].map(([record, fields]) => [
    String(record),
    ...fields.map(({ field, value }) => describeFieldValue(field, value, output.language)),
  ])
  const [head = "", ...body] = tableLines([heads, ...cells], "  ")
  return [output.paint("dim", head), ...body]
}

/** The three amounts of the medical account, for people. */
export function medicalLines(output: Output, account: MedicalAccount): string[] {
  const year = (text: string | undefined) => text ?? "-"
  const rows = [
    [output.say({ en: "personal account (CIA)", zh: "个人账户余额 (CIA)" }), formatYuan(account.personalBalanceFen)],
    [
      output.say({
        en: `own payments ${year(account.ownPaymentsYear)} (SPIP)`,
        zh: `${year(account.ownPaymentsYear)} 年个人自付累计 (SPIP)`,
      }),
      formatYuan(account.ownPaymentsFen),
    ],
    [
      output.say({
        en: `pooled fund payments ${year(account.pooledPaymentsYear)} (SPFP)`,
        zh: `${year(account.pooledPaymentsYear)} 年统筹支付累计 (SPFP)`,
      }),
      formatYuan(account.pooledPaymentsFen),
    ],
  ]
  return [output.say({ en: "Medical account, from the card", zh: "医疗保险账户(卡内)" }), ...tableLines(rows, "  ")]
}
