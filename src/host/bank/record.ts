import type { Flow, MessageClass, MessageRow, MessageState } from "../store/rows.js"
import { type AnswerStamp, buildAnswer, encodeUnsigned, stampNow } from "./answer.js"
import type { Answer, TerminalRequest } from "./context.js"
import { messageHash } from "./message-key.js"
import { authorisationCode } from "./time.js"

/** How an answered message is filed. */
export interface Filing {
  readonly messageClass: MessageClass
  readonly state: MessageState
  readonly flow?: Flow | null
  readonly amountFen?: bigint
  readonly entry?: number | null
  /** With an advice: what was in hands or stored, and what was pulled back in. */
  readonly moved?: { readonly countedFen: bigint; readonly suspenseFen: bigint }
  /** The request it is about, whose reference and business date it shares. */
  readonly original?: MessageRow
}

/** The answer as it is filed: an approved request gets an authorisation code, an advice the stamp of its request. */
async function stamped(
  { rows, time, message }: TerminalRequest,
  answer: Answer,
  original: MessageRow | undefined,
): Promise<[Answer, AnswerStamp]> {
  if (original) return [answer, { time, reference: original.reference, businessDate: original.businessDate }]
  const stamp = stampNow(message, time)
  if (message.messageType !== "0200" || answer.code !== "00") return [answer, stamp]
  const authorised = authorisationCode(await rows.next("authorisation"))
  return [{ ...answer, fields: { ...answer.fields, 38: authorised } }, stamp]
}

/**
 * Files a message together with its complete answer, in the transaction that posts what it causes
 * (host-iso8583 §13; §18 invariant 10).
 *
 * @returns the answer up to its MAC
 */
export async function record(request: TerminalRequest, answer: Answer, filing: Filing): Promise<Uint8Array> {
  const { rows, fields, time, message } = request
  const [complete, stamp] = await stamped(request, answer, filing.original)
  const bytes = encodeUnsigned(buildAnswer(message, complete, stamp))
  await rows.insert("messages", {
    key: request.key,
    messageClass: filing.messageClass,
    hash: messageHash(fields),
    state: filing.state,
    flow: filing.flow ?? null,
    terminal: request.terminal.id,
    pan: fields[2] ?? null,
    processingCode: fields[3] ?? "",
    amountFen: filing.amountFen ?? BigInt(fields[4] ?? 0),
    countedFen: filing.moved?.countedFen ?? (filing.entry == null ? 0n : (filing.amountFen ?? 0n)),
    entry: filing.entry ?? null,
    suspenseFen: filing.moved?.suspenseFen ?? 0n,
    day: time.day,
    businessDate: stamp.businessDate,
    reference: stamp.reference,
    answerCode: answer.code,
    answer: bytes,
    at: time.at,
  })
  return bytes
}

/** Files something staff have to look at, and says so. */
export async function openCase(request: TerminalRequest, reason: string): Promise<void> {
  const { rows, key, time, bank } = request
  await rows.insert("cases", { id: await rows.next("case"), key, reason, at: time.at })
  bank.events.alert(reason, request)
}

/**
 * Refuses an advice that is malformed. It is not filed: a corrected one must not get the answer of the wrong one.
 *
 * @returns the answer up to its MAC
 */
export function refuse(request: TerminalRequest, code: string): Uint8Array {
  request.bank.events.alert(`${request.message.messageType} refused with ${code}`, request)
  return encodeUnsigned(buildAnswer(request.message, { code }, stampNow(request.message, request.time)))
}
