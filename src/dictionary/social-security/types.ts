import type { CodeList } from "../codes/code-list.js"
import type { Label } from "../label.js"
import type { DirectoryName, KeyDefinition } from "./keys.js"

/** Versions of the card specification; EF05 record 3 of the SSSE carries the text (card-structure §2). */
export type SpecVersion = "1.00" | "2.00" | "3.00"

/**
 * How a field is coded (card-structure §1.1): AN text in ASCII and GBK, CN packed digits, B raw bytes, DEC and HEX4
 * unsigned integers, B-TLV a list of `Tag(1) Len(1) Value` items.
 */
export type FieldType = "AN" | "CN" | "B" | "DEC" | "HEX4" | "B-TLV"

/**
 * What the coded value stands for, where the type alone does not tell: `money` integer fen; `count` an integer;
 * `date` YYYYMMDD, `month` YYYYMM, `year` YYYY, `dateTime` YYYYMMDDhhmmss; `photo` and `template` opaque bytes;
 * `insuredKinds` ten characters 0 or 1, a kind of insurance each.
 */
export type FieldFormat =
  | "money"
  | "count"
  | "date"
  | "month"
  | "year"
  | "dateTime"
  | "photo"
  | "template"
  | "insuredKinds"

/** One data element, defined once for personalisation, card, reading client, trace decoder and printed table. */
export interface FieldDefinition {
  /** Name in code, unique in its file, for example `birthDate`. */
  readonly id: string
  /** Plain one-byte tag (never BER); absent in records of fixed length. */
  readonly tag?: number
  /** Byte position in a record of fixed length. */
  readonly offset?: number
  /** Length of the value alone, in bytes. */
  readonly length: number
  readonly type: FieldType
  readonly name: Label
  readonly format?: FieldFormat
  /** Items of a B-TLV value, in order. */
  readonly items?: readonly FieldDefinition[]
  /** Code table of the value (card-structure §18.6). */
  readonly codes?: CodeList
  /** How a log or trace must show the value, when it is personal. */
  readonly mask?: "id" | "name" | "cardNumber" | "phone" | "hidden"
}

/** A record of a variable-length file: `Tag Len Value` of one field. */
export interface RecordDefinition {
  /** Record number, 1 upwards. */
  readonly number: number
  readonly field: FieldDefinition
  /** Position among the records that repeat one field, 0 upwards; absent when the field stands alone. */
  readonly repetition?: number
  /** Access of this record, where it differs from the file's. */
  readonly read?: string
  readonly write?: string
}

interface FileCommon {
  /** File identifier, 0xEF05 upwards. */
  readonly fid: number
  /** Short file identifier: the low five bits of the FID (card-structure §4.3). */
  readonly sfi: number
  readonly id: string
  readonly name: Label
  /** Access expressions of card-structure §1.3 with key names, for example `PIN|RK1DF01`; see `parseAccess`. */
  readonly read: string
  readonly write: string
}

/** Records that carry their tag and length: the normal kind. */
export interface VariableFile extends FileCommon {
  readonly structure: "variable"
  readonly records: readonly RecordDefinition[]
}

/** Records of one length without tags; in a cyclic file record 1 is the newest. */
export interface FixedFile extends FileCommon {
  readonly structure: "fixed" | "cyclic"
  readonly recordCount: number
  readonly recordLength: number
  readonly fields: readonly FieldDefinition[]
}

/** A file without records. */
export interface TransparentFile extends FileCommon {
  readonly structure: "transparent"
  /** Size in bytes. */
  readonly size: number
  readonly field: FieldDefinition
}

export type FileDefinition = VariableFile | FixedFile | TransparentFile

/** The SSSE or one of the application DFs under it. */
export interface DirectoryDefinition {
  readonly name: DirectoryName
  readonly label: Label
  readonly fid: number
  readonly aid: Uint8Array
  readonly parent?: DirectoryName
  /** True for a directory that an issuer may leave out. */
  readonly optional?: boolean
  readonly files: readonly FileDefinition[]
  /** The keys that live here, in the order of their card identifiers. */
  readonly keys: readonly KeyDefinition[]
}
