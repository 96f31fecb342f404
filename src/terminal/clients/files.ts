import {
  commandApdu,
  concat,
  responseData,
  type StatusWord,
  SW,
  statusWord,
  type Transport,
  uint16,
} from "../../apdu/index.js"
import { type Outcome, type Refusal, send } from "./outcome.js"

/** How much drivers read and write of a transparent file at once (card-commands §4.4). */
const CHUNK = 0x70
/** How far the offset of READ BINARY reaches: 15 bits. */
const LAST_OFFSET = 0x8000
/** What cards say to an offset behind the end. */
const BEYOND_END: readonly StatusWord[] = [SW.WRONG_OFFSET, SW.END_OF_FILE, SW.INCORRECT_P1P2]

/** SELECT by DF name or AID, `00 A4 04 00` (card-commands §3). A blocked or not yet activated application refuses. */
export function selectByName(card: Transport, name: Uint8Array): Promise<Outcome<{ readonly fci: Uint8Array }>> {
  return select(card, commandApdu(0x00, 0xa4, 0x04, 0x00, name, 256))
}

/**
 * SELECT a directory or file by FID (card-commands §3). A file of the current directory has no FCI.
 *
 * @param fid 0x3F00, 0xDDF1, 0xDF01, 0xEF05 ...
 */
export function selectByFid(card: Transport, fid: number): Promise<Outcome<{ readonly fci: Uint8Array }>> {
  // Files and directories are told apart by their first byte, as drivers do: P1 02 finds a file below the current DF.
  const p1 = fid >> 8 === 0xef ? 0x02 : 0x00
  return select(card, commandApdu(0x00, 0xa4, p1, 0x00, uint16(fid), 256))
}

async function select(card: Transport, command: Uint8Array): Promise<Outcome<{ readonly fci: Uint8Array }>> {
  const outcome = await send(card, command)
  return outcome.ok ? { ok: true, fci: outcome.data } : outcome
}

/** A record of the current file, as the card stores it. */
export type RecordOutcome = Outcome<{ readonly record: Uint8Array }>

/** READ RECORD by number of the current file (card-commands §4.1). @param number 1 upwards; 1 is the newest of a cyclic file */
export function readRecord(card: Transport, number: number): Promise<RecordOutcome> {
  return record(card, commandApdu(0x00, 0xb2, number, 0x04, undefined, 256))
}

/** READ RECORD: the first record with a tag. */
export function readRecordByTag(card: Transport, tag: number): Promise<RecordOutcome> {
  return record(card, commandApdu(0x00, 0xb2, tag, 0x00, undefined, 256))
}

async function record(card: Transport, command: Uint8Array): Promise<RecordOutcome> {
  const outcome = await send(card, command)
  return outcome.ok ? { ok: true, record: outcome.data } : outcome
}

/** UPDATE RECORD of the current file (card-commands §4.2). @param bytes the whole record with tag and length */
export function updateRecord(card: Transport, number: number, bytes: Uint8Array): Promise<Outcome> {
  return done(card, commandApdu(0x00, 0xdc, number, 0x04, bytes))
}

/** UPDATE RECORD of a cyclic file: becomes record 1, the oldest falls out (card-commands §4.3). */
export function appendCyclicRecord(card: Transport, bytes: Uint8Array): Promise<Outcome> {
  return done(card, commandApdu(0x00, 0xdc, 0x00, 0x03, bytes))
}

async function done(card: Transport, command: Uint8Array): Promise<Outcome> {
  const outcome = await send(card, command)
  return outcome.ok ? { ok: true } : outcome
}

/**
 * READ BINARY of the current file in chunks of 70 hex, as drivers do (card-commands §4.4). A file that is shorter than
 * asked for gives what it has.
 *
 * @param size in bytes of what is wanted; as many as the file has where it is undefined
 * @param onProgress bytes read so far
 */
export async function readBinary(
  card: Transport,
  size?: number,
  onProgress?: (bytes: number) => void,
): Promise<Outcome<{ readonly content: Uint8Array }>> {
  const chunks: Uint8Array[] = []
  const end = size ?? LAST_OFFSET
  let at = 0
  while (at < end) {
    const wanted = Math.min(CHUNK, end - at)
    const outcome = await readChunk(card, at, wanted)
    if (!outcome.ok) {
      if (at > 0 && BEYOND_END.includes(outcome.statusWord)) break
      return outcome
    }
    const data = outcome.data.subarray(0, wanted)
    if (data.length === 0) break
    chunks.push(data)
    at += data.length
    onProgress?.(at)
    if (outcome.isEnd) break
  }
  return { ok: true, content: concat(...chunks) }
}

interface Chunk {
  readonly data: Uint8Array
  /** The card said that nothing follows. */
  readonly isEnd: boolean
}

async function readChunk(card: Transport, at: number, length: number): Promise<Outcome<Chunk>> {
  const outcome = await readBytes(card, at, length)
  const rest = outcome.ok ? undefined : correctLength(outcome)
  return rest ? readBytes(card, at, rest) : outcome
}

async function readBytes(card: Transport, at: number, length: number): Promise<Outcome<Chunk>> {
  const response = await card.transmit(commandApdu(0x00, 0xb0, at >> 8, at & 0xff, undefined, length))
  const status = statusWord(response)
  // Under T=1 the end of a file is a warning, with what there is in front of it.
  const isEnd = status === SW.END_OF_FILE && response.length > 2
  if (status === SW.OK || isEnd) return { ok: true, data: responseData(response), isEnd }
  return { ok: false, statusWord: status }
}

/** Under T=1 nothing repeats a command after 6Cxx for us. */
function correctLength({ statusWord: status }: Refusal): number | undefined {
  return status >> 8 === 0x6c ? status & 0xff || 256 : undefined
}

/** UPDATE BINARY of the current file in chunks of 70 hex, from the start. What was written before a refusal stays. */
export async function updateBinary(
  card: Transport,
  content: Uint8Array,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly statusWord: StatusWord; readonly written: number }> {
  for (let at = 0; at < content.length; at += CHUNK) {
    const chunk = content.subarray(at, at + CHUNK)
    const outcome = await done(card, commandApdu(0x00, 0xd6, at >> 8, at & 0xff, chunk))
    if (!outcome.ok) return { ...outcome, written: at }
  }
  return { ok: true }
}
