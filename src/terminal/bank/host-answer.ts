import { ShebaoError } from "../../apdu/index.js"
import {
  answerType,
  decodeFrame,
  decodeMessage,
  type HostLink,
  type Message,
  type MessageFields,
  macInput,
  messageMac,
} from "../../dictionary/index.js"
import type { KeyModule } from "./key-module.js"

/**
 * What came of a request.
 *
 * `none` means that nothing can be believed: no answer, a malformed one, one of another request (reason 98), or one
 * whose MAC is wrong or missing (A0). `claimed` is then the answer code that stood in it, good for nothing but deciding
 * whether to sign on again.
 */
export type HostAnswer =
  | { readonly outcome: "answered"; readonly code: string; readonly fields: Readonly<MessageFields> }
  | { readonly outcome: "none"; readonly reason: "98" | "A0"; readonly claimed: string | undefined }

/** Elements that an answer repeats (host-iso8583 §11.2 step 4). */
const ECHOED = [2, 3, 4, 11, 41, 42] as const

/**
 * Sends a frame and checks what comes back.
 *
 * @param request the message inside the frame
 * @param keys checks the MAC; undefined for messages that carry none
 */
export async function askHost(
  link: HostLink,
  frame: Uint8Array,
  request: Message,
  keys: KeyModule | undefined,
): Promise<HostAnswer> {
  let bytes: Uint8Array
  let answer: Message
  try {
    bytes = decodeFrame(await link.exchange(frame)).message
    answer = decodeMessage(bytes)
  } catch (error) {
    if (error instanceof ShebaoError) return noAnswer("98")
    throw error
  }
  const claimed = answer.fields[39]
  if (answer.messageType !== answerType(request.messageType)) return noAnswer("98")
  if (keys) {
    const mac = messageMac(answer)
    if (!mac || !keys.isMac(macInput(bytes), mac)) return noAnswer("A0", claimed)
  }
  const isEcho = ECHOED.every((number) => request.fields[number] === answer.fields[number])
  if (!isEcho || !claimed) return noAnswer("98")
  return { outcome: "answered", code: claimed, fields: answer.fields }
}

function noAnswer(reason: "98" | "A0", claimed?: string): HostAnswer {
  return { outcome: "none", reason, claimed }
}
