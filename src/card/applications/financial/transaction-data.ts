import type { CompiledDol } from "./rules.js"

const ABSENT: ReadonlyMap<number, Uint8Array> = new Map(
  [
    [0x9f02, 6],
    [0x9f1a, 2],
    [0x5f2a, 2],
    [0x95, 5],
  ].map(([tag, length]) => [tag!, new Uint8Array(length!)]),
)

/** The values that the terminal sent with GENERATE AC, found by tag. */
export interface TransactionData {
  /** The value as it came; zeros for one of 9F02, 9F1A, 5F2A, 95 that the list does not ask for, else nothing. */
  value(tag: number): Uint8Array
  /** Copies a value into `target` at `at`, at most `length` bytes; what is missing stays zero. */
  copy(tag: number, length: number, target: Uint8Array, at: number): void
}

const NOTHING = new Uint8Array(0)

/** Looks into the data of a command through the list that asked for them. */
export function transactionData(list: CompiledDol, data: Uint8Array): TransactionData {
  return {
    value(tag) {
      const field = list.fields.get(tag)
      return field ? data.subarray(field.offset, field.offset + field.length) : (ABSENT.get(tag) ?? NOTHING)
    },
    copy(tag, length, target, at) {
      const field = list.fields.get(tag)
      if (!field) return
      const end = field.offset + Math.min(length, field.length)
      for (let i = field.offset; i < end; i++) target[at++] = data[i]!
    },
  }
}
