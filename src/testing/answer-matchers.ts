import { describeStatusWord, hex, InputError, maskResponse, statusWord, toHex } from "../apdu/index.js"

/** What `toAnswer` adds to a test framework's `expect`. */
export interface AnswerMatchers<R = void> {
  /**
   * Compares a response APDU: four digits with its status word, more with all of it. `X` stands for any digit, blanks
   * for nothing.
   *
   * @example expect(await card.transmit(verify)).toAnswer("63CX")
   * @example expect(await card.transmit(select)).toAnswer("6F0D 8406 D15600000500 A503880101 9000")
   */
  toAnswer(expected: string): R
}

interface MatcherResult {
  pass: boolean
  message(): string
  actual?: unknown
  expected?: unknown
}

/** For `expect.extend`; `import "shebao/testing/vitest"` does that, with types. */
export const answerMatchers = {
  toAnswer(received: unknown, expected: string): MatcherResult {
    const pattern = expected.replace(/\s+/g, "").toUpperCase()
    if (!/^[0-9A-FX]{4,}$/.test(pattern) || pattern.length % 2 !== 0)
      throw new InputError("expected", `expected a response in hex digits and X, got ${JSON.stringify(expected)}`)
    if (!(received instanceof Uint8Array) || received.length < 2)
      return { pass: false, message: () => `expected a response APDU of at least 2 bytes, got ${describe(received)}` }
    const text = toHex(pattern.length === 4 ? received.subarray(-2) : received)
    const pass = text.length === pattern.length && [...pattern].every((digit, i) => digit === "X" || digit === text[i])
    return {
      pass,
      message: () =>
        `expected the card${pass ? " not" : ""} to answer ${explain(pattern)}, got ${explainResponse(received)}`,
    }
  },
}

/** Adds the matchers to an `expect` that has `extend`. */
export function registerAnswerMatchers(expect: { extend(matchers: typeof answerMatchers): void }): void {
  expect.extend(answerMatchers)
}

function explain(pattern: string): string {
  const last = pattern.slice(-4)
  return last.includes("X") ? pattern : `${pattern} (${describeStatusWord(statusWord(hex(last))).en})`
}

function explainResponse(response: Uint8Array): string {
  return `${maskResponse(response)} (${describeStatusWord(statusWord(response)).en})`
}

function describe(value: unknown): string {
  return value instanceof Uint8Array ? `${value.length} bytes` : value === null ? "null" : typeof value
}
