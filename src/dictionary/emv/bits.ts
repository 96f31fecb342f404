import type { Label, Language } from "../label.js"

/** One bit of a binary data element. */
export interface Bit extends Label {
  /** Byte, 1 upwards. */
  readonly byte: number
  /** Bit, 8 the highest. */
  readonly bit: number
}

type Row = readonly [byte: number, bit: number, zh: string, en: string]

const table = <Name extends string>(rows: Record<Name, Row>): Readonly<Record<Name, Bit>> =>
  Object.fromEntries(
    Object.entries<Row>(rows).map(([name, [byte, bit, zh, en]]) => [name, { byte, bit, zh, en }]),
  ) as Record<Name, Bit>

/** Terminal verification results, tag 95 (financial-emv §26, EMV Book 3 Annex C5). */
export const TVR = table({
  odaNotPerformed: [1, 8, "未进行脱机数据认证", "offline data authentication not performed"],
  sdaFailed: [1, 7, "SDA失败", "SDA failed"],
  iccDataMissing: [1, 6, "IC卡数据缺失", "ICC data missing"],
  onHotlist: [1, 5, "卡片在终端异常文件中", "card on the exception file"],
  ddaFailed: [1, 4, "DDA失败", "DDA failed"],
  cdaFailed: [1, 3, "CDA失败", "CDA failed"],
  versionsDiffer: [2, 8, "卡片与终端应用版本不一致", "application versions differ"],
  expired: [2, 7, "应用已过期", "application expired"],
  notYetEffective: [2, 6, "应用尚未生效", "application not yet effective"],
  serviceNotAllowed: [2, 5, "卡片不允许所请求的服务", "service not allowed for the card"],
  newCard: [2, 4, "新卡", "new card"],
  cvmFailed: [3, 8, "持卡人验证失败", "cardholder verification failed"],
  unrecognisedCvm: [3, 7, "未知的CVM", "unrecognised CVM"],
  pinTriesExceeded: [3, 6, "PIN重试次数超限", "PIN try limit exceeded"],
  pinPadMissing: [3, 5, "要求输入PIN,但密码键盘不存在或工作不正常", "PIN pad missing or not working"],
  pinNotEntered: [3, 4, "要求输入PIN,密码键盘存在,但未输入PIN", "PIN not entered"],
  onlinePinEntered: [3, 3, "输入联机PIN", "online PIN entered"],
  floorLimitExceeded: [4, 8, "交易超过最低限额", "floor limit exceeded"],
  lowerLimitExceeded: [4, 7, "超过连续脱机交易下限", "lower consecutive offline limit exceeded"],
  upperLimitExceeded: [4, 6, "超过连续脱机交易上限", "upper consecutive offline limit exceeded"],
  randomOnline: [4, 5, "交易被随机选择联机处理", "selected randomly for online processing"],
  merchantForced: [4, 4, "商户要求联机交易", "merchant forced online"],
  defaultTdol: [5, 8, "使用缺省TDOL", "default TDOL used"],
  issuerAuthenticationFailed: [5, 7, "发卡行认证失败", "issuer authentication failed"],
  scriptBeforeGacFailed: [5, 6, "最后一次GAC前脚本处理失败", "script before the final GENERATE AC failed"],
  scriptAfterGacFailed: [5, 5, "最后一次GAC后脚本处理失败", "script after the final GENERATE AC failed"],
})

/** Transaction status information, tag 9B. */
export const TSI = table({
  odaPerformed: [1, 8, "脱机数据认证已进行", "offline data authentication performed"],
  cvmPerformed: [1, 7, "持卡人验证已进行", "cardholder verification performed"],
  cardRiskManagementPerformed: [1, 6, "卡片风险管理已进行", "card risk management performed"],
  issuerAuthenticationPerformed: [1, 5, "发卡行认证已进行", "issuer authentication performed"],
  terminalRiskManagementPerformed: [1, 4, "终端风险管理已进行", "terminal risk management performed"],
  scriptProcessed: [1, 3, "脚本处理已进行", "script processed"],
})

/** Application interchange profile, tag 82 (financial-emv §15). */
export const AIP = table({
  sda: [1, 7, "支持SDA", "SDA supported"],
  dda: [1, 6, "支持DDA", "DDA supported"],
  cvm: [1, 5, "支持持卡人验证", "cardholder verification supported"],
  terminalRiskManagement: [1, 4, "执行终端风险管理", "terminal risk management to be performed"],
  issuerAuthentication: [1, 3, "支持发卡行认证", "issuer authentication supported"],
  cda: [1, 1, "支持CDA", "CDA supported"],
})

/** Application usage control, tag 9F07. */
export const AUC = table({
  domesticCash: [1, 8, "国内现金交易有效", "valid for domestic cash"],
  internationalCash: [1, 7, "国际现金交易有效", "valid for international cash"],
  domesticGoods: [1, 6, "国内商品有效", "valid for domestic goods"],
  internationalGoods: [1, 5, "国际商品有效", "valid for international goods"],
  domesticServices: [1, 4, "国内服务有效", "valid for domestic services"],
  internationalServices: [1, 3, "国际服务有效", "valid for international services"],
  atms: [1, 2, "ATM有效", "valid at ATMs"],
  otherTerminals: [1, 1, "除ATM外的终端有效", "valid at terminals other than ATMs"],
  domesticCashback: [2, 8, "允许国内返现", "domestic cashback allowed"],
  internationalCashback: [2, 7, "允许国际返现", "international cashback allowed"],
})

/**
 * Flags of the card verification results, the four bytes inside the IAD. What the two GENERATE AC answered and the
 * number of scripts are no flags; `parseCvr` gives them.
 */
export const CVR = table({
  issuerAuthenticationFailed: [2, 4, "发卡行认证失败", "issuer authentication failed"],
  offlinePinDone: [2, 3, "脱机PIN验证已进行", "offline PIN verification performed"],
  offlinePinFailed: [2, 2, "脱机PIN验证失败", "offline PIN verification failed"],
  unableOnline: [2, 1, "不能联机", "unable to go online"],
  lastOnlineNotCompleted: [3, 8, "上次联机交易未完成", "last online transaction not completed"],
  pinLimitExceeded: [3, 7, "PIN尝试次数超限", "PIN try limit exceeded"],
  velocityExceeded: [3, 6, "超过频度检查限制", "velocity limits exceeded"],
  newCard: [3, 5, "新卡", "new card"],
  lastIssuerAuthenticationFailed: [3, 4, "上次联机交易发卡行认证失败", "issuer authentication failed on last online"],
  issuerAuthenticationMissing: [3, 3, "联机授权后未进行发卡行认证", "issuer authentication not done after online"],
  blockedByPinTries: [3, 2, "PIN超限导致应用锁定", "application blocked by PIN tries"],
  lastSdaFailed: [3, 1, "上次交易SDA失败且拒绝", "SDA failed on last transaction and declined"],
  scriptFailed: [4, 4, "上次交易脚本处理失败", "script failed on last transaction"],
  lastDdaFailed: [4, 3, "上次交易DDA失败且拒绝", "DDA failed on last transaction and declined"],
  ddaDone: [4, 2, "DDA已进行", "DDA performed"],
})

/** Terminal capabilities, tag 9F33 (EMV Book 4 Annex A2). */
export const TERMINAL_CAPABILITIES = table({
  manualKeyEntry: [1, 8, "手工键盘输入", "manual key entry"],
  magneticStripe: [1, 7, "磁条", "magnetic stripe"],
  contactIc: [1, 6, "接触式IC卡", "IC with contacts"],
  plainPin: [2, 8, "明文PIN校验", "plaintext PIN for offline"],
  onlinePin: [2, 7, "加密PIN联机验证", "enciphered PIN for online"],
  signature: [2, 6, "签名", "signature"],
  encipheredPin: [2, 5, "加密PIN脱机验证", "enciphered PIN for offline"],
  noCvm: [2, 4, "无需CVM", "no CVM required"],
  showDocument: [2, 1, "持卡人证件验证", "identity document"],
  sda: [3, 8, "SDA", "SDA"],
  dda: [3, 7, "DDA", "DDA"],
  cardCapture: [3, 6, "吞卡", "card capture"],
  cda: [3, 4, "CDA", "CDA"],
})

/** Additional terminal capabilities, tag 9F40 (EMV Book 4 Annex A3). */
export const ADDITIONAL_CAPABILITIES = table({
  cash: [1, 8, "现金", "cash"],
  goods: [1, 7, "商品", "goods"],
  services: [1, 6, "服务", "services"],
  cashback: [1, 5, "返现", "cashback"],
  inquiry: [1, 4, "查询", "inquiry"],
  transfer: [1, 3, "转账", "transfer"],
  payment: [1, 2, "付款", "payment"],
  administrative: [1, 1, "管理", "administrative"],
  cashDeposit: [2, 8, "存款", "cash deposit"],
  numericKeys: [3, 8, "数字键", "numeric keys"],
  specialKeys: [3, 7, "字母和特殊字符键", "alphabetic and special keys"],
  commandKeys: [3, 6, "命令键", "command keys"],
  functionKeys: [3, 5, "功能键", "function keys"],
  printAttendant: [4, 8, "打印(服务员)", "print, attendant"],
  printCardholder: [4, 7, "打印(持卡人)", "print, cardholder"],
  displayAttendant: [4, 6, "显示(服务员)", "display, attendant"],
  displayCardholder: [4, 5, "显示(持卡人)", "display, cardholder"],
})

/** Application default action, tag 9F52 (financial-emv §20). */
export const ADA = table({
  onlineAfterFailedAuthentication: [1, 8, "发卡行认证失败,下次交易联机", "issuer authentication failed: next online"],
  declineOnFailedAuthentication: [1, 7, "发卡行认证失败,拒绝", "issuer authentication failed: decline"],
  declineOnMissingAuthentication: [
    1,
    6,
    "发卡行认证必备但未进行,拒绝",
    "issuer authentication mandatory, missing: decline",
  ],
  newCardOnline: [1, 2, "新卡,联机", "new card: online"],
  newCardUnableOnlineDecline: [1, 1, "新卡且不能联机,拒绝", "new card, unable to go online: decline"],
  blockOnPinLimit: [2, 8, "本次PIN超限,锁定应用", "PIN limit exceeded now: block the application"],
  declineOnPinLimit: [2, 7, "以前PIN超限,拒绝", "PIN limit exceeded earlier: decline"],
  onlineOnPinLimit: [2, 6, "以前PIN超限,联机", "PIN limit exceeded earlier: online"],
  declineOfflineOnPinLimit: [2, 5, "以前PIN超限且不能联机,拒绝", "PIN limit exceeded earlier, offline: decline"],
  onlineAfterFailedScript: [2, 4, "上次脚本失败,联机", "script failed on last transaction: online"],
})

/** Terminal transaction qualifiers, tag 9F66 (financial-emv §24). */
export const TTQ = table({
  magneticStripe: [1, 8, "支持非接触磁条", "contactless magnetic stripe"],
  contactlessPboc: [1, 7, "支持非接触PBOC借贷记", "contactless PBOC"],
  qpboc: [1, 6, "支持qPBOC", "qPBOC"],
  contactPboc: [1, 5, "支持接触式PBOC借贷记", "contact PBOC"],
  offlineOnly: [1, 4, "终端仅支持脱机", "offline-only reader"],
  onlinePin: [1, 3, "支持联机PIN", "online PIN"],
  signature: [1, 2, "支持签名", "signature"],
  onlineCryptogramRequired: [2, 8, "要求联机密文", "online cryptogram required"],
  cvmRequired: [2, 7, "要求CVM", "CVM required"],
  fdda01: [4, 8, "支持fDDA版本01", "fDDA version 01"],
})

/** Card transaction qualifiers, tag 9F6C. */
export const CTQ = table({
  onlinePinRequired: [1, 8, "需要联机PIN", "online PIN required"],
  signatureRequired: [1, 7, "需要签名", "signature required"],
})

/** The bit tables by tag; action codes have the layout of the TVR. */
export const emvBits: ReadonlyMap<number, readonly Bit[]> = new Map(
  (
    [
      [0x82, AIP],
      [0x95, TVR],
      [0x9b, TSI],
      [0x9f07, AUC],
      [0x9f0d, TVR],
      [0x9f0e, TVR],
      [0x9f0f, TVR],
      [0x9f33, TERMINAL_CAPABILITIES],
      [0x9f40, ADDITIONAL_CAPABILITIES],
      [0x9f52, ADA],
      [0x9f66, TTQ],
      [0x9f6c, CTQ],
    ] as const
  ).map(([tag, bits]) => [tag, Object.values(bits)]),
)

/** True when the bit is set. A byte that is not there counts as 0. */
export function hasBit(bytes: Uint8Array, { byte, bit }: Bit): boolean {
  return ((bytes[byte - 1] ?? 0) & (1 << (bit - 1))) !== 0
}

/** Sets the bit in place. @throws {RangeError} when the byte is not there */
export function setBit(bytes: Uint8Array, { byte, bit }: Bit): void {
  if (byte > bytes.length) throw new RangeError(`bytes: expected at least ${byte} bytes, got ${bytes.length}`)
  bytes[byte - 1]! |= 1 << (bit - 1)
}

/** Names the bits that are set, in order. @example describeBits(Object.values(TVR), tvr, "en") */
export function describeBits(bits: readonly Bit[], bytes: Uint8Array, language: Language): string[] {
  return bits.filter((bit) => hasBit(bytes, bit)).map((bit) => bit[language])
}
