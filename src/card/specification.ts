import type { Application } from "./application.js"

/**
 * What a profile asks the card to be: a tree of directories, files, keys and internal elements with their first
 * contents. `compileLayout` turns it into an immutable {@link Layout} with a memory image.
 *
 * Access is text in the grammar of card-structure §1.3: `free`, `never`, `PIN`, a key name, `A|B`, `A+B`.
 */
export interface DirectorySpec {
  /** Name for tools and traces, unique on the card: `MF`, `SSSE`, `DF04`, `PBOC`. */
  readonly name: string
  /** File identifier, where the directory can be selected by one. */
  readonly fid?: number
  /** Application identifier or DF name, where the directory can be selected by one. */
  readonly aid?: Uint8Array
  /** The complete FCI template that SELECT answers; empty for none. */
  readonly fci: Uint8Array
  /**
   * True for a directory that owns a PIN and global keys (the DDF of card-structure §1.3): its PIN and the keys with
   * ids below 80 serve every directory below it.
   */
  readonly environment?: boolean
  readonly pin?: PinSpec
  readonly keys?: readonly KeySpec[]
  readonly files?: readonly FileSpec[]
  readonly elements?: readonly ElementSpec[]
  readonly objects?: readonly DataObjectSpec[]
  readonly directories?: readonly DirectorySpec[]
  /** Commands of its own; without it only the commands of the operating system work here. */
  readonly application?: Application
}

/** A PIN with its retry counter. */
export interface PinSpec {
  /** 2 to 6 bytes, BCD. */
  readonly value: Uint8Array
  /** Tries after a success, 1 to 15. */
  readonly tries: number
  /** Tries left now; default `tries`, 0 = locked. */
  readonly triesLeft?: number
}

/** A 16-byte key with its retry counter. */
export interface KeySpec {
  /** Name used by access expressions: `UKssse`, `RK1DF04`. */
  readonly name: string
  /** Identifier in commands: P2 of EXTERNAL AUTHENTICATE; below 80 global, from 80 local to the directory. */
  readonly id: number
  readonly value: Uint8Array
  readonly tries: number
  /** Tries left now; default `tries`, 0 = locked. */
  readonly triesLeft?: number
  /** What it may be used for; default `external`. */
  readonly use?: "external" | "internal" | "maintenance" | "master" | "transaction"
}

/**
 * An application's own persistent value that is no file: a balance, a counter, a state byte.
 * Handlers reach it as `directory.elements.<id>`.
 */
export interface ElementSpec {
  readonly id: string
  readonly initial: Uint8Array
  /** True for keys: tools show that they differ, never the bytes. */
  readonly secret?: boolean
}

/** A data object that GET DATA reads and PUT DATA writes (ISO 7816-4 §11.4). */
export interface DataObjectSpec {
  /** BER-TLV tag of one or two bytes, as a number: 0x5F20. */
  readonly tag: number
  readonly value: Uint8Array
  /** Room in bytes for the value; default its length. */
  readonly room?: number
  readonly read: string
  readonly write: string
}

interface FileBase {
  /** Name for tools and traces, unique in its directory: `EF05`. */
  readonly name: string
  readonly fid?: number
  /** Short file identifier 1..30; default: the low five bits of the FID (card-structure §4.3). */
  readonly sfi?: number
  readonly read: string
  readonly write: string
}

/** Bytes addressed by offset. */
export interface TransparentFileSpec extends FileBase {
  readonly structure: "transparent"
  /** The whole content; its length is the size of the file. */
  readonly content: Uint8Array
}

/** Records of their own lengths. */
export interface VariableFileSpec extends FileBase {
  readonly structure: "variable"
  readonly records: readonly VariableRecordSpec[]
  /** Further empty slots that APPEND RECORD may fill, each with room for so many bytes. */
  readonly spare?: readonly number[]
}

export interface VariableRecordSpec {
  /** The whole record as READ RECORD answers it, tag and length included where the file has them. */
  readonly content: Uint8Array
  /** Room in bytes for the whole record, tag and length included; default the content's length. */
  readonly room?: number
  /** Reading rule of this record alone, where it differs from the file's (spec 3.00, EF05). */
  readonly read?: string
}

/** Records of one length; the newest is record 1 and pushes out the oldest. */
export interface CyclicFileSpec extends FileBase {
  readonly structure: "cyclic"
  readonly recordLength: number
  readonly recordCount: number
  /** Records written so far, newest first. */
  readonly records?: readonly Uint8Array[]
}

/** Records of one length. */
export interface FixedFileSpec extends FileBase {
  readonly structure: "fixed"
  readonly recordLength: number
  readonly recordCount: number
  readonly records?: readonly Uint8Array[]
}

export type FileSpec = TransparentFileSpec | VariableFileSpec | FixedFileSpec | CyclicFileSpec

/** How the card presents itself; every switch is a profile option (card-commands §2). */
export interface CardOptions {
  /** T=0, Case 2 with a wrong Le: answer 6Cxx, or cut to Le. Default `6c`. */
  readonly shortLe?: "6c" | "cut"
  /** T=0, Case 4 whose Le reached the card: answer 61xx all the same, or at once. Default `61`. */
  readonly case4WithLe?: "61" | "direct"
  /** Records never written: present with padding, or missing (6A83). Default `padded`. */
  readonly emptyRecords?: "padded" | "missing"
  /** EXTERNAL AUTHENTICATE with P2 = 00 means the key that the last refusal asked for. Default true. */
  readonly externalAuthP2Zero?: boolean
  /** Order of cryptogram and original information in EXTERNAL AUTHENTICATE. Default `AX`. */
  readonly externalAuthOrder?: "AX" | "XA"
  /** How an SM4 MAC of secure messaging becomes 4 bytes. Default `xor4`. */
  readonly sm4Mac?: "xor4" | "left4"
  /** Which key makes the MACs of PIN reload and unblock: the maintenance key, or the PUK itself. Default `STK`. */
  readonly pinMessageKey?: "STK" | "PUK"
  /** On a contactless interface: whether PIN commands, writing and medical transactions work all the same. Default `open`. */
  readonly contactless?: "restricted" | "open"
  /** 84 D4 00 01 with the length of a PIN reload is one, as an HSM driver names it. Default false. */
  readonly reload84D4?: boolean
  /** Logical channels, 1 to 20; others answer 6881. Default 1 (card-commands §1). */
  readonly channels?: number
  /** Most data bytes that a chain of commands may bring; 0: chains are refused with 6884. Default 0. */
  readonly chaining?: number
  /** Whether APDUs with extended lengths are taken; otherwise 6700. Default true: readers translate them. */
  readonly extendedLength?: boolean
}

/** Which commands the card has besides those of its applications. */
export type OperatingSystem = "socialSecurity" | "iso"

/** A whole card. */
export interface CardSpec {
  readonly name: string
  readonly atr: Uint8Array
  readonly algorithm: "3des" | "sm4"
  readonly options?: CardOptions
  /** `socialSecurity`: the commands of card-commands §1; `iso`: those of ISO 7816-4. Default `socialSecurity`. */
  readonly operatingSystem?: OperatingSystem
  readonly root: DirectorySpec
}
