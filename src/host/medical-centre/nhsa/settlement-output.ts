import type { SettlementSplit } from "../../../dictionary/index.js"
import type { SettlementOutcome } from "../settlement/request.js"
import { toYuan } from "./inputs.js"

/** Which fund pays, fund_pay_type (domain-rules §17.5). */
function details(split: SettlementSplit): object[] {
  const rows: [string, bigint][] = [
    ["310100", split.poolFen],
    ["330100", split.largeFen],
    ["390200", split.majorIllnessFen],
    ["320100", split.civilFen],
    ["610100", split.aidFen],
    ["310200", split.accountFen + split.familyFen],
  ]
  return rows
    .filter(([, fen]) => fen > 0n)
    .map(([fundPayType, fen]) => ({ fund_pay_type: fundPayType, fund_payamt: toYuan(fen) }))
}

/** A settlement in the fields of the national platform (domain-rules §6.2). */
export function settlementOutput(
  { serial, split, balanceFen, date }: Extract<SettlementOutcome, { ok: true }>,
  personNumber: string,
  visit: string,
): object {
  return {
    setlinfo: {
      setl_id: serial,
      psn_no: personNumber,
      mdtrt_id: visit,
      setl_time: `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`,
      medfee_sumamt: toYuan(split.totalFen),
      fulamt_ownpay_amt: toYuan(split.ownFen),
      overlmt_selfpay: toYuan(split.overFen),
      preselfpay_amt: toYuan(split.preFen),
      inscp_scp_amt: toYuan(split.scopeFen),
      act_pay_dedc: toYuan(split.deductibleFen),
      hifp_pay: toYuan(split.poolFen),
      pool_prop_selfpay: toYuan(split.shareFen),
      hifob_pay: toYuan(split.largeFen),
      hifmi_pay: toYuan(split.majorIllnessFen),
      cvlserv_pay: toYuan(split.civilFen),
      hifes_pay: 0,
      maf_pay: toYuan(split.aidFen),
      oth_pay: 0,
      fund_pay_sumamt: toYuan(split.fundFen),
      hosp_part_amt: 0,
      psn_part_amt: toYuan(split.personFen),
      acct_pay: toYuan(split.accountFen),
      acct_mulaid_pay: toYuan(split.familyFen),
      psn_cash_pay: toYuan(split.cashFen),
      balc: toYuan(balanceFen),
    },
    setldetail: details(split),
  }
}
