import type { StatusWord } from "../apdu/index.js"
import type { Context } from "./context.js"

/**
 * The command under work. One object serves every command of every card: read it inside the handler, never keep it.
 */
export interface Command {
  /** The bytes as they came. */
  readonly bytes: Uint8Array
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  /** Number of data bytes, 0 when there are none. */
  readonly lc: number
  /** Where the data begin in `bytes`. */
  readonly dataOffset: number
  /** Expected length: -1 when absent; 256 or 65536 for a zero byte or word. */
  readonly le: number
  /** The data as a view into `bytes`: copy what must live longer. */
  data(): Uint8Array
}

/**
 * One command of an application. Puts its answer into `context.response`, changes `context.memory` (all or nothing
 * inside `context.memory.transaction`) and `context.session`, and returns the status word. No I/O, no clock, no
 * randomness but through the context.
 */
export type Handler = (context: Context, command: Command) => StatusWord

/** A table of commands: first class byte, then instruction byte. Keys are `CLA INS` in hex: `"80AE"`. */
export type CommandTable = Readonly<Record<string, Handler>>

/**
 * What the operating system needs to know of an application. Applications bring tables; the operating system looks in
 * the selected application's table first, then in its own.
 */
export interface Application {
  readonly name: string
  readonly commands: CommandTable
  /** Commands of the operating system that do not exist here (answered 6D00), as `CLA INS` in hex. */
  readonly without?: readonly string[]
  /**
   * Called when the directory was selected by name or FID, after the old state was dropped.
   * @returns the status word of the SELECT (9000, 6283 with FCI, 6A81 without); default 9000
   */
  readonly select?: (context: Context) => StatusWord
  /**
   * Called before every command while the application is selected, those of the operating system and unknown ones
   * included, but not before SELECT and GET RESPONSE. Any status word but 9000 refuses the command (blocked states).
   */
  readonly admit?: (context: Context, command: Command) => StatusWord
  /** Called before an elementary file of the directory is selected. Any status word but 9000 refuses it (blocked states). */
  readonly selectFile?: (context: Context) => StatusWord
  /**
   * Element of the environment, one byte, that is 0 while `select`, `selectFile` and `admit` would refuse nothing: they are
   * not called then, for every command would pay for it. Only on cards that are open over every interface.
   */
  readonly quietWhileZero?: string
  /** Makes the volatile state of a selected application; `context.session.state` holds it until the next SELECT or reset. */
  readonly newState?: () => unknown
}
