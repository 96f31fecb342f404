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
  type TableOptions,
} from "../../../src/dictionary/index.js"

const VERSIONS: readonly SpecVersion[] = ["1.00", "2.00", "3.00"]
/** Every set of tables that a card can have. */
const SETS: readonly (readonly [SpecVersion, TableOptions])[] = [
  ...VERSIONS.map((version) => [version, {}] as const),
  ["2.00", { local: "jiangsu" }],
  ["2.00", { holder: "employer" }],
  ["3.00", { holder: "employer" }],
  ["2.00", { unemploymentRecord60: true, educationInPersonalStatus: true, fingerprintSize: 0x400 }],
]
const version2 = socialSecurityTables("2.00")

function eachFile(check: (directory: DirectoryDefinition, file: FileDefinition, where: string) => void): void {
  for (const [version, options] of SETS)
    for (const directory of socialSecurityTables(version, options))
      for (const file of directory.files)
        check(directory, file, `${version} ${JSON.stringify(options)} ${directory.name}/${file.id}`)
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
    expect(lists).toBe(2 + 6 + 6 + (6 + 5) + 0 + 0 + 6)
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
    for (const [version, options] of SETS) {
      const directories = socialSecurityTables(version, options)
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

/** Tag or offset, length and type of every field, compared with the tables of card-structure §5-§10. */
const FIELDS: Record<string, string> = {
  "SSSE EF05": "01:10:B 02:01:AN 03:04:AN 04:0C:CN 05:04:CN 06:04:CN 07:09:AN",
  "SSSE EF06": "08:12:AN 09:1E:AN 4E:14:AN 0A:01:AN 0B:01:CN 0C:03:CN 0D:04:CN",
  "DF01 EF05": "20:02:AN 21:50:AN 0E:03:CN",
  "DF01 EF06": "23:50:AN 24:03:CN 28:0F:AN 2C:32:AN 2D:0F:AN",
  "DF01 EF07": "29:01:AN",
  "DF01 EF08": "2B:01:AN",
  "DF01 EF09": "2E:46:AN 30:09:AN 32:02:AN",
  "DF01 EF0A": "37:03:AN 38:02:AN 39:04:CN",
  "DF01 EF15": "2A:01:CN 40:34:B-TLV{57:03:AN 58:03:CN 59:28:AN}",
  "DF02 EF05":
    "42:03:AN 41:03:AN 43:6C:B-TLV{5A:07:AN 5B:01:AN 5C:46:AN 5D:04:CN 5E:10:AN} 44:65:B-TLV{33:03:AN 34:46:AN 35:04:CN 36:10:AN}",
  "DF02 EF06": "4C:04:CN 4B:05:AN 4D:03:CN 60:04:CN 4F:06:AN 50:03:CN 3A:07:AN",
  "DF02 EF07": "00:07:AN 07:04:CN 0B:04:CN 0F:46:AN",
  "DF02 EF09": "55:10:AN 56:46:AN 96:04:CN 97:03:CN",
  "DF02 EF15": "99:10:B-TLV{10:03:AN 11:04:CN 12:03:CN} 0F:04:CN 1F:03:CN",
  "DF02 EF16": "00:03:AN 03:04:CN 07:04:CN 0B:04:CN 0F:03:CN",
  "DF03 EF05": "61:03:CN 98:04:CN 62:04:CN 63:03:AN 64:03:AN 65:03:AN 66:03:AN",
  "DF03 EF06":
    "45:14:AN 46:02:AN 47:02:AN 48:01:AN 49:01:AN 67:04:CN 6B:3C:AN 4A:61:B-TLV{13:02:AN 14:01:AN 15:14:AN 16:04:CN 17:3C:AN}",
  "DF03 EF07": "70:03:AN 71:03:CN 6E:04:CN 6C:04:CN 6F:04:CN 73:04:CN",
  "DF03 EF15": "7A:03:CN 7B:04:CN 7C:04:CN",
  "DF03 EF16": "51:03:CN 5F:01:AN",
  "DF03 EF17": "3B:14:AN 3C:46:AN 3D:01:AN 3E:04:CN 3F:3C:AN",
  "DF03 EF18": "74:03:AN 75:03:CN 76:01:CN 77:04:CN 78:04:CN",
  "DF03 EF19": "79:27:B-TLV{18:03:AN 19:03:CN 1A:04:CN 1B:04:CN 1C:04:DEC 1D:03:AN 1E:04:CN}",
  "DF04 EF05":
    "81:08:AN 84:03:CN 87:11:AN 8C:01:CN 80:04:CN 8B:1D:AN 8A:0F:AN 83:09:AN 86:09:AN 89:09:AN 7D:09:AN 7E:09:AN 7F:09:AN 8D:09:AN 8E:09:AN 8F:01:AN",
  "DF04 EF06": "90:01:AN 92:04:DEC 93:02:AN",
  "DF04 EF08": "00:02:B 02:01:AN 03:06:CN 09:07:CN 10:04:HEX4 14:04:HEX4 18:04:HEX4",
  "DF04 EF15": "00:02:B 02:01:AN",
  "DF07 EF05": "F0:02:AN F1:01:AN F2:04:CN F3:03:AN F4:04:CN",
  "DF07 EF06": "F5:03:AN F6:04:CN F7:46:AN",
  "DF07 EF07": "F8:04:CN F9:01:AN",
}

const hex2 = (number: number) => number.toString(16).toUpperCase().padStart(2, "0")

const fieldShape = (field: FieldDefinition): string => {
  const items = field.items ? `{${field.items.map(fieldShape).join(" ")}}` : ""
  return `${hex2(field.tag ?? field.offset!)}:${hex2(field.length)}:${field.type}${items}`
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

  it("has the fields of card-structure §5-§10", () => {
    const fields: Record<string, string> = {}
    for (const { name, files } of version2)
      for (const file of files)
        if (file.structure !== "transparent")
          fields[`${name} ${hex2(file.fid)}`] = fieldsOf(file).map(fieldShape).join(" ")
    expect(fields).toEqual(FIELDS)
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

describe("what cards of one version do not have alike", () => {
  const recordsOf = (options: TableOptions, directory: string, fid: number) => {
    const file = findFile(socialSecurityTables("2.00", options), directory, fid)!
    if (file.structure !== "variable") throw new Error("not variable")
    return file.records.map(({ number, field }) => [number, field.id])
  }

  it("is a record of tag 60 in DF03 EF05, behind 61 (§8)", () => {
    const records = recordsOf({ unemploymentRecord60: true }, "DF03", 0xef05)
    expect(records).toHaveLength(8)
    expect(records.slice(0, 3)).toEqual([
      [1, "unemploymentDigits61"],
      [2, "unemploymentDate60"],
      [3, "unemploymentDate98"],
    ])
  })

  it("is the education level in DF01 EF07 (§6)", () => {
    expect(recordsOf({ educationInPersonalStatus: true }, "DF01", 0xef07)).toEqual([
      [1, "personalStatus"],
      [2, "personalStatus2A"],
    ])
  })

  it("is the size of the fingerprint file (§5.3)", () => {
    expect(findFile(socialSecurityTables("2.00", { fingerprintSize: 0x400 }), "SSSE", 0xef07)).toMatchObject({
      size: 0x400,
    })
  })

  it("are local files, with their keys alone (§5.4, §11)", () => {
    const tables = socialSecurityTables("2.00", { local: "jiangsu" })
    expect(tables.map(({ name }) => name)).toEqual(["SSSE", "DF01", "DF02", "DF03", "DF04", "DF05", "DF06", "DF07"])
    expect(findDirectory(tables, "SSSE").keys.map(({ name }) => name)).toContain("UKEF0D")
    expect(toHex(findDirectory(tables, "DF05").aid)).toBe("D15600000504")
    expect(toHex(findDirectory(tables, "DF06").aid)).toBe("D15600000505")
  })

  it("keeps its tables, so that definitions can be compared by identity", () => {
    expect(socialSecurityTables("2.00", { local: "jiangsu" })).toBe(socialSecurityTables("2.00", { local: "jiangsu" }))
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
