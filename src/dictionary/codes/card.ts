import { codeList } from "./code-list.js"

/** Class of the card, SSSE EF05 record 2. */
export const cardClassCodes = codeList("cardClass", { zh: "卡的类别", en: "card class" }, [
  ["1", "个人卡", "personal card"],
  ["2", "用人单位卡", "employer card"],
  ["3", "个人卡", "personal card"],
])

/** Type of a medical transaction in DF04 EF08. */
export const medicalTransactionCodes = codeList(
  "medicalTransaction",
  { zh: "交易类型", en: "medical transaction type" },
  [
    ["1", "划入", "load"],
    ["3", "支取", "unload"],
    ["5", "消费", "debit"],
  ],
)

/** To whom an employer belongs (单位隶属关系). */
export const affiliationCodes = codeList("affiliation", { zh: "单位隶属关系", en: "employer affiliation" }, [
  ["1", "中央", "central"],
  ["2", "部属", "ministry"],
  ["3", "省属", "province"],
  ["4", "市地属", "city"],
  ["5", "区县属", "county"],
  ["6", "区县以下", "below county"],
  ["7", "部队", "armed forces"],
  ["9", "其它", "other"],
])

/** State of a benefit that is being paid (待遇发放状态). */
export const benefitStatusCodes = codeList("benefitStatus", { zh: "待遇发放状态", en: "benefit status" }, [
  ["1", "正常", "normal"],
  ["2", "暂停", "suspended"],
  ["3", "终止", "ended"],
  ["4", "待复审", "awaiting review"],
  ["5", "复审未通过", "review failed"],
])

/** Kinds of insurance an employer takes part in: one character 0 or 1 for each, in this order (card-structure §18.6). */
export const INSURED_KINDS = [
  { zh: "企业养老", en: "enterprise pension" },
  { zh: "机关养老", en: "public service pension" },
  { zh: "企业年金", en: "enterprise annuity" },
  { zh: "失业", en: "unemployment" },
  { zh: "基本医疗", en: "basic medical" },
  { zh: "大额医疗", en: "large medical expenses" },
  { zh: "公务员补助", en: "civil servants' supplement" },
  { zh: "企业补充医疗", en: "enterprise supplementary medical" },
  { zh: "工伤", en: "work injury" },
  { zh: "生育", en: "maternity" },
] as const
