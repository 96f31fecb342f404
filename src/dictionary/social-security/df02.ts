import { hex } from "../../apdu/index.js"
import { skillLevelCodes } from "../codes/index.js"
import { an, at, cn, cyclic, date, list, times, variable } from "./define.js"
import { keysOf } from "./keys.js"
import type { DirectoryDefinition } from "./types.js"

const READ = "PIN|RK1DF02"

/** Employment and unemployment (card-structure §7). A tag in an id says that the official name is not known. */
export const df02: DirectoryDefinition = {
  name: "DF02",
  label: { zh: "就业与失业", en: "employment" },
  fid: 0xdf02,
  aid: hex("D15600000501"),
  parent: "SSSE",
  files: [
    variable(
      { fid: 0xef05, id: "skills", zh: "职业和专业技能", en: "occupational skills", read: READ, write: "UK1DF02" },
      [
        an("skillCode42", 0x42, 0x03, "专业技能代码(42)", "skill code (42)"),
        an("skillCode41", 0x41, 0x03, "专业技能代码(41)", "skill code (41)"),
        times(
          2,
          list("qualification", 0x43, 0x6c, "职业资格", "professional qualification", [
            an("code", 0x5a, 0x07, "职业资格代码", "qualification"),
            an("level", 0x5b, 0x01, "等级", "level", { codes: skillLevelCodes }),
            an("issuer", 0x5c, 0x46, "发证机构", "issuing body"),
            date("issueDate", 0x5d, "发证日期", "issue date"),
            an("certificateNumber", 0x5e, 0x10, "证书编号", "certificate number"),
          ]),
        ),
        times(
          2,
          list("practice", 0x44, 0x65, "执业注册", "registration to practise", [
            an("code33", 0x33, 0x03, "注册代码(33)", "registration code (33)"),
            an("registrar", 0x34, 0x46, "注册登记机构", "registrar"),
            date("date", 0x35, "日期", "date"),
            an("number", 0x36, 0x10, "编号", "number"),
          ]),
        ),
      ],
    ),
    variable({ fid: 0xef06, id: "employment", zh: "就业状况", en: "employment", read: READ, write: "UK2DF02" }, [
      date("employmentDate4C", 0x4c, "就业状况日期(4C)", "employment date (4C)"),
      an("employmentCode4B", 0x4b, 0x05, "就业状况代码(4B)", "employment code (4B)"),
      cn("employmentDigits4D", 0x4d, 0x03, "就业状况六位数(4D)", "employment digits (4D)"),
      date("employmentDate60", 0x60, "就业状况日期(60)", "employment date (60)"),
      an("employmentCode4F", 0x4f, 0x06, "就业状况代码(4F)", "employment code (4F)"),
      cn("employmentDigits50", 0x50, 0x03, "就业状况六位数(50)", "employment digits (50)"),
      an("occupation", 0x3a, 0x07, "职业(工种)", "occupation"),
    ]),
    cyclic(
      { fid: 0xef07, id: "employmentRecord", zh: "就业记录", en: "employment records", read: READ, write: "UK3DF02" },
      4,
      0x55,
      [
        at(0x00, 0x07, "AN", "occupation", "工种", "occupation"),
        at(0x07, 0x04, "CN", "startDate", "起始日期", "from", { format: "date" }),
        at(0x0b, 0x04, "CN", "endDate", "终止日期", "to", { format: "date" }),
        at(0x0f, 0x46, "AN", "employer", "单位", "employer"),
      ],
    ),
    variable(
      {
        fid: 0xef09,
        id: "registrationCertificate",
        zh: "就业失业登记证",
        en: "registration certificate",
        read: READ,
        write: "UK4DF02",
      },
      [
        an("registrationCertNumber", 0x55, 0x10, "证号", "certificate number"),
        an("registrationCertIssuer", 0x56, 0x46, "发证机构", "issuing body"),
        date("registrationCertDate", 0x96, "日期", "date"),
        cn("registrationCertDigits97", 0x97, 0x03, "登记证六位数(97)", "certificate digits (97)"),
      ],
    ),
    variable(
      { fid: 0xef15, id: "assistance", zh: "就业援助对象认定", en: "job assistance", read: READ, write: "UK5DF02" },
      [
        times(
          4,
          list("assistance", 0x99, 0x10, "就业援助认定", "assistance", [
            an("code10", 0x10, 0x03, "援助对象代码(10)", "assistance code (10)"),
            date("date11", 0x11, "援助日期(11)", "assistance date (11)"),
            cn("digits12", 0x12, 0x03, "援助六位数(12)", "assistance digits (12)"),
          ]),
        ),
        date("assistanceDate0F", 0x0f, "援助日期(0F)", "assistance date (0F)"),
        cn("assistanceDigits1F", 0x1f, 0x03, "援助六位数(1F)", "assistance digits (1F)"),
      ],
    ),
    cyclic(
      {
        fid: 0xef16,
        id: "policyRecord",
        zh: "就业扶持政策享受",
        en: "employment policy records",
        read: READ,
        write: "UK6DF02",
      },
      4,
      0x12,
      [
        at(0x00, 0x03, "AN", "code", "政策代码", "policy"),
        at(0x03, 0x04, "CN", "date1", "日期1", "date 1", { format: "date" }),
        at(0x07, 0x04, "CN", "date2", "日期2", "date 2", { format: "date" }),
        at(0x0b, 0x04, "CN", "date3", "日期3", "date 3", { format: "date" }),
        at(0x0f, 0x03, "CN", "digits", "六位数", "digits"),
      ],
    ),
  ],
  keys: keysOf("DF02"),
}
