import { concat, InputError, readUint16 } from "../../apdu/index.js"
import { splitFrames } from "../../dictionary/index.js"

/** Cuts what a connection receives into frames. */
export interface FrameReader {
  /** @throws {InputError} when a length is 0 or more than the maximum: the connection is out of step for good */
  push(chunk: Uint8Array): Uint8Array[]
  /** True when a frame has begun and is not complete. */
  readonly isPartial: boolean
}

const EMPTY = new Uint8Array(0)

/** @param maximum longest frame in bytes, without its two length bytes */
export function frameReader(maximum: number): FrameReader {
  let rest: Uint8Array = EMPTY

  function assertLength(at: number): void {
    const length = readUint16(rest, at)
    if (length === 0 || length > maximum) throw new InputError("frame", `expected 1 to ${maximum} bytes, got ${length}`)
  }

  return {
    push(chunk) {
      rest = rest.length === 0 ? new Uint8Array(chunk) : concat(rest, chunk)
      for (let at = 0; rest.length - at >= 2; at += 2 + readUint16(rest, at)) assertLength(at)
      const split = splitFrames(rest)
      rest = split.rest
      return split.frames
    },
    get isPartial() {
      return rest.length > 0
    },
  }
}
