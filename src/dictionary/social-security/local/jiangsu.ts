import { hex } from "../../../apdu/index.js"
import { an, applicationDirectory, cn, date, list, times, variable } from "../define.js"
import type { KeyDefinition } from "../keys.js"
import type { DirectoryDefinition, FieldDefinition, FileDefinition } from "../types.js"

/** What a region adds to the national tables. Tags there mean only what the region says. */
export interface LocalTables {
  /** Files added to directories that exist. */
  readonly files: Readonly<Record<string, readonly FileDefinition[]>>
  /** Keys of directories that exist, which no national table has. */
  readonly keys?: Readonly<Record<string, readonly KeyDefinition[]>>
  /** Directories of their own, below the SSSE. */
  readonly directories: readonly DirectoryDefinition[]
}

const hexTag = (tag: number) => tag.toString(16).toUpperCase()

const item = (tag: number, form: "text" | "code" | "digits" | "date", length: number): FieldDefinition => {
  const [id, zh, en] = [
    `local${NAMES[form]}${hexTag(tag)}`,
    `地方数据项(${hexTag(tag)})`,
    `local item (${hexTag(tag)})`,
  ]
  if (form === "date") return date(id, tag, zh, en)
  return form === "digits" ? cn(id, tag, length, zh, en) : an(id, tag, length, zh, en)
}

const NAMES = { text: "Text", code: "Code", digits: "Digits", date: "Date" } as const

/** A code of one or more digits, packed. */
const packedCode = (tag: number, length: number) =>
  cn(`localCode${hexTag(tag)}`, tag, length, `地方数据项(${hexTag(tag)})`, `local item (${hexTag(tag)})`)

const dates = (...tags: number[]) => tags.map((tag) => item(tag, "date", 4))

const numbered = (tag: number, length: number, number: number, code: number, codeLength: number) =>
  list(`localList${hexTag(tag)}`, tag, length, `地方数据列表(${hexTag(tag)})`, `local list (${hexTag(tag)})`, [
    an(`number${hexTag(number)}`, number, 0x10, `编号(${hexTag(number)})`, `number (${hexTag(number)})`),
    an(`code${hexTag(code)}`, code, codeLength, `代码(${hexTag(code)})`, `code (${hexTag(code)})`),
  ])

const insuredList = (tag: number) =>
  list(`localList${hexTag(tag)}`, tag, 0x1a, `地方数据列表(${hexTag(tag)})`, `local list (${hexTag(tag)})`, [
    cn("codeE3", 0xe3, 0x01, "代码(E3)", "code (E3)"),
    date("dateE4", 0xe4, "日期(E4)", "date (E4)"),
    date("dateE5", 0xe5, "日期(E5)", "date (E5)"),
    date("dateE6", 0xe6, "日期(E6)", "date (E6)"),
    cn("digitsE7", 0xe7, 0x03, "六位数(E7)", "digits (E7)"),
  ])

const df05 = applicationDirectory("DF05", { zh: "人员人才/地方应用", en: "local application" }, hex("D15600000504"), [
  variable({ fid: 0xef05, id: "local5", zh: "地方数据", en: "local data", read: "PIN", write: "UK1DF05" }, [
    item(0xa0, "code", 1),
    item(0xa1, "code", 1),
    item(0xb9, "code", 1),
    item(0xa2, "code", 4),
    packedCode(0xa9, 1),
    times(5, numbered(0xa3, 0x18, 0xa5, 0xa6, 0x04)),
    times(2, numbered(0xa4, 0x17, 0xa7, 0xa8, 0x03)),
    item(0xba, "text", 0x14),
    item(0xbb, "text", 0x64),
    item(0xaa, "text", 0x14),
    item(0xab, "date", 4),
    ...[0xac, 0xad, 0xae, 0xaf, 0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xbc].map((tag) =>
      item(tag, "code", 1),
    ),
    item(0xb8, "text", 0x28),
  ]),
])

const df06 = applicationDirectory("DF06", { zh: "地方应用", en: "local application" }, hex("D15600000505"), [
  variable({ fid: 0xef05, id: "local6a", zh: "地方数据1", en: "local data 1", read: "RK1DF06", write: "UK1DF06" }, [
    an("localEmployerName", 0xc0, 0x46, "单位", "employer"),
    an("localEmployerOrgCode", 0xc2, 0x09, "组织机构代码", "organisation code"),
    ...[0xc3, 0xc4, 0xc5].map(insuredList),
  ]),
  variable({ fid: 0xef06, id: "local6b", zh: "地方数据2", en: "local data 2", read: "RK1DF06", write: "UK2DF06" }, [
    an("localNameC6", 0xc6, 0x46, "单位(C6)", "employer (C6)"),
    an("localOrgCodeC8", 0xc8, 0x09, "机构代码(C8)", "organisation code (C8)"),
    packedCode(0xc9, 1),
    ...dates(0xca, 0xcb, 0xcc),
    item(0xcd, "digits", 2),
    packedCode(0xce, 1),
    ...dates(0xcf, 0xd0, 0xd1),
    item(0xd2, "digits", 3),
    packedCode(0xd3, 1),
    ...dates(0xd4, 0xd5, 0xd6),
    item(0xd7, "digits", 3),
    packedCode(0xd8, 1),
    ...dates(0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde),
    item(0xdf, "digits", 3),
    item(0xe0, "digits", 3),
    item(0xe1, "digits", 2),
    item(0xe2, "digits", 2),
  ]),
])

/** The variant of Jiangsu: EF0D in the SSSE, DF05 and DF06 (card-structure §5.4, §11). */
export const jiangsu: LocalTables = {
  files: {
    SSSE: [
      variable({ fid: 0xef0d, id: "local", zh: "地方数据文件", en: "local data", read: "free", write: "UKEF0D" }, [
        item(0xea, "code", 0x0c),
        item(0xeb, "digits", 3),
        item(0xec, "code", 1),
        item(0xed, "code", 1),
      ]),
    ],
  },
  directories: [df05, df06],
}
