import { CardRemovedError, ShebaoError, TimeoutError } from "../../apdu/index.js"
import { type PcscCode, pcscCodes, unknownPcscText } from "./codes.js"

/** What a PC/SC error carries besides `code` and the messages. */
export interface PcscDetails {
  /** Number of the PC/SC error, for example 0x8010000C; undefined for an error that only the binding knows. */
  readonly pcscCode: number | undefined
  /** Its symbolic name, for example `SCARD_E_NO_SMARTCARD`, or the binding's own. */
  readonly pcscName: string
  readonly reader: string | undefined
}

export type PcscError = ShebaoError & PcscDetails

/** Where an error happened: the same number means different things in different calls (readers §7.1). */
export interface PcscOccasion {
  operation: "open" | "list" | "watch" | "connect" | "transmit" | "reset" | "transaction" | "control" | "disconnect"
  reader?: string
  cause?: unknown
}

/**
 * Turns a PC/SC error number into an error of ours.
 *
 * @param number any integer; a negative one is read as 32 bits unsigned
 * @returns an error with a stable `code`; unknown numbers become `PCSC_ERROR` and are kept in `pcscCode`
 * @example pcscError(0x8010000c, { operation: "connect", reader }).code // "NO_CARD"
 */
export function pcscError(number: number, occasion: PcscOccasion): PcscError {
  const pcscCode = number >>> 0
  const row = pcscCodes.find((known) => known.numbers.includes(pcscCode))
  if (row === undefined) return make("PCSC_ERROR", `0x${hexadecimal(pcscCode)}`, pcscCode, unknownPcscText, occasion)
  if (row.code === "CARD_REMOVED" && row.transmitOnly && occasion.operation !== "transmit")
    return make("COMMUNICATION", row.name, pcscCode, pcscCodes.find(({ code }) => code === "COMMUNICATION")!, occasion)
  return make(row.code, row.name, pcscCode, row, occasion)
}

/** An error that only a binding knows, by its own name. */
export function bindingError(code: string, name: string, occasion: PcscOccasion): PcscError {
  const text = bindingTexts[code] ?? unknownPcscText
  return make(code, name, undefined, text, occasion)
}

/** True for errors that came from PC/SC. */
export const isPcscError = (error: unknown): error is PcscError => error instanceof ShebaoError && "pcscName" in error

const hexadecimal = (number: number) => number.toString(16).toUpperCase().padStart(8, "0")

const bindingTexts: Record<string, { en: string; zh: string }> = {
  BUSY: { en: "The card is busy with another command.", zh: "卡片正忙。" },
  CONNECTION_CLOSED: { en: "The connection to the card is closed.", zh: "与卡片的连接已关闭。" },
}

function make(
  code: string,
  pcscName: string,
  pcscCode: number | undefined,
  { en, zh }: Pick<PcscCode, "en" | "zh">,
  { reader, cause }: PcscOccasion,
): PcscError {
  const where = reader === undefined ? "" : ` [${reader}]`
  const number = pcscCode === undefined ? pcscName : `${pcscName}, 0x${hexadecimal(pcscCode)}`
  const message = `${en}${where} (${number})`
  const options = { cause }
  const error =
    code === "CARD_REMOVED"
      ? new CardRemovedError(message, options)
      : code === "TIMEOUT"
        ? new TimeoutError(message, options)
        : new ShebaoError(code, message, { ...options, messageZh: `${zh}${where}` })
  return Object.assign(error, { pcscCode, pcscName, reader })
}
