import { hex } from "../../apdu/index.js"
import { cardClassCodes, nationCodes, regionCodes, sexCodes } from "../codes/index.js"
import { an, cn, date, raw, transparent, variable } from "./define.js"
import { keysForFiles } from "./directory-keys.js"
import { employerFile } from "./employer.js"
import { keysOf } from "./keys.js"
import type { TableOptions } from "./table-options.js"
import type { DirectoryDefinition, FileDefinition, SpecVersion, VariableFile } from "./types.js"

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

/** Who a person's card belongs to; version 1.00 has no record for the rest of a long name (card-structure §5.2). */
function holderFile(version: SpecVersion, read: string): VariableFile {
  return variable({ fid: 0xef06, id: "holder", zh: "持卡人基本信息文件", en: "holder data", read, write: "UKssse" }, [
    an("socialSecurityNumber", 0x08, 0x12, "社会保障号码", "social security number", { mask: "id" }),
    an("name", 0x09, 0x1e, "姓名", "name", { mask: "name" }),
    ...(version === "1.00" ? [] : [an("nameExtension", 0x4e, 0x14, "姓名扩展", "name, continued", { mask: "name" })]),
    an("sex", 0x0a, 0x01, "性别", "sex", { codes: sexCodes }),
    cn("nation", 0x0b, 0x01, "民族", "ethnic group", { codes: nationCodes }),
    cn("birthPlace", 0x0c, 0x03, "出生地", "birth place", { codes: regionCodes }),
    date("birthDate", 0x0d, "出生日期", "birth date"),
  ])
}

const fingerprint = (size: number) =>
  transparent(
    { fid: 0xef07, id: "fingerprint", zh: "指纹数据文件", en: "fingerprint", read: "RKssse", write: "UKssse" },
    size,
    "template",
  )

/** The photo of the holder, since version 2.00. */
const photo = transparent(
  { fid: 0xef08, id: "photo", zh: "照片信息文件", en: "photo", read: "RKssse", write: "UKssse" },
  0x1000,
  "photo",
)

/**
 * The social security environment: issuer, holder, fingerprint, photo (card-structure §5, §13); on the card of an employer
 * who it belongs to, in place of a person and his picture (§14).
 */
export function ssse(
  version: SpecVersion,
  { holder = "person", fingerprintSize = 0x300 }: TableOptions,
): DirectoryDefinition {
  const read = version === "3.00" ? "RKssse" : "free"
  const files =
    holder === "employer"
      ? [issuerFile(version), employerFile(read)]
      : [
          issuerFile(version),
          holderFile(version, read),
          fingerprint(fingerprintSize),
          ...(version === "1.00" ? [] : [photo]),
        ]
  return {
    name: "SSSE",
    label: { zh: "社会保障系统环境", en: "social security system environment" },
    fid: 0xddf1,
    aid: hex("7378312E73682EC9E7BBE1B1A3D5CF"),
    files,
    keys: ssseKeys(files),
  }
}

/** RKssse is there on every card: a client authenticates with it before it knows the version. */
const ssseKeys = (files: readonly FileDefinition[]) => {
  const named = keysForFiles("SSSE", files)
  return keysOf("SSSE").filter((key) => named.includes(key) || key.name === "RKssse")
}
