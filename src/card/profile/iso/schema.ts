import { z } from "zod"
import {
  cardOptions,
  digits,
  expected,
  hexBytes,
  hexText,
  profileHead,
  quoted,
  testKeys,
  text,
  tries,
} from "../schema-parts.js"

const fid = hexBytes(2, "File identifier")
const access = (description: string) =>
  z.string().describe(`${description}: free, never, PIN, a key name, A|B either, A+B both`).default("free")

const elementaryFile = {
  name: text(
    { zh: "不含点的名称", en: "a name without dots" },
    /^[^.\s]+$/,
    "Name for tools and traces, unique in its directory",
  ),
  fid: fid.optional(),
  sfi: z
    .int()
    .min(0)
    .max(30)
    .describe("Short file identifier, 0 for none; default the low five bits of fid")
    .optional(),
  read: access("Who may read"),
  write: access("Who may write"),
}

const recordLength = z.int().min(1).max(255).describe("Length of a record in bytes")
const recordCount = z.int().min(1).max(254).describe("Number of records")
const records = z.array(hexText("A record, hexadecimal")).default([])

const file = z
  .discriminatedUnion(
    "structure",
    [
      z.strictObject({
        structure: z.literal("transparent"),
        ...elementaryFile,
        size: z.int().min(1).max(0xffff).describe("Size in bytes; default that of the content").optional(),
        content: hexText("First bytes; the rest is 00").optional(),
      }),
      z.strictObject({
        structure: z.literal("variable"),
        ...elementaryFile,
        records,
        room: z.int().min(1).max(0x8000).describe("Room of every record in bytes; default its first length").optional(),
        spare: z
          .array(z.int().min(1).max(0x8000))
          .default([])
          .describe("Room of further, empty records for APPEND RECORD"),
      }),
      z.strictObject({ structure: z.literal("fixed"), ...elementaryFile, recordLength, recordCount, records }),
      z.strictObject({ structure: z.literal("cyclic"), ...elementaryFile, recordLength, recordCount, records }),
    ],
    { error: expected(quoted(["transparent", "variable", "fixed", "cyclic"])) },
  )
  .meta({ id: "isoFile" })

const key = z.strictObject({
  test: testKeys,
  name: text(
    { zh: "字母和数字", en: "letters and digits" },
    /^[A-Za-z][A-Za-z0-9]*$/,
    "Name that access expressions use",
  ),
  id: hexBytes(1, "Identifier in commands: below 80 global, from 80 of the directory"),
  value: hexBytes(16, "Test key"),
  use: z.enum(["external", "internal", "maintenance", "master"]).default("external"),
  tries: tries("Tries after a success, 1 to 15").min(1).default(3),
  triesLeft: tries("Tries left now, 0 = locked").optional(),
})

const pin = z.strictObject({
  value: digits(4, 12, "Initial PIN"),
  tries: tries("Tries after a success, 1 to 15").min(1).default(3),
  triesLeft: tries("Tries left now, 0 = locked").optional(),
})

const object = z.strictObject({
  tag: text(
    { zh: "2或4个十六进制数字的BER-TLV标签", en: "a BER-TLV tag of 2 or 4 hexadecimal digits" },
    /^([0-9A-Fa-f]{2}){1,2}$/,
    "Tag",
  ),
  value: text(
    { zh: "成对的十六进制数字", en: "pairs of hexadecimal digits" },
    /^([0-9A-Fa-f]{2})*$/,
    "Value, hexadecimal",
  ),
  room: z.int().min(1).max(0x8000).describe("Room of the value in bytes; default its first length").optional(),
  read: access("Who may read"),
  write: access("Who may write"),
})

const directory = z
  .strictObject({
    name: text(
      { zh: "不含点的名称", en: "a name without dots" },
      /^[^.\s]+$/,
      "Name for tools and traces, unique on the card",
    ),
    fid: fid.optional(),
    aid: text(
      { zh: "2至32个十六进制数字", en: "2 to 32 hexadecimal digits" },
      /^([0-9A-Fa-f]{2}){1,16}$/,
      "Application identifier or DF name",
    ).optional(),
    fci: hexText("The whole answer of SELECT; default an FCI template of fid and aid").optional(),
    environment: z.boolean().describe("True: its PIN and keys below 80 serve the directories below it").optional(),
    pin: pin.optional(),
    keys: z.array(key).default([]),
    files: z.array(file).default([]),
    objects: z.array(object).default([]).describe("Data objects for GET DATA and PUT DATA"),
    get directories() {
      return z.array(directory).default([])
    },
  })
  .meta({ id: "isoDirectory" })

/** Schema of a profile of a plain ISO 7816-4 card: any tree of directories and files. */
export const isoSchema = z.strictObject({
  card: z.literal("iso").describe("Kind of card"),
  ...profileHead,
  options: z
    .strictObject({
      ...cardOptions,
      channels: z.int().min(1).max(20).describe("Logical channels, the basic one included").optional(),
      chaining: z
        .int()
        .min(0)
        .max(0xffff)
        .describe("Most data bytes that a chain of commands may bring; 0: no chains")
        .optional(),
      extendedLength: z.boolean().describe("Whether APDUs with extended lengths are taken").optional(),
    })
    .prefault({})
    .describe("How the card presents itself"),
  root: directory.describe("The master file"),
})

/** A profile of a plain ISO 7816-4 card, with every default filled in. */
export type IsoProfile = z.output<typeof isoSchema>
export type IsoDirectory = z.output<typeof directory>
export type IsoFile = z.output<typeof file>
