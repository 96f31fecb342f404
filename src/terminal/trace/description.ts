import { type CommandApdu, hexNumber, readUint16, toHex } from "../../apdu/index.js"
import { commandName, cryptogramType, type FileDefinition, type Label } from "../../dictionary/index.js"
import { dolValues, formattedAnswerValues, tagName, tlvValues } from "./payment-values.js"
import { keyName, nameInDirectory, pairName, pinName } from "./security-names.js"
import { fileValues, medicalBalanceValues, recordName } from "./social-values.js"
import { say, type TraceValue, type ValueStyle } from "./values.js"
import { type Answer, type CardView, isDone } from "./view.js"

/** An exchange in words. */
export interface ExchangeDescription {
  /** Name of the command, for example `READ RECORD`. */
  readonly command: string
  /** What it is about, for example `EF06 holder data, record 2`. */
  readonly subject: string | undefined
  readonly values: readonly TraceValue[]
}

/** What is known of an exchange: the card before and after it, and its answer as the application sees it. */
export interface DecodingContext {
  readonly before: CardView
  readonly after: CardView
  readonly answer: Answer
  /** The physical command is a GET RESPONSE that fetches the answer. */
  readonly continued: boolean
}

interface Details {
  readonly subject?: string
  readonly values?: readonly TraceValue[]
}

/** Class of the social security commands whose data are enciphered. */
const ENCIPHERED = 0x84
const UNKNOWN: Label = { en: "unknown command", zh: "未知命令" }
const GET_RESPONSE: Label = { en: "GET RESPONSE", zh: "取响应" }

/** Says what an exchange does, with the values that went both ways. */
export function describeExchange(context: DecodingContext, style: ValueStyle): ExchangeDescription {
  const name = say(style, nameOf(context))
  const { subject, values = [] } = details(context, style)
  if (!context.continued) return { command: name, subject, values }
  return { command: say(style, GET_RESPONSE), subject: subject ? `${name}, ${subject}` : name, values }
}

function nameOf({ answer: { command, apdu }, before }: DecodingContext): Label {
  return (apdu && nameInDirectory(before.directory, apdu)) ?? commandName(command) ?? UNKNOWN
}

function details(context: DecodingContext, style: ValueStyle): Details {
  const { before, answer } = context
  const { apdu, data } = answer
  if (!apdu) return {}
  const isPayment = before.directory.kind === "payment"
  if (apdu.cla === 0xb0) return apdu.ins === 0x26 ? { values: medicalBalanceValues(data, style) } : {}
  switch (apdu.ins) {
    case 0xa4:
      return { subject: selectionName(context, style), values: tlvValues(data, style) }
    case 0xb2:
    case 0xdc:
      return recordDetails(context, style)
    case 0xb0:
    case 0xd6:
      return binaryDetails(context, style)
    case 0x20:
      return { subject: pinName(before.directory, apdu, style) }
    case 0x40:
    case 0x4a:
    case 0xc9:
      return { subject: pairName(before.directory, apdu, style) }
    case 0x82:
    case 0xd4:
      return { subject: isPayment ? undefined : keyName(before.directory, apdu) }
    case 0xa8:
      return {
        values: [
          ...dolValues(before.dols.pdol, processingOptions(apdu.data), style),
          ...formattedAnswerValues("processingOptions", data, style),
        ],
      }
    case 0xae:
      return {
        subject: cryptogramType(apdu.p1),
        values: [
          ...dolValues(isSecondCryptogram(context) ? before.dols.cdol2 : before.dols.cdol1, apdu.data, style),
          ...formattedAnswerValues("generateAc", data, style),
        ],
      }
    case 0xca:
      return isPayment ? { subject: tagName(apdu.p1 * 256 + apdu.p2, style), values: tlvValues(data, style) } : {}
    default:
      return {}
  }
}

function isSecondCryptogram({ before, continued }: DecodingContext): boolean {
  return before.cryptograms > (continued ? 1 : 0)
}

/** The values in `83 LL values` (EMV Book 3 §6.5.8.2). */
function processingOptions(data: Uint8Array): Uint8Array {
  return data[0] === 0x83 ? data.subarray(data[1] === 0x81 ? 3 : 2) : data
}

function selectionName({ after, answer }: DecodingContext, style: ValueStyle): string {
  const { p1, data } = answer.apdu!
  const selected = isDone(answer.statusWord)
  if (selected && after.file) return fileName(after.file, style)
  const wanted =
    data.length === 0 ? "" : p1 === 0x04 || data.length !== 2 ? nameText(data) : hexNumber(readUint16(data), 4)
  if (!selected) return wanted
  if (data.length === 2 && data[0] === 0xef) return wanted
  const { directory } = after
  const label =
    directory.kind === "social"
      ? `${directory.directory.name} ${say(style, directory.label)}`
      : say(style, directory.label)
  return directory.kind === "social" || wanted === "" ? label : `${wanted} ${label}`
}

/** A DF name as text where it is text, else in hex. */
function nameText(name: Uint8Array): string {
  return name.every((byte) => byte >= 0x20 && byte < 0x7f) ? String.fromCharCode(...name) : toHex(name)
}

function fileName(file: FileDefinition, style: ValueStyle): string {
  return `${hexNumber(file.fid, 4)} ${say(style, file.name)}`
}

function recordDetails({ after, answer }: DecodingContext, style: ValueStyle): Details {
  const apdu = answer.apdu!
  const record = recordName(apdu, style)
  const bytes = apdu.ins === 0xdc ? writtenBytes(apdu) : answer.data
  if (after.directory.kind === "payment")
    return { subject: apdu.p2 >> 3 ? `SFI ${apdu.p2 >> 3}, ${record}` : record, values: tlvValues(bytes, style) }
  // The directory file of the MF holds application templates (card-structure §4.1).
  if (!after.file) return { subject: record, values: bytes[0] === 0x61 ? tlvValues(bytes, style) : [] }
  return { subject: `${fileName(after.file, style)}, ${record}`, values: fileValues(after.file, bytes, style) }
}

/** What a command writes in the clear; with secure messaging the last four bytes are the MAC (card-commands §7.1). */
function writtenBytes({ cla, data }: CommandApdu): Uint8Array {
  if (cla === ENCIPHERED) return data.subarray(0, 0)
  return (cla & 0x0c) === 0x04 ? data.subarray(0, -4) : data
}

function binaryDetails({ after, answer }: DecodingContext, style: ValueStyle): Details {
  const { ins, p1, p2, cla } = answer.apdu!
  const offset = p1 & 0x80 && (cla & ~ENCIPHERED) === 0 ? p2 : (p1 << 8) | p2
  const bytes = ins === 0xd6 ? writtenBytes(answer.apdu!) : answer.data
  const span = say(
    style,
    ins === 0xd6 && cla === ENCIPHERED
      ? { en: `offset ${offset}, enciphered`, zh: `偏移${offset},密文` }
      : { en: `offset ${offset}, ${bytes.length} bytes`, zh: `偏移${offset},${bytes.length}字节` },
  )
  return { subject: after.file ? `${fileName(after.file, style)}, ${span}` : span }
}
