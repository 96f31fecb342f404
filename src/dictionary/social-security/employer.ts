import { regionCodes } from "../codes/index.js"
import { an, applicationDirectory, cn, date, dec, variable } from "./define.js"
import { df01 } from "./df01.js"
import { df03 } from "./df03.js"
import type { VariableFile } from "./types.js"

/**
 * Who the card of an employer belongs to: SSSE EF06 (card-structure §14).
 *
 * A client that reads it as a person's takes tag 09 for a name and the letters of tag 08 for an identity number: it must
 * look at the card class first.
 */
export const employerFile = (read: string): VariableFile =>
  variable({ fid: 0xef06, id: "employer", zh: "用人单位基本信息文件", en: "employer data", read, write: "UKssse" }, [
    an("unifiedSocialCreditCode", 0x08, 0x12, "统一社会信用代码", "unified social credit code"),
    an("employerName", 0x09, 0x46, "单位名称", "employer"),
    an("legalForm", 0x0a, 0x02, "单位类型", "legal form"),
    cn("employerRegion", 0x0b, 0x03, "行政区划", "region", { codes: regionCodes }),
    date("foundingDate", 0x0c, "成立日期", "founded on"),
    date("insuredSince", 0x0e, "参保日期", "insured since"),
    an("legalRepresentative", 0x0f, 0x1e, "法定代表人", "legal representative", { mask: "name" }),
  ])

/** Address and contact of an employer. */
export const employerDf01 = applicationDirectory("DF01", df01.label, df01.aid, [
  variable(
    { fid: 0xef05, id: "address", zh: "地址及联系", en: "address and contact", read: "PIN|RK1DF01", write: "UK1DF01" },
    [
      an("employerAddress", 0x21, 0x50, "单位地址", "address"),
      cn("postcode", 0x27, 0x03, "邮政编码", "postcode"),
      an("phone", 0x28, 0x0f, "联系电话", "telephone", { mask: "phone" }),
      an("contactName", 0x2c, 0x32, "联系人", "contact", { mask: "name" }),
      an("contactPhone", 0x2d, 0x0f, "联系人电话", "contact's telephone", { mask: "phone" }),
    ],
  ),
])

/** Kinds of insurance of an employer, and the last declaration. */
export const employerDf03 = applicationDirectory("DF03", df03.label, df03.aid, [
  variable(
    {
      fid: 0xef05,
      id: "insuredKinds",
      zh: "参保险种",
      en: "kinds of insurance",
      read: "PIN|RK1DF03",
      write: "UK1DF03",
    },
    [an("insuredKinds", 0x60, 0x0a, "单位参保险种", "kinds of insurance", { format: "insuredKinds" })],
  ),
  variable(
    {
      fid: 0xef06,
      id: "declaration",
      zh: "最近申报",
      en: "last declaration",
      read: "PIN|RK1DF03",
      write: "UK2DF03",
    },
    [
      cn("declarationMonth", 0x61, 0x03, "申报年月", "month declared", { format: "month" }),
      dec("headCount", 0x62, 0x04, "人数", "head count", { format: "count" }),
      dec("baseSum", 0x63, 0x04, "缴费基数合计", "sum of bases", { format: "money" }),
      dec("amountDue", 0x64, 0x04, "应缴金额", "amount due", { format: "money" }),
      dec("amountPaid", 0x65, 0x04, "实缴金额", "amount paid", { format: "money" }),
    ],
  ),
])
