import type { StatusWord } from "../apdu/index.js"
import type { Memory } from "./memory.js"

/** Where a handler puts its response data; the status word is its return value. */
export interface ResponseBuffer {
  readonly length: number
  append(bytes: Uint8Array): void
  appendByte(value: number): void
  /**
   * Appends a stretch of card memory without an array in between. Alone in the response it may be read as the answer leaves:
   * the handler must not write to it afterwards.
   */
  appendMemory(memory: Memory, offset: number, length: number): void
  /** Answers bytes that never change (an FCI of the layout): kept by reference. Only as the whole of the data. */
  appendConstant(bytes: Uint8Array): void
  /** Under T=0 keeps the data for GET RESPONSE, even when the command came with an Le. */
  keep(): void
}

const SLAB_SIZE = 65_536
/** Room that a slab has for the next answer; a longer one moves to a slab of its own. */
const ROOM = 1024
/** Below this an array of its own is cheaper than a view into the slab: V8 keeps it on its heap. */
const SMALL = 64
/** Copying by a loop is faster than `set` with a view up to about this many bytes. */
const LOOP_LIMIT = 48

/**
 * The response under construction. One serves every card of the process: commands are synchronous.
 *
 * Longer answers are views into a slab that is written once and never reused, as Node's Buffer pool does it, which costs
 * a quarter of a fresh array each.
 */
export class ResponseBuilder implements ResponseBuffer {
  length = 0
  kept = false
  private slab = new Uint8Array(SLAB_SIZE)
  private start = 0
  /** The whole of the data, where they are not in the slab: bytes that never change, or a short stretch of a memory. */
  private constant: Uint8Array | undefined = undefined
  private memory: Memory | undefined = undefined
  private memoryOffset = 0

  clear(): void {
    this.length = 0
    this.kept = false
    this.constant = undefined
    this.memory = undefined
    if (this.slab.length - this.start < ROOM) {
      this.slab = new Uint8Array(SLAB_SIZE)
      this.start = 0
    }
  }

  append(bytes: Uint8Array): void {
    const count = bytes.length
    this.reserve(count)
    const at = this.start + this.length
    if (count <= LOOP_LIMIT) for (let i = 0; i < count; i++) this.slab[at + i] = bytes[i]!
    else this.slab.set(bytes, at)
    this.length += count
  }

  appendByte(value: number): void {
    this.reserve(1)
    this.slab[this.start + this.length++] = value
  }

  appendMemory(memory: Memory, offset: number, length: number): void {
    if (this.length === 0 && length + 2 <= SMALL) {
      this.memory = memory
      this.memoryOffset = offset
      this.length = length
      return
    }
    this.reserve(length)
    memory.copyTo(offset, length, this.slab, this.start + this.length)
    this.length += length
  }

  appendConstant(bytes: Uint8Array): void {
    if (this.length > 0) throw new RangeError(`bytes: expected an empty response, it has ${this.length} bytes already`)
    this.constant = bytes
    this.length = bytes.length
  }

  keep(): void {
    this.kept = true
  }

  /** Makes room for `count` bytes behind what is there, and two for the status word. */
  private reserve(count: number): void {
    if (this.constant !== undefined || this.memory !== undefined) this.settle()
    this.makeRoom(this.length, count)
  }

  /** Brings data that are elsewhere into the slab. */
  private settle(): void {
    const { constant, memory, length } = this
    this.constant = undefined
    this.memory = undefined
    this.makeRoom(0, length)
    if (constant !== undefined) this.slab.set(constant, this.start)
    else memory?.copyTo(this.memoryOffset, length, this.slab, this.start)
  }

  private makeRoom(held: number, count: number): void {
    const needed = this.start + held + count + 2
    if (needed <= this.slab.length) return
    const moved = new Uint8Array(Math.max(SLAB_SIZE, 2 * (needed - this.start)))
    moved.set(this.slab.subarray(this.start, this.start + held))
    this.slab = moved
    this.start = 0
  }

  /** The first `count` bytes of the data with a status word behind them. */
  answer(count: number, statusWord: StatusWord): Uint8Array {
    if (this.constant !== undefined) return answerOf(this.constant, 0, count, statusWord)
    const { memory } = this
    if (memory !== undefined) {
      const answer = new Uint8Array(count + 2)
      memory.copyTo(this.memoryOffset, count, answer, 0)
      answer[count] = statusWord >> 8
      answer[count + 1] = statusWord
      return answer
    }
    const { slab, start } = this
    if (count + 2 <= SMALL) return answerOf(slab, start, count, statusWord)
    const end = start + count
    slab[end] = statusWord >> 8
    slab[end + 1] = statusWord
    this.start = end + 2
    return new Uint8Array(slab.buffer, start, count + 2)
  }

  /** The data from `from` on, to be kept until GET RESPONSE. */
  rest(from: number): Uint8Array {
    if (this.constant !== undefined) return from === 0 ? this.constant : this.constant.subarray(from)
    if (this.memory !== undefined) this.settle()
    return this.slab.slice(this.start + from, this.start + this.length)
  }
}

/** A status word alone. */
export function statusAnswer(statusWord: StatusWord): Uint8Array {
  const answer = new Uint8Array(2)
  answer[0] = statusWord >> 8
  answer[1] = statusWord
  return answer
}

/** A stretch of `source` with a status word behind it, as an array of its own. */
export function answerOf(source: Uint8Array, from: number, count: number, statusWord: StatusWord): Uint8Array {
  const answer = new Uint8Array(count + 2)
  if (count <= LOOP_LIMIT) for (let i = 0; i < count; i++) answer[i] = source[from + i]!
  else answer.set(source.subarray(from, from + count))
  answer[count] = statusWord >> 8
  answer[count + 1] = statusWord
  return answer
}
