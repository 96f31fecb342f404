import { DriverCode, type DriverResult, fail, resultOf } from "../codes.js"
import type { SSCardDriver } from "../driver.js"

/** What ReadCardBas of `HeaSecReadInfo.dll` gives. */
export interface CardInfoResult {
  readonly code: number
  /** The eleven fields (driver-api §5.1), or the message of an error. */
  readonly cardInfo: string
  /** Nothing is known of its content: always empty. */
  readonly busiCardInfo: string
}

/**
 * The functions of `HeaSecReadInfo.dll`, a province's driver of medical insurance, by their names (driver-api §9.2). Each but
 * `Init` answers −12 before it.
 */
export interface HeaSecReadInfo {
  /** @param jsonIn an object with `IP`, `PORT`, `CARD_PASSTYPE`, `ORG_ID`, `AREA_CODE` and more, all text */
  Init(jsonIn: string): Promise<DriverResult>
  ReadCardBas(): Promise<CardInfoResult>
  /** With CARD_PASSTYPE 2 the password is the centre's, not the card's: −13. */
  VerifyPIN(): Promise<DriverResult>
  ChangePIN(): Promise<DriverResult>
  /** The electronic credential. @param jsonIn with the scene, see {@link SCENES} */
  EcQuery(jsonIn: string): Promise<DriverResult>
  /** Card, code, identity card or face. */
  GetPersonInfo(jsonIn: string): Promise<DriverResult>
}

export interface HeaSecReadInfoOptions {
  readonly driver: SSCardDriver
  /** Answers EcQuery; without it −13. */
  readonly queryCredential?: (query: Readonly<Record<string, unknown>>) => Promise<string>
  /** Answers GetPersonInfo; without it −13. */
  readonly identifyPerson?: (query: Readonly<Record<string, unknown>>) => Promise<string>
}

type Query = Readonly<Record<string, unknown>>

const CARD_PIN = "1"
const CENTRE_PASSWORD = "2"

/** Makes the functions of `HeaSecReadInfo.dll` over a driver; the reader is chosen as by iType 3. */
export function createHeaSecReadInfo(options: HeaSecReadInfoOptions): HeaSecReadInfo {
  const { driver, queryCredential, identifyPerson } = options
  let passType: string | undefined

  const failed = (name: Parameters<typeof fail>[0]): DriverResult => resultOf(fail(name), driver.language)
  const whenReady = async (run: () => Promise<DriverResult>): Promise<DriverResult> =>
    passType === undefined ? failed("NOT_CONNECTED") : run()
  const withCardPin = (run: () => Promise<DriverResult>): Promise<DriverResult> =>
    whenReady(async () => (passType === CARD_PIN ? run() : failed("NOT_SUPPORTED")))

  const ask = (jsonIn: string, answer: ((query: Query) => Promise<string>) | undefined): Promise<DriverResult> =>
    whenReady(async () => {
      const query = objectOf(jsonIn)
      if (!query) return failed("PARAMETER")
      return answer ? { code: DriverCode.OK, out: await answer(query) } : failed("NOT_SUPPORTED")
    })

  return {
    async Init(jsonIn) {
      const settings = objectOf(jsonIn)
      const type = settings && String(settings.CARD_PASSTYPE ?? CARD_PIN)
      if (type !== CARD_PIN && type !== CENTRE_PASSWORD) return failed("PARAMETER")
      passType = type
      return { code: DriverCode.OK, out: "" }
    },
    async ReadCardBas() {
      const { code, out } = await whenReady(() => driver.iReadCardBas(3))
      return { code, cardInfo: out, busiCardInfo: "" }
    },
    VerifyPIN: () => withCardPin(() => driver.iVerifyPIN(3)),
    ChangePIN: () => withCardPin(() => driver.iChangePIN(3)),
    EcQuery: (jsonIn) => ask(jsonIn, queryCredential),
    GetPersonInfo: (jsonIn) => ask(jsonIn, identifyPerson),
  }
}

function objectOf(json: string): Query | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Query) : undefined
  } catch {
    return undefined
  }
}
