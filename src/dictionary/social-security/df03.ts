import { hex } from "../../apdu/index.js"
import { an, cn, date, dec, list, times, variable } from "./define.js"
import { keysOf } from "./keys.js"
import type { DirectoryDefinition } from "./types.js"

const READ = "PIN|RK1DF03"

/**
 * Social insurance without the medical one (card-structure §8). EF05 has seven records here; some cards have an eighth,
 * tag 60, before tag 98. A tag in an id says that the official name is not known.
 */
export const df03: DirectoryDefinition = {
  name: "DF03",
  label: { zh: "社会保险1(非医疗)", en: "social insurance 1 (without medical)" },
  fid: 0xdf03,
  aid: hex("D15600000502"),
  parent: "SSSE",
  files: [
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
        cn("unemploymentDigits61", 0x61, 0x03, "失业保险六位数(61)", "unemployment digits (61)"),
        date("unemploymentDate98", 0x98, "失业保险日期(98)", "unemployment date (98)"),
        date("unemploymentDate62", 0x62, "失业保险日期(62)", "unemployment date (62)"),
        an("unemploymentCode63", 0x63, 0x03, "失业保险代码(63)", "unemployment code (63)"),
        an("unemploymentCode64", 0x64, 0x03, "失业保险代码(64)", "unemployment code (64)"),
        an("unemploymentCode65", 0x65, 0x03, "失业保险代码(65)", "unemployment code (65)"),
        an("unemploymentCode66", 0x66, 0x03, "失业保险代码(66)", "unemployment code (66)"),
      ],
    ),
    variable(
      { fid: 0xef06, id: "appraisal", zh: "劳动能力鉴定", en: "labour appraisal", read: READ, write: "UK2DF03" },
      [
        an("appraisalCertNumber", 0x45, 0x14, "证号", "certificate number"),
        an("appraisalCode46", 0x46, 0x02, "鉴定代码(46)", "appraisal code (46)"),
        an("appraisalCode47", 0x47, 0x02, "鉴定代码(47)", "appraisal code (47)"),
        an("appraisalCode48", 0x48, 0x01, "鉴定代码(48)", "appraisal code (48)"),
        an("appraisalCode49", 0x49, 0x01, "鉴定代码(49)", "appraisal code (49)"),
        date("appraisalDate", 0x67, "日期", "date"),
        an("appraisalBody", 0x6b, 0x3c, "鉴定机构", "appraising body"),
        times(
          3,
          list("appraisalHistory", 0x4a, 0x61, "鉴定记录", "appraisal record", [
            an("code13", 0x13, 0x02, "鉴定代码(13)", "appraisal code (13)"),
            an("code14", 0x14, 0x01, "鉴定代码(14)", "appraisal code (14)"),
            an("number15", 0x15, 0x14, "编号(15)", "number (15)"),
            date("date", 0x16, "日期", "date"),
            an("body", 0x17, 0x3c, "机构", "body"),
          ]),
        ),
      ],
    ),
    variable({ fid: 0xef07, id: "pension", zh: "养老保险", en: "pension insurance", read: READ, write: "UK3DF03" }, [
      an("pensionCode70", 0x70, 0x03, "养老保险代码(70)", "pension code (70)"),
      cn("pensionMonth71", 0x71, 0x03, "养老保险年月(71)", "pension month (71)", { format: "month" }),
      date("pensionDate6E", 0x6e, "养老保险日期(6E)", "pension date (6E)"),
      date("pensionInsuredDate", 0x6c, "参保日期", "insured since"),
      date("pensionDate6F", 0x6f, "养老保险日期(6F)", "pension date (6F)"),
      date("pensionDate73", 0x73, "养老保险日期(73)", "pension date (73)"),
    ]),
    variable({ fid: 0xef15, id: "injury", zh: "工伤保险", en: "work injury insurance", read: READ, write: "UK4DF03" }, [
      cn("injuryDigits7A", 0x7a, 0x03, "工伤保险六位数(7A)", "injury digits (7A)"),
      date("injuryDate7B", 0x7b, "工伤保险日期(7B)", "injury date (7B)"),
      date("injuryDate7C", 0x7c, "工伤保险日期(7C)", "injury date (7C)"),
    ]),
    variable(
      { fid: 0xef16, id: "maternity", zh: "生育保险", en: "maternity insurance", read: READ, write: "UK5DF03" },
      [
        cn("maternityDigits51", 0x51, 0x03, "生育保险六位数(51)", "maternity digits (51)"),
        an("maternityCode5F", 0x5f, 0x01, "生育保险代码(5F)", "maternity code (5F)"),
      ],
    ),
    variable(
      { fid: 0xef17, id: "determination", zh: "工伤认定", en: "injury determination", read: READ, write: "UK6DF03" },
      [
        an("determinationNumber3B", 0x3b, 0x14, "编号(3B)", "number (3B)"),
        an("determinationName3C", 0x3c, 0x46, "名称(3C)", "name (3C)"),
        an("determinationCode3D", 0x3d, 0x01, "代码(3D)", "code (3D)"),
        date("determinationDate3E", 0x3e, "日期(3E)", "date (3E)"),
        an("determinationBody3F", 0x3f, 0x3c, "机构(3F)", "body (3F)"),
      ],
    ),
    variable(
      { fid: 0xef18, id: "residentPension", zh: "居民养老", en: "residents' pension", read: READ, write: "UK7DF03" },
      [
        an("residentPensionCode74", 0x74, 0x03, "代码(74)", "code (74)"),
        cn("residentPensionDigits75", 0x75, 0x03, "六位数(75)", "digits (75)"),
        cn("residentPensionCode76", 0x76, 0x01, "代码(76)", "code (76)"),
        date("residentPensionDate77", 0x77, "日期(77)", "date (77)"),
        date("residentPensionDate78", 0x78, "日期(78)", "date (78)"),
      ],
    ),
    variable({ fid: 0xef19, id: "benefit", zh: "待遇记录", en: "benefit records", read: READ, write: "UK8DF03" }, [
      times(
        4,
        list("benefit", 0x79, 0x27, "待遇记录", "benefit", [
          an("code18", 0x18, 0x03, "代码(18)", "code (18)"),
          cn("digits19", 0x19, 0x03, "六位数(19)", "digits (19)"),
          date("date1A", 0x1a, "日期(1A)", "date (1A)"),
          date("date1B", 0x1b, "日期(1B)", "date (1B)"),
          dec("amount", 0x1c, 0x04, "金额", "amount", { format: "money" }),
          an("code1D", 0x1d, 0x03, "代码(1D)", "code (1D)"),
          date("date1E", 0x1e, "日期(1E)", "date (1E)"),
        ]),
      ),
    ]),
  ],
  keys: keysOf("DF03"),
}
