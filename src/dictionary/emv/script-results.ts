import { assertBytes, assertInteger, concat, InputError } from "../../apdu/index.js"

/** What became of one issuer script (financial-emv §22). */
export interface ScriptResult {
  readonly outcome: "notRun" | "failed" | "ok"
  /** Number of the command that failed, 1 upwards; 0 when none did; 15 for 15 and more. */
  readonly command: number
  /** Script identifier, tag 9F18, 4 bytes. */
  readonly scriptId: Uint8Array
}

const OUTCOMES = ["notRun", "failed", "ok"] as const

/** Writes script results, 5 bytes each, as in tag DF31 (UnionPay) and 9F5B (EMV). */
export function encodeScriptResults(results: readonly ScriptResult[]): Uint8Array {
  return concat(
    ...results.map(({ outcome, command, scriptId }) => {
      assertBytes("scriptId", scriptId, 4)
      assertInteger("command", command, 0, 255)
      return concat((OUTCOMES.indexOf(outcome) << 4) | Math.min(command, 15), scriptId)
    }),
  )
}

/** Reads script results. @throws {InputError} when they are no multiple of 5 bytes or an outcome is unknown */
export function decodeScriptResults(bytes: Uint8Array): ScriptResult[] {
  if (bytes.length % 5 !== 0) throw new InputError("DF31", `expected 5 bytes for each script, got ${bytes.length}`)
  const results: ScriptResult[] = []
  for (let at = 0; at < bytes.length; at += 5) {
    const outcome = OUTCOMES[bytes[at]! >> 4]
    if (!outcome) throw new InputError("DF31", "expected 0, 1 or 2 as outcome of a script")
    results.push({ outcome, command: bytes[at]! & 15, scriptId: bytes.slice(at + 1, at + 5) })
  }
  return results
}
