import { skillLevelCodes } from "../../codes/index.js"
import { an, applicationDirectory, cn, date, list, variable } from "../define.js"
import { df02 } from "../df02.js"
import type { FileDefinition } from "../types.js"

const READ = "PIN|RK1DF02"

const schooling = (id: string, tag: number, zh: string, en: string) =>
  list(id, tag, 0x34, zh, en, [
    an("majorCode", 0x57, 0x03, "学历/专业代码", "major"),
    cn("graduationMonth", 0x58, 0x03, "毕业年月", "graduation", { format: "month" }),
    an("school", 0x59, 0x28, "毕业院校", "school"),
  ])

/** Employment records are the same in every version. */
const employmentRecords = df02.files.find(({ id }) => id === "employmentRecord") as FileDefinition

/**
 * Employment of version 1.00 (card-structure §13). Its EF08 has no counterpart in later versions; it is written under the
 * key of the other certificate file.
 */
export const version1Df02 = applicationDirectory("DF02", df02.label, df02.aid, [
  variable(
    { fid: 0xef05, id: "skills", zh: "职业与专业技能", en: "occupational skills", read: READ, write: "UK1DF02" },
    [
      schooling("educationHistory", 0x40, "学历", "schooling"),
      schooling("educationHistory41", 0x41, "学历(41)", "schooling (41)"),
      cn("skillCode42", 0x42, 0x03, "专业技能代码(42)", "skill code (42)"),
      cn("skillDigits43", 0x43, 0x1d, "专业技能数字(43)", "skill digits (43)"),
      cn("skillDigits44", 0x44, 0x1d, "专业技能数字(44)", "skill digits (44)"),
      an("qualificationCode", 0x5a, 0x07, "职业资格代码", "qualification"),
      cn("qualificationLevel", 0x5b, 0x01, "职业资格等级", "qualification level", { codes: skillLevelCodes }),
      an("qualificationIssuer", 0x5c, 0x09, "职业资格发证机构", "qualification issuer"),
      date("qualificationDate", 0x5d, "职业资格发证日期", "qualification date"),
    ],
  ),
  variable({ fid: 0xef06, id: "employment", zh: "就业与失业", en: "employment", read: READ, write: "UK2DF02" }, [
    date("employmentDate4B", 0x4b, "就业状况日期(4B)", "employment date (4B)"),
    date("employmentDate4C", 0x4c, "就业状况日期(4C)", "employment date (4C)"),
    date("employmentDate60", 0x60, "就业状况日期(60)", "employment date (60)"),
    date("employmentDate4D", 0x4d, "就业状况日期(4D)", "employment date (4D)"),
    date("employmentDate4F", 0x4f, "就业状况日期(4F)", "employment date (4F)"),
    date("employmentDate50", 0x50, "就业状况日期(50)", "employment date (50)"),
    an("occupation", 0x3a, 0x07, "职业(工种)", "occupation"),
  ]),
  employmentRecords,
  variable(
    {
      fid: 0xef08,
      id: "migrantCertificate",
      zh: "外来人员就业登记卡",
      en: "migrant worker's card",
      read: READ,
      write: "UK4DF02",
    },
    [
      cn("migrantCertNumber52", 0x52, 0x0a, "外出就业证号(52)", "migrant certificate number (52)"),
      an("migrantCertIssuer53", 0x53, 0x3e, "外出就业发证机构(53)", "migrant certificate issuer (53)"),
      an(
        "migrantCertIssuerExt94",
        0x94,
        0x08,
        "外出就业发证机构扩展(94)",
        "migrant certificate issuer, continued (94)",
      ),
      date("migrantCertDate54", 0x54, "外出就业发证日期(54)", "migrant certificate date (54)"),
    ],
  ),
  variable(
    {
      fid: 0xef09,
      id: "registrationCertificate",
      zh: "外来人员就业证",
      en: "registration certificate",
      read: READ,
      write: "UK4DF02",
    },
    [
      cn("registrationCertNumber", 0x55, 0x0a, "证号", "certificate number"),
      an("registrationCertIssuer", 0x56, 0x3e, "发证机构", "issuing body"),
      an("registrationCertIssuerExt", 0x95, 0x08, "发证机构扩展", "issuing body, continued"),
      date("registrationCertDate", 0x96, "日期", "date"),
      date("registrationCertDate97", 0x97, "日期(97)", "date (97)"),
    ],
  ),
])
