import { hex } from "../../apdu/index.js"
import { cardClassCodes, nationCodes, regionCodes, sexCodes } from "../codes/index.js"
import { an, cn, date, raw, transparent, variable } from "./define.js"
import { keysOf } from "./keys.js"
import type { DirectoryDefinition, SpecVersion, VariableFile } from "./types.js"

/** Records of EF05 that version 3.00 lets anybody read: card identification code and version (card-structure §5.1). */
const FREE_IN_VERSION_3 = [1, 3]

function issuerFile(version: SpecVersion): VariableFile {
  const file = variable(
    {
      fid: 0xef05,
      id: "issuer",
      zh: "发卡机构数据文件",
      en: "issuer data",
      read: version === "3.00" ? "RKssse" : "free",
      write: "UKssse",
    },
    [
      raw("cardId", 0x01, 0x10, "卡的识别码", "card identification code"),
      an("cardClass", 0x02, 0x01, "卡的类别", "card class", { codes: cardClassCodes }),
      an("specVersion", 0x03, 0x04, "规范版本", "specification version"),
      cn("initialisingBody", 0x04, 0x0c, "初始化机构编号", "initialising body"),
      date("issueDate", 0x05, "发卡日期", "issue date"),
      date("expiryDate", 0x06, "卡有效期", "expiry date"),
      an("cardNumber", 0x07, 0x09, "卡号", "card number", { mask: "cardNumber" }),
    ],
  )
  if (version !== "3.00") return file
  const records = file.records.map((record) =>
    FREE_IN_VERSION_3.includes(record.number) ? { ...record, read: "free" } : record,
  )
  return { ...file, records }
}

function holderFile(version: SpecVersion): VariableFile {
  return variable(
    {
      fid: 0xef06,
      id: "holder",
      zh: "持卡人基本信息文件",
      en: "holder data",
      read: version === "3.00" ? "RKssse" : "free",
      write: "UKssse",
    },
    [
      an("socialSecurityNumber", 0x08, 0x12, "社会保障号码", "social security number", { mask: "id" }),
      an("name", 0x09, 0x1e, "姓名", "name", { mask: "name" }),
      an("nameExtension", 0x4e, 0x14, "姓名扩展", "name, continued", { mask: "name" }),
      an("sex", 0x0a, 0x01, "性别", "sex", { codes: sexCodes }),
      cn("nation", 0x0b, 0x01, "民族", "ethnic group", { codes: nationCodes }),
      cn("birthPlace", 0x0c, 0x03, "出生地", "birth place", { codes: regionCodes }),
      date("birthDate", 0x0d, "出生日期", "birth date"),
    ],
  )
}

/** The social security environment: issuer, holder, fingerprint, photo (card-structure §5). */
export function ssse(version: SpecVersion): DirectoryDefinition {
  return {
    name: "SSSE",
    label: { zh: "社会保障系统环境", en: "social security system environment" },
    fid: 0xddf1,
    aid: hex("7378312E73682EC9E7BBE1B1A3D5CF"),
    files: [
      issuerFile(version),
      holderFile(version),
      transparent(
        { fid: 0xef07, id: "fingerprint", zh: "指纹数据文件", en: "fingerprint", read: "RKssse", write: "UKssse" },
        0x300,
        "template",
      ),
      transparent(
        { fid: 0xef08, id: "photo", zh: "照片信息文件", en: "photo", read: "RKssse", write: "UKssse" },
        0x1000,
        "photo",
      ),
    ],
    keys: keysOf("SSSE").filter((key) => key.name !== "UKEF0D"),
  }
}
