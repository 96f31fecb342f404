import { codeList } from "./code-list.js"

/** Transaction types: first two digits of DE3, value of tag 9C (host-iso8583 §4.1). */
export const transactionTypeCodes = codeList("transactionType", { zh: "交易类型", en: "transaction type" }, [
  ["00", "消费", "purchase"],
  ["01", "取款", "cash withdrawal"],
  ["03", "预授权", "pre-authorisation"],
  ["20", "退货", "refund"],
  ["21", "存款", "deposit"],
  ["30", "余额查询", "balance inquiry"],
  ["31", "余额查询", "balance inquiry"],
  ["38", "明细查询", "statement"],
  ["40", "转账", "transfer"],
  ["46", "转出", "transfer out"],
  ["47", "转入", "transfer in"],
  ["60", "指定账户圈存", "load from the designated account"],
  ["62", "非指定账户圈存", "load from another account"],
  ["63", "现金充值", "load with cash"],
  ["90", "改密", "PIN change"],
  ["91", "PIN解锁", "PIN unblock"],
  ["92", "账户激活", "account activation"],
])

/** Currencies, ISO 4217 numeric. */
export const currencyCodes = codeList("currency", { zh: "货币", en: "currency" }, [
  ["156", "人民币", "CNY"],
  ["344", "港元", "HKD"],
  ["446", "澳门元", "MOP"],
  ["840", "美元", "USD"],
])

/** Countries, ISO 3166 numeric. */
export const countryCodes = codeList("country", { zh: "国家", en: "country" }, [
  ["156", "中国", "China"],
  ["344", "中国香港", "Hong Kong, China"],
  ["446", "中国澳门", "Macao, China"],
])

/** How the card data came in, DE22 (host-iso8583 §4.2). */
export const entryModeCodes = codeList("entryMode", { zh: "服务点输入方式", en: "entry mode" }, [
  ["011", "手工输入,有PIN", "keyed, PIN"],
  ["012", "手工输入,无PIN", "keyed, no PIN"],
  ["021", "磁条,有PIN", "magnetic stripe, PIN"],
  ["022", "磁条,无PIN", "magnetic stripe, no PIN"],
  ["051", "IC卡,有PIN", "IC, PIN"],
  ["052", "IC卡,无PIN", "IC, no PIN"],
  ["071", "非接触,有PIN", "contactless, PIN"],
  ["072", "非接触,无PIN", "contactless, no PIN"],
])

/** Circumstances, DE25. */
export const conditionCodes = codeList("condition", { zh: "服务点条件码", en: "condition" }, [
  ["00", "正常", "normal"],
  ["02", "自助终端", "ATM"],
  ["06", "预授权", "pre-authorisation"],
])

/** Kind of place, DE18. */
export const merchantCategoryCodes = codeList("merchantCategory", { zh: "商户类型", en: "merchant category" }, [
  ["6010", "柜台", "counter"],
  ["6011", "自助设备", "ATM"],
])
