import { encodeText, InputError } from "../apdu/index.js"
import { DriverCode, type DriverResult } from "./codes.js"

/** Bytes that callers usually declare for `pOutInfo` (driver-api §1). */
export const USUAL_BUFFER = 1024

export interface BufferOptions {
  /** Size of the caller's buffer, the 00 at the end included; default 1024. */
  readonly size?: number
  /** Native builds write GBK; default `gbk`. */
  readonly encoding?: "gbk" | "utf8"
}

/** What an adapter writes to a buffer of its caller. */
export interface BufferedResult {
  readonly code: number
  /** Text with 00 behind it: never more than the buffer holds. */
  readonly bytes: Uint8Array
}

/**
 * Writes a result as native builds do: text with 00 behind it, never beyond the declared size (driver-api §1). Data that do
 * not fit are left out as a whole, with −42: half an answer would look like one. A message that does not fit ends at a whole
 * character.
 *
 * @throws {RangeError} for a buffer without room for the 00
 * @example writeToBuffer(await driver.iReadCardBas(3), { size: 1024, encoding: "gbk" })
 */
export function writeToBuffer(
  { code, out }: DriverResult,
  { size = USUAL_BUFFER, encoding = "gbk" }: BufferOptions = {},
): BufferedResult {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`size: expected an integer from 1, got ${size}`)
  const encode = encoding === "gbk" ? gbk : (text: string) => new TextEncoder().encode(text)
  const whole = encode(out)
  if (whole.length < size) return { code, bytes: terminated(whole) }
  if (code === DriverCode.OK) return { code: DriverCode.LENGTH, bytes: terminated(new Uint8Array(0)) }
  let fitting = ""
  for (const character of out) {
    if (encode(fitting + character).length >= size) break
    fitting += character
  }
  return { code, bytes: terminated(encode(fitting)) }
}

function terminated(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length + 1)
  bytes.set(text)
  return bytes
}

/** A character that GBK does not have, as a name outside it on a card of another encoding, becomes a question mark. */
function gbk(text: string): Uint8Array {
  try {
    return encodeText(text, undefined)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const parts = [...text].map((character) => encodeOrAsk(character))
    return Uint8Array.from(parts.flatMap((part) => [...part]))
  }
}

function encodeOrAsk(character: string): Uint8Array {
  try {
    return encodeText(character, undefined)
  } catch (error) {
    if (error instanceof InputError) return Uint8Array.of(0x3f)
    throw error
  }
}
