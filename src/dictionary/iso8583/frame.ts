import { concat, hex, InputError, readUint16, toHex, uint16 } from "../../apdu/index.js"

/** Where a frame goes and comes from, and its header (host-iso8583 §1). */
export interface FrameHead {
  /** Network address of the receiver, 4 hex digits. */
  readonly destination: string
  /** Network address of the sender, 4 hex digits. */
  readonly source: string
  /** Application header, 12 digits: class, versions, terminal state; echoed, never checked. */
  readonly header: string
}

/** A frame taken apart. */
export interface Frame extends FrameHead {
  /** The ISO 8583 message, a view of the frame. */
  readonly message: Uint8Array
}

/** The head that a terminal sends. */
export const defaultFrameHead: FrameHead = { destination: "0003", source: "0000", header: "613200320000" }

const TPDU_ID = 0x60
const HEAD_LENGTH = 11

/** Puts TPDU and header in front of a message. @throws {InputError} naming the part of the head that is malformed */
export function encodeFrame(message: Uint8Array, head: FrameHead = defaultFrameHead): Uint8Array {
  return concat(
    TPDU_ID,
    digits(head.destination, 2, "destination"),
    digits(head.source, 2, "source"),
    digits(head.header, 6, "header"),
    message,
  )
}

/** Takes a frame apart. @throws {InputError} when it is too short or its first byte is not 60 */
export function decodeFrame(frame: Uint8Array): Frame {
  if (frame.length < HEAD_LENGTH)
    throw new InputError("frame", `expected at least ${HEAD_LENGTH} bytes, got ${frame.length}`)
  if (frame[0] !== TPDU_ID) throw new InputError("tpdu", `expected 60 as first byte, got ${toHex(frame.slice(0, 1))}`)
  return {
    destination: toHex(frame.subarray(1, 3)),
    source: toHex(frame.subarray(3, 5)),
    header: toHex(frame.subarray(5, 11)),
    message: frame.subarray(HEAD_LENGTH),
  }
}

/** The head of the answer: addresses swapped, header echoed. */
export function answerHead(request: FrameHead): FrameHead {
  return { destination: request.source, source: request.destination, header: request.header }
}

/** A frame as it stands on a TCP connection: two length bytes, which do not count themselves, in front. */
export function withLength(frame: Uint8Array): Uint8Array {
  return concat(uint16(frame.length), frame)
}

/**
 * Cuts received bytes into frames.
 *
 * @param received all bytes that have not been consumed yet
 * @returns the complete frames without their length bytes, and the bytes that are left
 */
export function splitFrames(received: Uint8Array): { frames: Uint8Array[]; rest: Uint8Array } {
  const frames: Uint8Array[] = []
  let at = 0
  while (received.length - at >= 2) {
    const end = at + 2 + readUint16(received, at)
    if (end > received.length) break
    frames.push(received.slice(at + 2, end))
    at = end
  }
  return { frames, rest: received.slice(at) }
}

function digits(text: string, length: number, field: string): Uint8Array {
  const bytes = hex(text, field)
  if (bytes.length !== length) throw new InputError(field, `expected ${2 * length} digits, got ${text.length}`)
  return bytes
}
