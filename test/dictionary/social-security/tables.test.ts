import { describe, expect, it } from "vitest"
import { InputError, toHex } from "../../../src/apdu/index.js"
import {
  type DirectoryDefinition,
  type FieldDefinition,
  type FileDefinition,
  fieldsOf,
  findDirectory,
  findField,
  findFile,
  findKey,
  keyById,
  normaliseVersion,
  parseAccess,
  type SpecVersion,
  socialSecurityTables,
} from "../../../src/dictionary/index.js"

const VERSIONS: readonly SpecVersion[] = ["2.00", "3.00"]
const version2 = socialSecurityTables("2.00")

function eachFile(check: (directory: DirectoryDefinition, file: FileDefinition, where: string) => void): void {
  for (const version of VERSIONS)
    for (const directory of socialSecurityTables(version))
      for (const file of directory.files) check(directory, file, `${version} ${directory.name}/${file.id}`)
}

describe("consistency of the tables", () => {
  it("a B-TLV length is the sum of its items with their heads", () => {
    let lists = 0
    eachFile((_, file, where) => {
      for (const field of fieldsOf(file)) {
        expect(field.items !== undefined, `${where}/${field.id}`).toBe(field.type === "B-TLV")
        if (!field.items) continue
        lists++
        const sum = field.items.reduce((total, item) => total + 2 + item.length, 0)
        expect(sum, `${where}/${field.id}`).toBe(field.length)
      }
    })
    expect(lists).toBe(2 * 6)
  })

  it("tags and ids are unique in their file, items in their list", () => {
    const unique = (fields: readonly FieldDefinition[], where: string) => {
      const ids = fields.map((field) => field.id)
      expect(new Set(ids).size, where).toBe(ids.length)
      const tags = fields.flatMap((field) => (field.tag === undefined ? [] : [field.tag]))
      expect(new Set(tags).size, where).toBe(tags.length)
    }
    eachFile((_, file, where) => {
      unique(fieldsOf(file), where)
      for (const field of fieldsOf(file)) if (field.items) unique(field.items, `${where}/${field.id}`)
    })
  })

  it("records are numbered from 1 and every field of a variable file has a tag", () => {
    eachFile((_, file, where) => {
      if (file.structure !== "variable") return
      expect(file.records.map((record) => record.number)).toEqual(file.records.map((_, i) => i + 1))
      for (const { field } of file.records) expect(field.tag, `${where}/${field.id}`).toBeDefined()
    })
  })

  it("fields of a fixed record follow each other and fill it", () => {
    eachFile((_, file, where) => {
      if (file.structure !== "cyclic" && file.structure !== "fixed") return
      let end = 0
      for (const field of file.fields) {
        expect(field.offset, `${where}/${field.id}`).toBe(end)
        end += field.length
      }
      expect(end, where).toBe(file.recordLength)
    })
  })

  it("every access expression parses and names keys of the SSSE or of its own directory", () => {
    eachFile((directory, file, where) => {
      const expressions = [file.read, file.write]
      if (file.structure === "variable")
        for (const record of file.records) expressions.push(record.read ?? "free", record.write ?? "free")
      for (const name of expressions.flatMap((expression) => parseAccess(expression, where).flat())) {
        if (name === "PIN") continue
        const key = findKey(name)
        expect(key, `${where}: ${name}`).toBeDefined()
        expect(["SSSE", directory.name], `${where}: ${name}`).toContain(key!.directory)
      }
    })
  })

  it("no two files of a directory share FID or SFI, no two directories FID or AID", () => {
    for (const version of VERSIONS) {
      const directories = socialSecurityTables(version)
      expect(new Set(directories.map((d) => d.fid)).size).toBe(directories.length)
      expect(new Set(directories.map((d) => toHex(d.aid))).size).toBe(directories.length)
      for (const { files } of directories) {
        expect(new Set(files.map((file) => file.fid)).size).toBe(files.length)
        expect(new Set(files.map((file) => file.sfi)).size).toBe(files.length)
        for (const file of files) expect(file.sfi).toBe(file.fid & 31)
      }
    }
  })

  it("every name is there in Chinese and English", () => {
    eachFile((directory, file, where) => {
      for (const name of [directory.label, file.name, ...fieldsOf(file).map((field) => field.name)]) {
        expect(name.zh, where).toMatch(/\S/)
        expect(name.en, where).toMatch(/^[ -~]+$/)
      }
    })
  })
})

/** FID, structure and size of every file, counted by hand in card-structure §5-§10. */
const SHAPES: Record<string, readonly string[]> = {
  SSSE: ["EF05 variable 7", "EF06 variable 7", "EF07 transparent 768", "EF08 transparent 4096"],
  DF01: [
    "EF05 variable 3",
    "EF06 variable 5",
    "EF07 variable 1",
    "EF08 variable 1",
    "EF09 variable 3",
    "EF0A variable 3",
    "EF15 variable 4",
    "EF16 transparent 296",
    "EF17 transparent 296",
    "EF18 transparent 296",
    "EF19 transparent 296",
    "EF1A transparent 296",
  ],
  DF02: [
    "EF05 variable 6",
    "EF06 variable 7",
    "EF07 cyclic 4x85",
    "EF09 variable 4",
    "EF15 variable 6",
    "EF16 cyclic 4x18",
  ],
  DF03: [
    "EF05 variable 7",
    "EF06 variable 10",
    "EF07 variable 6",
    "EF15 variable 3",
    "EF16 variable 2",
    "EF17 variable 5",
    "EF18 variable 5",
    "EF19 variable 4",
  ],
  DF04: ["EF05 variable 16", "EF06 variable 3", "EF08 cyclic 30x28", "EF15 cyclic 8x3"],
  DF07: ["EF05 variable 5", "EF06 variable 3", "EF07 variable 2"],
}

const shape = (file: FileDefinition) => {
  const fid = file.fid.toString(16).toUpperCase()
  if (file.structure === "variable") return `${fid} variable ${file.records.length}`
  if (file.structure === "transparent") return `${fid} transparent ${file.size}`
  return `${fid} ${file.structure} ${file.recordCount}x${file.recordLength}`
}

describe("version 2.00", () => {
  it("has the directories and files of card-structure §4-§10", () => {
    expect(Object.fromEntries(version2.map((directory) => [directory.name, directory.files.map(shape)]))).toEqual(
      SHAPES,
    )
  })

  it.each([
    ["SSSE", "DDF1", "7378312E73682EC9E7BBE1B1A3D5CF"],
    ["DF01", "DF01", "D15600000500"],
    ["DF02", "DF02", "D15600000501"],
    ["DF03", "DF03", "D15600000502"],
    ["DF04", "DF04", "D15600000503"],
    ["DF07", "DF07", "D15600000506"],
  ])("%s has FID %s and AID %s (§4.1)", (name, fid, aid) => {
    const directory = findDirectory(version2, name)
    expect(directory.fid.toString(16).toUpperCase()).toBe(fid)
    expect(toHex(directory.aid)).toBe(aid)
  })

  it("guards the files as the access matrix of §15 says", () => {
    const access = (directory: string, fid: number) => {
      const file = findFile(version2, directory, fid)!
      return [file.read, file.write]
    }
    expect(access("SSSE", 0xef05)).toEqual(["free", "UKssse"])
    expect(access("SSSE", 0xef08)).toEqual(["RKssse", "UKssse"])
    expect(access("DF01", 0xef06)).toEqual(["PIN|RK1DF01", "UK4DF01"])
    expect(access("DF01", 0xef0a)).toEqual(["PIN|RK1DF01", "UK5DF01|UK1DF01"])
    expect(access("DF01", 0xef1a)).toEqual(["free", "UKBDF01"])
    expect(access("DF03", 0xef05)).toEqual(["PIN|RK2DF03", "UK1DF03"])
    expect(access("DF04", 0xef06)).toEqual(["PIN+RK1DF04", "UK2DF04"])
    expect(access("DF04", 0xef08)).toEqual(["PIN", "never"])
    expect(access("DF07", 0xef07)).toEqual(["PIN+RK3DF07", "UK3DF07"])
  })

  it("reads the SSSE freely in every record", () => {
    const issuer = findFile(version2, "SSSE", 0xef05)!
    expect(issuer.structure === "variable" && issuer.records.some((record) => record.read)).toBe(false)
  })

  it("repeats a list in several records", () => {
    const education = findFile(version2, "DF01", 0xef15)!
    if (education.structure !== "variable") throw new Error("not variable")
    expect(education.records.map((record) => [record.number, record.field.id, record.repetition])).toEqual([
      [1, "educationLevel", undefined],
      [2, "educationHistory", 0],
      [3, "educationHistory", 1],
      [4, "educationHistory", 2],
    ])
    expect(fieldsOf(education)).toHaveLength(2)
  })
})

describe("version 3.00", () => {
  it("leaves records 1 and 3 of EF05 free and guards the rest of the basic data with RKssse (§5.1, §5.2)", () => {
    const tables = socialSecurityTables("3.00")
    const issuer = findFile(tables, "SSSE", 0xef05)!
    if (issuer.structure !== "variable") throw new Error("not variable")
    expect(issuer.records.map((record) => record.read ?? issuer.read)).toEqual([
      "free",
      "RKssse",
      "free",
      "RKssse",
      "RKssse",
      "RKssse",
      "RKssse",
    ])
    expect(findFile(tables, "SSSE", 0xef06)!.read).toBe("RKssse")
  })

  it("holds the same data as 2.00", () => {
    const fields = (version: SpecVersion) =>
      socialSecurityTables(version).map((directory) => directory.files.map((file) => fieldsOf(file)))
    expect(fields("3.00")).toEqual(fields("2.00"))
  })
})

describe("lookups", () => {
  it("find a field by id with its place", () => {
    const found = findField(version2, "birthDate")!
    expect([found.directory.name, found.file.fid, found.field.tag]).toEqual(["SSSE", 0xef06, 0x0d])
    expect(findField(version2, "phone", "DF01")?.file.id).toBe("residence")
    expect(findField(version2, "phone", "DF03")).toBeUndefined()
    expect(findField(version2, "nothing")).toBeUndefined()
  })

  it("the same tag means different things in different files, so no lookup goes by tag alone (§13)", () => {
    expect(findField(version2, "employmentDate60")?.field.tag).toBe(0x60)
    expect(findField(version2, "unemploymentDigits61")?.field.tag).toBe(0x61)
    expect(findFile(version2, "DF05", 0xef05)).toBeUndefined()
  })

  it("refuse a directory that is not there, naming those that are", () => {
    expect(() => findDirectory(version2, "DF05")).toThrow(/SSSE, DF01.*got DF05/)
  })

  it.each([
    ["1.00", "1.00"],
    ["1.1", "1.00"],
    ["2.01", "2.00"],
    ["3.00", "3.00"],
    ["33", "3.00"],
    ["", "3.00"],
    ["9.9", "3.00"],
  ])("take version text %j for %s (§2)", (text, version) => {
    expect(normaliseVersion(text)).toBe(version)
  })

  it("give a directory its own keys", () => {
    expect(findDirectory(version2, "SSSE").keys.map((key) => key.name)).toEqual([
      "IRK",
      "MKssse",
      "STKssse",
      "UKssse",
      "PUK",
      "RKssse",
    ])
    expect(keyById("DF04", 0x84)?.name).toBe("RK1DF04")
    expect(keyById("DF04", 0x0a)?.name).toBe("RKssse")
    expect(keyById("DF01", 0x88)).toBeUndefined()
  })
})

describe("parseAccess", () => {
  it.each([
    ["free", [[]]],
    ["", [[]]],
    ["never", []],
    ["FF", []],
    ["PIN", [["PIN"]]],
    ["PIN|RK1DF01", [["PIN"], ["RK1DF01"]]],
    ["PIN + RK1DF04", [["PIN", "RK1DF04"]]],
    ["UKssse|PIN+RK1DF07", [["UKssse"], ["PIN", "RK1DF07"]]],
  ])("reads %j", (expression, rule) => {
    expect(parseAccess(expression)).toEqual(rule)
  })

  it.each(["PIN|", "|PIN", "PIN++RK1DF01", "PIN&RK1DF01", "free|PIN", "PIN|never", "(PIN)", "1DF01"])(
    "refuses %j",
    (expression) => {
      expect(() => parseAccess(expression, "files.read")).toThrow(InputError)
      expect(() => parseAccess(expression, "files.read")).toThrow(/^files\.read: /)
    },
  )
})
