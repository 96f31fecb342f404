/** An item of a list, or a field of a fixed record. */
export interface Item {
  readonly tag: number
  readonly length: number
  readonly type: string
  readonly id: string
}

/** A record of a variable file, or a field of a cyclic one. */
export interface Row extends Item {
  /** Record number; of a cyclic file the offset of the field. */
  readonly record: number
  /** Position among the records of one field. */
  readonly repetition: number
  /** The field stands in several records. */
  readonly repeats: boolean
  readonly items: readonly Item[]
  /** A value that a profile must give in this form. */
  readonly fixed: string | undefined
}

/** A file of the card as the tables describe it. */
export interface FileRows {
  readonly directory: string
  readonly fid: number
  readonly structure: "variable" | "cyclic" | "transparent"
  readonly read: string
  readonly write: string
  /** Records that anybody may read. */
  readonly freeRecords: readonly number[]
  /** Id of a cyclic or transparent file. */
  readonly id: string
  readonly recordCount: number
  /** Of a record of a cyclic file, or of a transparent file. */
  readonly size: number
  readonly rows: readonly Row[]
}

const number = (text: string) => Number.parseInt(text, 16)

/** Reads the tables of `rows.ts`. */
export function parseRows(text: string): FileRows[] {
  const files: (FileRows & { rows: Row[] })[] = []
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const [content, fixed] = line.split("=").map((part) => part.trim())
    const words = content!.split(/\s+/)
    if (!line.startsWith(" ")) files.push(parseFile(words))
    else if (words[0] === ".") addItem(files.at(-1)!.rows, words)
    else addRow(files.at(-1)!, words, fixed)
  }
  return files
}

function parseFile([directory, fid, form, read, write, last = ""]: string[]): FileRows & { rows: Row[] } {
  const [structure, first = "0", second = "0"] = form!.split(":")
  const isTransparent = structure === "transparent"
  return {
    directory: directory!,
    fid: number(fid!),
    structure: structure as FileRows["structure"],
    read: read!,
    write: write!,
    freeRecords: last.startsWith("free:") ? last.slice(5).split(",").map(number) : [],
    id: last,
    recordCount: isTransparent ? 0 : number(first),
    size: number(isTransparent ? first : second),
    rows: [],
  }
}

function addRow(file: { structure: string; rows: Row[] }, words: string[], fixed: string | undefined): void {
  if (file.structure === "cyclic") {
    const [offset, length, type, id] = words as [string, string, string, string]
    const item = { tag: -1, length: number(length), type, id }
    file.rows.push({ ...item, record: number(offset), repetition: 0, repeats: false, items: [], fixed })
    return
  }
  const [records, tag, length, type, id] = words as [string, string, string, string, string]
  const [from, to = from] = records.split("-").map(number) as [number, number?]
  const items: Item[] = []
  for (let record = from; record <= to; record++)
    file.rows.push({
      tag: number(tag),
      length: number(length),
      type,
      id,
      record,
      repetition: record - from,
      repeats: to > from,
      items,
      fixed,
    })
}

/** The records of one field share the list of its items. */
function addItem(rows: Row[], [, tag, length, type, id]: string[]): void {
  ;(rows.at(-1)!.items as Item[]).push({ tag: number(tag!), length: number(length!), type: type!, id: id! })
}

/** What a profile says of an item: some value that fills it. Different seeds give different values. */
export function someValue({ length, type }: Item, seed: number): string | number {
  const each = (count: number, make: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => make(i)).join("")
  switch (type) {
    case "AN":
      return each(length, (i) => String.fromCharCode(0x41 + ((seed + i) % 26)))
    case "CN":
      return each(2 * length, (i) => String((seed + i + 1) % 10))
    case "B":
      return each(length, (i) => ((seed + i) % 256).toString(16).padStart(2, "0"))
    default:
      return 256 * seed + length
  }
}

/** The bytes of such a value, as card-structure §1.1 codes them. */
export function bytesOf({ length, type }: Item, value: string | number): number[] {
  if (type === "DEC" || type === "NUM")
    return Array.from({ length }, (_, i) => Math.floor(Number(value) / 256 ** (length - 1 - i)) % 256)
  const text = String(value)
  const given =
    type === "AN" ? [...text].map((character) => character.charCodeAt(0)) : pairs(text.padEnd(2 * length, "F"))
  return [...given, ...new Array<number>(length - given.length).fill(0)]
}

const pairs = (digits: string) => (digits.match(/../g) ?? []).map(number)
