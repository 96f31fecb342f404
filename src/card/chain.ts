import type { ParsedCommand } from "./command.js"

/** Commands whose data may come in a chain: those that write (ISO 7816-4 §5.3.3). */
export const CHAINABLE: ReadonlySet<number> = new Set([0xd0, 0xd2, 0xd6, 0xd7, 0xda, 0xdb, 0xdc, 0xe2])

/** Header and extended Lc of the command that a chain amounts to. */
const HEAD = 7
const CHAINED = 0x10
const FIRST_ROOM = 512

/** The data of a chain of commands so far: together they are one command (ISO 7816-4 §5.3.3). */
export class CommandChain {
  private readonly cla: number
  private readonly ins: number
  private readonly p1: number
  private readonly p2: number
  private readonly limit: number
  private bytes = new Uint8Array(HEAD + FIRST_ROOM)
  private length = 0

  /** @param limit most data bytes of the whole chain */
  constructor(cla: number, { ins, p1, p2 }: ParsedCommand, limit: number) {
    this.cla = cla & ~CHAINED
    this.ins = ins
    this.p1 = p1
    this.p2 = p2
    this.limit = limit
  }

  /** True when a command is of this chain: all have one header, but for the bit that says more follow. */
  continues({ bytes }: ParsedCommand): boolean {
    return (bytes[0]! & ~CHAINED) === this.cla && bytes[1] === this.ins && bytes[2] === this.p1 && bytes[3] === this.p2
  }

  /**
   * Takes the data of the next command. An Le is ignored until the last one.
   *
   * @returns false when it brings none, or more than the card can hold: the chain is over
   */
  add(command: ParsedCommand): boolean {
    const { lc } = command
    const length = this.length + lc
    if (lc === 0 || length > this.limit) return false
    if (HEAD + length > this.bytes.length) {
      const grown = new Uint8Array(HEAD + Math.max(length, 2 * this.length))
      grown.set(this.bytes)
      this.bytes = grown
    }
    this.bytes.set(command.data(), HEAD + this.length)
    this.length = length
    return true
  }

  /**
   * Makes the last command the whole one.
   *
   * @returns false as {@link add} does
   */
  finish(command: ParsedCommand): boolean {
    if (!this.add(command)) return false
    const { length } = this
    this.bytes.set([this.cla, this.ins, this.p1, this.p2, 0, length >> 8, length & 0xff])
    command.bytes = this.bytes.subarray(0, HEAD + length)
    command.dataOffset = HEAD
    command.lc = length
    return true
  }
}
