import type { Language } from "../dictionary/index.js"
import { beginBasicData, readBasicData } from "./basic-data.js"
import type { DriverResult } from "./codes.js"
import { DriverCode, fail } from "./codes.js"
import { beginReadFiles, beginWriteFiles, readFiles, writeFiles } from "./generic-files.js"
import { changeHolderPin, verifyHolderPin } from "./holder-pin.js"
import { beginDebit, doDebit, readDebitRecords } from "./medical-debit.js"
import type { DriverOptions } from "./options.js"
import { beginReloadPin, beginUnblockPin, reloadPin, unblockPin } from "./pin-service.js"
import { createRuntime, type Output } from "./runtime.js"
import { settingsOf } from "./settings.js"
import { checkCard, readCardNumber, readerInfo, readIssuerData, readPersonData } from "./vendor-functions.js"

type Result = Promise<DriverResult>

/**
 * The functions of SSCardDriver by their names (driver-api §4). Every one gives a code, 0 or negative, and the text that the
 * native form writes to `pOutInfo`; none throws for what a card, a reader or a caller does. One runs at a time.
 */
export interface SSCardDriver {
  /** Card and holder: eleven fields (driver-api §5.1). @param iType 1 contact, 2 contactless, 3 and 4 both */
  iReadCardBas(iType: number): Result
  /** The same, with the HSM of this process where the PSAM cannot. */
  iReadCardBasExt(iType: number): Result
  /** The same with the HSM of this process; −13 without one. */
  iReadCardBas_Step1To2(iType: number): Result
  iReadCardBas_HSM_Step1(iType: number): Result
  /** @param key `internal|external|` */
  iReadCardBas_HSM_Step2(key: string): Result
  /** @param iAuthType 1 PIN, 2 key, where a file lets either open it */
  iReadCard(iType: number, iAuthType: number, cardInfo: string, fileAddr: string): Result
  iReadCard_HSM_Step1(iType: number, cardInfo: string, fileAddr: string): Result
  iReadCard_HSM_Step2(key: string): Result
  iWriteCard(iType: number, cardInfo: string, fileAddr: string, writeData: string): Result
  iWriteCard_HSM_Step1(iType: number, cardInfo: string, fileAddr: string): Result
  iWriteCard_HSM_Step2(key: string, writeData: string): Result
  iVerifyPIN(iType: number): Result
  iChangePIN(iType: number): Result
  iReloadPIN(iType: number, cardInfo: string): Result
  iReloadPIN_HSM_Step1(iType: number, cardInfo: string): Result
  iReloadPIN_HSM_Step2(key: string): Result
  iReloadPIN_HSM_Step3(key: string): Result
  iUnblockPIN(iType: number, cardInfo: string): Result
  iUnblockPIN_HSM_Step1(iType: number, cardInfo: string): Result
  iUnblockPIN_HSM_Step2(key: string): Result
  iUnblockPIN_HSM_Step3(key: string): Result
  /** @param payInfo `personal|pooled|YYYYMMDDhhmmss|`, in yuan */
  iDoDebit(iType: number, cardInfo: string, payInfo: string): Result
  iDoDebit_HSM_Step1(iType: number, cardInfo: string, payInfo: string): Result
  iDoDebit_HSM_Step2(key: string): Result
  iReadDebitRecord(iType: number): Result
  /** Card number (vendors, driver-api §8). */
  iReadCardNo(iType: number): Result
  iReadICCardNum(iType: number): Result
  /** Records of SSSE EF05 in order (vendors). */
  iReadCardPublicInfo(iType: number): Result
  /** Number, name, sex, nation, birth place and date of SSSE EF06 (vendors). */
  iReadPersonPublicInfo(iType: number): Result
  /** `device number|terminal number|` (vendors). */
  iGetReaderInfo(): Result
  /** 3 social security card, 6 bank card, 5 none (vendors). */
  iCheckCard(iType: number): Result
  /** Language of the messages. */
  readonly language: Language
  /** Ends an HSM dialogue and gives the card back. The reader systems stay open. */
  close(): Promise<void>
}

/** Codes on which callers turn to the functions with HSM, and only on these (driver-api §2). */
export const HSM_FALLBACK_CODES: readonly number[] = [
  DriverCode.NO_SAM,
  DriverCode.SAM_ALGORITHM,
  DriverCode.SAM_WITHOUT_RKSSSE,
  -27272,
  DriverCode.SAM_KEY_LEVEL,
]

/**
 * Makes a driver.
 *
 * @throws {TypeError} for options that do not go together
 * @example
 * const driver = createDriver({ contact: { readers: await pcscReaders() }, keypad })
 * const { code, out } = await driver.iReadCardBas(3)
 */
export function createDriver(options: DriverOptions): SSCardDriver {
  const settings = settingsOf(options)
  const { keys, hsm } = settings
  const runtime = createRuntime(settings)
  const { call, begin, proceed } = runtime

  return {
    iReadCardBas: (iType) => call(iType, (card) => readBasicData(card, settings, keys)),
    iReadCardBasExt: (iType) =>
      call(iType, async (card): Promise<Output> => {
        const read = await readBasicData(card, settings, keys)
        return read.ok || !hsm || !HSM_FALLBACK_CODES.includes(read.code) ? read : readBasicData(card, settings, hsm)
      }),
    iReadCardBas_Step1To2: (iType) =>
      hsm
        ? call(iType, (card) => readBasicData(card, settings, hsm))
        : runtime.answer(async () => fail("NOT_SUPPORTED")),
    iReadCardBas_HSM_Step1: (iType) => begin("iReadCardBas", iType, (card) => beginBasicData(card, settings)),
    iReadCardBas_HSM_Step2: (key) => proceed("iReadCardBas", 2, [key]),

    iReadCard: (iType, iAuthType, cardInfo, fileAddr) =>
      call(iType, (card) => readFiles(card, settings, iAuthType, { cardInfo, fileAddr })),
    iReadCard_HSM_Step1: (iType, cardInfo, fileAddr) =>
      begin("iReadCard", iType, (card) => beginReadFiles(card, settings, { cardInfo, fileAddr })),
    iReadCard_HSM_Step2: (key) => proceed("iReadCard", 2, [key]),

    iWriteCard: (iType, cardInfo, fileAddr, writeData) =>
      call(iType, (card) => writeFiles(card, settings, { cardInfo, fileAddr, writeData })),
    iWriteCard_HSM_Step1: (iType, cardInfo, fileAddr) =>
      begin("iWriteCard", iType, (card) => beginWriteFiles(card, settings, { cardInfo, fileAddr })),
    iWriteCard_HSM_Step2: (key, writeData) => proceed("iWriteCard", 2, [key, writeData]),

    iVerifyPIN: (iType) => call(iType, (card) => verifyHolderPin(card, settings)),
    iChangePIN: (iType) => call(iType, (card) => changeHolderPin(card, settings)),

    iReloadPIN: (iType, cardInfo) => call(iType, (card) => reloadPin(card, settings, cardInfo)),
    iReloadPIN_HSM_Step1: (iType, cardInfo) =>
      begin("iReloadPIN", iType, (card) => beginReloadPin(card, settings, cardInfo)),
    iReloadPIN_HSM_Step2: (key) => proceed("iReloadPIN", 2, [key]),
    iReloadPIN_HSM_Step3: (key) => proceed("iReloadPIN", 3, [key]),

    iUnblockPIN: (iType, cardInfo) => call(iType, (card) => unblockPin(card, settings, cardInfo)),
    iUnblockPIN_HSM_Step1: (iType, cardInfo) =>
      begin("iUnblockPIN", iType, (card) => beginUnblockPin(card, settings, cardInfo)),
    iUnblockPIN_HSM_Step2: (key) => proceed("iUnblockPIN", 2, [key]),
    iUnblockPIN_HSM_Step3: (key) => proceed("iUnblockPIN", 3, [key]),

    iDoDebit: (iType, cardInfo, payInfo) => call(iType, (card) => doDebit(card, settings, { cardInfo, payInfo })),
    iDoDebit_HSM_Step1: (iType, cardInfo, payInfo) =>
      begin("iDoDebit", iType, (card) => beginDebit(card, settings, { cardInfo, payInfo })),
    iDoDebit_HSM_Step2: (key) => proceed("iDoDebit", 2, [key]),
    iReadDebitRecord: (iType) => call(iType, (card) => readDebitRecords(card, settings)),

    iReadCardNo: (iType) => call(iType, (card) => readCardNumber(card, settings)),
    iReadICCardNum: (iType) => call(iType, (card) => readCardNumber(card, settings)),
    iReadCardPublicInfo: (iType) => call(iType, (card) => readIssuerData(card, settings)),
    iReadPersonPublicInfo: (iType) => call(iType, (card) => readPersonData(card, settings)),
    iGetReaderInfo: () => runtime.answer(() => readerInfo(settings)),
    iCheckCard: async (iType) => {
      const result = await call(iType, checkCard)
      return result.code === DriverCode.NO_CARD ? { code: DriverCode.OK, out: "5" } : result
    },

    language: settings.language,
    close: () => runtime.close(),
  }
}
