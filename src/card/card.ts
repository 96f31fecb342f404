import {
  type CardPort,
  CardRemovedError,
  moreData,
  type Protocol,
  type StatusWord,
  SW,
  wrongLe,
} from "../apdu/index.js"
import { CHAINABLE, CommandChain } from "./chain.js"
import { LogicalChannels } from "./channels.js"
import { channelOf, isChained, plainClass } from "./class.js"
import { ParsedCommand } from "./command.js"
import { type Context, hooksOf } from "./context.js"
import { refuseClass, unknownInstruction, unsecuredInstruction } from "./dispatch.js"
import type { Directory, Layout } from "./layout.js"
import { CardMemory } from "./memory.js"
import { type RandomSource, seededRandom, systemRandom } from "./random.js"
import { answerOf, ResponseBuilder, statusAnswer } from "./response-buffer.js"
import { CardSession, type Session } from "./session.js"

/** What may be chosen for a single card; everything else is its profile's. */
export interface CardRuntimeOptions {
  /** Contents of its memory, from `card.memory.pages.snapshot()` of a card of the same profile; default: a new card. */
  readonly memory?: Uint8Array
  /** Where challenges and other random numbers come from; default: the system's generator. Must not use a card itself. */
  readonly random?: RandomSource
  /** Repeatable random numbers, for tests and demonstrations. */
  readonly seed?: string | number
  /** Called with the error when a handler throws: a bug. The card itself answers 6F00 and goes on. */
  readonly onFault?: (error: unknown) => void
}

/** An emulated card, ready for the slot of a reader. Powered off when it is made. */
export interface Card extends CardPort {
  readonly layout: Layout
  /** Its EEPROM: `memory.pages` gives snapshots, changes and restoring. */
  readonly memory: CardMemory
  /** The volatile state of the basic channel, for traces. */
  readonly session: Session
  /**
   * Cuts the power after so many further physical writes: the next one does not happen, the command (or power-on) that
   * made it throws CardRemovedError, and the card is off. `Infinity` takes the plan back.
   *
   * @param options.torn true: the write that fails programs a part of its bytes first
   */
  cutPowerAfter(writes: number, options?: { torn?: boolean }): void
}

/**
 * Makes a card of a compiled profile. Cards of one layout share everything but what they wrote.
 *
 * @throws {RangeError} when `memory` has not the size of the layout's image
 */
export function cardFromLayout(layout: Layout, options: CardRuntimeOptions = {}): Card {
  return new EmulatedCard(layout, options)
}

const GET_RESPONSE = 0xc0
const SELECT = 0xa4
const BY_NAME = 4
const SHORT_MAXIMUM = 256
/** The most data that reach a reader at once: PC/SC drivers take 65,535 bytes with the status word (readers §2.6). */
const LONGEST_ANSWER = 65_533

/** One for all cards of the process: a command runs from its first byte to its answer without a pause. */
const command = new ParsedCommand()
const response = new ResponseBuilder()

class EmulatedCard implements Card, Context {
  readonly layout: Layout
  readonly memory: CardMemory
  /** Of the channel that is being served, of the basic one between commands. */
  session: CardSession
  channel = 0
  readonly response = response
  readonly random: RandomSource
  private readonly onFault: ((error: unknown) => void) | undefined
  private powered = false
  /** True while commands are taken: powered, its memory whole, the card not blocked. */
  private ready = false
  /** Made when a card is asked for a channel other than the basic one. */
  private opened: LogicalChannels | undefined = undefined
  /** What came of an unfinished chain of commands. */
  private chain: CommandChain | undefined = undefined

  constructor(layout: Layout, options: CardRuntimeOptions) {
    this.layout = layout
    this.memory = new CardMemory(layout.image, layout.journal)
    this.session = new CardSession(layout.root)
    this.random = options.random ?? (options.seed === undefined ? systemRandom : seededRandom(options.seed))
    this.onFault = options.onFault
    if (options.memory !== undefined) this.memory.pages.restore(options.memory)
  }

  get protocol(): Protocol {
    return this.layout.protocol
  }

  get atr(): Uint8Array {
    return this.layout.atr.slice()
  }

  get directory(): Directory {
    return this.session.directory
  }

  get channels(): LogicalChannels {
    const { root, options } = this.layout
    this.opened ??= new LogicalChannels(root, options.channels, this.session)
    return this.opened
  }

  blockCard(): void {
    this.memory.writeByte(this.layout.cardStateOffset, 1)
    this.ready = false
  }

  cutPowerAfter(writes: number, options: { torn?: boolean } = {}): void {
    this.memory.pages.cutPowerAfter(writes, options.torn === true)
  }

  powerOn(): Uint8Array {
    this.powered = false
    this.ready = false
    try {
      this.memory.powerOn()
    } catch {
      throw this.removed()
    }
    this.dropState()
    const { cardStateOffset } = this.layout
    const isBlocked = cardStateOffset >= 0 && this.memory.readByte(cardStateOffset) !== 0
    this.powered = true
    this.ready = !isBlocked && !this.memory.damaged
    return this.atr
  }

  reset(): Uint8Array {
    return this.powerOn()
  }

  powerOff(): void {
    this.powered = false
    this.ready = false
    this.dropState()
  }

  /** Closes all channels but the basic one, which is as new. */
  private dropState(): void {
    this.session = this.opened?.session(0) ?? this.session
    this.channel = 0
    this.opened = undefined
    this.chain = undefined
    this.session.begin(this.layout.root)
  }

  process(bytes: Uint8Array): Uint8Array {
    if (!this.ready) return statusAnswer(this.reason())
    if (!command.parse(bytes) || (command.extended && !this.layout.options.extendedLength)) return this.malformed(bytes)
    if (this.chain === undefined && (command.cla === 0 || this.layout.codedClasses[command.cla] === 0))
      return this.execute()
    return this.executeCoded()
  }

  /** Why no command is taken; a blocked card refuses them all (card-commands §7.2). */
  private reason(): StatusWord {
    if (!this.powered) return SW.INTERNAL_ERROR
    return this.memory.damaged ? SW.MEMORY_FAILURE : SW.FUNCTION_NOT_SUPPORTED
  }

  private malformed(bytes: Uint8Array): Uint8Array {
    this.chain = undefined
    const session = this.opened?.session(channelOf(bytes[0] ?? 0)) ?? this.session
    session.pending = undefined
    return statusAnswer(SW.WRONG_LENGTH)
  }

  /** A command whose class names a channel or a chain, or one that comes within a chain (ISO 7816-4 §5.3.3, §5.4). */
  private executeCoded(): Uint8Array {
    const { cla } = command
    const { chain } = this
    this.chain = undefined
    if (chain !== undefined && !chain.continues(command)) return statusAnswer(SW.LAST_OF_CHAIN_EXPECTED)
    const channel = channelOf(cla)
    command.cla = plainClass(cla)
    const basic = this.session
    const session = channel === 0 ? basic : this.opened?.session(channel)
    if (session === undefined && !this.opensBySelection(channel)) return statusAnswer(SW.LOGICAL_CHANNEL_NOT_SUPPORTED)
    if (session === undefined) this.channels.open(channel, 0)
    this.session = session ?? this.channels.session(channel)!
    this.channel = channel
    try {
      if (isChained(cla)) return this.collect(cla, chain)
      if (chain !== undefined && !chain.finish(command)) return statusAnswer(SW.WRONG_LENGTH)
      const answer = this.execute()
      if (session === undefined && !isProcessed(answer)) this.channels.close(channel)
      return answer
    } finally {
      this.session = basic
      this.channel = 0
    }
  }

  /** SELECT by name opens the closed channel that its class names, if it succeeds (ISO 7816-4 §5.4.2). */
  private opensBySelection(channel: number): boolean {
    const { cla, ins, p1 } = command
    return cla === 0 && ins === SELECT && p1 === BY_NAME && channel < this.layout.options.channels
  }

  /** Keeps the data of a command that is not the last of its chain. */
  private collect(cla: number, chain: CommandChain | undefined): Uint8Array {
    const { dispatch } = this.session.directory
    const { ins } = command
    this.session.pending = undefined
    const base = dispatch.classes[command.cla]!
    if (base < 0) return statusAnswer(refuseClass(dispatch, base, command.cla, ins))
    const handler = dispatch.handlers[base + ins]
    if (handler === unknownInstruction) return statusAnswer(SW.INS_NOT_SUPPORTED)
    if (handler === unsecuredInstruction) return statusAnswer(SW.SECURE_MESSAGING_NOT_SUPPORTED)
    const limit = this.layout.options.chaining
    if (limit === 0 || !CHAINABLE.has(ins)) return statusAnswer(SW.CHAINING_NOT_SUPPORTED)
    const collected = chain ?? new CommandChain(cla, command, limit)
    if (!collected.add(command)) return statusAnswer(SW.WRONG_LENGTH)
    this.chain = collected
    return statusAnswer(SW.OK)
  }

  private execute(): Uint8Array {
    if (command.ins === GET_RESPONSE && command.cla === 0) return this.getResponse()
    this.session.pending = undefined
    response.clear()
    try {
      const status = this.run()
      if (!this.memory.pages.dead) return response.length === 0 ? statusAnswer(status) : this.present(status)
    } catch (error) {
      if (!this.memory.pages.dead) {
        this.onFault?.(error)
        return statusAnswer(SW.INTERNAL_ERROR)
      }
    }
    throw this.removed()
  }

  private run(): StatusWord {
    const { directory } = this.session
    const { dispatch } = directory
    const { cla, ins } = command
    const base = dispatch.classes[cla]!
    if (directory.application !== undefined && !(ins === SELECT && cla === 0)) {
      const admitted = hooksOf(directory, this.memory)?.admit?.(this, command) ?? SW.OK
      if (admitted !== SW.OK) return admitted
    }
    if (base < 0) return refuseClass(dispatch, base, cla, ins)
    if (command.le > SHORT_MAXIMUM && this.layout.protocol === "T=0") command.le = SHORT_MAXIMUM
    return dispatch.handlers[base + ins]!(this, command)
  }

  /** How an answer with data leaves the card: card-commands §2. */
  private present(status: StatusWord): Uint8Array {
    if (status !== SW.OK && status >> 8 !== 0x62) return statusAnswer(status)
    const { length } = response
    const { le } = command
    const { options } = this.layout
    if (this.layout.protocol === "T=1") {
      const wanted = le < 0 ? length : Math.min(le, length)
      const count = Math.min(wanted, LONGEST_ANSWER)
      return this.send(count, le === SHORT_MAXIMUM || count < wanted, status)
    }
    if (le < 0 || response.kept || (command.lc > 0 && options.case4WithLe === "61")) return this.keep(0, status)
    if (le === SHORT_MAXIMUM || le === length) return this.send(Math.min(length, SHORT_MAXIMUM), true, status)
    if (command.lc > 0) return le < length ? this.send(le, true, status) : this.send(length, false, status)
    return le < length && options.shortLe === "cut" ? this.send(le, false, status) : statusAnswer(wrongLe(length))
  }

  /** Sends the first bytes; the rest waits for GET RESPONSE or is dropped. */
  private send(count: number, keepsRest: boolean, status: StatusWord): Uint8Array {
    const left = response.length - count
    if (left === 0 || !keepsRest) return response.answer(count, status)
    this.hold(count, status)
    return response.answer(count, moreData(left))
  }

  private keep(from: number, status: StatusWord): Uint8Array {
    this.hold(from, status)
    return statusAnswer(moreData(response.length - from))
  }

  private hold(from: number, status: StatusWord): void {
    const { session } = this
    session.pending = response.rest(from)
    session.pendingFrom = 0
    session.pendingStatus = status
  }

  /** GET RESPONSE (00 C0): card-commands §2, ISO 7816-4 §11.6.1. */
  private getResponse(): Uint8Array {
    const { session } = this
    const { pending, pendingFrom } = session
    if (pending === undefined) return statusAnswer(SW.CONDITIONS_NOT_SATISFIED)
    if (command.p1 !== 0 || command.p2 !== 0) return statusAnswer(SW.INCORRECT_P1P2)
    if (command.lc !== 0) return statusAnswer(SW.WRONG_LENGTH)
    const left = pending.length - pendingFrom
    const wanted = command.le < 0 || command.le > SHORT_MAXIMUM ? SHORT_MAXIMUM : command.le
    if (wanted > left && wanted !== SHORT_MAXIMUM) return statusAnswer(wrongLe(left))
    const count = Math.min(wanted, left)
    if (count < left) {
      session.pendingFrom = pendingFrom + count
      return answerOf(pending, pendingFrom, count, moreData(left - count))
    }
    session.pending = undefined
    return answerOf(pending, pendingFrom, count, session.pendingStatus)
  }

  /** The power is gone: nothing of the session is left. */
  private removed(): CardRemovedError {
    this.powerOff()
    return new CardRemovedError("The power of the card was cut.")
  }
}

/** True when the command was carried out: 9000, 61xx, or a warning that changed nothing. */
function isProcessed(answer: Uint8Array): boolean {
  const sw1 = answer[answer.length - 2]
  return sw1 === 0x90 || sw1 === 0x61 || sw1 === 0x62
}
