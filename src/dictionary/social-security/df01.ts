import { hex } from "../../apdu/index.js"
import {
  educationCodes,
  householdCodes,
  identityCodes,
  maritalCodes,
  nationalityCodes,
  personalStatusCodes,
  politicalCodes,
  regionCodes,
} from "../codes/index.js"
import { an, cn, date, list, times, transparent, variable } from "./define.js"
import { keysOf } from "./keys.js"
import type { DirectoryDefinition } from "./types.js"

const READ = "PIN|RK1DF01"

const reserved = (number: number, key: string) =>
  transparent(
    {
      fid: 0xef15 + number,
      id: `reserved${number}`,
      zh: `预留${number}`,
      en: `reserved ${number}`,
      read: "free",
      write: key,
    },
    0x128,
  )

/** Public data: household, residence, employer, education (card-structure §6). */
export const df01: DirectoryDefinition = {
  name: "DF01",
  label: { zh: "公共应用", en: "public data" },
  fid: 0xdf01,
  aid: hex("D15600000500"),
  parent: "SSSE",
  files: [
    variable({ fid: 0xef05, id: "household", zh: "户籍信息", en: "household", read: READ, write: "UK1DF01" }, [
      an("householdType", 0x20, 0x02, "户口类别", "household type", { codes: householdCodes }),
      an("householdAddress", 0x21, 0x50, "常住户口所在地地址", "registered address"),
      cn("householdRegion", 0x0e, 0x03, "户口所在地行政区划代码", "registered region", { codes: regionCodes }),
    ]),
    variable({ fid: 0xef06, id: "residence", zh: "常住地信息", en: "residence", read: READ, write: "UK4DF01" }, [
      an("residenceAddress", 0x23, 0x50, "常住所在地地址", "residence address"),
      cn("residenceRegion", 0x24, 0x03, "常住所在地行政区划代码", "residence region", { codes: regionCodes }),
      an("phone", 0x28, 0x0f, "联系电话", "telephone", { mask: "phone" }),
      an("contactName", 0x2c, 0x32, "联系人(监护人)姓名", "contact (guardian)", { mask: "name" }),
      an("contactPhone", 0x2d, 0x0f, "联系人(监护人)电话", "contact's telephone", { mask: "phone" }),
    ]),
    variable(
      { fid: 0xef07, id: "personalStatus", zh: "个人状况", en: "personal status", read: READ, write: "UK2DF01" },
      [an("personalStatus", 0x29, 0x01, "个人(健康)状况", "state of health", { codes: personalStatusCodes })],
    ),
    variable({ fid: 0xef08, id: "marriage", zh: "婚姻状况", en: "marriage", read: READ, write: "UK3DF01" }, [
      an("maritalStatus", 0x2b, 0x01, "婚姻状况", "marital status", { codes: maritalCodes }),
    ]),
    variable(
      { fid: 0xef09, id: "identity", zh: "人员身份及就业单位", en: "identity, employer", read: READ, write: "UK2DF01" },
      [
        an("employerName", 0x2e, 0x46, "单位名称", "employer"),
        an("employerOrgCode", 0x30, 0x09, "组织机构代码", "organisation code"),
        an("personIdentity", 0x32, 0x02, "人员(个人)身份", "occupational identity", { codes: identityCodes }),
      ],
    ),
    // One driver writes this file under UK1DF01, so both keys are accepted (card-structure §15).
    variable(
      {
        fid: 0xef0a,
        id: "nationality",
        zh: "国籍及政治面貌",
        en: "nationality, politics",
        read: READ,
        write: "UK5DF01|UK1DF01",
      },
      [
        an("nationality", 0x37, 0x03, "国籍", "nationality", { codes: nationalityCodes }),
        an("politicalStatus", 0x38, 0x02, "政治面貌", "political affiliation", { codes: politicalCodes }),
        date("partyJoinDate", 0x39, "参加党派日期", "date of joining"),
      ],
    ),
    variable({ fid: 0xef15, id: "education", zh: "学历信息", en: "education", read: READ, write: "UK6DF01" }, [
      cn("educationLevel", 0x2a, 0x01, "文化程度", "education", { codes: educationCodes }),
      times(
        3,
        list("educationHistory", 0x40, 0x34, "学历", "schooling", [
          an("majorCode", 0x57, 0x03, "学历/专业代码", "major"),
          cn("graduationMonth", 0x58, 0x03, "毕业年月", "graduation", { format: "month" }),
          an("school", 0x59, 0x28, "毕业院校", "school"),
        ]),
      ),
    ]),
    reserved(1, "UK7DF01"),
    reserved(2, "UK8DF01"),
    reserved(3, "UK9DF01"),
    reserved(4, "UKADF01"),
    reserved(5, "UKBDF01"),
  ],
  keys: keysOf("DF01"),
}
