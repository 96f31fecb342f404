import { bcdLeft, bcdRight, encodeText, encodeTlv, hex } from "../../../apdu/index.js"

/** Data of the account and its holder, as the records of the application carry them (financial-emv §15, §16). */
export interface FinancialData {
  /** Primary account number, 8 to 19 digits. */
  readonly pan: string
  /** PAN sequence number, two digits. */
  readonly sequenceNumber: string
  /** Latin capitals, `SURNAME/GIVEN`. */
  readonly holderNameLatin: string
  readonly idNumber: string
  /** Two digits: 00 identity card, 01 officer, 02 passport, 03 entry permit, 04 temporary, 05 other. */
  readonly idType: string
  /** YYYYMMDD. */
  readonly effectiveDate: string
  /** YYYYMMDD. */
  readonly expiryDate: string
  /** Three digits. */
  readonly serviceCode: string
  /** Digits behind the service code on track 2. */
  readonly track2Discretionary: string
  /** Hex of the whole track 2 equivalent data, where it is not made of the values above. */
  readonly track2?: string | undefined
  /** Hex of the values that rarely differ between cards of one issuer. */
  readonly usageControl: string
  readonly cardholderVerification: string
  readonly actionCodes: { readonly default: string; readonly denial: string; readonly online: string }
  readonly cdol1: string
  readonly cdol2: string
  readonly applicationVersion: string
  readonly currency: string
  readonly country: string
  /** 16 ASCII characters. */
  readonly productId: string
  /** Electronic cash issuer authorisation code, six characters. */
  readonly electronicCashCode: string
  readonly lowerConsecutiveLimit: string
  readonly upperConsecutiveLimit: string
}

const RECORD_TEMPLATE = 0x70

const ascii = (text: string, length: number | undefined, field: string) =>
  encodeText(text, length, { encoding: "ascii", field })

/** YYMMDD of a date YYYYMMDD. */
const shortDate = (date: string, field: string) => bcdRight(date.slice(2), 3, field)

/** Track 2 equivalent data 57: PAN D YYMM service code discretionary data, F where the last half byte is free. */
export function track2(data: FinancialData): Uint8Array {
  if (data.track2 !== undefined) return hex(data.track2, "financial.track2")
  const text = `${data.pan}D${data.expiryDate.slice(2, 6)}${data.serviceCode}${data.track2Discretionary}`
  return hex(text.length % 2 === 0 ? text : `${text}F`, "financial.track2Discretionary")
}

/** Record 1 of SFI 1: track 2, holder, identity document. */
export function holderRecord(data: FinancialData): Uint8Array {
  return encodeTlv(RECORD_TEMPLATE, [
    encodeTlv(0x57, track2(data)),
    encodeTlv(0x5f20, ascii(data.holderNameLatin, undefined, "financial.holderNameLatin")),
    encodeTlv(0x9f1f, ascii(data.track2Discretionary, undefined, "financial.track2Discretionary")),
    encodeTlv(0x9f61, ascii(data.idNumber, undefined, "financial.idNumber")),
    encodeTlv(0x9f62, bcdRight(data.idType, 1, "financial.idType")),
  ])
}

/** Record 1 of SFI 2: the data that an issuer signs for off-line data authentication. */
export function accountRecord(data: FinancialData): Uint8Array {
  return encodeTlv(RECORD_TEMPLATE, [
    encodeTlv(0x5f25, shortDate(data.effectiveDate, "financial.effectiveDate")),
    encodeTlv(0x5f24, shortDate(data.expiryDate, "financial.expiryDate")),
    encodeTlv(0x5a, bcdLeft(data.pan, Math.ceil(data.pan.length / 2), "financial.pan")),
    encodeTlv(0x5f34, bcdRight(data.sequenceNumber, 1, "financial.sequenceNumber")),
    encodeTlv(0x9f07, hex(data.usageControl, "financial.usageControl")),
    encodeTlv(0x8e, hex(data.cardholderVerification, "financial.cardholderVerification")),
    encodeTlv(0x9f0d, hex(data.actionCodes.default, "financial.actionCodes.default")),
    encodeTlv(0x9f0e, hex(data.actionCodes.denial, "financial.actionCodes.denial")),
    encodeTlv(0x9f0f, hex(data.actionCodes.online, "financial.actionCodes.online")),
    encodeTlv(0x5f28, hex(data.country, "financial.country")),
  ])
}

/** Record 2 of SFI 2: lists and limits for the terminal. */
export function riskRecord(data: FinancialData): Uint8Array {
  return encodeTlv(RECORD_TEMPLATE, [
    encodeTlv(0x8c, hex(data.cdol1, "financial.cdol1")),
    encodeTlv(0x8d, hex(data.cdol2, "financial.cdol2")),
    encodeTlv(0x9f08, hex(data.applicationVersion, "financial.applicationVersion")),
    encodeTlv(0x9f42, hex(data.currency, "financial.currency")),
    encodeTlv(0x5f30, bcdRight(data.serviceCode, 2, "financial.serviceCode")),
    encodeTlv(0x9f63, ascii(data.productId, 16, "financial.productId")),
    encodeTlv(0x9f14, hex(data.lowerConsecutiveLimit, "financial.lowerConsecutiveLimit")),
    encodeTlv(0x9f23, hex(data.upperConsecutiveLimit, "financial.upperConsecutiveLimit")),
  ])
}

/** Record 1 of SFI 3: its presence in the AFL tells the terminal of a purchase with electronic cash. */
export function cashRecord(data: FinancialData): Uint8Array {
  return encodeTlv(RECORD_TEMPLATE, [
    encodeTlv(0x9f74, ascii(data.electronicCashCode, 6, "financial.electronicCashCode")),
  ])
}

/** How the application names itself in PSE, PPSE and FCI (financial-emv §14). */
export interface FinancialIdentity {
  /** Hex. */
  readonly aid: string
  readonly label: string
  readonly preferredName: string
  /** Hex, one byte. */
  readonly priority: string
  /** Two small letters for each language, first choice first. */
  readonly language: string
  /** Hex of the PDOL. */
  readonly pdol: string
}

/** FCI of the application: label, priority, PDOL, language, code table, name, log entries. */
export function financialFci(identity: FinancialIdentity): Uint8Array {
  return encodeTlv(0x6f, [
    encodeTlv(0x84, hex(identity.aid, "financial.aid")),
    encodeTlv(0xa5, [
      ...labelAndPriority(identity),
      encodeTlv(0x9f38, hex(identity.pdol, "financial.pdol")),
      encodeTlv(0x5f2d, ascii(identity.language, undefined, "financial.language")),
      encodeTlv(0x9f11, Uint8Array.of(1)),
      encodeTlv(0x9f12, ascii(identity.preferredName, undefined, "financial.preferredName")),
      encodeTlv(0xbf0c, [encodeTlv(0x9f4d, hex("0B0A")), encodeTlv(0xdf4d, hex("0C0A"))]),
    ]),
  ])
}

function labelAndPriority(identity: FinancialIdentity): Uint8Array[] {
  return [
    encodeTlv(0x50, ascii(identity.label, undefined, "financial.label")),
    encodeTlv(0x87, hex(identity.priority, "financial.priority")),
  ]
}

function directoryEntry(identity: FinancialIdentity): Uint8Array {
  return encodeTlv(0x61, [encodeTlv(0x4f, hex(identity.aid, "financial.aid")), ...labelAndPriority(identity)])
}

/** Record 1 of the PSE's directory. */
export function pseRecord(identity: FinancialIdentity): Uint8Array {
  return encodeTlv(RECORD_TEMPLATE, directoryEntry(identity))
}

export const PSE_NAME = ascii("1PAY.SYS.DDF01", undefined, "pse")
export const PPSE_NAME = ascii("2PAY.SYS.DDF01", undefined, "ppse")

/** FCI of the PSE: where its list lies, language, code table. */
export function pseFci(identity: FinancialIdentity): Uint8Array {
  return encodeTlv(0x6f, [
    encodeTlv(0x84, PSE_NAME),
    encodeTlv(0xa5, [
      encodeTlv(0x88, Uint8Array.of(1)),
      encodeTlv(0x5f2d, ascii(identity.language, undefined, "financial.language")),
      encodeTlv(0x9f11, Uint8Array.of(1)),
    ]),
  ])
}

/** FCI of the PPSE, which is the list itself. */
export function ppseFci(identity: FinancialIdentity): Uint8Array {
  return encodeTlv(0x6f, [encodeTlv(0x84, PPSE_NAME), encodeTlv(0xa5, encodeTlv(0xbf0c, directoryEntry(identity)))])
}

/** The files that the FCI promises hold so many records (its log entries say `0B0A` and `0C0A`). */
export const LOG_RECORDS = 10
