/** One bit of the terminal verification results (tag 95) and what it tells. */
export interface TvrBit {
  /** Byte and bit as the specifications write them, for example `B2b5`. */
  readonly name: string
  /** Byte index 0..4. */
  readonly index: number
  readonly mask: number
  readonly en: string
  readonly zh: string
}

function tvrBit(byte: number, bit: number, en: string, zh: string): TvrBit {
  return { name: `B${byte}b${bit}`, index: byte - 1, mask: 1 << (bit - 1), en, zh }
}

/** The terminal verification results, tag 95 (EMV Book 3 annex C5, financial-emv §26). */
export const TVR = {
  ODA_NOT_PERFORMED: tvrBit(1, 8, "offline data authentication was not performed", "未进行脱机数据认证"),
  SDA_FAILED: tvrBit(1, 7, "static data authentication failed", "静态数据认证失败"),
  CARD_DATA_MISSING: tvrBit(1, 6, "card data is missing", "IC卡数据缺失"),
  ON_HOTLIST: tvrBit(1, 5, "card appears on the exception list", "卡片出现在异常文件中"),
  DDA_FAILED: tvrBit(1, 4, "dynamic data authentication failed", "动态数据认证失败"),
  CDA_FAILED: tvrBit(1, 3, "combined data authentication failed", "复合数据认证失败"),
  VERSIONS_DIFFER: tvrBit(2, 8, "card and terminal have different application versions", "IC卡和终端应用版本不一致"),
  EXPIRED: tvrBit(2, 7, "application has expired", "应用已失效"),
  NOT_YET_EFFECTIVE: tvrBit(2, 6, "application is not yet effective", "应用尚未生效"),
  SERVICE_NOT_ALLOWED: tvrBit(2, 5, "the card does not allow the requested service", "卡片不允许所请求的服务"),
  NEW_CARD: tvrBit(2, 4, "new card", "新卡"),
  CVM_FAILED: tvrBit(3, 8, "cardholder verification was not successful", "持卡人验证失败"),
  CVM_UNRECOGNISED: tvrBit(3, 7, "unrecognised cardholder verification method", "未知的持卡人验证方法"),
  PIN_TRIES_EXCEEDED: tvrBit(3, 6, "offline PIN try limit exceeded", "脱机PIN重试次数超限"),
  PIN_PAD_MISSING: tvrBit(
    3,
    5,
    "PIN required, but the PIN pad is missing or not working",
    "要求输入PIN,但密码键盘不存在或工作不正常",
  ),
  PIN_NOT_ENTERED: tvrBit(
    3,
    4,
    "PIN required and PIN pad present, but no PIN was entered",
    "要求输入PIN,密码键盘存在,但未输入PIN",
  ),
  ONLINE_PIN_ENTERED: tvrBit(3, 3, "on-line PIN entered", "输入联机PIN"),
  OVER_FLOOR_LIMIT: tvrBit(4, 8, "transaction exceeds the floor limit", "交易超过最低限额"),
  OVER_LOWER_LIMIT: tvrBit(4, 7, "lower consecutive offline limit exceeded", "超过连续脱机交易下限"),
  OVER_UPPER_LIMIT: tvrBit(4, 6, "upper consecutive offline limit exceeded", "超过连续脱机交易上限"),
  RANDOMLY_SELECTED: tvrBit(4, 5, "selected at random for on-line processing", "交易被随机选择联机处理"),
  FORCED_ONLINE: tvrBit(4, 4, "merchant forced the transaction on-line", "商户要求联机交易"),
  DEFAULT_TDOL: tvrBit(5, 8, "default TDOL used", "使用缺省TDOL"),
  ISSUER_AUTHENTICATION_FAILED: tvrBit(5, 7, "issuer authentication failed", "发卡行认证失败"),
  SCRIPT_FAILED_BEFORE: tvrBit(
    5,
    6,
    "script failed before the final GENERATE AC",
    "最后一次GENERATE AC之前脚本处理失败",
  ),
  SCRIPT_FAILED_AFTER: tvrBit(5, 5, "script failed after the final GENERATE AC", "最后一次GENERATE AC之后脚本处理失败"),
} as const satisfies Record<string, TvrBit>

const TVR_BITS: readonly TvrBit[] = Object.values(TVR)

/** Bits of the transaction status information, tag 9B byte 1 (EMV Book 3 annex C6). */
export const TSI = {
  OFFLINE_DATA_AUTHENTICATION: 0x80,
  CARDHOLDER_VERIFICATION: 0x40,
  CARD_RISK_MANAGEMENT: 0x20,
  ISSUER_AUTHENTICATION: 0x10,
  TERMINAL_RISK_MANAGEMENT: 0x08,
  SCRIPT_PROCESSING: 0x04,
} as const

/** One reason for what a transaction came to: a TVR bit that was set, or a rule that decided. */
export type Reason =
  | { readonly tvrBit: string; readonly en: string; readonly zh: string }
  | { readonly rule: string; readonly en: string; readonly zh: string }

/** What a transaction has found out so far; TVR and TSI are live views that always hold the present state. */
export interface Verification {
  /** 5 bytes, tag 95. */
  readonly tvr: Uint8Array
  /** 2 bytes, tag 9B. */
  readonly tsi: Uint8Array
  readonly why: Reason[]
  /** Sets a TVR bit and notes it once. */
  set(bit: TvrBit): void
  /** Notes in the TSI that a function was performed. */
  performed(tsiBit: number): void
  /** Notes the rule that decided something. */
  explain(rule: string, en: string, zh: string): void
}

/** Starts with all bits zero and no reasons. */
export function verification(): Verification {
  const tvr = new Uint8Array(5)
  const tsi = new Uint8Array(2)
  const why: Reason[] = []
  return {
    tvr,
    tsi,
    why,
    set(bit) {
      if ((tvr[bit.index]! & bit.mask) !== 0) return
      tvr[bit.index]! |= bit.mask
      why.push({ tvrBit: bit.name, en: bit.en, zh: bit.zh })
    },
    performed(tsiBit) {
      tsi[0]! |= tsiBit
    },
    explain(rule, en, zh) {
      why.push({ rule, en, zh })
    },
  }
}

/**
 * The bits that are set in a TVR, in order.
 *
 * @param tvr 5 bytes
 * @example tvrBits(hex("8000048000")).map((bit) => bit.name) // ["B1b8", "B3b3", "B4b8"]
 */
export function tvrBits(tvr: Uint8Array): TvrBit[] {
  return TVR_BITS.filter((bit) => (tvr[bit.index]! & bit.mask) !== 0)
}
