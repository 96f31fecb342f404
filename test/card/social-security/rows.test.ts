import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import {
  asSocialSecurityProfile,
  type Card,
  createCard,
  parseProfile,
  type SocialSecurityProfile,
} from "../../../src/card/index.js"
import { send } from "../../support/financial-card.js"
import { authenticate } from "../../support/terminal.js"
import { ROWS } from "./rows.js"
import { bytesOf, type FileRows, parseRows, type Row, someValue } from "./table-rows.js"

interface Variant {
  readonly title: string
  readonly files: readonly FileRows[]
  readonly profile: SocialSecurityProfile
}

const person = { specVersion: "2.00", personKind: "employee" }
const employer = { specVersion: "2.00", personKind: "employer" }
const sm4 = { specVersion: "3.00", algorithm: "sm4" }

function variant(title: string, text: string, head: Record<string, unknown>): Variant {
  const files = parseRows(text)
  const isPerson = head.personKind !== "employer"
  const profile = {
    name: "rows",
    description: { zh: "逐行", en: "row by row" },
    synthetic: true,
    atr: { preset: "ssc", serial: "110816000001" },
    region: "320800",
    ...(isPerson && { holder: HOLDER }),
    issuer: ISSUER,
    fields: fieldsOf(files),
    ...head,
  }
  return {
    title,
    files,
    profile: asSocialSecurityProfile(parseProfile(sectionsOf(files, profile, isPerson ? "holder" : "employer"))),
  }
}

/** What the tables of Jiangsu alone do not say. */
const HOLDER = { name: "A", socialSecurityNumber: "999999199001010016", sex: "1", nation: "01", birthDate: "19900101" }
const ISSUER = { cardNumber: "SB0000012", issueDate: "20250101", expiryDate: "20341231" }

const COMPUTED = new Set(["cardId", "specVersion"])

/** Values for every row that `fields` of a profile gives. */
function fieldsOf(files: readonly FileRows[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const file of files) {
    if (file.directory === "SSSE" && file.fid <= 0xef06) continue
    if (file.structure === "transparent") fields[`${file.directory}.${file.id}`] = toHex(contentOf(file, 0))
    if (file.structure === "cyclic") fields[`${file.directory}.${file.id}`] = [itemsOf(file.rows, 0)]
    if (file.structure !== "variable") continue
    for (const row of file.rows) {
      const path = `${file.directory}.${row.id}`
      if (row.items.length === 0) fields[path] = initial(row)
      else if (row.repeats) fields[path] = [...((fields[path] as unknown[]) ?? []), itemsOf(row.items, row.repetition)]
      else fields[path] = itemsOf(row.items, 0)
    }
  }
  return fields
}

const itemsOf = (items: readonly Pick<Row, "id" | "length" | "type" | "tag">[], seed: number) =>
  Object.fromEntries(items.map((item) => [item.id, someValue(item, seed)]))

/** Values of the rows of SSSE EF05 and EF06 in their own sections. */
function sectionsOf(files: readonly FileRows[], profile: Record<string, unknown>, holder: string) {
  const sections: Record<string, unknown> = {}
  for (const { directory, fid, rows } of files)
    if (directory === "SSSE" && fid <= 0xef06)
      sections[fid === 0xef05 ? "issuer" : holder] = Object.fromEntries(
        rows.filter(({ id }) => !COMPUTED.has(id)).map((row) => [row.id, initial(row)]),
      )
  return { ...profile, ...sections }
}

const initial = (row: Row) => row.fixed ?? someValue(row, 0)

/** What stands in a transparent file: a byte that tells its place. */
const contentOf = ({ size }: FileRows, seed: number) =>
  Uint8Array.from({ length: size }, (_, i) => (i * 7 + seed) & 0xff)

/** The value of a record: `shift` 0 is what the profile wrote, others differ from it. */
const valueBytes = (row: Row, shift: number): number[] =>
  row.items.length === 0
    ? bytesOf(row, shift === 0 ? initial(row) : someValue(row, shift))
    : row.items.flatMap((item) => [item.tag, item.length, ...bytesOf(item, someValue(item, shift + row.repetition))])

/** A record as it stands on the card. */
const record = (row: Row, shift: number) => toHex(Uint8Array.from([row.tag, row.length, ...valueBytes(row, shift)]))

const hex2 = (value: number) => value.toString(16).toUpperCase().padStart(2, "0")
const hex4 = (value: number) => hex2(value >> 8) + hex2(value & 0xff)

const VARIANTS: readonly Variant[] = [
  variant("version 1.00", ROWS.version1, { ...person, specVersion: "1.00" }),
  variant("version 2.00", ROWS.version2, person),
  variant("version 3.00 with 3DES", ROWS.version3, { ...person, specVersion: "3.00" }),
  variant("version 3.00 with SM4", ROWS.version3, { ...person, ...sm4 }),
  variant("the variant of Jiangsu", ROWS.jiangsu, { ...person, local: "jiangsu" }),
  variant("an employer's card, 2.00", ROWS.employer2, employer),
  variant("an employer's card, 3.00 with SM4", ROWS.employer3, { ...employer, ...sm4 }),
]

/** A card with a file selected; nothing is satisfied. */
function select(profile: SocialSecurityProfile, { directory, fid }: FileRows): Card {
  const card = createCard({ profile, seed: "rows" })
  card.powerOn()
  reselect(card, directory, fid)
  return card
}

function reselect(card: Card, directory: string, fid: number): void {
  expect(send(card, "00A404000F7378312E73682EC9E7BBE1B1A3D5CF")).toMatch(/9000$/)
  if (directory !== "SSSE") expect(send(card, `00A4000002${directory}`)).toMatch(/9000$/)
  expect(send(card, `00A4000002${hex4(fid)}`)).toBe("9000")
}

/** Satisfies the conditions of one alternative. */
function satisfy(card: Card, alternative: string): void {
  for (const condition of alternative.split("+"))
    if (condition === "PIN") expect(send(card, "0020000003123456")).toBe("9000")
    else if (condition !== "free") authenticate(card, condition)
}

/** Every way to read that a rule gives. */
const waysOf = (rule: string) => rule.split("|")

/** Powers the card anew with a file selected and one way satisfied. */
function open(card: Card, file: FileRows, way: string): void {
  card.reset()
  reselect(card, file.directory, file.fid)
  satisfy(card, way)
}

describe.each(VARIANTS)("$title", ({ files, profile }) => {
  const variables = files.filter(({ structure }) => structure === "variable")
  const records = variables.flatMap((file) =>
    file.rows.map(
      (row) =>
        [`${file.directory} ${hex4(file.fid)} record ${row.record} ${hex2(row.tag)} ${row.id}`, file, row] as const,
    ),
  )

  it.each(records)("%s is read", (_, file, row) => {
    const card = select(profile, file)
    const read = () => send(card, `00B2${hex2(row.record)}0400`)
    const rule = file.freeRecords.includes(row.record) ? "free" : file.read
    if (rule !== "free") expect(read()).toBe("6982")
    for (const way of waysOf(rule)) {
      open(card, file, way)
      const answer = read()
      if (row.id === "cardId") expect(answer).toMatch(/^0110320800D15600000516000001[0-9A-F]{8}9000$/)
      else if (row.id === "specVersion")
        expect(answer).toBe(`0304${toHex(new TextEncoder().encode(profile.specVersion))}9000`)
      else expect(answer).toBe(`${record(row, 0)}9000`)
      if (row.repetition === 0) expect(send(card, `00B2${hex2(row.tag)}0000`)).toBe(answer)
    }
    if (rule.includes("+")) {
      open(card, file, rule.split("+")[0]!)
      expect(read()).toBe("6982")
      open(card, file, rule.split("+")[1]!)
      expect(read()).toBe("6982")
    }
  })

  it.each(records)("%s is written", (_, file, row) => {
    const card = select(profile, file)
    const written = record(row, 2)
    const write = () => send(card, `00DC${hex2(row.record)}04${hex2(written.length / 2)}${written}`)
    expect(write()).toBe("6982")
    open(card, file, waysOf(file.read)[0]!)
    expect(write()).toBe("6982")
    for (const way of waysOf(file.write)) {
      open(card, file, way)
      expect(write()).toBe("9000")
      open(card, file, waysOf(file.read)[0]!)
      expect(send(card, `00B2${hex2(row.record)}0400`)).toBe(`${written}9000`)
    }
  })

  it.each(variables.map((file) => [`${file.directory} ${hex4(file.fid)}`, file] as const))(
    "%s has no other record",
    (_, file) => {
      const card = select(profile, file)
      open(card, file, waysOf(file.read)[0]!)
      expect(send(card, `00B2${hex2(file.rows.length + 1)}0400`)).toBe("6A83")
    },
  )

  const cyclics = files.filter(({ structure }) => structure === "cyclic")
  it.each(
    cyclics.flatMap((file) =>
      file.rows.map(
        (row) => [`${file.directory} ${hex4(file.fid)} offset ${hex2(row.record)} ${row.id}`, file, row] as const,
      ),
    ),
  )("%s is read and pushed", (_, file, row) => {
    const card = select(profile, file)
    const slice = (answer: string) => answer.slice(2 * row.record, 2 * (row.record + row.length))
    expect(send(card, "00B2010400")).toBe("6982")
    for (const way of waysOf(file.read)) {
      open(card, file, way)
      const answer = send(card, "00B2010400")
      expect(answer).toHaveLength(2 * file.size + 4)
      expect(slice(answer)).toBe(toHex(Uint8Array.from(bytesOf(row, someValue(row, 0)))))
      expect(send(card, "00B2020400")).toBe("6A83")
    }
    const pushed = toHex(Uint8Array.from(file.rows.flatMap((each) => bytesOf(each, someValue(each, 2)))))
    const push = () => send(card, `00DC0003${hex2(file.size)}${pushed}`)
    expect(push()).toBe("6982")
    if (file.write === "never") return
    open(card, file, file.write)
    for (let count = 0; count < file.recordCount; count++) expect(push()).toBe("9000")
    open(card, file, waysOf(file.read)[0]!)
    for (let count = 1; count <= file.recordCount; count++)
      expect(slice(send(card, `00B2${hex2(count)}0400`))).toBe(slice(pushed))
    expect(send(card, `00B2${hex2(file.recordCount + 1)}0400`)).toBe("6A83")
  })

  const transparents = files.filter(({ structure }) => structure === "transparent")
  it.each(transparents.map((file) => [`${file.directory} ${hex4(file.fid)} ${file.id}`, file] as const))(
    "%s is read and written",
    (_, file) => {
      const card = select(profile, file)
      const content = contentOf(file, 0)
      const read = (offset: number, length: number) => send(card, `00B0${hex4(offset)}${hex2(length)}`)
      if (file.read !== "free") expect(read(0, 16)).toBe("6982")
      open(card, file, file.read)
      expect(read(0, 16)).toBe(`${toHex(content.subarray(0, 16))}9000`)
      expect(read(file.size - 16, 16)).toBe(`${toHex(content.subarray(-16))}9000`)
      expect(read(file.size, 1)).toBe("6B00")
      const write = () => send(card, `00D6${hex4(file.size - 4)}04A1A2A3A4`)
      expect(write()).toBe("6982")
      open(card, file, file.write)
      expect(write()).toBe("9000")
      expect(send(card, `00D6${hex4(file.size - 2)}04A1A2A3A4`)).toBe("6A84")
      open(card, file, file.read)
      expect(read(file.size - 4, 4)).toBe("A1A2A3A49000")
    },
  )
})

/** Files that a version does not have (card-structure §5, §13, §14). */
it.each<[string, SocialSecurityProfile, string, string]>([
  ["no photo in version 1.00", VARIANTS[0]!.profile, "SSSE", "EF08"],
  ["no education file in version 1.00", VARIANTS[0]!.profile, "DF01", "EF15"],
  ["no local file without a variant", VARIANTS[1]!.profile, "SSSE", "EF0D"],
  ["no fingerprint on an employer's card", VARIANTS[5]!.profile, "SSSE", "EF07"],
])("there is %s", (_, profile, directory, fid) => {
  const card = createCard({ profile })
  card.powerOn()
  send(card, "00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
  if (directory !== "SSSE") send(card, `00A4000002${directory}`)
  expect(send(card, `00A4000002${fid}`)).toBe("6A82")
})

it.each<[string, SocialSecurityProfile, string]>([
  ["DF07 in version 1.00", VARIANTS[0]!.profile, "D15600000506"],
  ["DF05 without a variant", VARIANTS[1]!.profile, "D15600000504"],
  ["DF02 on an employer's card", VARIANTS[5]!.profile, "D15600000501"],
  ["DF04 on an employer's card", VARIANTS[5]!.profile, "D15600000503"],
])("there is no %s", (_, profile, aid) => {
  const card = createCard({ profile })
  card.powerOn()
  expect(toHex(card.process(hex(`00A4040006${aid}`)))).toBe("6A82")
})
