import { toHex } from "./bytes.js"
import { parseTlv, type Tlv } from "./tlv.js"

/** A PAN with its first 6 and last 4 digits shown. @example maskPan("6217000000000000046") // "621700*********0046" */
export const maskPan = (pan: string): string => maskMiddle(pan, 6, 4)

/** An identity number with its first 6 and last 4 characters shown. */
export const maskId = (id: string): string => maskMiddle(id, 6, 4)

/** A social security card number with its first 2 and last 2 characters shown. */
export const maskCardNumber = (cardNumber: string): string => maskMiddle(cardNumber, 2, 2)

/** A name with only its last character shown; a name of one character is hidden. @example maskName("张三") // "*三" */
export function maskName(name: string): string {
  const characters = [...name]
  return characters.map((character, i) => (i > 0 && i === characters.length - 1 ? character : "*")).join("")
}

/** Track 2 data with the PAN masked and all behind the separator (`=` or `D`) hidden. */
export function maskTrack2(track: string): string {
  const separator = track.search(/[=D]/)
  if (separator < 0) return maskPan(track)
  return maskPan(track.slice(0, separator)) + track[separator] + "*".repeat(track.length - separator - 1)
}

/** Shows `head` and `tail` characters; hides all of a text that is no longer than both. */
function maskMiddle(text: string, head: number, tail: number): string {
  if (text.length <= head + tail) return "*".repeat(text.length)
  return text.slice(0, head) + "*".repeat(text.length - head - tail) + text.slice(-tail)
}

const TIMESTAMP = /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d$/

/**
 * Masks identity numbers (18 characters, the last a digit or X), PANs (13 to 19 digits) and track 2 data inside any text.
 *
 * Date and time in 14 digits stay. So do hexadecimal words with letters in them (an AID, a cryptogram): bytes are
 * masked as bytes, by {@link maskCommand}, {@link maskResponse} or {@link maskBytes}, before they become text.
 *
 * @example maskText("card 6217000000000000046") // "card 621700*********0046"
 */
export function maskText(text: string): string {
  return text
    .replace(/(?<![0-9A-Za-z])\d{12,19}[=D]\d{7,}/g, maskTrack2)
    .replace(/[0-9A-Za-z]+/g, (word) =>
      isHexWithLetters(word) ? word : word.replace(/\d{17}[Xx]|\d{13,}/g, maskNumber),
    )
}

function isHexWithLetters(word: string): boolean {
  return word.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(word) && /[A-Fa-f]/.test(word)
}

function maskNumber(number: string): string {
  return TIMESTAMP.test(number) ? number : maskMiddle(number, 6, 4)
}

/** A run of bytes: from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Where a command carries a PIN, a key or a PIN block: nothing of that run may be shown, not even decoded.
 *
 * Decided by INS (and CLA where an INS has two meanings), so that malformed commands are covered as well: then all
 * after the header is secret.
 *
 * @returns `undefined` when the command carries no such data
 */
export function secretsOfCommand(command: Uint8Array): ByteRange | undefined {
  if (command.length < 6 || !carriesSecret(command[0]!, command[1]!, command[2]!)) return undefined
  const lc = command[4]!
  if (lc === 0 && command.length > 7) return { start: 7, end: command.length }
  const isCase4 = command.length === 6 + lc
  return { start: 5, end: isCase4 ? command.length - 1 : command.length }
}

function carriesSecret(cla: number, ins: number, p1: number): boolean {
  switch (ins) {
    case 0x20: // VERIFY, card-commands §5.1
    case 0x21: // VERIFY in BER-TLV, ISO 7816-4
    case 0x24: // PIN RELOAD, PIN CHANGE/UNBLOCK, card-commands §5.3; CHANGE REFERENCE DATA, ISO 7816-4
    case 0x2c: // RESET RETRY COUNTER, ISO 7816-4
      return cla !== 0xb0 // The medical account has other commands there (card-commands §10.1).
    case 0x5e: // CHANGE PIN, card-commands §5.2; RELOAD PIN, financial-emv §3
    case 0xd4: // WRITE KEY, card-commands §13
    case 0xd8: // PUT KEY, GlobalPlatform
      return true
    case 0xc4: // PIN digest, card-commands §12
    case 0x4a: // import of a wrapped key pair, card-commands §12
    case 0x4e:
      return cla === 0x80
    case 0xc2: // write private key, card-commands §12; P1 40 is the public one
      return cla === 0x80 && p1 !== 0x40
    case 0xfa: // SAM encrypts: the clear PIN block of a reload goes in (card-commands §11.3); P1 05 is a MAC
      return cla === 0x80 && p1 !== 0x05
    default:
      return false
  }
}

/**
 * A command as hex for people, secret bytes as `**`; identity numbers, PANs and names in written data masked.
 *
 * @example maskCommand(hex("0020000003123456")) // "0020000003******"
 */
export function maskCommand(command: Uint8Array): string {
  const secret = secretsOfCommand(command)
  if (secret) {
    const { start, end } = secret
    return toHex(command.subarray(0, start)) + "**".repeat(end - start) + toHex(command.subarray(end))
  }
  const dataStart = command.length > 7 && command[4] === 0 ? 7 : 5
  return toHex(command.subarray(0, dataStart)) + maskBytes(command.subarray(dataStart))
}

/**
 * A response as hex for people: identity numbers, PANs and names masked, and all data hidden when the command's
 * answer is a key (PIN digest, card-commands §12).
 *
 * @param command what it answers, where known
 */
export function maskResponse(response: Uint8Array, command?: Uint8Array): string {
  const dataLength = Math.max(0, response.length - 2)
  const data = response.subarray(0, dataLength)
  const isKey = command !== undefined && command[0] === 0x80 && command[1] === 0xc4
  return (isKey ? "**".repeat(dataLength) : maskBytes(data)) + toHex(response.subarray(dataLength))
}

/** Values of BER-TLV objects that name a person or an account, by how they are written (EMV Book 3 Annex A). */
const EMV_SECRETS = new Map<number, "digits" | "track" | "text">([
  [0x5a, "digits"],
  [0x57, "track"],
  [0x9f6b, "track"],
  [0x56, "text"],
  [0x5f20, "text"],
  [0x9f0b, "text"],
  [0x9f1f, "text"],
  [0x9f20, "text"],
  [0x9f61, "text"],
])

/**
 * Record or file data as hex for people, with what names a person or an account masked nibble by nibble:
 * EMV tags 5A, 57, 9F6B, 56, 5F20, 9F0B, 9F1F, 9F20, 9F61 anywhere in BER-TLV; social security records 08 (number),
 * 09 and 4E (name) (card-structure §5.2); and every ASCII run of 13 or more digits.
 *
 * A number that a caller reads in two pieces cannot be recognised when a piece has fewer than 13 digits.
 */
export function maskBytes(data: Uint8Array): string {
  const nibbles = [...toHex(data)]
  maskSocialSecurityRecord(data, nibbles)
  for (const object of parseTlv(data, { mode: "lenient" })) maskEmvObject(object, data, nibbles)
  maskAsciiNumbers(data, nibbles)
  return nibbles.join("")
}

function maskEmvObject({ tag, value, children }: Tlv, data: Uint8Array, nibbles: string[]): void {
  for (const child of children ?? []) maskEmvObject(child, data, nibbles)
  const kind = EMV_SECRETS.get(tag)
  if (!kind) return
  const start = 2 * (value.byteOffset - data.byteOffset)
  const text = toHex(value)
  if (kind === "text") hide(nibbles, start, start + text.length)
  else {
    const digits = /^\d*/.exec(text)![0].length
    hide(nibbles, start + 6, start + digits - 4)
    if (digits <= 10) hide(nibbles, start, start + digits)
    // Behind the separator of track 2 all is hidden but the padding.
    if (kind === "track") hide(nibbles, start + digits + 1, start + text.replace(/F*$/, "").length)
  }
}

function maskSocialSecurityRecord(data: Uint8Array, nibbles: string[]): void {
  if (data.length < 2) return
  const tag = data[0]!
  const length = data[1]!
  const behind = data.length - 2 - length
  if (behind !== 0 && behind !== 4) return // An update may carry a MAC of 4 bytes (card-commands §7.1).
  const end = 4 + 2 * length
  if (tag === 0x09 || tag === 0x4e) hide(nibbles, 4, end)
  if (tag === 0x08) hide(nibbles, 4 + 12, end - 8)
}

function maskAsciiNumbers(data: Uint8Array, nibbles: string[]): void {
  let start = 0
  for (let i = 0; i <= data.length; i++) {
    const byte = data[i]
    if (byte !== undefined && byte >= 0x30 && byte <= 0x39) continue
    const end = i - start === 17 && (byte === 0x58 || byte === 0x78) ? i + 1 : i
    const isTimestamp = end - start === 14 && TIMESTAMP.test(String.fromCharCode(...data.subarray(start, end)))
    if (end - start >= 13 && !isTimestamp) hide(nibbles, 2 * (start + 6), 2 * (end - 4))
    start = i + 1
  }
}

function hide(nibbles: string[], start: number, end: number): void {
  for (let i = start; i < end; i++) nibbles[i] = "*"
}
