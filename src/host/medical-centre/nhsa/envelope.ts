import { z } from "zod"

/** Numbers of the transactions that the centre answers (domain-rules §15). */
export type TransactionNumber = keyof typeof TRANSACTION_NAMES

export const TRANSACTION_NAMES = {
  "9001": "sign in 签到",
  "9002": "sign out 签退",
  "1101": "person 人员信息获取",
  "2201": "register an out-patient visit or a purchase 门诊挂号",
  "2202": "cancel an out-patient visit 门诊挂号撤销",
  "2206": "pre-settle, out-patient 门诊预结算",
  "2207": "settle, out-patient 门诊结算",
  "2208": "undo, out-patient 门诊结算撤销",
  "2303": "pre-settle, in-patient 住院预结算",
  "2304": "settle, in-patient 住院结算",
  "2305": "undo, in-patient 住院结算撤销",
  "2401": "admission 入院办理",
  "2404": "undo an admission 入院撤销",
  "2601": "reversal 冲正",
  "3201": "reconciliation 对总账",
} as const

const area = z.string().regex(/^\d{6}$/, "expected 6 digits")
const word = z.string().min(1).max(100)

/** What stands around the input of every request. Signature and certificate of the sender are not checked here. */
export const envelopeSchema = z.object({
  infno: z.string(),
  /** Organisation, time, serial: what makes a request itself. A repeat is answered as before. */
  msgid: z.string().regex(/^[A-Za-z0-9]{10,30}$/, "expected 10 to 30 letters or digits"),
  mdtrtarea_admvs: area,
  insuplc_admdvs: area.or(z.literal("")).optional(),
  recer_sys_code: z.string().optional(),
  dev_no: z.string().nullish(),
  dev_safe_info: z.string().nullish(),
  cainfo: z.string().optional(),
  signtype: z.string().optional(),
  infver: z.string().optional(),
  opter_type: z.string().optional(),
  opter: word,
  opter_name: word,
  inf_time: z.string(),
  fixmedins_code: word,
  fixmedins_name: z.string().optional(),
  sign_no: z.string().nullish(),
  input: z.record(z.string(), z.unknown()),
})

export type Envelope = z.output<typeof envelopeSchema>

/** The answer; `infcode` 0 is done, −1 refused, with the code first in `err_msg`. */
export interface NationalAnswer {
  readonly infcode: 0 | -1
  readonly inf_refmsgid: string
  readonly refmsg_time: string
  readonly respond_time: string
  readonly err_msg: string
  readonly output: object
}

export const answerSchema = z.object({
  infcode: z.union([z.literal(0), z.literal(-1)]),
  inf_refmsgid: z.string(),
  refmsg_time: z.string(),
  respond_time: z.string(),
  err_msg: z.string(),
  output: z.record(z.string(), z.unknown()),
})
