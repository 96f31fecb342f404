import { an, applicationDirectory, date, dec, variable } from "../define.js"
import { df03 } from "../df03.js"

const READ = "PIN|RK1DF03"

/** Social insurance of version 1.00, without the medical one (card-structure §13). */
export const version1Df03 = applicationDirectory("DF03", df03.label, df03.aid, [
  variable(
    {
      fid: 0xef05,
      id: "unemployment",
      zh: "失业保险",
      en: "unemployment insurance",
      read: "PIN|RK2DF03",
      write: "UK1DF03",
    },
    [
      date("unemploymentDate60", 0x60, "失业保险日期(60)", "unemployment date (60)"),
      date("unemploymentDate98", 0x98, "失业保险日期(98)", "unemployment date (98)"),
      dec("unemploymentAmount61", 0x61, 0x04, "失业保险金额(61)", "unemployment amount (61)", { format: "money" }),
      date("unemploymentDate62", 0x62, "失业保险日期(62)", "unemployment date (62)"),
      an("unemploymentCode63", 0x63, 0x03, "失业保险代码(63)", "unemployment code (63)"),
      an("unemploymentCode64", 0x64, 0x03, "失业保险代码(64)", "unemployment code (64)"),
      dec("unemploymentNumber65", 0x65, 0x03, "失业保险数值(65)", "unemployment number (65)", { format: "count" }),
      dec("unemploymentNumber66", 0x66, 0x03, "失业保险数值(66)", "unemployment number (66)", { format: "count" }),
    ],
  ),
  variable(
    { fid: 0xef06, id: "appraisal", zh: "丧失劳动能力鉴定", en: "labour appraisal", read: READ, write: "UK2DF03" },
    [
      date("appraisalDate", 0x67, "日期", "date"),
      an("appraisalText68", 0x68, 0x3e, "鉴定文字(68)", "appraisal text (68)"),
      an("appraisalText69", 0x69, 0x3e, "鉴定文字(69)", "appraisal text (69)"),
      an("appraisalNumber6A", 0x6a, 0x10, "鉴定编号(6A)", "appraisal number (6A)"),
      an("appraisalBody", 0x6b, 0x3c, "鉴定机构", "appraising body"),
    ],
  ),
  variable({ fid: 0xef07, id: "pension", zh: "养老保险", en: "pension insurance", read: READ, write: "UK3DF03" }, [
    date("pensionInsuredDate", 0x6c, "参保日期", "insured since"),
    dec("pensionAmount6D", 0x6d, 0x04, "养老保险金额(6D)", "pension amount (6D)", { format: "money" }),
    date("pensionDate6E", 0x6e, "养老保险日期(6E)", "pension date (6E)"),
    date("pensionDate6F", 0x6f, "养老保险日期(6F)", "pension date (6F)"),
    an("pensionCode70", 0x70, 0x03, "养老保险代码(70)", "pension code (70)"),
    dec("pensionAmount71", 0x71, 0x04, "养老保险金额(71)", "pension amount (71)", { format: "money" }),
    dec("pensionAmount72", 0x72, 0x04, "养老保险金额(72)", "pension amount (72)", { format: "money" }),
    date("pensionDate73", 0x73, "养老保险日期(73)", "pension date (73)"),
  ]),
])
