import { concat, equalBytes } from "../../apdu/index.js"
import { answerHead, encodeFrame, encodeMessage, macInput, messageMac } from "../../dictionary/index.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { MessageClass, MessageRow, TerminalKeysRow } from "../store/rows.js"
import { advice } from "./advice.js"
import { buildAnswer, encodeUnsigned, stampNow } from "./answer.js"
import { closeBatch } from "./batch-close.js"
import type { Answer, BankContext, TerminalRequest } from "./context.js"
import { decide } from "./financial.js"
import { messageHash, messageKey } from "./message-key.js"
import { network } from "./network.js"
import { type Received, receive } from "./receive.js"
import { record } from "./record.js"
import { reversal } from "./reversal.js"
import { scriptResult } from "./script-result.js"
import type { Terminal } from "./terminals.js"
import { type BankTime, bankTime, isNear } from "./time.js"

/** Messages under the MAC key before the last sign-on are taken this long: they were on their way (host-iso8583 §7). */
const PREVIOUS_KEY_MILLISECONDS = 60_000

interface MessageKind {
  readonly messageClass: MessageClass
  /** @returns the answer up to its MAC */
  handle(request: TerminalRequest): Promise<Uint8Array>
}

const KINDS: Readonly<Record<string, MessageKind>> = {
  "0200": { messageClass: "0200", handle: financial },
  "0220": { messageClass: "0220", handle: advice },
  "0400": { messageClass: "0420", handle: reversal },
  "0420": { messageClass: "0420", handle: reversal },
  "0500": { messageClass: "0500", handle: closeBatch },
  "0620": { messageClass: "0620", handle: scriptResult },
}

async function financial(request: TerminalRequest): Promise<Uint8Array> {
  const decision = await decide(request)
  return record(request, decision, { messageClass: "0200", ...decision })
}

const unsigned = (request: TerminalRequest, answer: Answer) =>
  encodeUnsigned(buildAnswer(request.message, answer, stampNow(request.message, request.time)))

/** Step 4: a message that was answered gets the same answer again; a 0200 does not (host-iso8583 §13). */
function repeat(request: TerminalRequest, known: MessageRow): Uint8Array {
  const isSame = equalBytes(known.hash, messageHash(request.fields))
  if (!isSame && known.state !== "tombstone")
    request.bank.events.alert("a key was used again for something else", request)
  const isReplayed = known.messageClass !== "0200" || (request.bank.policies.duplicates === "replay" && isSame)
  return isReplayed && known.state !== "tombstone" ? known.answer : unsigned(request, { code: "94" })
}

async function process(request: TerminalRequest): Promise<Uint8Array> {
  const { message, fields, time } = request
  const kind = KINDS[message.messageType]
  if (!kind) return unsigned(request, { code: "40" })
  if (kind.messageClass === "0200" && !isNear(fields[13]!, time)) return unsigned(request, { code: "30" })
  const known = await request.rows.get("messages", request.key, kind.messageClass)
  return known ? repeat(request, known) : kind.handle(request)
}

/** The key that the MAC of the message was made with. */
function macKeyOf(bank: BankContext, terminal: Terminal, keys: TerminalKeysRow, received: Received, time: BankTime) {
  const mac = messageMac(received.message)
  if (!mac) return undefined
  const isRecent = time.milliseconds - Date.parse(keys.changedAt) <= PREVIOUS_KEY_MILLISECONDS
  const candidates = isRecent && keys.previousMacKey ? [keys.macKey, keys.previousMacKey] : [keys.macKey]
  const input = macInput(received.bytes)
  return candidates.find((key) => bank.hsm.isLineMac(key, terminal.mac, input, mac))
}

/** An answer, and the key its MAC is to be made with: none when nothing proved who sent the request. */
interface Outgoing {
  /** The answer up to its MAC, or the whole of it when it carries none. */
  readonly bytes: Uint8Array
  readonly signing?: { readonly key: Uint8Array; readonly terminal: Terminal }
}

/** What went before a failure, so that the terminal can be told of it under its key. */
interface Progress {
  signing?: Outgoing["signing"]
}

async function answerRequest(
  bank: BankContext,
  rows: BankTransaction,
  received: Received,
  time: BankTime,
  progress: Progress,
): Promise<Outgoing> {
  const { message, data, chipData } = received
  const { fields } = message
  const plain = (answer: Answer): Outgoing => ({
    bytes: encodeMessage(buildAnswer(message, answer, stampNow(message, time))),
  })
  if (received.fault !== undefined) {
    bank.events.alert(`format error: ${received.fault}`, { time, message })
    return plain({ code: "30" })
  }
  const terminal = bank.terminals.get(fields[41]!)
  if (!terminal || (fields[32] !== undefined && fields[32] !== terminal.acquirer)) return plain({ code: "97" })
  if (fields[42] !== terminal.merchant) return plain({ code: "03" })
  if (message.messageType === "0800") return plain(await network(bank, rows, message, terminal, time))
  const keys = await rows.get("terminalKeys", terminal.id)
  if (!keys?.signedOn) return plain({ code: "77" })
  const macKey = macKeyOf(bank, terminal, keys, received, time)
  if (!macKey) return plain({ code: "A0" })
  progress.signing = { key: macKey, terminal }
  const request: TerminalRequest = {
    bank,
    rows,
    message,
    fields,
    data,
    chipData,
    key: messageKey(fields, time),
    terminal,
    keys,
    time,
  }
  return { bytes: await process(request), signing: progress.signing }
}

/** An error inside: nothing was posted, and the terminal must know (host-iso8583 §14). */
function systemError(
  bank: BankContext,
  { message }: Received,
  time: BankTime,
  { signing }: Progress,
  error: unknown,
): Outgoing {
  const { code, name } = error as { code?: string; name?: string }
  bank.events.alert(`system error: ${code ?? name ?? "unknown"}`, { time, message })
  const answer = buildAnswer(message, { code: "96" }, stampNow(message, time))
  return signing ? { bytes: encodeUnsigned(answer), signing } : { bytes: encodeMessage(answer) }
}

function sign({ hsm }: BankContext, { bytes, signing }: Outgoing): Uint8Array {
  return signing ? concat(bytes, hsm.lineMac(signing.key, signing.terminal.mac, bytes)) : bytes
}

/**
 * Answers one frame of a terminal: the issuer's duties of host-iso8583 §14, in one transaction of the store.
 *
 * @param frame TPDU ‖ header ‖ message
 * @returns the answer's frame, or undefined when the frame cannot be answered; never throws for any bytes
 */
export async function handleFrame(bank: BankContext, frame: Uint8Array): Promise<Uint8Array | undefined> {
  const time = bankTime(bank.clock())
  const received = receive(frame)
  if (typeof received === "string") {
    bank.events.dropped(time.at, received, frame.length)
    return undefined
  }
  const progress: Progress = {}
  const outgoing = await bank.store
    .transaction((rows) => answerRequest(bank, rows, received, time, progress))
    .catch((error: unknown) => systemError(bank, received, time, progress, error))
  const answer = sign(bank, outgoing)
  bank.events.exchange(time.at, received.message, answer)
  return encodeFrame(answer, answerHead(received.head))
}
