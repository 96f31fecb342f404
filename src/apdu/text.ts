import iconv from "iconv-lite"
import { assertInteger } from "./bytes.js"
import { wrongInput } from "./errors.js"

/** How the text is to be written. */
export interface EncodeTextOptions {
  /** Default `gbk` (card-structure §1.1). */
  encoding?: "gbk" | "gb18030" | "ascii"
  /** Byte that fills up to the length, default 00. */
  pad?: number
  /** What to call the text in an error message. */
  field?: string
}

/**
 * Writes text as card bytes, left aligned and padded on the right (type AN, card-structure §1.1).
 *
 * Nothing is ever cut: a text that is too long is refused, so no two-byte character is left half written.
 *
 * @param length size of the result in bytes; `undefined` for as many as the text needs
 * @throws {InputError} naming the field and the character that the encoding does not have, or the room that is missing
 * @example encodeText("张三", 6) // D5C5C8FD0000
 */
export function encodeText(text: string, length: number | undefined, options: EncodeTextOptions = {}): Uint8Array {
  const { encoding = "gbk", pad = 0, field = "text" } = options
  assertInteger("pad", pad, 0, 255)
  const encoded = encode(text, encoding, field)
  if (length === undefined) return Uint8Array.from(encoded)
  assertInteger("length", length, 0, 0xffff)
  if (encoded.length > length)
    throw wrongInput(
      field,
      `${encoding.toUpperCase()}编码最多${length}字节,收到${encoded.length}字节`,
      `expected at most ${length} bytes in ${encoding}, got ${encoded.length}`,
    )
  const bytes = new Uint8Array(length).fill(pad, encoded.length)
  bytes.set(encoded)
  return bytes
}

/**
 * Reads card text and drops the padding (bytes 00 and 20) on the right. Never throws: what is no character
 * becomes U+FFFD.
 *
 * @example decodeText(hex("D5C5C8FD0000")) // "张三"
 */
export function decodeText(bytes: Uint8Array, encoding: "gbk" | "gb18030" = "gbk"): string {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x20)) end--
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, end), encoding)
}

function encode(text: string, encoding: "gbk" | "gb18030" | "ascii", field: string): Uint8Array {
  const encoded = iconv.encode(text, encoding)
  // A byte 00 would read back as padding, and no field of a card holds other control characters.
  if (/^[^\p{Cc}\p{Cs}]*$/u.test(text) && iconv.decode(encoded, encoding) === text) return encoded
  for (const character of text) {
    const isControl = /\p{Cc}|\p{Cs}/u.test(character)
    if (isControl || iconv.decode(iconv.encode(character, encoding), encoding) !== character)
      throw wrongInput(
        field,
        `${encoding.toUpperCase()}中没有${describeCharacter(character)}`,
        `${describeCharacter(character)} cannot be written in ${encoding}`,
      )
  }
  throw wrongInput(field, `文本无法用${encoding.toUpperCase()}编码`, `the text cannot be written in ${encoding}`)
}

function describeCharacter(character: string): string {
  const codePoint = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`
  return /\p{Cc}|\p{Cs}/u.test(character) ? codePoint : `${JSON.stringify(character)} (${codePoint})`
}
