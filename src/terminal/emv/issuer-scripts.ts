import { parseTlv, statusWord, type Tlv, type Transport } from "../../apdu/index.js"
import { encodeScriptResults, type ScriptResult } from "../../dictionary/index.js"

/** What running issuer scripts came to. */
export interface ScriptOutcome {
  /** Tag DF31, 5 bytes a script; empty when there was none (financial-emv §22). */
  readonly results: Uint8Array
  readonly failed: boolean
}

const NO_ID = new Uint8Array(4)

/**
 * Runs issuer scripts: template 71 or 72 with an identifier 9F18 and commands 86, each sent as it stands. A template
 * ends at its first failing command; the next one is still run (EMV Book 3 §10.10).
 *
 * @param templates values of the templates 71 or 72
 * @throws {CardRemovedError} and the other errors of the transport
 */
export async function runIssuerScripts(card: Transport, templates: readonly Uint8Array[]): Promise<ScriptOutcome> {
  const results: ScriptResult[] = []
  for (const template of templates) {
    const objects = parseTlv(template, { mode: "lenient" })
    const identifier = objects.find((object) => object.tag === 0x9f18)?.value
    const scriptId = identifier?.length === 4 ? identifier : NO_ID
    const failing = isScript(template, objects) ? await runCommands(card, objects) : undefined
    const outcome = failing === undefined ? "notRun" : failing === 0 ? "ok" : "failed"
    results.push({ outcome, command: failing ?? 0, scriptId })
  }
  return { results: encodeScriptResults(results), failed: results.some(({ outcome }) => outcome !== "ok") }
}

/** A template that is cut short must not be run in part: its commands belong together. */
function isScript(template: Uint8Array, objects: readonly Tlv[]): boolean {
  const last = objects.at(-1)?.value
  const whole = last !== undefined && last.byteOffset + last.length === template.byteOffset + template.length
  const commands = objects.filter((object) => object.tag === 0x86)
  return whole && commands.length > 0 && commands.every(({ value }) => value.length >= 4 && value.length <= 261)
}

/** @returns number of the failing command, 0 when all were done */
async function runCommands(card: Transport, objects: readonly Tlv[]): Promise<number> {
  let number = 0
  for (const { tag, value } of objects) {
    if (tag !== 0x86) continue
    number++
    const first = statusWord(await card.transmit(value)) >> 8
    // Warnings do not stop a script (EMV Book 3 §10.10).
    if (first !== 0x90 && first !== 0x62 && first !== 0x63) return number
  }
  return 0
}
