import { z } from "zod"
import { formatYuan } from "../../../dictionary/index.js"

const word = z.string().min(1).max(100)

/** Yuan with at most two decimals, as number or digits; fen behind the schema. */
const yuan = z
  .union([z.number(), z.string().regex(/^\d{1,10}(\.\d{1,2})?$/)])
  .transform((value) => Number(value))
  .refine((value) => value >= 0 && value < 1e10 && Math.abs(value * 100 - Math.round(value * 100)) < 1e-4, {
    message: "expected yuan with at most two decimals",
  })
  .transform((value) => BigInt(Math.round(value * 100)))

/** Fen as the number of yuan that the platform writes. */
export const toYuan = (fen: bigint): number => Number(formatYuan(fen))

const ratio = z
  .number()
  .min(0)
  .max(1)
  .transform((value) => Math.round(value * 10_000))

const day = z
  .string()
  .regex(/^\d{4}-?\d\d-?\d\d/, "expected YYYY-MM-DD")
  .transform((text) => text.slice(0, 10).replaceAll("-", "").slice(0, 8))

export const signIn = z.object({
  signIn: z.object({ opter_no: word, mac: z.string().optional(), ip: z.string().optional() }),
})
export const signOut = z.object({ signOut: z.object({ sign_no: word, opter_no: word }) })

export const person = z.object({
  data: z.object({
    /** 02 identity card, 03 social security card. */
    mdtrt_cert_type: z.enum(["02", "03"]),
    /** With 03 the card number. */
    mdtrt_cert_no: word,
    certno: word,
    psn_name: word,
  }),
})

export const visit = z.object({
  data: z.object({
    psn_no: word,
    med_type: z.enum(["11", "12", "13", "14", "19", "21", "24", "41"]),
    begntime: day.optional(),
    /** 1 work injury, 2 a third party owes; else illness. */
    acdet_flag: z.enum(["0", "1", "2"]).default("0"),
  }),
})

export const cancelVisit = z.object({ data: z.object({ psn_no: word, mdtrt_id: word }) })

const feeLine = z.object({
  med_list_codg: word,
  /** 1 class A, 2 class B, 3 class C. */
  chrgitm_lv: z.enum(["1", "2", "3", "01", "02", "03"]),
  /** drug, item, facility. */
  list_type: z.enum(["drug", "item", "facility"]).default("drug"),
  det_item_fee_sumamt: yuan,
  pric_uplmt_amt: yuan.optional(),
  selfpay_prop: ratio.optional(),
})

export type FeeLine = z.output<typeof feeLine>

export const settlement = z.object({
  data: z.object({
    psn_no: word,
    mdtrt_id: word,
    medfee_sumamt: yuan,
    /** 1: the personal account pays what it may. */
    acct_used_flag: z.enum(["0", "1"]).default("1"),
    /** 1: the terminal checked the social security PIN of the card. */
    pin_verified_flag: z.enum(["0", "1"]).default("0"),
    /** What the pre-settlement said, for S06. */
    fund_pay_sumamt: yuan.optional(),
    psn_cash_pay: yuan.optional(),
  }),
  feedetail: z.array(feeLine).min(1).max(1000),
})

export const undo = z.object({ data: z.object({ psn_no: word, mdtrt_id: word, setl_id: word }) })

export const reversal = z.object({
  data: z.object({ psn_no: word, omsgid: word, oinfno: z.enum(["2201", "2401", "2207", "2304"]) }),
})

export const reconciliation = z.object({
  data: z.object({
    stmt_begndate: day,
    stmt_enddate: day,
    medfee_sumamt: yuan.optional(),
    fund_pay_sumamt: yuan,
    acct_pay: yuan,
    fixmedins_setl_cnt: z.coerce.number().int().nonnegative(),
  }),
})
