import {
  concat,
  describeStatusWord,
  hexNumber,
  maskCommand,
  maskResponse,
  ShebaoError,
  type StatusWord,
  toHex,
  uint16,
} from "../../apdu/index.js"
import type { FileDefinition, Language } from "../../dictionary/index.js"
import { type DecodingContext, describeExchange, type ExchangeDescription } from "./description.js"
import { personalBytes } from "./social-values.js"
import { hideBytes } from "./values.js"
import { type CardView, follow, freshView } from "./view.js"

/** What went over the line once. */
export interface Exchange {
  readonly command: Uint8Array
  /** Missing when the exchange failed. */
  readonly response?: Uint8Array | undefined
  readonly error?: unknown
  readonly milliseconds?: number | undefined
}

/** An exchange in words, with its outcome. */
export interface TraceDescription extends ExchangeDescription {
  /** What the status word means, or why there is none. */
  readonly outcome: string
}

/**
 * One exchange of a trace. Nothing is decoded or formatted until it is asked for; what comes out is masked, unless the
 * trace was made unsafe.
 */
export interface TraceEntry {
  /** 1 for the first exchange of a trace. */
  readonly number: number
  readonly milliseconds: number | undefined
  readonly statusWord: StatusWord | undefined
  /** The command in hex; PINs, keys and PIN blocks as `**`. */
  command(): string
  /** The response in hex, status word included; personal data as `**`. */
  response(): string | undefined
  describe(language: Language): TraceDescription
  /** Everything for a JSON event, in English. */
  toJSON(): object
}

export interface TraceOptions {
  /** Shows PINs, keys and personal data: for emulated cards with test data only. Default false. */
  readonly unsafe?: boolean
}

/** Makes entries out of exchanges, in order; follows what is selected so that records can be named. */
export interface Tracer {
  entry(exchange: Exchange): TraceEntry
  /** The card was reset: nothing is selected. */
  forget(): void
}

/** Starts a trace of a card that was just powered on. */
export function tracer({ unsafe = false }: TraceOptions = {}): Tracer {
  let view = freshView
  let number = 0
  return {
    entry(exchange) {
      number += 1
      const before = view
      const context = exchange.response ? decodingContext(before, exchange.command, exchange.response) : undefined
      if (context) view = context.after
      return traceEntry(number, exchange, context, unsafe)
    },
    forget() {
      view = freshView
    },
  }
}

function decodingContext(before: CardView, command: Uint8Array, response: Uint8Array): DecodingContext {
  const { view, answer } = follow(before, command, response)
  return { before, after: view, answer, continued: answer.command !== command }
}

function traceEntry(
  number: number,
  { command, response, error, milliseconds }: Exchange,
  context: DecodingContext | undefined,
  unsafe: boolean,
): TraceEntry {
  const masked = !unsafe
  const entry: TraceEntry = {
    number,
    milliseconds,
    statusWord: context?.answer.statusWord,
    command: () => (unsafe ? toHex(command) : maskedCommand(command, context)),
    response: () => response && (context && masked ? maskedResponse(response, context) : toHex(response)),
    describe(language) {
      const style = { language, masked }
      const description = describeExchange(context ?? unanswered(command), style)
      return { ...description, outcome: outcome(context, error, language) }
    },
    toJSON: () => ({
      number,
      ...entry.describe("en"),
      request: entry.command(),
      response: entry.response(),
      statusWord: entry.statusWord === undefined ? undefined : hexNumber(entry.statusWord, 4),
      milliseconds,
    }),
  }
  return entry
}

/** A command that got no answer is described by itself. */
function unanswered(command: Uint8Array): DecodingContext {
  return decodingContext(freshView, command, uint16(0x6f00))
}

function outcome(context: DecodingContext | undefined, error: unknown, language: Language): string {
  if (context) return describeStatusWord(context.answer.statusWord)[language]
  if (error instanceof ShebaoError) return language === "zh" ? (error.messageZh ?? error.message) : error.message
  return error instanceof Error ? error.message : "-"
}

function maskedCommand(command: Uint8Array, context: DecodingContext | undefined): string {
  const apdu = context?.continued ? undefined : context?.answer.apdu
  const file = context?.after.file
  // In class 84 the data are enciphered: no byte of them is where the tables say (card-commands §7.1).
  const writes = (apdu?.ins === 0xdc || apdu?.ins === 0xd6) && apdu.cla !== 0x84
  const text = maskCommand(command)
  return apdu && file && writes ? hidePersonal(text, file, apdu.data, apdu.data.byteOffset - command.byteOffset) : text
}

function maskedResponse(response: Uint8Array, { answer, after }: DecodingContext): string {
  const { apdu, data, statusWord } = answer
  // A part that GET RESPONSE fetched is masked as what it is: the end of the whole answer.
  const whole = maskResponse(concat(data, uint16(statusWord)), answer.command)
  const reads = apdu?.ins === 0xb2 || apdu?.ins === 0xb0
  const text = reads && after.file ? hidePersonal(whole, after.file, data, 0) : whole
  return text.slice(-2 * response.length)
}

function hidePersonal(text: string, file: FileDefinition, bytes: Uint8Array, offset: number): string {
  return personalBytes(file, bytes).reduce(
    (hidden, { start, end }) => hideBytes(hidden, { start: start + offset, end: Math.min(end, bytes.length) + offset }),
    text,
  )
}
