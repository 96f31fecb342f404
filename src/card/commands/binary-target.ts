import { InputError, parseTlv, type StatusWord, SW, type Tlv } from "../../apdu/index.js"
import type { Command } from "../application.js"
import type { Context } from "../context.js"
import type { ElementaryFile } from "../layout.js"
import type { Session } from "../session.js"
import { allowed, fileOf, noFile } from "./current-file.js"

/** Where a command of ISO 7816-4 §11.2 works. */
export interface BinaryTarget {
  readonly file: ElementaryFile
  readonly offset: number
}

const BY_SFI = 0x80
const HIGHEST_SFI = 30
export const NO_SFI = -1
const OFFSET = 0x54
const DATA = 0x53
const NESTED_DATA = 0x73
/** Offsets have as few bytes as they need; the largest file has 65,535 bytes. */
const LONGEST_OFFSET = 4

/** SFI in P1 of an even instruction, 0 for the current file; -1 when P1 is none of the forms (ISO 7816-4 §11.2.2). */
export function shortIdentifier({ p1 }: Command): number {
  if ((p1 & BY_SFI) === 0) return 0
  const sfi = p1 & 0x7f
  return sfi === 0 || sfi > HIGHEST_SFI ? NO_SFI : sfi
}

/** Offset of an even instruction: 15 bits in the current file, 8 bits behind an SFI. */
export function offsetOf({ p1, p2 }: Command): number {
  return (p1 & BY_SFI) === 0 ? (p1 << 8) | p2 : p2
}

/**
 * The file and offset of an even instruction.
 *
 * @param right which rule of the file must be satisfied
 * @returns a status word where there is none
 */
export function targetByParameters(
  { session }: Context,
  command: Command,
  right: "read" | "write",
): BinaryTarget | StatusWord {
  const sfi = shortIdentifier(command)
  if (sfi === NO_SFI) return SW.INCORRECT_P1P2
  const status = refusalOf(session, fileOf(session, sfi), right, noFile(sfi))
  if (status !== SW.OK) return status
  return inside(session.file!, offsetOf(command))
}

/**
 * The file of an odd instruction: P1 P2 0000 the current file, an SFI where the first eleven bits are 0 and the last five
 * are neither all 0 nor all 1, else a file identifier (ISO 7816-4 §11.2.2).
 *
 * @returns a status word where there is none
 */
export function fileByParameters(
  { session }: Context,
  { p1, p2 }: Command,
  right: "read" | "write",
): ElementaryFile | StatusWord {
  const identifier = (p1 << 8) | p2
  const status =
    identifier <= HIGHEST_SFI
      ? refusalOf(session, fileOf(session, identifier), right, noFile(identifier))
      : refusalOf(session, fileByFid(session, identifier), right, SW.FILE_NOT_FOUND)
  return status === SW.OK ? session.file! : status
}

function fileByFid(session: Session, fid: number): ElementaryFile | undefined {
  const file = session.directory.filesByFid.get(fid)
  if (file !== undefined && file !== session.file) session.enterFile(file)
  return file
}

function refusalOf(
  session: Session,
  file: ElementaryFile | undefined,
  right: "read" | "write",
  missing: StatusWord,
): StatusWord {
  if (file === undefined) return missing
  if (file.structure !== "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  return allowed(session, file[right]) ? SW.OK : SW.SECURITY_STATUS_NOT_SATISFIED
}

/** A place inside the file; 6B00 for one that is not. */
export function inside(file: ElementaryFile, offset: number): BinaryTarget | StatusWord {
  return offset < file.region.length ? { file, offset } : SW.WRONG_OFFSET
}

/** The data objects in the data of a command; undefined when they are none. */
export function dataObjects(command: Command): readonly Tlv[] | undefined {
  try {
    return parseTlv(command.data())
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

/** The number in an offset data object; -1 for any other object. */
export function offsetIn(object: Tlv | undefined): number {
  if (object?.tag !== OFFSET || object.value.length === 0 || object.value.length > LONGEST_OFFSET) return -1
  return object.value.reduce((offset, byte) => offset * 256 + byte, 0)
}

/** The bytes in a discretionary data object; undefined for any other object. */
export function bytesIn(object: Tlv | undefined): Uint8Array | undefined {
  return object?.tag === DATA || object?.tag === NESTED_DATA ? object.value : undefined
}
