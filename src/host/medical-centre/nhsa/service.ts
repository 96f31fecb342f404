import { z } from "zod"
import { businessTime } from "../../../dictionary/index.js"
import { type Route, route } from "../../http/index.js"
import type { MedicalCentre } from "../centre.js"
import {
  answerSchema,
  type Envelope,
  envelopeSchema,
  type NationalAnswer,
  TRANSACTION_NAMES,
  type TransactionNumber,
} from "./envelope.js"
import { createSessions } from "./session.js"
import { TRANSACTIONS, type TransactionResult } from "./transactions.js"

/** The path of the platform, a transaction's number behind it (domain-rules §15). */
export const NATIONAL_PATH = "/fsi/api/callService"

export interface NationalServiceOptions {
  /** Region of the centre, six digits; default that of the default region. */
  readonly area?: string
  readonly clock?: () => Date
}

const stamp = (date: Date) => {
  const { date: day, time } = businessTime(date.getTime())
  return `${day}${time}${String(date.getUTCMilliseconds()).padStart(3, "0")}`
}

/**
 * The centre as hospitals and pharmacies talk to it: messages in the style of the national medical platform. `msgid` makes a
 * message itself: a settlement sent again is answered as before.
 *
 * @returns routes for `startHttpServer`: `POST /fsi/api/callService/<infno>`
 * @example startHttpServer({ routes: nationalRoutes(centre), port: 8586 })
 */
export function nationalRoutes(centre: MedicalCentre, options: NationalServiceOptions = {}): Route[] {
  const { area = "990100", clock = () => new Date() } = options
  const sessions = createSessions(clock)

  async function call(infno: TransactionNumber, envelope: Envelope): Promise<NationalAnswer> {
    const came = stamp(clock())
    const result = await work(infno, envelope)
    return {
      infcode: result.ok ? 0 : -1,
      inf_refmsgid: `${area}${came}`,
      refmsg_time: came,
      respond_time: stamp(clock()),
      err_msg: result.ok ? "" : `${result.code} ${result.reason.zh}`,
      output: result.ok ? result.output : {},
    }
  }

  async function work(infno: TransactionNumber, envelope: Envelope): Promise<TransactionResult> {
    const transaction = TRANSACTIONS[infno]
    const { sign_no: signNumber, fixmedins_code: provider, opter: operator } = envelope
    if (!transaction.isOpen && !sessions.isOpen(signNumber, provider, operator))
      return { ok: false, code: "SIGN", reason: { zh: "未签到或签到已失效" } }
    return transaction.run(envelope.input as never, { centre, sessions, envelope, area })
  }

  return (Object.keys(TRANSACTION_NAMES) as TransactionNumber[]).map((infno) =>
    route({
      method: "POST",
      path: `${NATIONAL_PATH}/${infno}`,
      summary: TRANSACTION_NAMES[infno],
      body: envelopeSchema.extend({ infno: z.literal(infno), input: TRANSACTIONS[infno].input }),
      answer: answerSchema,
      handle: ({ body }) => call(infno, body as unknown as Envelope),
    }),
  )
}
