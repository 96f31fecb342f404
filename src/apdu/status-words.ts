/** A status word: SW1 SW2 as one number, 0x0000..0xFFFF. */
export type StatusWord = number

/** The status words that the cards of this project answer, by their ISO 7816-4 name. */
export const SW = {
  OK: 0x9000,
  /** A warning without more: closing a channel that is closed (ISO 7816-4 §11.1.2). */
  WARNING: 0x6200,
  /** End of the file reached before Le bytes, or a search that found nothing (ISO 7816-4 §5.6). */
  END_OF_FILE: 0x6282,
  /** Selected file or application is invalidated (EMV: blocked), FCI follows. */
  FILE_INVALIDATED: 0x6283,
  AUTHENTICATION_FAILED: 0x6300,
  MEMORY_FAILURE: 0x6581,
  WRONG_LENGTH: 0x6700,
  INVALID_STATE: 0x6901,
  LOGICAL_CHANNEL_NOT_SUPPORTED: 0x6881,
  SECURE_MESSAGING_NOT_SUPPORTED: 0x6882,
  /** The chain of commands must go on or end first (ISO 7816-4 §5.3.3). */
  LAST_OF_CHAIN_EXPECTED: 0x6883,
  CHAINING_NOT_SUPPORTED: 0x6884,
  INCOMPATIBLE_FILE_STRUCTURE: 0x6981,
  SECURITY_STATUS_NOT_SATISFIED: 0x6982,
  AUTHENTICATION_METHOD_BLOCKED: 0x6983,
  REFERENCE_DATA_NOT_USABLE: 0x6984,
  CONDITIONS_NOT_SATISFIED: 0x6985,
  NO_CURRENT_EF: 0x6986,
  SECURE_MESSAGING_INCORRECT: 0x6988,
  WRONG_DATA: 0x6a80,
  FUNCTION_NOT_SUPPORTED: 0x6a81,
  FILE_NOT_FOUND: 0x6a82,
  RECORD_NOT_FOUND: 0x6a83,
  NOT_ENOUGH_MEMORY: 0x6a84,
  INCORRECT_P1P2: 0x6a86,
  REFERENCED_DATA_NOT_FOUND: 0x6a88,
  WRONG_OFFSET: 0x6b00,
  INS_NOT_SUPPORTED: 0x6d00,
  CLA_NOT_SUPPORTED: 0x6e00,
  INTERNAL_ERROR: 0x6f00,
  MAC_INVALID: 0x9302,
  PERMANENTLY_BLOCKED: 0x9303,
  BALANCE_TOO_LOW: 0x9401,
  COUNTER_AT_MAXIMUM: 0x9402,
  KEY_INDEX_UNKNOWN: 0x9403,
  PROOF_NOT_AVAILABLE: 0x9406,
} as const satisfies Record<string, StatusWord>

/** 63Cx: wrong PIN or key, x tries left (at most 15 can be told). */
export const triesLeft = (tries: number): StatusWord => 0x63c0 | Math.min(tries, 15)
/** 61xx: xx more bytes wait for GET RESPONSE; 00 stands for 256 or more. */
export const moreData = (length: number): StatusWord => 0x6100 | (length > 255 ? 0 : length)
/** 6Cxx: Le was wrong, xx is right; 00 stands for 256. */
export const wrongLe = (length: number): StatusWord => 0x6c00 | (length & 0xff)

/** What a status word means, in both languages. */
export interface StatusWordText {
  /** Short stable name, for example `SECURITY_STATUS_NOT_SATISFIED`. */
  readonly name: string
  readonly en: string
  readonly zh: string
}

const TEXTS: Readonly<Record<number, readonly [en: string, zh: string]>> = {
  [SW.OK]: ["success", "成功"],
  [SW.WARNING]: ["warning, nothing has changed", "警告,状态未改变"],
  [SW.END_OF_FILE]: ["end of the file reached before Le bytes, or nothing found", "未读满Le字节已到文件末尾或未找到"],
  [SW.FILE_INVALIDATED]: ["selected application is blocked or not yet activated", "应用被锁定或未激活"],
  [SW.AUTHENTICATION_FAILED]: ["authentication failed", "认证失败"],
  [SW.MEMORY_FAILURE]: ["writing to memory failed", "写存储器失败"],
  [SW.WRONG_LENGTH]: ["wrong length (Lc or Le)", "Lc/Le不正确"],
  [SW.INVALID_STATE]: ["command not accepted in this state", "命令不接受(无效状态)"],
  [SW.LOGICAL_CHANNEL_NOT_SUPPORTED]: ["logical channel not supported", "不支持逻辑通道"],
  [SW.SECURE_MESSAGING_NOT_SUPPORTED]: ["secure messaging not supported", "不支持安全报文"],
  [SW.LAST_OF_CHAIN_EXPECTED]: ["last command of the chain expected", "应为命令链的最后一条命令"],
  [SW.CHAINING_NOT_SUPPORTED]: ["command chaining not supported", "不支持命令链"],
  [SW.INCOMPATIBLE_FILE_STRUCTURE]: ["command does not fit the file structure", "命令与文件结构不相符"],
  [SW.SECURITY_STATUS_NOT_SATISFIED]: ["security condition not satisfied", "不满足安全条件"],
  [SW.AUTHENTICATION_METHOD_BLOCKED]: ["PIN or key is locked", "密钥或密码锁定"],
  [SW.REFERENCE_DATA_NOT_USABLE]: ["referenced data or random number not valid", "引用数据无效、随机数无效"],
  [SW.CONDITIONS_NOT_SATISFIED]: ["conditions of use not satisfied", "不满足使用条件"],
  [SW.NO_CURRENT_EF]: ["no current elementary file", "无当前EF"],
  [SW.SECURE_MESSAGING_INCORRECT]: ["secure messaging data or MAC incorrect", "安全报文数据项或MAC不正确"],
  [SW.WRONG_DATA]: ["wrong data field", "数据域参数不正确"],
  [SW.FUNCTION_NOT_SUPPORTED]: ["function not supported, or card or application blocked", "不支持该功能或卡被锁定"],
  [SW.FILE_NOT_FOUND]: ["file or application not found", "未找到文件或应用"],
  [SW.RECORD_NOT_FOUND]: ["record not found", "未找到记录"],
  [SW.NOT_ENOUGH_MEMORY]: ["not enough room in the file", "文件中存储空间不够"],
  [SW.INCORRECT_P1P2]: ["incorrect P1 P2", "P1P2不正确"],
  [SW.REFERENCED_DATA_NOT_FOUND]: ["referenced data or key not found", "未找到引用数据或密钥"],
  [SW.WRONG_OFFSET]: ["offset outside the file", "偏移量错误"],
  [SW.INS_NOT_SUPPORTED]: ["instruction not supported", "INS不支持"],
  [SW.CLA_NOT_SUPPORTED]: ["class not supported", "CLA不支持"],
  [SW.INTERNAL_ERROR]: ["card reports an internal error", "卡片内部错误"],
  [SW.MAC_INVALID]: ["MAC invalid", "MAC无效"],
  [SW.PERMANENTLY_BLOCKED]: ["application permanently blocked", "应用已被永久锁定"],
  [SW.BALANCE_TOO_LOW]: ["balance too low", "余额不足"],
  [SW.COUNTER_AT_MAXIMUM]: ["transaction counter at its maximum", "交易计数器达到最大值"],
  [SW.KEY_INDEX_UNKNOWN]: ["key index not supported", "密钥索引不支持"],
  [SW.PROOF_NOT_AVAILABLE]: ["the MAC or TAC asked for is not available", "所需MAC(或/和TAC)不可用"],
}

const NAMES = new Map<number, string>(Object.entries(SW).map(([name, code]) => [code, name]))

/**
 * Explains a status word.
 *
 * @example describeStatusWord(0x63c2).en // "wrong PIN or key, 2 tries left"
 */
export function describeStatusWord(statusWord: StatusWord): StatusWordText {
  const text = TEXTS[statusWord]
  if (text) return { name: NAMES.get(statusWord)!, en: text[0], zh: text[1] }
  const low = statusWord & 0xff
  if (statusWord >> 8 === 0x61)
    return {
      name: "MORE_DATA",
      en: `${low || "256 or more"} bytes wait for GET RESPONSE`,
      zh: `还有${low || 256}字节数据`,
    }
  if (statusWord >> 8 === 0x6c)
    return { name: "WRONG_LE", en: `wrong Le, ${low || 256} is right`, zh: `Le不正确,应为${low || 256}` }
  if (statusWord >> 4 === 0x63c) {
    const tries = statusWord & 15
    return { name: "TRIES_LEFT", en: `wrong PIN or key, ${tries} tries left`, zh: `密码或密钥错误,剩余${tries}次` }
  }
  return { name: "UNKNOWN", en: "unknown status word", zh: "未知状态字" }
}
