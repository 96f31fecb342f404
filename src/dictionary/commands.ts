import type { Label } from "./label.js"

/** A command by its header: P1 and P2 only where they tell two commands apart. */
interface CommandName extends Label {
  readonly cla?: number
  readonly ins: number
  readonly p1?: number
  readonly p2?: number
}

type Row = readonly [cla: number | undefined, ins: number, en: string, zh: string, p1?: number, p2?: number]

/** The first row that fits wins, so the special ones of a class stand before the general ones. */
const ROWS: readonly Row[] = [
  // Medical account, card-commands §10.1
  [0xb0, 0x22, "INITIALIZE FOR DEBIT", "账户消费初始化"],
  [0xb0, 0x24, "DEBIT", "账户消费"],
  [0xb0, 0x26, "GET BALANCE (CIA)", "读个人账户余额", 0x00, 0x01],
  [0xb0, 0x26, "GET BALANCE (SPIP)", "读个人自付年度累计", 0x00, 0x02],
  [0xb0, 0x26, "GET BALANCE (SPFP)", "读统筹支付年度累计", 0x00, 0x03],
  [0xb0, 0x26, "GET BALANCE", "读余额"],
  [0xb0, 0x28, "INITIALIZE FOR LOAD", "账户划入初始化"],
  [0xb0, 0x2a, "CREDIT FOR LOAD", "账户划入"],
  [0xb0, 0x2c, "GET TRANSACTION PROVE", "取交易认证"],
  [0xb0, 0x2e, "INITIALIZE FOR UNLOAD", "账户支取初始化"],
  [0xb0, 0x30, "DEBIT FOR UNLOAD", "账户支取"],
  // SAM, card-commands §11.2
  [0xbf, 0xde, "INIT KEY (SAM)", "密钥初始化(SAM)"],
  [0x80, 0xfa, "CRYPT (SAM)", "运算(SAM)"],
  [0x80, 0x70, "INIT SAM FOR PURCHASE", "MAC1计算(SAM)"],
  [0x80, 0x72, "CREDIT SAM FOR PURCHASE", "校验MAC2(SAM)"],
  [0x80, 0x1a, "INIT FOR CRYPT (SAM)", "通用运算初始化(SAM)"],
  // PKI application, card-commands §12
  [0x80, 0xc4, "PIN DIGEST", "口令摘要"],
  [0x80, 0x40, "GENERATE KEY PAIR", "产生密钥对"],
  [0x80, 0xc9, "EXPORT PUBLIC KEY", "导出公钥", 0x82, 0x80],
  [0x80, 0xc9, "CHECK KEY PAIR", "检查密钥对"],
  [0x80, 0x4e, "OPEN KEY ENVELOPE", "打开密钥数字信封"],
  [0x80, 0x4a, "IMPORT KEY PAIR", "导入密钥对"],
  [0x80, 0xc2, "WRITE PUBLIC KEY", "写公钥", 0x40],
  [0x80, 0xc2, "WRITE PRIVATE KEY", "写私钥", 0xc0],
  [0x84, 0x5e, "CHANGE ADMINISTRATOR PIN", "修改管理员口令", 0x01],
  // Passbook and purse, financial-emv §3
  [0x80, 0x50, "INITIALIZE FOR LOAD", "圈存初始化", 0x00],
  [0x80, 0x50, "INITIALIZE FOR PURCHASE", "消费初始化", 0x01],
  [0x80, 0x50, "INITIALIZE FOR CASH WITHDRAW", "取现初始化", 0x02],
  [0x80, 0x50, "INITIALIZE FOR COMPOSITE PURCHASE", "复合消费初始化", 0x03],
  [0x80, 0x50, "INITIALIZE FOR UPDATE", "修改透支限额初始化", 0x04],
  [0x80, 0x50, "INITIALIZE FOR UNLOAD", "圈提初始化", 0x05],
  [0x80, 0x52, "CREDIT FOR LOAD", "圈存"],
  [0x80, 0x54, "DEBIT FOR UNLOAD", "圈提", 0x03],
  [0x80, 0x54, "DEBIT FOR PURCHASE", "消费/取现"],
  [0x80, 0x58, "UPDATE OVERDRAW LIMIT", "修改透支限额"],
  [0x80, 0x5a, "GET TRANSACTION PROVE", "取交易认证"],
  [0x80, 0x5c, "GET BALANCE", "读余额"],
  [0x80, 0x5e, "CHANGE PIN", "修改个人密码", 0x01],
  [0x80, 0x5e, "RELOAD PIN", "重装个人密码", 0x00],
  // Debit and credit, financial-emv §15-§22
  [0x80, 0xa8, "GET PROCESSING OPTIONS", "取处理选项"],
  [0x80, 0xae, "GENERATE AC", "产生应用密文"],
  [0x80, 0xca, "GET DATA", "取数据"],
  [0x04, 0xda, "PUT DATA", "设置数据"],
  [0x84, 0xda, "PUT DATA", "设置数据"],
  // Secure messaging and card management, card-commands §5, §7, §13
  [0x84, 0x24, "PIN UNBLOCK", "个人密码解锁", 0x00, 0x00],
  [0x84, 0x24, "PIN CHANGE/UNBLOCK", "个人密码重装/修改"],
  [0x84, 0x1e, "APPLICATION BLOCK", "应用锁定"],
  [0x84, 0x18, "APPLICATION UNBLOCK", "应用解锁"],
  [0x84, 0x16, "CARD BLOCK", "卡片锁定"],
  [0x84, 0xd4, "WRITE KEY", "写密钥"],
  // ISO 7816-4
  [undefined, 0xa4, "SELECT", "选择"],
  [undefined, 0xb0, "READ BINARY", "读二进制文件"],
  [undefined, 0xb2, "READ RECORD", "读记录"],
  [undefined, 0xd6, "UPDATE BINARY", "更新二进制文件"],
  [undefined, 0xdc, "UPDATE RECORD", "更新记录"],
  [undefined, 0xe2, "APPEND RECORD", "追加记录"],
  [undefined, 0x20, "VERIFY", "校验个人密码"],
  [undefined, 0x82, "EXTERNAL AUTHENTICATE", "外部认证"],
  [undefined, 0x84, "GET CHALLENGE", "取随机数"],
  [undefined, 0x88, "INTERNAL AUTHENTICATE", "内部认证"],
  [undefined, 0xc0, "GET RESPONSE", "取响应"],
  [undefined, 0xca, "GET DATA", "取数据"],
  [undefined, 0x70, "MANAGE CHANNEL", "管理逻辑通道"],
]

const NAMES: readonly CommandName[] = ROWS.map(([cla, ins, en, zh, p1, p2]) => ({
  ins,
  en,
  zh,
  ...(cla !== undefined && { cla }),
  ...(p1 !== undefined && { p1 }),
  ...(p2 !== undefined && { p2 }),
}))

/** Classes in which the commands of ISO 7816-4 are known by their instruction alone: plain, and with secure messaging. */
const ISO_CLASSES = [0x00, 0x04, 0x80, 0x84]

/**
 * The name of a command, for traces.
 *
 * @param command any bytes, at least CLA INS
 * @returns `undefined` when the header is not known
 * @example commandName(hex("00A4040000"))?.zh // "选择"
 */
export function commandName(command: Uint8Array): Label | undefined {
  const [cla, ins, p1, p2] = command
  return NAMES.find(
    (name) =>
      name.ins === ins &&
      (name.cla === undefined ? ISO_CLASSES.includes(cla!) : name.cla === cla) &&
      (name.p1 === undefined || name.p1 === p1) &&
      (name.p2 === undefined || name.p2 === p2),
  )
}
