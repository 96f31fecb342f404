/** A data object that the card holds on its own, outside any record, and gives out by GET DATA (financial-emv §16). */
export interface DataObject {
  readonly tag: number
  /** Name of the element of the application that holds the value. */
  readonly id: string
  /** Length of the value in bytes. */
  readonly length: number
  /** Value of a new card where the profile says nothing, in hex; absent where such a card has none. */
  readonly initial?: string
}

/**
 * Rows "GD" of financial-emv §16. 9F17 is not here: it is the retry counter of the PIN itself.
 * 9F5D (available offline amount) is the electronic cash balance under another tag.
 */
export const dataObjects: readonly DataObject[] = [
  { tag: 0x9f36, id: "applicationTransactionCounter", length: 2, initial: "0000" },
  { tag: 0x9f13, id: "lastOnlineTransactionCounter", length: 2, initial: "0000" },
  { tag: 0x9f4f, id: "logFormat", length: 0, initial: "9A039F21039F02069F03069F1A025F2A029F4E149C019F3602" },
  { tag: 0xdf4f, id: "loadLogFormat", length: 0, initial: "9A039F21039F1A029F4E149F3602" },
  { tag: 0x9f79, id: "electronicCashBalance", length: 6, initial: "000000010000" },
  { tag: 0x9f5d, id: "electronicCashBalance", length: 6 },
  { tag: 0x9f77, id: "electronicCashBalanceLimit", length: 6, initial: "000000100000" },
  { tag: 0x9f78, id: "electronicCashSingleLimit", length: 6, initial: "000000050000" },
  { tag: 0x9f6d, id: "electronicCashResetThreshold", length: 6, initial: "000000001000" },
  { tag: 0xdf79, id: "secondElectronicCashBalance", length: 6 },
  { tag: 0xdf71, id: "secondElectronicCashCurrency", length: 2 },
  { tag: 0xdf77, id: "secondElectronicCashBalanceLimit", length: 6 },
  { tag: 0xdf78, id: "secondElectronicCashSingleLimit", length: 6 },
  { tag: 0xdf76, id: "secondElectronicCashResetThreshold", length: 6 },
  { tag: 0xdf72, id: "secondElectronicCashVerificationLimit", length: 6 },
  { tag: 0x9f51, id: "applicationCurrency", length: 2, initial: "0156" },
  { tag: 0x9f57, id: "issuerCountry", length: 2, initial: "0156" },
  { tag: 0x9f52, id: "defaultAction", length: 2, initial: "C000" },
  { tag: 0x9f53, id: "internationalCurrencyLimit", length: 1, initial: "00" },
  { tag: 0x9f72, id: "internationalCountryLimit", length: 1, initial: "00" },
  { tag: 0x9f54, id: "cumulativeAmountLimit", length: 6, initial: "000000000000" },
  { tag: 0x9f5c, id: "cumulativeAmountUpperLimit", length: 6, initial: "000000000000" },
  { tag: 0x9f75, id: "dualCurrencyAmountLimit", length: 6 },
  { tag: 0x9f56, id: "issuerAuthenticationIndicator", length: 1, initial: "80" },
  { tag: 0x9f58, id: "consecutiveOfflineLowerLimit", length: 1, initial: "00" },
  { tag: 0x9f59, id: "consecutiveOfflineUpperLimit", length: 1, initial: "00" },
  { tag: 0x9f50, id: "cumulativeOfflineAmount", length: 6, initial: "000000000000" },
  { tag: 0x9f68, id: "cardAdditionalProcesses", length: 4, initial: "81000000" },
  { tag: 0x9f6b, id: "cardVerificationLimit", length: 6, initial: "000000100000" },
  { tag: 0x9f6c, id: "cardTransactionQualifiers", length: 2, initial: "0000" },
  { tag: 0x9f73, id: "currencyConversion", length: 0 },
  { tag: 0x9f76, id: "secondCurrency", length: 2 },
]

const BY_TAG = new Map(dataObjects.map((object) => [object.tag, object]))

/** The data object behind a tag, or undefined when GET DATA never gives it out. */
export function dataObject(tag: number): DataObject | undefined {
  return BY_TAG.get(tag)
}
