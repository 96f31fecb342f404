import { bcdDigits, concat, encodeTlv, findTlv, isBcd, readUint16, type Tlv } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"
import { cryptogramType, hasBit, type IssuerApplicationData, parseIad, TVR } from "../../dictionary/index.js"
import type { CardRow } from "../store/rows.js"
import type { Answer, TerminalRequest } from "./context.js"

/** What the chip of a card said in DE55, after its cryptogram was found right. */
export interface Chip {
  readonly keyIndex: number
  readonly algorithm: Algorithm
  /** 2 bytes. */
  readonly atc: Uint8Array
  /** The ARQC, 8 bytes. */
  readonly cryptogram: Uint8Array
  /** Card verification results, 4 bytes. */
  readonly verificationResults: Uint8Array
}

/** The chip that was believed, even when the check went on to refuse; no chip, no ARPC in the answer. */
export interface ChipCheck {
  readonly chip?: Chip
  readonly refusal?: Answer
  /** The card with its new transaction counter, when it was stored. */
  readonly card: CardRow
}

/** What an ARQC covers, in the order of cryptogram version 01, with the length of each (financial-emv §20). */
const COVERED: readonly (readonly [tag: number, length: number])[] = [
  [0x9f02, 6],
  [0x9f03, 6],
  [0x9f1a, 2],
  [0x95, 5],
  [0x5f2a, 2],
  [0x9a, 3],
  [0x9c, 1],
  [0x9f37, 4],
  [0x82, 2],
  [0x9f36, 2],
]
const NEEDED: typeof COVERED = [...COVERED, [0x9f26, 8]]
/** A card whose counter jumps that far has done something elsewhere (host-iso8583 §14). */
const COUNTER_JUMP = 1000

/** Values of the tags the host needs, or undefined when one is missing or has another length. */
function readTags(objects: readonly Tlv[]): Map<number, Uint8Array> | undefined {
  const values = new Map<number, Uint8Array>()
  for (const [tag, length] of NEEDED) {
    const value = findTlv(objects, tag)?.value
    if (value?.length !== length) return undefined
    values.set(tag, value)
  }
  const [issuerData, information] = [findTlv(objects, 0x9f10)?.value, findTlv(objects, 0x9f27)?.value]
  if (!issuerData || information?.length === 0) return undefined
  values.set(0x9f10, issuerData)
  return information ? values.set(0x9f27, information) : values
}

/** Tag 9C of each kind of transaction; an inquiry has two (host-iso8583 §4.1). */
const TYPE_ALIASES: Readonly<Record<string, string>> = {
  "00": "00",
  "01": "01",
  "20": "20",
  "21": "21",
  "30": "30",
  "31": "30",
  "38": "38",
  "40": "40",
  "46": "46",
  "90": "90",
}

/** Step 9: the chip data belong to this message (host-iso8583 §14). */
function checkAgreement(
  request: TerminalRequest,
  tags: ReadonlyMap<number, Uint8Array>,
  card: CardRow,
): Answer | undefined {
  const { fields } = request
  const [amount, currency, type] = [tags.get(0x9f02)!, tags.get(0x5f2a)!, tags.get(0x9c)!]
  if (!isBcd(amount) || bcdDigits(amount) !== (fields[4] ?? "").padStart(12, "0")) return { code: "64" }
  if (readUint16(currency) !== 0x0156) return { code: "12" }
  if (!isBcd(type) || TYPE_ALIASES[bcdDigits(type)] !== TYPE_ALIASES[fields[3]!.slice(0, 2)]) return { code: "12" }
  if (fields[23] !== undefined && fields[23] !== card.sequenceNumber.padStart(3, "0")) return { code: "14" }
  if (fields[35] !== undefined && fields[35].split("D")[0] !== fields[2]) return { code: "14" }
  return undefined
}

/** Step 12: what terminal and card noticed. */
function checkVerificationResults(results: Uint8Array): Answer | undefined {
  if ([TVR.sdaFailed, TVR.ddaFailed, TVR.cdaFailed].some((bit) => hasBit(results, bit))) return { code: "59" }
  return hasBit(results, TVR.expired) ? { code: "54" } : undefined
}

/** The bytes a cryptogram version covers; undefined for a version that is not known (host-iso8583 §15). */
function coveredData(
  tags: ReadonlyMap<number, Uint8Array>,
  { cvn, cvr }: IssuerApplicationData,
): Uint8Array | undefined {
  switch (cvn) {
    case 0x01:
      return concat(...COVERED.map(([tag]) => tags.get(tag)!), cvr)
    case 0x17:
      return concat(tags.get(0x9f02)!, tags.get(0x9f37)!, tags.get(0x9f36)!, cvr.subarray(1, 2))
    default:
      return undefined
  }
}

/** Step 10: the cryptogram proves that this card made this request. */
function authenticate(
  request: TerminalRequest,
  tags: ReadonlyMap<number, Uint8Array>,
  card: CardRow,
): Chip | undefined {
  const issuerData = parseIad(tags.get(0x9f10)!)
  const information = tags.get(0x9f27)
  if (!issuerData || (information && cryptogramType(information[0]!) !== "ARQC")) return undefined
  const covered = coveredData(tags, issuerData)
  const { dki: keyIndex, algorithm, cvr: verificationResults } = issuerData
  const keys = { pan: card.pan, sequenceNumber: card.sequenceNumber, keyIndex, algorithm }
  const { hsm } = request.bank
  const [atc, cryptogram] = [tags.get(0x9f36)!, tags.get(0x9f26)!]
  if (!covered || !hsm.hasCardKeys(keys) || !hsm.isCryptogram(keys, atc, covered, cryptogram)) return undefined
  return { keyIndex, algorithm, atc, cryptogram, verificationResults }
}

/**
 * Steps 9 to 12 of the issuer's duties (host-iso8583 §14): chip data complete and in agreement, cryptogram right,
 * transaction counter new, nothing wrong in the verification results. The counter is stored whatever comes after it.
 */
export async function checkChip(request: TerminalRequest, card: CardRow): Promise<ChipCheck> {
  const { bank, rows, chipData } = request
  const tags = readTags(chipData)
  if (!tags) return { card, refusal: { code: "30" } }
  const disagreement = checkAgreement(request, tags, card)
  if (disagreement) return { card, refusal: disagreement }
  const chip = authenticate(request, tags, card)
  if (!chip) return { card, refusal: { code: "05" } }
  const counter = readUint16(chip.atc)
  if (card.lastAtc !== null && counter <= card.lastAtc) return { card, chip, refusal: { code: "59" } }
  if (card.lastAtc !== null && counter - card.lastAtc > COUNTER_JUMP)
    bank.events.alert("the card's transaction counter jumped", request)
  const counted = { ...card, lastAtc: counter }
  await rows.put("cards", counted)
  const refusal = checkVerificationResults(tags.get(0x95)!)
  return refusal ? { card: counted, chip, refusal } : { card: counted, chip }
}

/** Tag 91 for the card: issuer authentication data with the answer code in it (host-iso8583 §15). */
export function issuerAuthenticationData(
  request: TerminalRequest,
  card: CardRow,
  chip: Chip,
  code: string,
): Uint8Array {
  const arc = Uint8Array.of(code.charCodeAt(0), code.charCodeAt(1))
  const keys = { ...chip, pan: card.pan, sequenceNumber: card.sequenceNumber }
  return encodeTlv(0x91, concat(request.bank.hsm.answerCryptogram(keys, chip.atc, chip.cryptogram, arc), arc))
}
