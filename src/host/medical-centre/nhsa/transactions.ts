import type { z } from "zod"
import { InputError } from "../../../apdu/index.js"
import { type CostLine, readCitizenId } from "../../../dictionary/index.js"
import type { InsuredRow } from "../../store/medical-rows.js"
import type { MedicalCentre } from "../centre.js"
import { type NotSettled, notSettled, type SettlementRequest } from "../settlement/request.js"
import type { Envelope, TransactionNumber } from "./envelope.js"
import * as inputs from "./inputs.js"
import type { Sessions } from "./session.js"
import { settlementOutput } from "./settlement-output.js"

/** What a transaction works with. */
export interface TransactionContext {
  readonly centre: MedicalCentre
  readonly sessions: Sessions
  readonly envelope: Envelope
  /** Region of the centre, six digits. */
  readonly area: string
}

/** Refused with a code of the house. */
export interface TransactionRefusal {
  readonly ok: false
  readonly code: string
  readonly reason: { readonly zh: string }
}

export type TransactionResult = { readonly ok: true; readonly output: object } | TransactionRefusal | NotSettled

/** One transaction: the form of its input, and its work. */
export interface Transaction {
  readonly input: z.ZodType
  /** 9001 alone needs no sign-in. */
  readonly isOpen?: boolean
  run(input: never, context: TransactionContext): Promise<TransactionResult>
}

function transaction<Schema extends z.ZodType>(
  input: Schema,
  run: (input: z.output<Schema>, context: TransactionContext) => Promise<TransactionResult>,
): Transaction {
  return { input, run }
}

const done = (output: object): TransactionResult => ({ ok: true, output })
const refuse = (code: string, zh: string): TransactionRefusal => ({ ok: false, code, reason: { zh } })
const NOBODY = refuse("S02", "参保人信息不符")

const PERSON_TYPES = { employee: "11", unemployed: "11", retiree: "12" } as const

function personOutput(insured: InsuredRow, balanceFen: bigint, area: string): object {
  const { sex, birthDate } = readCitizenId(insured.person)
  return {
    baseinfo: {
      psn_no: insured.number,
      psn_cert_type: "01",
      certno: insured.person,
      psn_name: insured.name,
      gend: sex,
      brdy: birthDate.replace(/(....)(..)(..)/, "$1-$2-$3"),
    },
    insuinfo: [
      {
        insutype: "310",
        psn_type: PERSON_TYPES[insured.kind],
        psn_insu_stas: insured.state,
        balc: inputs.toYuan(balanceFen),
        insuplc_admdvs: area,
        emp_name: insured.employer ?? "",
        cvlserv_flag: String(insured.civilServant),
      },
    ],
  }
}

async function findPerson(
  { data }: z.output<typeof inputs.person>,
  context: TransactionContext,
): Promise<TransactionResult> {
  const { centre, envelope, area } = context
  const person = data.certno.toUpperCase()
  const insured = await centre.findInsured({ person })
  const isCard = data.mdtrt_cert_type === "03"
  const isSame =
    insured !== undefined && insured.name === data.psn_name && (!isCard || insured.cardNumber === data.mdtrt_cert_no)
  // The question is written down, whether or not there is such a person; the words of the answer do not tell which it was.
  const asker = { kind: "operator", id: `${envelope.fixmedins_code}/${envelope.opter}` } as const
  await centre.records({ asker, subject: person, object: "account", channel: "provider", purpose: "1101" })
  if (!isSame) return NOBODY
  const account = await centre.account(person)
  return done(personOutput(insured, account!.totalFen, area))
}

const CARE = { "21": "inpatient", "24": "inpatient", "41": "pharmacy" } as const
const CAUSE = { "0": "illness", "1": "workInjury", "2": "thirdParty" } as const

async function register(
  { data }: z.output<typeof inputs.visit>,
  { centre, envelope }: TransactionContext,
): Promise<TransactionResult> {
  const insured = await centre.findInsured({ number: data.psn_no })
  if (!insured) return NOBODY
  const id = `M${envelope.msgid}`
  const answer = await centre.registerVisit({
    id,
    person: insured.person,
    provider: envelope.fixmedins_code,
    care: CARE[data.med_type as keyof typeof CARE] ?? "outpatient",
    cause: CAUSE[data.acdet_flag],
    ...(data.begntime !== undefined && { beganOn: data.begntime }),
  })
  // The number of the visit is that of the message: in use means that the message came before.
  if (!answer.ok && answer.code !== "S07") return answer
  return done({ data: { mdtrt_id: id, psn_no: data.psn_no } })
}

/** A visit of this provider and this person; others do not exist for it. */
async function ownVisit(id: string, personNumber: string, { centre, envelope }: TransactionContext) {
  const visit = await centre.findVisit(id)
  const insured = await centre.findInsured({ number: personNumber })
  const isOwn = visit?.provider === envelope.fixmedins_code && visit.person === insured?.person
  return isOwn ? visit : undefined
}

const noVisit = () => notSettled("S03", "未做就诊登记", "the visit is not registered")

async function cancel(
  { data }: z.output<typeof inputs.cancelVisit>,
  context: TransactionContext,
): Promise<TransactionResult> {
  const visit = await ownVisit(data.mdtrt_id, data.psn_no, context)
  if (!visit) return noVisit()
  const isCancelled = (await context.centre.cancelVisit(visit.id)) || visit.state === "cancelled"
  return isCancelled ? done({}) : notSettled("S07", "该就诊已结算", "the visit is settled already")
}

const CLASSES = { "1": "A", "2": "B", "3": "C" } as const

function costLine(line: inputs.FeeLine): CostLine {
  return {
    code: line.med_list_codg,
    category: line.list_type,
    class: CLASSES[line.chrgitm_lv.slice(-1) as keyof typeof CLASSES],
    feeFen: line.det_item_fee_sumamt,
    ...(line.pric_uplmt_amt !== undefined && { ceilingFen: line.pric_uplmt_amt }),
    ...(line.selfpay_prop !== undefined && { firstShare: line.selfpay_prop }),
  }
}

function settlementRequest({ data, feedetail }: z.output<typeof inputs.settlement>, serial: string): SettlementRequest {
  const totalFen = feedetail.reduce((sum, { det_item_fee_sumamt }) => sum + det_item_fee_sumamt, 0n)
  if (totalFen !== data.medfee_sumamt)
    throw new InputError("input.data.medfee_sumamt", "expected the sum of the fee lines", {
      messageZh: "input.data.medfee_sumamt:应等于费用明细之和",
    })
  const { fund_pay_sumamt: fundFen, psn_cash_pay: cashFen } = data
  return {
    serial,
    visit: data.mdtrt_id,
    lines: feedetail.map(costLine),
    useAccount: data.acct_used_flag === "1",
    pinVerified: data.pin_verified_flag === "1",
    ...(fundFen !== undefined && cashFen !== undefined && { expected: { fundFen, cashFen } }),
  }
}

const settling = (isDone: boolean) =>
  transaction(inputs.settlement, async (input, context) => {
    const request = settlementRequest(input, context.envelope.msgid)
    const { psn_no: personNumber, mdtrt_id: visit } = input.data
    if (!(await ownVisit(visit, personNumber, context))) return noVisit()
    const { centre } = context
    const outcome = isDone ? await centre.settle(request) : await centre.preSettle(request)
    return outcome.ok ? done(settlementOutput(outcome, personNumber, visit)) : outcome
  })

async function takeBack(original: string, context: TransactionContext): Promise<TransactionResult> {
  const reversed = await context.centre.reverse({ serial: context.envelope.msgid, original })
  if (!reversed.ok) return reversed
  const { serial, accountFen, fundFen, balanceFen } = reversed
  const setlinfo = { setl_id: serial, fund_pay_sumamt: -inputs.toYuan(fundFen), acct_pay: -inputs.toYuan(accountFen) }
  return done({ setlinfo: { ...setlinfo, balc: inputs.toYuan(balanceFen) } })
}

const undoing = transaction(inputs.undo, async ({ data }, context) => {
  if (!(await ownVisit(data.mdtrt_id, data.psn_no, context))) return noVisit()
  return takeBack(data.setl_id, context)
})

/** Takes back what a message did whose answer was lost (domain-rules §6.5). */
async function reverseMessage(
  { data }: z.output<typeof inputs.reversal>,
  context: TransactionContext,
): Promise<TransactionResult> {
  if (data.oinfno === "2207" || data.oinfno === "2304") {
    const visit = await context.centre.visitOfSettlement(data.omsgid)
    if (!visit || !(await ownVisit(visit, data.psn_no, context)))
      return notSettled("S08", "原结算不存在", "there is no such settlement")
    return takeBack(data.omsgid, context)
  }
  return cancel({ data: { psn_no: data.psn_no, mdtrt_id: `M${data.omsgid}` } }, context)
}

const reconciling = transaction(inputs.reconciliation, async ({ data }, { centre, envelope }) => {
  const { code, count, fundFen, accountFen } = await centre.reconcile({
    provider: envelope.fixmedins_code,
    from: data.stmt_begndate,
    to: data.stmt_enddate,
    count: data.fixmedins_setl_cnt,
    fundFen: data.fund_pay_sumamt,
    accountFen: data.acct_pay,
  })
  return done({
    stmtinfo: {
      stmt_rslt: code === "000000" ? "0" : "1",
      stmt_rslt_dscr: code,
      fixmedins_setl_cnt: count,
      fund_pay_sumamt: inputs.toYuan(fundFen),
      acct_pay: inputs.toYuan(accountFen),
    },
  })
})

/** Every transaction by its number. */
export const TRANSACTIONS: Readonly<Record<TransactionNumber, Transaction>> = {
  "9001": {
    isOpen: true,
    ...transaction(inputs.signIn, async (_, { sessions, envelope }) => {
      const signNumber = sessions.open(envelope.fixmedins_code, envelope.opter)
      return done({ signinoutb: { sign_time: envelope.inf_time, sign_no: signNumber } })
    }),
  },
  "9002": transaction(inputs.signOut, async ({ signOut }, { sessions, envelope }) => {
    const isOwn = sessions.isOpen(signOut.sign_no, envelope.fixmedins_code, envelope.opter)
    return isOwn && sessions.close(signOut.sign_no) ? done({}) : refuse("SIGN", "签到流水号无效")
  }),
  "1101": transaction(inputs.person, findPerson),
  "2201": transaction(inputs.visit, register),
  "2202": transaction(inputs.cancelVisit, cancel),
  "2206": settling(false),
  "2207": settling(true),
  "2208": undoing,
  "2303": settling(false),
  "2304": settling(true),
  "2305": undoing,
  "2401": transaction(inputs.visit, register),
  "2404": transaction(inputs.cancelVisit, cancel),
  "2601": transaction(inputs.reversal, reverseMessage),
  "3201": reconciling,
}
