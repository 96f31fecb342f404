import type { Protocol } from "../apdu/index.js"
import type { Application } from "./application.js"
import type { Dispatch } from "./dispatch.js"
import type { CardOptions } from "./specification.js"

/** A stretch of card memory. */
export interface Region {
  readonly offset: number
  readonly length: number
}

/** The place of an internal element. */
export interface ElementRegion extends Region {
  /** True for keys: tools show that they differ, never the bytes. */
  readonly secret?: boolean
}

/** An access rule compiled for speed: see `access.ts`. */
export interface AccessRule {
  /** The rule as the profile wrote it, for tools and traces. */
  readonly text: string
  /**
   * Alternatives, each a set of bits all of which must be in the security state. `free` is one empty set, `never` none.
   * Two numbers per alternative: bits of the environment (PIN and global keys), bits of the directory (local keys).
   */
  readonly alternatives: readonly (readonly [environment: number, local: number])[]
  /** True for `free`: nothing to check. */
  readonly free: boolean
}

/** PIN or key in memory: value bytes, and a retry counter that is one byte on its own. */
export interface Secret {
  readonly name: string
  /** Key identifier in commands; -1 for the PIN. */
  readonly id: number
  /**
   * Its bit in the security state, as a mask: of the environment bits for the PIN and global keys, of the local bits
   * otherwise; 0 for a key that authenticates nobody.
   */
  readonly bit: number
  readonly local: boolean
  readonly use: "pin" | "external" | "internal" | "maintenance" | "master" | "transaction"
  readonly value: Region
  /** Length byte of the value, where it may change (PIN). */
  readonly lengthOffset: number
  readonly triesOffset: number
  readonly maximumTries: number
}

export interface RecordSlot extends Region {
  /** Plain one-byte tag of the record (card-structure §1.1), -1 where the file has no tags. */
  readonly tag: number
  readonly read: AccessRule
}

/** What SELECT tells of a file or directory (ISO 7816-4 §7.4). */
export interface ControlInformation {
  /** FCI template 6F, FCP template 62 and FMD template 64, whole. */
  readonly fci: Uint8Array
  readonly fcp: Uint8Array
  readonly fmd: Uint8Array
}

/** A data object of a directory, for GET DATA and PUT DATA: two bytes of length, then room for the value. */
export interface DataObject {
  /** Its BER-TLV tag as a number: 0x5F20. */
  readonly tag: number
  readonly region: Region
  readonly read: AccessRule
  readonly write: AccessRule
}

export interface ElementaryFile {
  readonly name: string
  /** File identifier, -1 for none. */
  readonly fid: number
  /** Short file identifier, 0 for none. */
  readonly sfi: number
  readonly structure: "transparent" | "variable" | "fixed" | "cyclic"
  readonly read: AccessRule
  readonly write: AccessRule
  readonly directory: Directory
  /** Present where SELECT tells something of a file. */
  readonly control: ControlInformation | undefined
  /** All bytes of the file, headers included. */
  readonly region: Region
  /**
   * Record files: slots in record order (cyclic: physical order). Two bytes before a slot of a variable file tell how
   * many of its bytes are used; the first two bytes of a cyclic file are the slot of record 1 and the number written.
   */
  readonly records: readonly RecordSlot[]
  /** Fixed and cyclic files: length of a record; 0 otherwise. */
  readonly recordLength: number
}

export interface Directory {
  readonly name: string
  readonly fid: number
  readonly aid: Uint8Array | undefined
  readonly fci: Uint8Array
  /** Present where SELECT can be asked for FCP and FMD. */
  readonly control: ControlInformation | undefined
  readonly parent: Directory | undefined
  /** The directory whose PIN and global keys count here: itself or the nearest environment above. */
  readonly environment: Directory
  readonly directories: readonly Directory[]
  readonly files: readonly ElementaryFile[]
  /** Index = short file identifier. */
  readonly filesBySfi: readonly (ElementaryFile | undefined)[]
  readonly pin: Secret | undefined
  readonly keys: readonly Secret[]
  /** Internal elements of the application by id. */
  readonly elements: Readonly<Record<string, ElementRegion>>
  /** Data objects by tag. */
  readonly objects: ReadonlyMap<number, DataObject>
  readonly application: Application | undefined
  /** Where the byte is that is 0 while the application's hooks need not be called; -1: they always are. */
  readonly quietOffset: number
  /** Files directly below, by FID. */
  readonly filesByFid: ReadonlyMap<number, ElementaryFile>
  /** Directories that SELECT by FID reaches from here, in the search order of card-commands §3. */
  readonly directoriesByFid: ReadonlyMap<number, Directory>
  /** The commands that exist here: the application's over the operating system's. */
  readonly dispatch: Dispatch
}

/** Everything of a card that never changes: shared by all cards of a profile. */
export interface Layout {
  readonly name: string
  readonly atr: Uint8Array
  /** What the ATR announces. */
  readonly protocol: Protocol
  readonly algorithm: "3des" | "sm4"
  readonly options: Required<CardOptions>
  /** By class byte: 1 for classes that name a channel or a chain which the card offers. */
  readonly codedClasses: Uint8Array
  readonly root: Directory
  /** Where the state byte of the whole card is, -1 where it has none. */
  readonly cardStateOffset: number
  /** Directories that have an AID, in the order of SELECT next occurrence. */
  readonly applications: readonly Directory[]
  /** The personalised memory of a new card of this profile. */
  readonly image: Uint8Array
  /** The undo journal's place in the memory. */
  readonly journal: Region
}
