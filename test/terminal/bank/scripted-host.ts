import { concat, hex, ShebaoError, TimeoutError } from "../../../src/apdu/index.js"
import { blockEncrypt, keyCheckValue, lineMac, testTerminalKeys } from "../../../src/crypto/index.js"
import {
  answerHead,
  answerType,
  decodeFrame,
  decodeMessage,
  encodeFrame,
  encodeMessage,
  encodeWithMac,
  type HostLink,
  type Message,
  type MessageFields,
  macInput,
  messageMac,
} from "../../../src/dictionary/index.js"

/** What a scripted host does with a request. */
export type Reply =
  | { readonly code: string; readonly fields?: MessageFields }
  /** The host has acted, the terminal hears nothing. */
  | "lost"
  | "unreachable"
  | "wrongMac"
  | "garbage"

export interface ScriptedHost extends HostLink {
  /** Every request but sign-ons, in order, with its bytes. */
  readonly requests: { readonly message: Message; readonly bytes: Uint8Array; readonly hasGoodMac: boolean }[]
  readonly signOns: Message[]
  /** Answers to the next requests of a type; afterwards 00. */
  on(messageType: string, ...replies: Reply[]): void
  /** What every sign-on is answered with. */
  signOnReply: Reply
  closed: boolean
}

const { tmk, tpk, tak } = testTerminalKeys()

/** DE62 with the keys of V-C4. */
export const WORKING_KEYS = concat(
  blockEncrypt("3des", tmk, tpk),
  keyCheckValue("3des", tpk, 4),
  blockEncrypt("3des", tmk, tak),
  keyCheckValue("3des", tak, 4),
)

/** A host that checks MACs and answers from a script; it keeps no books. */
export function scriptedHost(): ScriptedHost {
  const replies = new Map<string, Reply[]>()
  const host: ScriptedHost = {
    requests: [],
    signOns: [],
    signOnReply: { code: "00", fields: { 62: WORKING_KEYS } },
    closed: false,
    on(messageType, ...more) {
      replies.set(messageType, [...(replies.get(messageType) ?? []), ...more])
    },
    async exchange(frame) {
      const { message: bytes, ...head } = decodeFrame(frame)
      const message = decodeMessage(bytes)
      const isSignOn = message.messageType === "0800"
      const mac = messageMac(message)
      const hasGoodMac = mac !== undefined && Buffer.compare(mac, lineMac("ecb", tak, macInput(bytes))) === 0
      if (isSignOn) host.signOns.push(message)
      else host.requests.push({ message, bytes, hasGoodMac })
      const reply = isSignOn ? host.signOnReply : (replies.get(message.messageType)?.shift() ?? { code: "00" })
      if (reply === "lost") throw new TimeoutError("no answer in time")
      if (reply === "unreachable") throw new ShebaoError("HOST_UNREACHABLE", "no way to the host")
      if (reply === "garbage") return hex("6000000003613200320000 0210FF")
      const answer: Message = {
        messageType: answerType(message.messageType),
        fields: {
          ...echo(message.fields),
          39: reply === "wrongMac" ? "00" : reply.code,
          ...(reply === "wrongMac" ? {} : reply.fields),
        },
      }
      const encoded = isSignOn
        ? encodeMessage(answer)
        : encodeWithMac(answer, (input) => {
            const right = lineMac("ecb", tak, input)
            return reply === "wrongMac" ? right.map((byte) => byte ^ 1) : right
          })
      return encodeFrame(encoded, answerHead(head))
    },
    async close() {
      host.closed = true
    },
  }
  return host
}

function echo(fields: Readonly<MessageFields>): MessageFields {
  const { 2: a, 3: b, 4: c, 7: d, 11: e, 12: f, 13: g, 32: h, 41: i, 42: j, 49: k, 60: l, 90: m } = fields
  const all = { 2: a, 3: b, 4: c, 7: d, 11: e, 12: f, 13: g, 32: h, 41: i, 42: j, 49: k, 60: l, 90: m }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
