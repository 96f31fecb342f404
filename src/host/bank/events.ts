import {
  decodeMessage,
  describeMessage,
  type Language,
  type Message,
  type RenderedElement,
} from "../../dictionary/index.js"

/** A request and its answer. Their contents are written only for who asks, and masked: PAN 6+4, no PIN, track or key. */
export interface ExchangeEvent {
  readonly type: "exchange"
  /** ISO 8601. */
  readonly at: string
  readonly terminal: string | undefined
  readonly stan: string | undefined
  /** Message type of the request. */
  readonly messageType: string
  readonly answerCode: string | undefined
  describeRequest(language: Language): RenderedElement[]
  describeAnswer(language: Language): RenderedElement[]
}

/** Something that could not be answered. */
export interface DroppedEvent {
  readonly type: "dropped"
  readonly at: string
  readonly reason: string
  /** How many bytes there were. */
  readonly bytes: number
}

/** Something staff should look at. */
export interface AlertEvent {
  readonly type: "alert"
  readonly at: string
  readonly reason: string
  readonly terminal: string | undefined
  readonly stan: string | undefined
}

/** What happens at the bank, for logs and traces. */
export type BankEvent = ExchangeEvent | DroppedEvent | AlertEvent

/** Where events go. */
export interface BankEvents {
  /** @param answer the encoded answer */
  exchange(at: string, request: Message, answer: Uint8Array): void
  dropped(at: string, reason: string, bytes: number): void
  alert(reason: string, about: { time: { at: string }; message: Message }): void
}

export function bankEvents(onEvent: ((event: BankEvent) => void) | undefined): BankEvents {
  return {
    exchange(at, request, bytes) {
      if (!onEvent) return
      const answer = decodeMessage(bytes)
      onEvent({
        type: "exchange",
        at,
        terminal: request.fields[41],
        stan: request.fields[11],
        messageType: request.messageType,
        answerCode: answer.fields[39],
        describeRequest: (language) => describeMessage(request, language),
        describeAnswer: (language) => describeMessage(answer, language),
      })
    },
    dropped: (at, reason, bytes) => onEvent?.({ type: "dropped", at, reason, bytes }),
    alert(reason, { time, message }) {
      onEvent?.({ type: "alert", at: time.at, reason, terminal: message.fields[41], stan: message.fields[11] })
    },
  }
}
