import { describe, expect, it } from "vitest"
import { parseFileAddress } from "../../src/driver/index.js"

describe("fileAddr (driver-api §3.2)", () => {
  it.each([
    [
      "3F00EF06|08|09|4E|0A|0B|0C|0D|$",
      [
        {
          text: "3F00EF06",
          directory: "SSSE",
          fid: 0xef06,
          items: [8, 9, 0x4e, 10, 11, 12, 13].map((tag) => ({ tag })),
        },
      ],
    ],
    [
      "SSSEEF05|01|07|$DF01EF06|23|28|$",
      [
        { text: "SSSEEF05", directory: "SSSE", fid: 0xef05, items: [{ tag: 1 }, { tag: 7 }] },
        { text: "DF01EF06", directory: "DF01", fid: 0xef06, items: [{ tag: 0x23 }, { tag: 0x28 }] },
      ],
    ],
    [
      "DF01EF15|40:01|40:02|$",
      [
        {
          text: "DF01EF15",
          directory: "DF01",
          fid: 0xef15,
          items: [
            { tag: 0x40, occurrence: 1 },
            { tag: 0x40, occurrence: 2 },
          ],
        },
      ],
    ],
    ["DF02EF07:01$", [{ text: "DF02EF07", directory: "DF02", fid: 0xef07, record: 1, items: [] }]],
    ["DF02EF07:04|$", [{ text: "DF02EF07", directory: "DF02", fid: 0xef07, record: 4, items: [] }]],
    ["SSSEEF08|01|$", [{ text: "SSSEEF08", directory: "SSSE", fid: 0xef08, items: [{ tag: 1 }] }]],
    ["SSSEEF08|00|$", [{ text: "SSSEEF08", directory: "SSSE", fid: 0xef08, items: [{ tag: 0 }] }]],
    ["df07ef05|f0|$", [{ text: "DF07EF05", directory: "DF07", fid: 0xef05, items: [{ tag: 0xf0 }] }]],
  ])("%s", (text, files) => {
    expect(parseFileAddress(text)).toEqual({ ok: true, files })
  })

  it.each(["3F00", "MF", "SSSE", "DDF1", "ddf1"])("takes %s for the environment", (environment) => {
    expect(parseFileAddress(`${environment}EF05|01|$`)).toMatchObject({ ok: true, files: [{ directory: "SSSE" }] })
  })

  it.each([
    ["nothing", ""],
    ["no file", "$"],
    ["no $ at the end", "SSSEEF05|01|"],
    ["something behind the last $", "SSSEEF05|01|$|"],
    ["no | behind the last item", "SSSEEF05|01$"],
    ["no item", "SSSEEF05|$"],
    ["an empty item", "SSSEEF05||01|$"],
    ["a file without a directory", "EF05|01|$"],
    ["a directory without a file", "SSSE|01|$"],
    ["an unknown environment", "DDF2EF05|01|$"],
    ["a tag of one digit", "SSSEEF05|1|$"],
    ["a tag that is no hexadecimal number", "SSSEEF05|0G|$"],
    ["occurrence 00", "DF01EF15|40:00|$"],
    ["an occurrence of one digit", "DF01EF15|40:1|$"],
    ["a record number of one digit", "DF02EF07:1$"],
    ["a record and items", "DF02EF07:01|40|$"],
    ["blanks", "SSSEEF05 |01|$"],
    ["a line break at the end", "SSSEEF05|01|$\n"],
    ["two $", "SSSEEF05|01|$$"],
  ])("is wrong with %s (-14)", (_, text) => {
    expect(parseFileAddress(text)).toMatchObject({ ok: false, code: -14 })
  })
})
