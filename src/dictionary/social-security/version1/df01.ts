import {
  affiliationCodes,
  householdCodes,
  identityCodes,
  maritalCodes,
  personalStatusCodes,
} from "../../codes/index.js"
import { an, applicationDirectory, cn, date, dec, variable } from "../define.js"
import { df01 } from "../df01.js"

const READ = "PIN|RK1DF01"

/** Public data of version 1.00 (card-structure §13). */
export const version1Df01 = applicationDirectory("DF01", df01.label, df01.aid, [
  variable({ fid: 0xef05, id: "household", zh: "户籍信息", en: "household", read: READ, write: "UK1DF01" }, [
    an("householdType", 0x20, 0x01, "户口类别", "household type", { codes: householdCodes }),
    an("householdAddress", 0x21, 0x3e, "常住户口所在地地址", "registered address"),
    an("householdAddressExt", 0x22, 0x12, "常住户口所在地地址扩展", "registered address, continued"),
  ]),
  variable({ fid: 0xef06, id: "residence", zh: "通讯信息", en: "correspondence", read: READ, write: "UK4DF01" }, [
    an("mailingAddress", 0x25, 0x3e, "通讯地址", "mailing address"),
    an("mailingAddressExt", 0x26, 0x12, "通讯地址扩展", "mailing address, continued"),
    cn("postcode", 0x27, 0x03, "邮政编码", "postcode"),
    an("phone", 0x28, 0x0f, "联系电话", "telephone", { mask: "phone" }),
  ]),
  variable({ fid: 0xef07, id: "personalStatus", zh: "个人状况", en: "personal status", read: READ, write: "UK2DF01" }, [
    an("personalStatus", 0x29, 0x01, "个人(健康)状况", "state of health", { codes: personalStatusCodes }),
  ]),
  variable({ fid: 0xef08, id: "marriage", zh: "婚姻状况", en: "marriage", read: READ, write: "UK3DF01" }, [
    an("maritalStatus", 0x2b, 0x01, "婚姻状况", "marital status", { codes: maritalCodes }),
  ]),
  variable({ fid: 0xef09, id: "identity", zh: "就业单位", en: "employer", read: READ, write: "UK2DF01" }, [
    an("employerName", 0x2e, 0x3e, "单位名称", "employer"),
    an("employerNameExt", 0x2f, 0x08, "单位名称扩展", "employer, continued"),
    an("employerOrgCode", 0x30, 0x09, "组织机构代码", "organisation code"),
    an("employerAffiliation", 0x31, 0x01, "单位隶属关系", "employer affiliation", { codes: affiliationCodes }),
    an("personIdentity", 0x32, 0x03, "人员(个人)身份", "occupational identity", { codes: identityCodes }),
  ]),
  variable({ fid: 0xef0a, id: "wage", zh: "工资信息", en: "wages", read: READ, write: "UK5DF01|UK1DF01" }, [
    dec("wageAmount37", 0x37, 0x04, "工资金额(37)", "wage amount (37)", { format: "money" }),
    dec("wageAmount38", 0x38, 0x04, "工资金额(38)", "wage amount (38)", { format: "money" }),
    date("wageDate39", 0x39, "工资日期(39)", "wage date (39)"),
  ]),
])
