import { hex, toHex } from "../../src/apdu/index.js"

/** Sends a command written in hex and gives the answer in hex. */
export function exchange(card: { process(command: Uint8Array): Uint8Array }, command: string): string {
  return toHex(card.process(hex(command)))
}

/**
 * Sends commands in order; gives the last answer. Each may be followed by the answer it must have: `cmd < answer`. A
 * function is called when its turn comes: for commands that answer a challenge.
 */
export function exchangeAll(
  card: { process(command: Uint8Array): Uint8Array },
  lines: readonly (string | (() => string))[],
): string {
  let answer = ""
  for (const line of lines) {
    const [command, expected] = (typeof line === "string" ? line : line())
      .split("<")
      .map((part) => part.replace(/\s/g, ""))
    answer = exchange(card, command!)
    if (expected !== undefined && expected !== answer)
      throw new Error(`${command}: expected ${expected}, got ${answer}`)
  }
  return answer
}
