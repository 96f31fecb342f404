import { z } from "zod"
import { expected, hexBytes, label, quoted, text } from "../schema-parts.js"

const fieldId = text(
  { zh: "以小写字母开头的标识", en: "an id that begins with a small letter" },
  /^[a-z][A-Za-z0-9]*$/,
  "Id of the field, unique in its directory",
)
const length = z.int().min(1).max(255).describe("Length of the value in bytes")
const type = z.enum(["AN", "CN", "B", "DEC", "HEX4"]).describe("How the value is coded")

const item = z.strictObject({ tag: hexBytes(1, "Plain tag"), length, type, id: fieldId, name: label.optional() })

const record = z
  .strictObject({
    tag: hexBytes(1, "Plain tag"),
    id: fieldId,
    name: label.optional(),
    length: length.optional(),
    type: type.optional(),
    items: z.array(item).min(1).describe("Makes the record a list, B-TLV, in place of length and type").optional(),
    times: z.int().min(1).max(250).describe("Records of this form").default(1),
  })
  .describe("A record of one field")

const file = {
  fid: hexBytes(2, "File identifier, EF05 upwards"),
  id: fieldId,
  name: label.optional(),
  read: z.string().describe("Who may read: free, never, PIN, a key name, A|B, A+B"),
  write: z.string().describe("Who may write"),
}

const localFile = z.discriminatedUnion(
  "structure",
  [
    z.strictObject({ structure: z.literal("variable"), ...file, records: z.array(record).min(1) }),
    z.strictObject({ structure: z.literal("transparent"), ...file, size: z.int().min(1).max(0x7fff) }),
    z.strictObject({
      structure: z.literal("cyclic"),
      ...file,
      recordCount: z.int().min(1).max(254),
      fields: z.array(z.strictObject({ length, type, id: fieldId, name: label.optional() })).min(1),
    }),
  ],
  { error: expected(quoted(["variable", "transparent", "cyclic"])) },
)

const localKey = z.strictObject({
  name: text({ zh: "字母和数字", en: "letters and digits" }, /^[A-Za-z][A-Za-z0-9]*$/, "Name that access rules use"),
  id: hexBytes(1, "Identifier on the card: from 80 of the directory, below of the SSSE"),
  role: z.enum(["read", "update"]).default("update"),
})

/** Files that a city adds: what a real card has, not what our code knows (card-structure §11). */
export const localFiles = z
  .array(
    z.strictObject({
      directory: text(
        { zh: "SSSE或DF加两位十六进制数字", en: "SSSE, or DF and two hexadecimal digits" },
        /^(SSSE|DF[0-9A-F]{2})$/,
        "A directory of the card, or a new one",
      ),
      aid: text(
        { zh: "10至32个十六进制数字", en: "10 to 32 hexadecimal digits" },
        /^([0-9A-Fa-f]{2}){5,16}$/,
        "Of a new directory",
      ).optional(),
      label: label.optional(),
      keys: z.array(localKey).default([]).describe("Keys that no national table has; their values are test keys"),
      files: z.array(localFile).min(1),
    }),
  )
  .describe("Files that a city adds to the tables of its version")

export type LocalDirectory = z.output<typeof localFiles>[number]
export type LocalFile = z.output<typeof localFile>
