import { toHex } from "./bytes.js"
import { parseCommand } from "./command.js"
import { TIMESTAMP } from "./mask.js"

/** A run of bytes: from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Where a command carries a PIN, a key or a PIN block: nothing of that run may be shown, not even decoded.
 *
 * Decided by INS (and CLA where an INS has two meanings), so that malformed commands are covered as well: of those
 * all after the four bytes of the header is secret.
 *
 * @returns `undefined` when the command carries no such data
 */
export function secretsOfCommand(command: Uint8Array): ByteRange | undefined {
  if (command.length < 6 || !carriesSecret(command[0]!, command[1]!, command[2]!)) return undefined
  const parsed = parseCommand(command)
  // No such command asks for an extended answer: a wrong Lc of 00 in front of a PIN looks like that.
  if (!parsed || parsed.data.length === 0) return { start: 4, end: command.length }
  const start = parsed.extended ? 7 : 5
  return { start, end: start + parsed.data.length }
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
 * @param command what the data answer, where known: behind a GET RESPONSE the command before it
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
  maskEmvObjects(data, 0, data.length, nibbles)
  maskAsciiNumbers(data, nibbles)
  return nibbles.join("")
}

/** Unlike `parseTlv` this goes on into an object that is cut short, as the first part of a long answer is. */
function maskEmvObjects(data: Uint8Array, start: number, end: number, nibbles: string[]): void {
  let at = start
  while (at < end) {
    if (data[at] === 0x00 || data[at] === 0xff) {
      at++
      continue
    }
    const isConstructed = (data[at]! & 0x20) !== 0
    let tag = data[at++]!
    if ((tag & 0x1f) === 0x1f && at < end) tag = (tag << 8) | data[at++]!
    let length = data[at++] ?? 0
    if (length > 0x80) {
      const lengthEnd = at + (length & 0x7f)
      for (length = 0; at < lengthEnd && at < end; at++) length = length * 256 + data[at]!
    }
    const valueEnd = Math.min(at + length, end)
    const kind = EMV_SECRETS.get(tag)
    if (kind) maskEmvValue(kind, data, at, valueEnd, at + length > end, nibbles)
    // What is inside a template is a list of objects, as is what follows it: one walk sees both.
    if (!isConstructed) at = valueEnd
  }
}

function maskEmvValue(
  kind: "digits" | "track" | "text",
  data: Uint8Array,
  start: number,
  end: number,
  isCut: boolean,
  nibbles: string[],
): void {
  if (kind === "text" || isCut) {
    hide(nibbles, 2 * start, 2 * end)
    return
  }
  const text = toHex(data.subarray(start, end))
  // Tags of one byte have other meanings in the social security files, so the value must look like one too.
  const digits = /^\d{8,19}(?=F*$|D)/.exec(text)?.[0].length
  if (digits === undefined || text.length < 14) return
  hide(nibbles, 2 * start + (digits > 10 ? 6 : 0), 2 * start + digits - (digits > 10 ? 4 : 0))
  // Behind the separator of track 2 all is hidden but the padding.
  if (kind === "track") hide(nibbles, 2 * start + digits + 1, 2 * start + text.replace(/F*$/, "").length)
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
