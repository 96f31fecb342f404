import { hex } from "../../apdu/index.js"
import { medicalTransactionCodes } from "../codes/index.js"
import { an, at, cn, cyclic, date, dec, variable } from "./define.js"
import { keysOf } from "./keys.js"
import type { DirectoryDefinition } from "./types.js"

const READ = "PIN|RK1DF04"

/** Tags of the eight designated hospitals, records 8 to 15 of EF05. */
const HOSPITAL_TAGS = [0x83, 0x86, 0x89, 0x7d, 0x7e, 0x7f, 0x8d, 0x8e]

/** A medical transaction, the same in every version (card-structure §9.3). */
export const medicalTransactionFields = [
  at(0x00, 0x02, "B", "transactionNumber", "交易序号", "number", { format: "count" }),
  at(0x02, 0x01, "AN", "transactionType", "交易类型", "type", { codes: medicalTransactionCodes }),
  at(0x03, 0x06, "CN", "terminalNumber", "终端机编号", "terminal"),
  at(0x09, 0x07, "CN", "dateTime", "交易时间", "time", { format: "dateTime" }),
  at(0x10, 0x04, "HEX4", "personalAmount", "个人账户金额", "from the personal account", { format: "money" }),
  at(0x14, 0x04, "HEX4", "pooledAmount", "统筹基金金额", "from the pooled fund", { format: "money" }),
  at(0x18, 0x04, "HEX4", "balanceAfter", "交易后余额", "balance after", { format: "money" }),
]

/** Medical insurance (card-structure §9). The account balances are no files; GET BALANCE reads them. */
export const df04: DirectoryDefinition = {
  name: "DF04",
  label: { zh: "社会保险2(医疗保险)", en: "social insurance 2 (medical)" },
  fid: 0xdf04,
  aid: hex("D15600000503"),
  parent: "SSSE",
  files: [
    variable(
      { fid: 0xef05, id: "medical", zh: "医疗保险基本信息", en: "medical insurance", read: READ, write: "UK1DF04" },
      [
        an("medicalCode81", 0x81, 0x08, "医保代码(81)", "medical code (81)"),
        cn("medicalDigits84", 0x84, 0x03, "医保六位数(84)", "medical digits (84)"),
        an("medicalNumber87", 0x87, 0x11, "医保编号(87)", "medical number (87)"),
        cn("medicalCode8C", 0x8c, 0x01, "医保代码(8C)", "medical code (8C)"),
        date("medicalInsuredDate", 0x80, "参保日期", "insured since"),
        an("medicalText8B", 0x8b, 0x1d, "医保文字(8B)", "medical text (8B)"),
        an("medicalText8A", 0x8a, 0x0f, "医保文字(8A)", "medical text (8A)"),
        ...HOSPITAL_TAGS.map((tag, i) =>
          an(
            `designatedHospital${i + 1}`,
            tag,
            0x09,
            `定点医疗机构${["一", "二", "三", "四", "五", "六", "七", "八"][i]}`,
            `designated hospital ${i + 1}`,
          ),
        ),
        an("medicalCode8F", 0x8f, 0x01, "医保代码(8F)", "medical code (8F)"),
      ],
    ),
    variable(
      {
        fid: 0xef06,
        id: "offlineSettlement",
        zh: "医疗保险临时脱网结算信息",
        en: "off-line settlement",
        read: "PIN+RK1DF04",
        write: "UK2DF04",
      },
      [
        an("offlineCode90", 0x90, 0x01, "脱网结算代码(90)", "off-line code (90)"),
        dec("offlineAmount", 0x92, 0x04, "脱网结算金额", "off-line amount", { format: "money" }),
        an("offlineCode93", 0x93, 0x02, "脱网结算代码(93)", "off-line code (93)"),
      ],
    ),
    // No key opens this file for writing: the card itself appends while a medical transaction commits.
    cyclic(
      {
        fid: 0xef08,
        id: "medicalTransaction",
        zh: "医疗交易明细",
        en: "medical transactions",
        read: "PIN",
        write: "never",
      },
      30,
      0x1c,
      medicalTransactionFields,
    ),
    cyclic(
      {
        fid: 0xef15,
        id: "specialSettlement",
        zh: "特殊医疗结算记录",
        en: "special settlements",
        read: READ,
        write: "UK2DF04",
      },
      8,
      0x03,
      [at(0x00, 0x02, "B", "number", "序号", "number"), at(0x02, 0x01, "AN", "code", "代码", "code")],
    ),
  ],
  keys: keysOf("DF04"),
}
