import type { Label } from "../label.js"

/** Format of a data element: n digits right aligned, cn digits left aligned, b binary, an and ans text, t template. */
export type EmvFormat = "n" | "cn" | "b" | "an" | "ans" | "t"

/**
 * Where a data element occurs: `fci` of the application, `directory` PSE and PPSE, `gpo` answer, `record` of the AFL, `getData`,
 * `generateAc` answer, `terminal`, `issuer` answer, `internal` of the card alone.
 */
export type EmvPlace =
  | "fci"
  | "directory"
  | "gpo"
  | "record"
  | "getData"
  | "generateAc"
  | "terminal"
  | "issuer"
  | "internal"

/** What the value stands for, where format alone does not tell. */
export type EmvKind =
  | "aid"
  | "pan"
  | "track"
  | "name"
  | "id"
  | "amount"
  | "date"
  | "time"
  | "currency"
  | "country"
  | "transactionType"
  | "documentType"
  | "dol"
  | "afl"
  | "cvmList"
  | "cvmResults"
  | "iad"
  | "cid"
  | "scriptResults"
  | "command"
  | "hidden"

/** A data element of the debit/credit application or of its terminal. */
export interface EmvTag {
  readonly tag: number
  readonly name: Label
  readonly format: EmvFormat
  /** Bytes. */
  readonly minimum: number
  readonly maximum: number
  readonly places: readonly EmvPlace[]
  readonly kind?: EmvKind
  /** Issuer scripts may change it: by PUT DATA, or by UPDATE RECORD of its record. */
  readonly changeableBy?: "putData" | "updateRecord"
}

type Row = readonly [
  tag: number,
  zh: string,
  en: string,
  format: EmvFormat,
  minimum: number,
  maximum: number,
  /** Letters: F fci, D directory, G gpo, R record, O get data, A generate AC, T terminal, S issuer, I internal; P and U changeable. */
  places: string,
  kind?: EmvKind,
]

// financial-emv §14, §16, §20, §22, §26
const ROWS: readonly Row[] = [
  [0x42, "发卡行标识代码", "issuer identification number", "n", 3, 3, "D"],
  [0x4f, "应用标识符", "application identifier", "b", 5, 16, "FD", "aid"],
  [0x50, "应用标签", "application label", "ans", 1, 16, "FD"],
  [0x57, "磁条2等效数据", "track 2 equivalent data", "b", 1, 19, "RG", "track"],
  [0x5a, "应用主账号", "PAN", "cn", 1, 10, "R", "pan"],
  [0x61, "应用模板", "application template", "t", 0, 252, "D"],
  [0x6f, "文件控制信息模板", "FCI template", "t", 0, 252, "FD"],
  [0x70, "记录模板", "record template", "t", 0, 252, "RD"],
  [0x71, "发卡行脚本模板1", "issuer script template 1", "t", 0, 252, "S"],
  [0x72, "发卡行脚本模板2", "issuer script template 2", "t", 0, 252, "S"],
  [0x77, "响应报文模板格式2", "response template format 2", "t", 0, 252, "GA"],
  [0x80, "响应报文模板格式1", "response template format 1", "b", 0, 253, "GA"],
  [0x81, "授权金额(二进制)", "amount, authorised (binary)", "b", 4, 4, "T"],
  [0x82, "应用交互特征", "application interchange profile", "b", 2, 2, "G"],
  [0x83, "命令模板", "command template", "b", 0, 252, "T"],
  [0x84, "专用文件名称", "DF name", "b", 5, 16, "FD", "aid"],
  [0x86, "发卡行脚本命令", "issuer script command", "b", 4, 261, "S", "command"],
  [0x87, "应用优先指示符", "application priority indicator", "b", 1, 1, "FD"],
  [0x88, "目录基本文件的SFI", "SFI of the directory", "b", 1, 1, "D"],
  [0x89, "授权码", "authorisation code", "an", 6, 6, "S"],
  [0x8a, "授权响应码", "authorisation response code", "an", 2, 2, "ST"],
  [0x8c, "卡片风险管理数据对象列表1", "CDOL1", "b", 0, 252, "R", "dol"],
  [0x8d, "卡片风险管理数据对象列表2", "CDOL2", "b", 0, 252, "R", "dol"],
  [0x8e, "持卡人验证方法列表", "CVM list", "b", 10, 252, "RU", "cvmList"],
  [0x8f, "CA公钥索引", "CA public key index", "b", 1, 1, "R"],
  [0x90, "发卡行公钥证书", "issuer public key certificate", "b", 64, 248, "R"],
  [0x91, "发卡行认证数据", "issuer authentication data", "b", 8, 16, "S"],
  [0x92, "发卡行公钥余项", "issuer public key remainder", "b", 0, 248, "R"],
  [0x93, "签名的静态应用数据", "signed static application data", "b", 64, 248, "R"],
  [0x94, "应用文件定位器", "application file locator", "b", 4, 252, "G", "afl"],
  [0x95, "终端验证结果", "terminal verification results", "b", 5, 5, "T"],
  [0x97, "缺省交易证书数据对象列表", "TDOL", "b", 0, 252, "R", "dol"],
  [0x98, "交易证书哈希值", "TC hash value", "b", 20, 20, "T"],
  [0x99, "个人识别码数据", "PIN data", "b", 8, 16, "T", "hidden"],
  [0x9a, "交易日期", "transaction date", "n", 3, 3, "T", "date"],
  [0x9b, "交易状态信息", "transaction status information", "b", 2, 2, "T"],
  [0x9c, "交易类型", "transaction type", "n", 1, 1, "T", "transactionType"],
  [0xa5, "文件控制信息专用模板", "FCI proprietary template", "t", 0, 252, "FD"],
  [0x5f20, "持卡人姓名", "cardholder name", "ans", 2, 26, "R", "name"],
  [0x5f24, "应用失效日期", "application expiry date", "n", 3, 3, "RU", "date"],
  [0x5f25, "应用生效日期", "application effective date", "n", 3, 3, "RU", "date"],
  [0x5f28, "发卡行国家代码", "issuer country code", "n", 2, 2, "R", "country"],
  [0x5f2a, "交易货币代码", "transaction currency code", "n", 2, 2, "T", "currency"],
  [0x5f2d, "首选语言", "language preference", "an", 2, 8, "FD"],
  [0x5f30, "服务码", "service code", "n", 2, 2, "R"],
  [0x5f34, "应用主账号序列号", "PAN sequence number", "n", 1, 1, "RG"],
  [0x5f36, "交易货币指数", "transaction currency exponent", "n", 1, 1, "T"],
  [0x5f50, "发卡行URL", "issuer URL", "ans", 0, 252, "F"],
  [0x9f01, "收单行标识", "acquirer identifier", "n", 6, 6, "T"],
  [0x9f02, "授权金额", "amount, authorised", "n", 6, 6, "T", "amount"],
  [0x9f03, "其它金额", "amount, other", "n", 6, 6, "T", "amount"],
  [0x9f05, "应用自定义数据", "application discretionary data", "b", 1, 32, "R"],
  [0x9f06, "应用标识符(终端)", "application identifier (terminal)", "b", 5, 16, "T", "aid"],
  [0x9f07, "应用用途控制", "application usage control", "b", 2, 2, "RU"],
  [0x9f08, "应用版本号(卡片)", "application version number (card)", "b", 2, 2, "R"],
  [0x9f09, "应用版本号(终端)", "application version number (terminal)", "b", 2, 2, "T"],
  [0x9f0b, "持卡人姓名扩展", "cardholder name extended", "ans", 27, 45, "R", "name"],
  [0x9f0d, "发卡行行为代码-缺省", "issuer action code, default", "b", 5, 5, "RU"],
  [0x9f0e, "发卡行行为代码-拒绝", "issuer action code, denial", "b", 5, 5, "RU"],
  [0x9f0f, "发卡行行为代码-联机", "issuer action code, online", "b", 5, 5, "RU"],
  [0x9f10, "发卡行应用数据", "issuer application data", "b", 1, 32, "GA", "iad"],
  [0x9f11, "发卡行代码表索引", "issuer code table index", "n", 1, 1, "FD"],
  [0x9f12, "应用首选名称", "application preferred name", "ans", 1, 16, "FD"],
  [0x9f13, "上次联机应用交易计数器", "last online ATC register", "b", 2, 2, "O"],
  [0x9f14, "连续脱机交易下限", "lower consecutive offline limit", "b", 1, 1, "RP"],
  [0x9f15, "商户分类码", "merchant category code", "n", 2, 2, "T"],
  [0x9f16, "商户标识", "merchant identifier", "ans", 15, 15, "T"],
  [0x9f17, "PIN尝试计数器", "PIN try counter", "b", 1, 1, "O"],
  [0x9f18, "发卡行脚本标识符", "issuer script identifier", "b", 4, 4, "S"],
  [0x9f1a, "终端国家代码", "terminal country code", "n", 2, 2, "T", "country"],
  [0x9f1b, "终端最低限额", "terminal floor limit", "b", 4, 4, "T"],
  [0x9f1c, "终端标识", "terminal identification", "an", 8, 8, "T"],
  [0x9f1e, "接口设备序列号", "IFD serial number", "an", 8, 8, "T"],
  [0x9f1f, "磁条1自定义数据", "track 1 discretionary data", "ans", 0, 252, "R"],
  [0x9f20, "磁条2自定义数据", "track 2 discretionary data", "cn", 0, 252, "R", "hidden"],
  [0x9f21, "交易时间", "transaction time", "n", 3, 3, "T", "time"],
  [0x9f23, "连续脱机交易上限", "upper consecutive offline limit", "b", 1, 1, "RP"],
  [0x9f26, "应用密文", "application cryptogram", "b", 8, 8, "GA"],
  [0x9f27, "密文信息数据", "cryptogram information data", "b", 1, 1, "A", "cid"],
  [0x9f2d, "IC卡PIN加密公钥证书", "ICC PIN encipherment public key certificate", "b", 64, 248, "R"],
  [0x9f2e, "IC卡PIN加密公钥指数", "ICC PIN encipherment public key exponent", "b", 1, 3, "R"],
  [0x9f2f, "IC卡PIN加密公钥余项", "ICC PIN encipherment public key remainder", "b", 0, 248, "R"],
  [0x9f32, "发卡行公钥指数", "issuer public key exponent", "b", 1, 3, "R"],
  [0x9f33, "终端性能", "terminal capabilities", "b", 3, 3, "T"],
  [0x9f34, "持卡人验证方法结果", "CVM results", "b", 3, 3, "T", "cvmResults"],
  [0x9f35, "终端类型", "terminal type", "n", 1, 1, "T"],
  [0x9f36, "应用交易计数器", "application transaction counter", "b", 2, 2, "OAG"],
  [0x9f37, "不可预知数", "unpredictable number", "b", 4, 4, "T"],
  [0x9f38, "处理选项数据对象列表", "PDOL", "b", 0, 252, "F", "dol"],
  [0x9f39, "POS输入方式", "POS entry mode", "n", 1, 1, "T"],
  [0x9f40, "终端附加性能", "additional terminal capabilities", "b", 5, 5, "T"],
  [0x9f41, "交易序列计数器", "transaction sequence counter", "n", 2, 4, "T"],
  [0x9f42, "应用货币代码", "application currency code", "n", 2, 2, "R", "currency"],
  [0x9f44, "应用货币指数", "application currency exponent", "n", 1, 1, "R"],
  [0x9f45, "数据认证码", "data authentication code", "b", 2, 2, "T"],
  [0x9f46, "IC卡公钥证书", "ICC public key certificate", "b", 64, 248, "R"],
  [0x9f47, "IC卡公钥指数", "ICC public key exponent", "b", 1, 3, "R"],
  [0x9f48, "IC卡公钥余项", "ICC public key remainder", "b", 0, 248, "R"],
  [0x9f49, "动态数据认证数据对象列表", "DDOL", "b", 0, 252, "R", "dol"],
  [0x9f4a, "静态数据认证标签列表", "static data authentication tag list", "b", 0, 252, "R"],
  [0x9f4b, "签名的动态应用数据", "signed dynamic application data", "b", 64, 248, "RGA"],
  [0x9f4c, "IC卡动态数", "ICC dynamic number", "b", 2, 8, "I"],
  [0x9f4d, "交易日志入口", "transaction log entry", "b", 2, 2, "F"],
  [0x9f4e, "商户名称", "merchant name", "ans", 1, 40, "T"],
  [0x9f4f, "交易日志格式", "transaction log format", "b", 0, 252, "O", "dol"],
  [0x9f50, "累计脱机计数", "cumulative offline counter", "n", 6, 6, "O"],
  [0x9f51, "应用货币代码(卡片风险管理)", "application currency (card risk)", "n", 2, 2, "O", "currency"],
  [0x9f52, "应用缺省行为", "application default action", "b", 2, 2, "OP"],
  [0x9f53, "连续脱机交易限制数(国际-货币)", "offline limit, international currency", "b", 1, 1, "OP"],
  [0x9f54, "累计脱机交易金额限制", "cumulative offline amount limit", "n", 6, 6, "OP", "amount"],
  [0x9f56, "发卡行认证指示位", "issuer authentication indicator", "b", 1, 1, "OP"],
  [0x9f57, "发卡行国家代码(卡片风险管理)", "issuer country (card risk)", "n", 2, 2, "O", "country"],
  [0x9f58, "连续脱机交易下限(卡片)", "lower consecutive offline limit (card)", "b", 1, 1, "OP"],
  [0x9f59, "连续脱机交易上限(卡片)", "upper consecutive offline limit (card)", "b", 1, 1, "OP"],
  [0x9f5b, "发卡行脚本结果", "issuer script results", "b", 5, 255, "T", "scriptResults"],
  [0x9f5c, "累计脱机交易金额上限", "cumulative offline amount upper limit", "n", 6, 6, "OP", "amount"],
  [0x9f5d, "可用脱机消费金额", "available offline amount", "n", 6, 6, "OG", "amount"],
  [0x9f61, "持卡人证件号", "cardholder identity number", "an", 1, 40, "R", "id"],
  [0x9f62, "持卡人证件类型", "cardholder document type", "cn", 1, 1, "R", "documentType"],
  [0x9f63, "卡产品标识信息", "card product identification", "b", 16, 16, "R"],
  [0x9f66, "终端交易属性", "terminal transaction qualifiers", "b", 4, 4, "T"],
  [0x9f68, "卡片附加处理", "card additional processes", "b", 4, 4, "OP"],
  [0x9f69, "卡片认证相关数据", "card authentication related data", "b", 7, 16, "R"],
  [0x9f6b, "卡片CVM限额", "card CVM limit", "n", 6, 6, "OP", "amount"],
  [0x9f6c, "卡片交易属性", "card transaction qualifiers", "b", 2, 2, "OG"],
  [0x9f6d, "电子现金重置阈值", "electronic cash reset threshold", "n", 6, 6, "OP", "amount"],
  [0x9f72, "连续脱机交易限制数(国际-国家)", "offline limit, international country", "b", 1, 1, "OP"],
  [0x9f73, "货币转换因子", "currency conversion parameters", "b", 5, 25, "O"],
  [0x9f74, "电子现金发卡行授权码", "electronic cash issuer authorisation code", "an", 6, 6, "R"],
  [0x9f75, "累计脱机交易金额限制(双货币)", "cumulative offline amount, dual currency", "n", 6, 6, "OP", "amount"],
  [0x9f76, "第二应用货币代码", "second application currency", "n", 2, 2, "O", "currency"],
  [0x9f77, "电子现金余额上限", "electronic cash balance limit", "n", 6, 6, "OP", "amount"],
  [0x9f78, "电子现金单笔交易限额", "electronic cash single limit", "n", 6, 6, "OP", "amount"],
  [0x9f79, "电子现金余额", "electronic cash balance", "n", 6, 6, "OP", "amount"],
  [0x9f7a, "电子现金终端支持指示器", "electronic cash terminal support", "b", 1, 1, "T"],
  [0x9f7b, "电子现金终端交易限额", "electronic cash terminal limit", "n", 6, 6, "T", "amount"],
  [0xbf0c, "发卡行自定义数据", "issuer discretionary data of the FCI", "t", 0, 222, "FD"],
  [0xdf31, "发卡行脚本结果", "issuer script results", "b", 5, 255, "T", "scriptResults"],
  [0xdf4d, "圈存日志入口", "load log entry", "b", 2, 2, "F"],
  [0xdf4f, "圈存日志格式", "load log format", "b", 0, 252, "O", "dol"],
  [0xdf69, "SM算法支持指示器", "SM algorithm support indicator", "b", 1, 1, "T"],
  [0xdf71, "第二币种电子现金货币", "second electronic cash, currency", "n", 2, 2, "OP", "currency"],
  [0xdf72, "第二币种电子现金CVM限额", "second electronic cash, CVM limit", "n", 6, 6, "OP", "amount"],
  [0xdf76, "第二币种电子现金重置阈值", "second electronic cash, reset threshold", "n", 6, 6, "OP", "amount"],
  [0xdf77, "第二币种电子现金余额上限", "second electronic cash, balance limit", "n", 6, 6, "OP", "amount"],
  [0xdf78, "第二币种电子现金单笔限额", "second electronic cash, single limit", "n", 6, 6, "OP", "amount"],
  [0xdf79, "第二币种电子现金余额", "second electronic cash, balance", "n", 6, 6, "OP", "amount"],
]

const PLACES: Readonly<Record<string, EmvPlace>> = {
  F: "fci",
  D: "directory",
  G: "gpo",
  R: "record",
  O: "getData",
  A: "generateAc",
  T: "terminal",
  S: "issuer",
  I: "internal",
}

/** The data elements in use by tag. */
export const emvTags: ReadonlyMap<number, EmvTag> = new Map(
  ROWS.map(([tag, zh, en, format, minimum, maximum, letters, kind]) => [
    tag,
    {
      tag,
      name: { zh, en },
      format,
      minimum,
      maximum,
      places: [...letters].flatMap((letter) => PLACES[letter] ?? []),
      ...(kind && { kind }),
      ...(letters.includes("P") && { changeableBy: "putData" as const }),
      ...(letters.includes("U") && { changeableBy: "updateRecord" as const }),
    },
  ]),
)

/** A data element by tag, or undefined. @example emvTag(0x9f02)?.format // "n" */
export function emvTag(tag: number): EmvTag | undefined {
  return emvTags.get(tag)
}

/** How a data object list pads and cuts the value of a tag (EMV Book 3 §5.4). */
export function dolFormat(tag: number): "n" | "cn" | "other" {
  const format = emvTags.get(tag)?.format
  return format === "n" || format === "cn" ? format : "other"
}
