import { assertInteger, concat, hexNumber, InputError, uint16 } from "../apdu/index.js"
import { compileAccess } from "./access.js"
import type { ImageBuilder } from "./image.js"
import type { AccessRule, Directory, ElementaryFile, RecordSlot } from "./layout.js"
import type { CyclicFileSpec, FileSpec, FixedFileSpec, VariableFileSpec } from "./specification.js"

/** P1 of the record commands goes to FE; FF is reserved (ISO 7816-4 §11.3.3). */
const MAXIMUM_RECORDS = 254
const MAXIMUM_ROOM = 0x8000
/** What offset data objects of two bytes reach, and one command can erase. */
const MAXIMUM_SIZE = 0xffff
const HIGHEST_SFI = 30

/** Places a file in the image and compiles its rules. @throws {InputError} naming the file and its field */
export function compileFile(spec: FileSpec, sfi: number, directory: Directory, image: ImageBuilder): ElementaryFile {
  const field = `${directory.name}.${spec.name}`
  if (spec.fid !== undefined) checkNumber(`${field}.fid`, spec.fid, 0, 0xffff)
  const read = compileAccess(spec.read, directory, `${field}.read`)
  const write = compileAccess(spec.write, directory, `${field}.write`)
  const common = { name: spec.name, fid: spec.fid ?? -1, sfi, read, write, directory, control: undefined }
  switch (spec.structure) {
    case "transparent": {
      checkNumber(`${field}.content.length`, spec.content.length, 1, MAXIMUM_SIZE)
      const region = image.place(spec.content)
      return { ...common, structure: "transparent", region, records: [], recordLength: 0 }
    }
    case "variable":
      return {
        ...common,
        structure: "variable",
        recordLength: 0,
        ...variableRecords(spec, read, directory, field, image),
      }
    case "fixed":
    case "cyclic":
      return {
        ...common,
        structure: spec.structure,
        recordLength: spec.recordLength,
        ...equalRecords(spec, read, field, image),
      }
  }
}

/**
 * Short file identifiers of the files of a directory: as given, else the low five bits of the FID (card-structure §4.3)
 * where no other file has them; 0 = none.
 */
export function shortIdentifiers(files: readonly FileSpec[], directory: string): number[] {
  const taken = new Set<number>()
  for (const { name, sfi } of files) {
    if (sfi === undefined) continue
    checkNumber(`${directory}.${name}.sfi`, sfi, 0, HIGHEST_SFI)
    if (sfi > 0 && taken.has(sfi)) throw new InputError(`${directory}.${name}.sfi`, `expected one file of SFI ${sfi}`)
    taken.add(sfi)
  }
  return files.map(({ fid = 0, sfi }) => {
    if (sfi !== undefined) return sfi
    const low = fid & 0x1f
    if (low > HIGHEST_SFI || taken.has(low)) return 0
    taken.add(low)
    return low
  })
}

type Placed = Pick<ElementaryFile, "region" | "records">

function variableRecords(
  spec: VariableFileSpec,
  read: AccessRule,
  directory: Directory,
  field: string,
  image: ImageBuilder,
): Placed {
  const spare = spec.spare ?? []
  checkNumber(`${field}.records.length`, spec.records.length + spare.length, 0, MAXIMUM_RECORDS)
  const records: RecordSlot[] = []
  const start = image.place(new Uint8Array(0)).offset
  spec.records.forEach((record, index) => {
    const name = `${field}.records[${index}]`
    const { content, room = content.length } = record
    checkNumber(`${name}.room`, room, 1, MAXIMUM_ROOM)
    if (content.length > room)
      throw new InputError(`${name}.content`, `expected at most ${room} bytes, got ${content.length}`)
    const { offset } = image.place(concat(uint16(content.length), content), 2 + room)
    const rule = record.read === undefined ? read : compileAccess(record.read, directory, `${name}.read`)
    records.push({ offset: offset + 2, length: room, tag: plainTag(content), read: rule })
  })
  spare.forEach((room, index) => {
    checkNumber(`${field}.spare[${index}]`, room, 1, MAXIMUM_ROOM)
    records.push({ offset: image.place(new Uint8Array(0), 2 + room).offset + 2, length: room, tag: -1, read })
  })
  return { region: { offset: start, length: image.place(new Uint8Array(0)).offset - start }, records }
}

/** The tag of `Tag(1) Len(1) Value` (card-structure §1.2); -1 when the content has another shape. */
function plainTag(content: Uint8Array): number {
  return content.length >= 2 && content[1] === content.length - 2 ? content[0]! : -1
}

function equalRecords(
  spec: FixedFileSpec | CyclicFileSpec,
  read: AccessRule,
  field: string,
  image: ImageBuilder,
): Placed {
  const { recordLength, recordCount, records: given = [] } = spec
  checkNumber(`${field}.recordLength`, recordLength, 1, 255)
  checkNumber(`${field}.recordCount`, recordCount, 1, MAXIMUM_RECORDS)
  checkNumber(`${field}.records.length`, given.length, 0, recordCount)
  given.forEach((record, index) => {
    if (record.length === recordLength) return
    throw new InputError(`${field}.records[${index}]`, `expected ${recordLength} bytes, got ${record.length}`)
  })
  const cyclic = spec.structure === "cyclic"
  const header = cyclic ? image.place(Uint8Array.of(Math.max(0, given.length - 1), given.length)) : undefined
  const body = image.place(new Uint8Array(0), recordLength * recordCount)
  const physical = cyclic ? [...given].reverse() : given
  const records = Array.from({ length: recordCount }, (_, index) => {
    const offset = body.offset + index * recordLength
    image.fill(offset, physical[index] ?? new Uint8Array(0))
    return { offset, length: recordLength, tag: -1, read }
  })
  const start = header?.offset ?? body.offset
  return { region: { offset: start, length: body.offset + body.length - start }, records }
}

/** What a transaction on the file saves at most in one write. */
export function largestWrite(file: ElementaryFile): number {
  if (file.structure === "transparent") return file.region.length
  return file.records.reduce((largest, { length }) => Math.max(largest, length + 2), 0)
}

/** Refuses two files or directories of one identifier below one directory. */
export function checkUnique(field: string, entries: readonly { readonly name: string; readonly fid: number }[]): void {
  const seen = new Map<string, string>()
  for (const { name, fid } of entries) {
    const marks = [`name ${name}`]
    if (fid >= 0) marks.push(`FID ${hexNumber(fid, 4)}`)
    for (const mark of marks) {
      if (seen.has(mark)) throw new InputError(field, `expected one file of ${mark}, got ${seen.get(mark)} and ${name}`)
      seen.set(mark, name)
    }
  }
}

/** Like `assertInteger`, for what a person wrote into a profile. @throws {InputError} */
export function checkNumber(field: string, value: number, minimum: number, maximum: number): void {
  try {
    assertInteger(field, value, minimum, maximum)
  } catch {
    throw new InputError(field, `expected an integer in ${minimum}..${maximum}, got ${value}`)
  }
}
