/**
 * Importing this adds {@link answerMatchers} to vitest's `expect`.
 *
 * @example import "shebao/testing/vitest"
 */
import { expect } from "vitest"
import { type AnswerMatchers, registerAnswerMatchers } from "./answer-matchers.js"

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration must repeat vitest's own type parameter
  interface Matchers<T = any> extends AnswerMatchers<T> {}
}

registerAnswerMatchers(expect)
