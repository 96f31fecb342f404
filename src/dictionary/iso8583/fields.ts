import type { Label } from "../label.js"

/**
 * How a data element stands on the wire (host-iso8583 §1).
 *
 * - `n`: packed digits; an odd count gets a leading zero, DE22 (`nLeft`) a trailing one.
 * - `nVar`: LL or LLL digit count, then digits from the left with a trailing zero nibble; `nVarRight` (DE32, 33) has
 *   the zero in front.
 * - `z`: as `nVar` with D as separator.
 * - `an`, `ans`: ASCII, fixed ones padded with spaces on the right. `ansVar`: counted.
 * - `b`: bytes of fixed length. `bVar`: counted bytes. `pinBlock`: 8 bytes, 16 when DE53 says SM4.
 */
export type WireFormat =
  | "n"
  | "nLeft"
  | "nVar"
  | "nVarRight"
  | "z"
  | "an"
  | "ans"
  | "anVar"
  | "ansVar"
  | "b"
  | "bVar"
  | "pinBlock"

/** A data element. */
export interface DataElement {
  readonly number: number
  readonly name: Label
  readonly format: WireFormat
  /** Digits, characters or bytes: the exact number, or the maximum where the length is counted. */
  readonly length: number
  /** Digits of the length in front: 2 (one byte) or 3 (two bytes). */
  readonly lengthDigits?: 2 | 3
  /** How a trace must show the value. */
  readonly mask?: "pan" | "track" | "secret" | "private" | "text"
}

type Row = readonly [number: number, zh: string, en: string, format: WireFormat, length: number, lengthDigits?: 2 | 3]

const ROWS: readonly Row[] = [
  [2, "主账号", "PAN", "nVar", 19, 2],
  [3, "交易处理码", "processing code", "n", 6],
  [4, "交易金额", "amount", "n", 12],
  [7, "传输时间", "transmission time", "n", 10],
  [11, "流水号", "STAN", "n", 6],
  [12, "本地时间", "local time", "n", 6],
  [13, "本地日期", "local date", "n", 4],
  [14, "卡有效期", "expiry", "n", 4],
  [15, "清算日期", "settlement date", "n", 4],
  [18, "商户类型", "merchant category", "n", 4],
  [22, "服务点输入方式", "entry mode", "nLeft", 3],
  [23, "卡序列号", "PAN sequence number", "n", 3],
  [25, "服务点条件码", "condition code", "n", 2],
  [26, "PIN最大长度", "PIN length maximum", "n", 2],
  [32, "受理机构标识", "acquirer", "nVarRight", 11, 2],
  [33, "发送机构标识", "forwarding institution", "nVarRight", 11, 2],
  [35, "二磁道数据", "track 2", "z", 37, 2],
  [37, "检索参考号", "retrieval reference number", "an", 12],
  [38, "授权码", "authorisation code", "an", 6],
  [39, "应答码", "answer code", "an", 2],
  [41, "终端号", "terminal", "ans", 8],
  [42, "商户号", "merchant", "ans", 15],
  [48, "附加私有数据", "private data", "bVar", 999, 3],
  [49, "交易货币代码", "currency", "an", 3],
  [52, "PIN数据", "PIN block", "pinBlock", 8],
  [53, "安全控制信息", "security control", "n", 16],
  [54, "余额", "balances", "anVar", 120, 3],
  [55, "IC卡数据域", "IC data", "bVar", 255, 3],
  [60, "自定义域", "private digits", "nVar", 999, 3],
  [61, "原始信息", "original data (POS)", "nVar", 999, 3],
  [62, "密钥", "keys", "bVar", 999, 3],
  [63, "操作员或附加文本", "operator or text", "ansVar", 999, 3],
  [64, "报文鉴别码", "MAC", "b", 8],
  [90, "原始数据元", "original data elements", "n", 42],
  [95, "替换金额", "replacement amounts", "an", 42],
  [102, "转出账户", "from account", "ansVar", 28, 2],
  [103, "转入账户", "to account", "ansVar", 28, 2],
  [128, "报文鉴别码", "MAC", "b", 8],
]

const MASKS: Readonly<Record<number, DataElement["mask"]>> = {
  2: "pan",
  35: "track",
  48: "private",
  52: "secret",
  55: "private",
  62: "secret",
  63: "text",
  102: "pan",
  103: "pan",
}

/** The data elements of the host messages by number (host-iso8583 §3). */
export const dataElements: ReadonlyMap<number, DataElement> = new Map(
  ROWS.map(([number, zh, en, format, length, lengthDigits]) => {
    const mask = MASKS[number]
    return [
      number,
      { number, name: { zh, en }, format, length, ...(lengthDigits && { lengthDigits }), ...(mask && { mask }) },
    ]
  }),
)

/** What each message type is for (host-iso8583 §2). */
export const messageTypes: ReadonlyMap<string, Label> = new Map([
  ["0200", { zh: "金融交易请求", en: "financial request" }],
  ["0210", { zh: "金融交易应答", en: "financial answer" }],
  ["0220", { zh: "通知", en: "advice" }],
  ["0230", { zh: "通知应答", en: "advice answer" }],
  ["0400", { zh: "冲正请求", en: "reversal request" }],
  ["0410", { zh: "冲正应答", en: "reversal answer" }],
  ["0420", { zh: "冲正通知", en: "reversal advice" }],
  ["0430", { zh: "冲正通知应答", en: "reversal advice answer" }],
  ["0500", { zh: "结算请求", en: "settlement request" }],
  ["0510", { zh: "结算应答", en: "settlement answer" }],
  ["0620", { zh: "脚本处理结果通知", en: "script result advice" }],
  ["0630", { zh: "脚本处理结果通知应答", en: "script result answer" }],
  ["0800", { zh: "网络管理请求", en: "network management request" }],
  ["0810", { zh: "网络管理应答", en: "network management answer" }],
])

/** The message type that answers a request: the third digit goes up by one. @example answerType("0200") // "0210" */
export function answerType(messageType: string): string {
  return `${messageType.slice(0, 2)}${Number(messageType[2]) + 1}${messageType[3]}`
}
