import type { StatusWord } from "../apdu/index.js"
import { describeStatusWord } from "../apdu/index.js"
import type { Label, Language } from "../dictionary/index.js"

/** The codes of the driver interface that are no status word of a card (driver-api §7). */
export const DriverCode = {
  OK: 0,
  WRONG_CARD_TYPE: -1,
  NO_CARD: -2,
  NOT_POWERED: -3,
  NO_ANSWER: -4,
  LIBRARY: -5,
  NO_READER: -11,
  NOT_CONNECTED: -12,
  NOT_SUPPORTED: -13,
  PARAMETER: -14,
  OUT_OF_TURN: -15,
  CARD_ID_FORM: -20,
  NOT_GENUINE: -21,
  OTHER_CARD: -22,
  UNLAWFUL_DATA: -23,
  SAM_KEY_LEVEL: -24,
  PIN_CANCELLED: -31,
  PIN_TIMEOUT: -32,
  PIN_LENGTH: -33,
  PIN_DIFFERENT: -34,
  INITIAL_PIN_MAY_NOT_PAY: -35,
  NEW_PIN_IS_INITIAL: -36,
  CHARACTER: -41,
  LENGTH: -42,
  PIN_WRONG: -51,
  PIN_LOCKED: -52,
  NO_SAM: -2201,
  SAM_ALGORITHM: -2202,
  SAM_WITHOUT_RKSSSE: -2203,
  NO_HSM_NEEDED: -2204,
} as const

export type DriverCodeName = keyof typeof DriverCode

const label = (zh: string, en: string): Label => ({ zh, en })

const CODE_TEXTS: Readonly<Record<number, Label>> = {
  [DriverCode.OK]: label("成功", "success"),
  [DriverCode.WRONG_CARD_TYPE]: label("卡类型不正确", "not a social security card"),
  [DriverCode.NO_CARD]: label("无卡", "no card"),
  [DriverCode.NOT_POWERED]: label("有卡未上电", "the card has no power"),
  [DriverCode.NO_ANSWER]: label("卡无应答", "the card does not answer"),
  [DriverCode.LIBRARY]: label("加载动态库错误", "a library cannot be loaded"),
  [DriverCode.NO_READER]: label("读卡器连接错误", "no connection to the reader"),
  [DriverCode.NOT_CONNECTED]: label("未建立连接", "no connection"),
  [DriverCode.NOT_SUPPORTED]: label("(动态库)不支持该命令", "the driver does not support this function"),
  [DriverCode.PARAMETER]: label("命令参数错误", "wrong parameter"),
  [DriverCode.OUT_OF_TURN]: label("信息校验出错", "this step does not follow its first one"),
  [DriverCode.CARD_ID_FORM]: label("卡识别码格式错误", "malformed card identification code"),
  [DriverCode.NOT_GENUINE]: label("内部认证失败(用户卡不合法)", "internal authentication failed: not a genuine card"),
  [DriverCode.OTHER_CARD]: label("传入数据与卡内不符", "the data given are not this card's"),
  [DriverCode.UNLAWFUL_DATA]: label("传入数据不合法", "the data given are not lawful"),
  [DriverCode.SAM_KEY_LEVEL]: label("PSAM卡密钥级别不够", "the PSAM holds the key on too low a level"),
  [DriverCode.PIN_CANCELLED]: label("用户取消密码输入", "PIN entry was cancelled"),
  [DriverCode.PIN_TIMEOUT]: label("密码输入操作超时", "PIN entry took too long"),
  [DriverCode.PIN_LENGTH]: label("输入密码长度错误", "the PIN has a wrong length"),
  [DriverCode.PIN_DIFFERENT]: label("两次输入密码不一致", "the two PIN entries differ"),
  [DriverCode.INITIAL_PIN_MAY_NOT_PAY]: label("初始密码不能交易", "the initial PIN may not pay"),
  [DriverCode.NEW_PIN_IS_INITIAL]: label("不能改为初始密码", "the new PIN may not be the initial one"),
  [DriverCode.CHARACTER]: label("运算数据含非法字符", "the data hold a character that is not allowed"),
  [DriverCode.LENGTH]: label("运算数据长度错误", "the data have a wrong length"),
  [DriverCode.PIN_WRONG]: label("PIN校验失败", "wrong PIN"),
  [DriverCode.PIN_LOCKED]: label("PIN锁定", "the PIN is locked"),
  [DriverCode.NO_SAM]: label("无PSAM卡", "no PSAM"),
  [DriverCode.SAM_ALGORITHM]: label(
    "PSAM卡算法不支持(SSF33/SM4)",
    "the PSAM does not support the card's algorithm (SSF33, SM4)",
  ),
  [DriverCode.SAM_WITHOUT_RKSSSE]: label("PSAM卡内没有RKssse密钥", "the PSAM does not hold the key RKssse"),
  [DriverCode.NO_HSM_NEEDED]: label("不需要加密机认证", "no authentication by an HSM is needed"),
}

/** What the standard driver says to status words, where that differs from the shorter text (card-commands §15). */
const STATUS_TEXTS: Readonly<Record<StatusWord, string>> = {
  27009: "命令与文件结构不相符,当前文件非所需文件",
  27011: "密钥锁定(算法锁定)鉴别方法锁定",
  27013: "不满足使用条件、应用被锁定、应用未选择、余额上溢",
  27016: "安全报文数据项不正确、MAC不正确",
  27265: "不支持该功能、卡中无MF、卡被锁定、应用锁定",
  27266: "未找到文件、文件标识相重、SFI不正确",
  27272: "未找到引用数据、未找到密钥",
  37635: "应用已被永久锁定、卡片锁定",
  37891: "PSAM卡不支持消费交易",
}

/** The code of a status word: its negative (driver-api §7). @example codeOfStatusWord(0x6a83) // -27267 */
export const codeOfStatusWord = (statusWord: StatusWord): number => -statusWord

/** The status word behind a code; undefined for the driver's own codes. */
export function statusWordOf(code: number): StatusWord | undefined {
  return code <= -0x6000 && code >= -0x9fff ? -code : undefined
}

/** What a code means (driver-api §7, card-commands §15). */
export function describeDriverCode(code: number): Label {
  const own = CODE_TEXTS[code]
  if (own) return own
  const statusWord = statusWordOf(code)
  if (statusWord === undefined) return label(`未知错误(${code})`, `unknown code ${code}`)
  const { zh, en } = describeStatusWord(statusWord)
  if (statusWord >> 4 === 0x63c) {
    const tries = statusWord & 15
    return label(`外部认证失败,剩余${tries}次`, `external authentication failed, ${tries} tries left`)
  }
  return label(STATUS_TEXTS[statusWord] ?? zh, en)
}

/** What every function of the driver gives (driver-api §1). */
export interface DriverResult {
  /** 0 = ok, below 0 an error. */
  readonly code: number
  /** The data; of an error its message. */
  readonly out: string
}

/** Why a function of the driver ends with an error. */
export interface DriverFailure {
  readonly ok: false
  readonly code: number
  /** Said behind the message of the code. */
  readonly detail?: Label
}

/** What a part of a function came to. */
export type Answer<T extends object = object> = ({ readonly ok: true } & T) | DriverFailure

/** @example return fail("PARAMETER") */
export function fail(name: DriverCodeName, detail?: Label): DriverFailure {
  return { ok: false, code: DriverCode[name], ...(detail && { detail }) }
}

/** A refusal of the card that has no code of its own. */
export const refusedWith = (statusWord: StatusWord, detail?: Label): DriverFailure => ({
  ok: false,
  code: codeOfStatusWord(statusWord),
  ...(detail && { detail }),
})

/** The result that a caller sees. */
export function resultOf(answer: Answer<{ readonly out: string }>, language: Language): DriverResult {
  if (answer.ok) return { code: DriverCode.OK, out: answer.out }
  const text = describeDriverCode(answer.code)[language]
  const detail = answer.detail?.[language]
  const separator = language === "zh" ? "," : ", "
  return { code: answer.code, out: detail === undefined ? text : `${text}${separator}${detail}` }
}
