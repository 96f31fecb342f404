import { sm2Sign, testMedicalCentreKey } from "../../crypto/index.js"
import { writeToBuffer } from "../buffer.js"
import { DriverCode, type DriverResult, fail, resultOf } from "../codes.js"
import type { SSCardDriver } from "../driver.js"

/** What a function with a signature gives. */
export interface SignedResult extends DriverResult {
  /** Base64 of the signature over `out`, for transaction 1101; empty with an error. */
  readonly sign: string
}

/**
 * The functions of `SSCard.dll`, the national driver of medical insurance, by their names (driver-api §9.1). Each but `Init`
 * answers −12 before it.
 */
export interface SSCard {
  /** @param pUrl address of the medical insurance service @param pUser institution */
  Init(pUrl: string, pUser: string): Promise<DriverResult>
  /** The eleven fields of the card. @param outLen size of the caller's buffer, as `signLen` */
  ReadCardBas(outLen?: number, signLen?: number): Promise<SignedResult>
  /** An electronic credential that is shown to the scanner; −32 when none is shown in time. */
  GetQRBase(timeoutMs: number, outLen?: number, signLen?: number): Promise<SignedResult>
  /** A citizen identity card. */
  ReadSFZ(outLen?: number, signLen?: number): Promise<SignedResult>
  VerifyPIN(outLen?: number): Promise<DriverResult>
  ChangePIN(outLen?: number): Promise<DriverResult>
}

export interface SSCardOptions {
  readonly driver: SSCardDriver
  /**
   * Signs what a hospital passes on: 64 bytes, SM2 over SM3. Default: the published test key of the medical centre, which
   * real systems do not take.
   */
  readonly sign?: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>
  /** Scans a code; undefined when none is shown in time. Without it `GetQRBase` answers −13. */
  readonly scanCode?: (timeoutMs: number) => Promise<string | undefined>
  /** Reads an identity card; undefined when there is none. Without it `ReadSFZ` answers −13. */
  readonly readIdentityCard?: () => Promise<string | undefined>
}

const BUFFER = 1024
const IDENTITY_BUFFER = 4096

/**
 * Makes the functions of `SSCard.dll` over a driver; the reader is chosen as by iType 3.
 *
 * @example
 * const card = createSSCard({ driver })
 * await card.Init("http://127.0.0.1/", "H32080000001")
 * const { code, out, sign } = await card.ReadCardBas()
 */
export function createSSCard(options: SSCardOptions): SSCard {
  const { driver, scanCode, readIdentityCard } = options
  const sign = options.sign ?? ((message: Uint8Array) => sm2Sign(testMedicalCentreKey(), message))
  let isReady = false

  /** An answer that fits the caller's buffers, or −42. */
  function fitted<T extends DriverResult>(result: T, size: number): DriverResult {
    const { code } = writeToBuffer(result, { size })
    return code === result.code ? result : failed("LENGTH")
  }
  const failed = (name: Parameters<typeof fail>[0]): DriverResult => resultOf(fail(name), driver.language)
  const whenReady = async (run: () => Promise<DriverResult>): Promise<DriverResult> =>
    isReady ? run() : failed("NOT_CONNECTED")

  async function signed(run: () => Promise<DriverResult>, outLen: number, signLen: number): Promise<SignedResult> {
    const result = fitted(await whenReady(run), outLen)
    if (result.code !== DriverCode.OK) return { ...result, sign: "" }
    const signature = Buffer.from(await sign(new TextEncoder().encode(result.out))).toString("base64")
    return signature.length < signLen ? { ...result, sign: signature } : { ...failed("LENGTH"), sign: "" }
  }

  async function given(read: Promise<string | undefined>, missing: Parameters<typeof fail>[0]): Promise<DriverResult> {
    const out = await read
    return out === undefined ? failed(missing) : { code: DriverCode.OK, out }
  }

  return {
    async Init(pUrl, pUser) {
      if (!URL.canParse(pUrl) || pUser === "") return failed("PARAMETER")
      isReady = true
      return { code: DriverCode.OK, out: "" }
    },
    ReadCardBas: (outLen = BUFFER, signLen = BUFFER) => signed(() => driver.iReadCardBas(3), outLen, signLen),
    GetQRBase: (timeoutMs, outLen = BUFFER, signLen = BUFFER) =>
      signed(
        async () => (scanCode ? given(scanCode(timeoutMs), "PIN_TIMEOUT") : failed("NOT_SUPPORTED")),
        outLen,
        signLen,
      ),
    ReadSFZ: (outLen = IDENTITY_BUFFER, signLen = BUFFER) =>
      signed(
        async () => (readIdentityCard ? given(readIdentityCard(), "NO_CARD") : failed("NOT_SUPPORTED")),
        outLen,
        signLen,
      ),
    VerifyPIN: async (outLen = BUFFER) => fitted(await whenReady(() => driver.iVerifyPIN(3)), outLen),
    ChangePIN: async (outLen = BUFFER) => fitted(await whenReady(() => driver.iChangePIN(3)), outLen),
  }
}
