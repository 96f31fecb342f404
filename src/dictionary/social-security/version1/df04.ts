import { an, applicationDirectory, cyclic, date, dec, variable } from "../define.js"
import { df04, medicalTransactionFields } from "../df04.js"

const READ = "PIN|RK1DF04"

/** Tags of name, name extension and organisation code of the three designated hospitals. */
const HOSPITALS = [
  [0x81, 0x82, 0x83],
  [0x84, 0x85, 0x86],
  [0x87, 0x88, 0x89],
] as const

const NUMERALS = ["一", "二", "三"]

/** Medical insurance of version 1.00 (card-structure §13): designated hospitals by name, ten transactions. */
export const version1Df04 = applicationDirectory("DF04", df04.label, df04.aid, [
  variable(
    { fid: 0xef05, id: "medical", zh: "医疗保险基本信息", en: "medical insurance", read: READ, write: "UK1DF04" },
    [
      date("medicalInsuredDate", 0x80, "参保日期", "insured since"),
      ...HOSPITALS.flatMap(([name, extension, code], i) => [
        an(`hospital${i + 1}Name`, name, 0x3e, `定点医疗机构${NUMERALS[i]}名称`, `hospital ${i + 1}`),
        an(
          `hospital${i + 1}NameExt`,
          extension,
          0x08,
          `定点医疗机构${NUMERALS[i]}名称扩展`,
          `hospital ${i + 1}, continued`,
        ),
        an(`designatedHospital${i + 1}`, code, 0x09, `定点医疗机构${NUMERALS[i]}`, `designated hospital ${i + 1}`),
      ]),
      an("medicalText8A", 0x8a, 0x0f, "医保文字(8A)", "medical text (8A)"),
      an("medicalText8B", 0x8b, 0x0a, "医保文字(8B)", "medical text (8B)"),
      an("medicalCode8C", 0x8c, 0x01, "医保代码(8C)", "medical code (8C)"),
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
      dec("offlineAmount90", 0x90, 0x04, "脱网结算金额(90)", "off-line amount (90)", { format: "money" }),
      dec("offlineAmount", 0x92, 0x04, "脱网结算金额", "off-line amount", { format: "money" }),
      dec("offlineAmount93", 0x93, 0x04, "脱网结算金额(93)", "off-line amount (93)", { format: "money" }),
    ],
  ),
  cyclic(
    {
      fid: 0xef08,
      id: "medicalTransaction",
      zh: "医疗交易明细",
      en: "medical transactions",
      read: "PIN",
      write: "never",
    },
    10,
    0x1c,
    medicalTransactionFields,
  ),
])
