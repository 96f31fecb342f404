import { hex, type Transport, toHex } from "../../../src/apdu/index.js"

/** A line that answers what the test lays out, in order, and remembers what was sent. */
export interface ScriptedLine extends Transport {
  readonly sent: string[]
  readonly closed: boolean
}

/** @param answers hex; the last one repeats for ever when `repeatLast` is set */
export function scriptedLine(answers: string[], { repeatLast = false } = {}): ScriptedLine {
  const sent: string[] = []
  let closed = false
  return {
    sent,
    get closed() {
      return closed
    },
    async transmit(command) {
      const answer = answers[repeatLast ? Math.min(sent.length, answers.length - 1) : sent.length]
      sent.push(toHex(command))
      if (answer === undefined) throw new Error(`no answer laid out for ${toHex(command)}`)
      return hex(answer)
    },
    async close() {
      closed = true
    },
  }
}

/** A line whose answers the test gives one by one. */
export function manualLine(): Transport & { readonly sent: string[]; answer(response: string): void } {
  const sent: string[] = []
  const waiting: ((response: Uint8Array) => void)[] = []
  return {
    sent,
    transmit(command) {
      sent.push(toHex(command))
      return new Promise((resolve) => waiting.push(resolve))
    },
    answer(response) {
      waiting.shift()!(hex(response))
    },
    async close() {},
  }
}
