import { hex } from "../apdu/index.js"
import { type Answer, fail } from "./codes.js"

/**
 * Reads hexadecimal data that a back office computed.
 *
 * @param lengths in bytes that are allowed
 * @returns −41 for a character that is no hexadecimal digit, −42 for another length
 */
export function parseHex(text: string, ...lengths: readonly number[]): Answer<{ readonly bytes: Uint8Array }> {
  if (!/^[0-9a-fA-F]*$/.test(text)) return fail("CHARACTER")
  if (!lengths.some((length) => text.length === 2 * length)) return fail("LENGTH")
  return { ok: true, bytes: hex(text) }
}

/**
 * Takes a string of fields apart that each end in `|`; the last `|` may be missing.
 *
 * @param count of fields
 * @returns −14 for another number of fields
 */
export function splitFields(text: string, count: number): Answer<{ readonly fields: readonly string[] }> {
  const fields = (text.endsWith("|") ? text.slice(0, -1) : text).split("|")
  return fields.length === count ? { ok: true, fields } : fail("PARAMETER")
}

/** Fields as the driver gives them: `a|b|`. */
export const joinFields = (...fields: readonly string[]): string => fields.map((field) => `${field}|`).join("")
