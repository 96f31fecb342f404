import { describeStatusWord, hexNumber, toHex } from "../apdu/index.js"
import { describeFieldValue, formatYuan } from "../dictionary/index.js"
import type { CardReading, DirectoryReading, FileReading, MedicalAccount } from "../terminal/index.js"
import { type Output, tableLines } from "./output.js"

/** Lines of a file's table: names and decoded values, then what is missing or unknown. */
export function fileLines(output: Output, reading: FileReading): string[] {
  const { language } = output
  const { file } = reading
  const title = `${hexNumber(file.fid, 4)}  ${file.name[language]}`
  if (reading.refusal !== undefined) return [`${title}  -  ${describeStatusWord(reading.refusal)[language]}`]
  const rows = reading.values
    .filter(({ value }) => value !== undefined)
    .map(({ field, value }) => [field.name[language], describeFieldValue(field, value, language)])
  const empty = reading.values.length - rows.length
  const lines = [output.paint("bold", title), ...tableLines(rows, "  ")]
  for (const { record, bytes, reason } of reading.unknown) {
    const what =
      reason === "unknownTag"
        ? output.say({ en: "local", zh: "地方数据项" })
        : output.say({ en: "malformed", zh: "格式不符" })
    lines.push(`  ${output.say({ en: "record", zh: "记录" })} ${record} (${what})  ${toHex(bytes)}`)
  }
  const refusals = new Map<number, number>()
  for (const { statusWord } of reading.missing) refusals.set(statusWord, (refusals.get(statusWord) ?? 0) + 1)
  for (const [statusWord, count] of refusals)
    lines.push(`  ${count} × ${describeStatusWord(statusWord)[language]} (${hexNumber(statusWord, 4)})`)
  if (empty > 0)
    lines.push(output.paint("dim", `  ${output.say({ en: `${empty} not written`, zh: `${empty} 项未写入` })}`))
  return lines
}

/** Lines of everything that was read from a card. */
export function cardLines(output: Output, reading: CardReading): string[] {
  const parts =
    reading.directories.length === 0
      ? reading.person.files.map((file) => fileLines(output, file))
      : reading.directories.map((directory) => directoryLines(output, directory))
  return parts.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]))
}

function directoryLines(output: Output, { directory, refusal, files }: DirectoryReading): string[] {
  const title = output.paint("cyan", `${directory.name}  ${directory.label[output.language]}`)
  if (refusal !== undefined) return [`${title}  -  ${describeStatusWord(refusal)[output.language]}`]
  return [title, ...files.flatMap((file) => fileLines(output, file))]
}

/** The same as a JSON document with stable field ids. */
export function cardDocument(reading: CardReading): object {
  return {
    ok: true,
    version: reading.person.version,
    person: reading.person.values,
    ...(reading.pin && { pin: { code: reading.pin.code, triesLeft: reading.pin.triesLeft } }),
    ...(reading.directories.length > 0 && { directories: reading.directories.map(directoryDocument) }),
  }
}

function directoryDocument({ directory, refusal, files }: DirectoryReading): object {
  return {
    name: directory.name,
    ...(refusal !== undefined && { statusWord: hexNumber(refusal, 4) }),
    files: files.map((reading) => ({
      fid: hexNumber(reading.file.fid, 4),
      id: reading.file.id,
      ...(reading.refusal !== undefined && { statusWord: hexNumber(reading.refusal, 4) }),
      fields: reading.values.map(({ field, record, value }) => ({ id: field.id, record, value: value ?? null })),
      missing: reading.missing.map(({ record, field, statusWord }) => ({
        record,
        id: field?.id,
        statusWord: hexNumber(statusWord, 4),
      })),
      unknown: reading.unknown,
    })),
  }
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
