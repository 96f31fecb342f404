import { describe, expect, it } from "vitest"
import { hex } from "../../src/apdu/index.js"
import { commandName } from "../../src/dictionary/index.js"

describe("commandName", () => {
  it.each([
    ["00A404000F", "SELECT", "选择"],
    ["00B2012C00", "READ RECORD", "读记录"],
    ["00B0960006", "READ BINARY", "读二进制文件"],
    ["00DC0104", "UPDATE RECORD", "更新记录"],
    ["04DC040407", "UPDATE RECORD", "更新记录"],
    ["00200000", "VERIFY", "校验个人密码"],
    ["805E010007", "CHANGE PIN", "修改个人密码"],
    ["842400010C", "PIN CHANGE/UNBLOCK", "个人密码重装/修改"],
    ["8424000004", "PIN UNBLOCK", "个人密码解锁"],
    ["0084000008", "GET CHALLENGE", "取随机数"],
    ["0088000010", "INTERNAL AUTHENTICATE", "内部认证"],
    ["0082000A10", "EXTERNAL AUTHENTICATE", "外部认证"],
    ["00C0000010", "GET RESPONSE", "取响应"],
    ["84D4000A24", "WRITE KEY", "写密钥"],
    ["8418000004", "APPLICATION UNBLOCK", "应用解锁"],
    ["80C4010305", "PIN DIGEST", "口令摘要"],
    ["8040000008", "GENERATE KEY PAIR", "产生密钥对"],
    ["80C9820008", "CHECK KEY PAIR", "检查密钥对"],
    ["80C9828000", "EXPORT PUBLIC KEY", "导出公钥"],
    ["804E000178", "OPEN KEY ENVELOPE", "打开密钥数字信封"],
    ["804A02106C", "IMPORT KEY PAIR", "导入密钥对"],
    ["80C2400046", "WRITE PUBLIC KEY", "写公钥"],
    ["80C2C00126", "WRITE PRIVATE KEY", "写私钥"],
    ["845E010014", "CHANGE ADMINISTRATOR PIN", "修改管理员口令"],
    ["84DC040414", "UPDATE RECORD", "更新记录"],
    ["841E000004", "APPLICATION BLOCK", "应用锁定"],
    ["8416000004", "CARD BLOCK", "卡片锁定"],
    ["80A8000002", "GET PROCESSING OPTIONS", "取处理选项"],
    ["80AE800034", "GENERATE AC", "产生应用密文"],
    ["80CA9F3600", "GET DATA", "取数据"],
    ["04DA9F790A", "PUT DATA", "设置数据"],
    ["B026000104", "GET BALANCE (CIA)", "读个人账户余额"],
    ["B026000206", "GET BALANCE (SPIP)", "读个人自付年度累计"],
    ["B02200010F", "INITIALIZE FOR DEBIT", "账户消费初始化"],
    ["B02A00000B", "CREDIT FOR LOAD", "账户划入"],
    ["8050010B", "INITIALIZE FOR PURCHASE", "消费初始化"],
    ["BFDE470A18", "INIT KEY (SAM)", "密钥初始化(SAM)"],
  ])("%s is %s, %s", (command, en, zh) => {
    expect(commandName(hex(command))).toMatchObject({ en, zh })
  })

  it("does not read a medical command as an ISO one", () => {
    expect(commandName(hex("B020000000"))).toBeUndefined()
    expect(commandName(hex("B0B2000000"))).toBeUndefined()
  })

  it.each(["", "00", "00FF0000", "90A40000"])("does not know %j", (command) => {
    expect(commandName(hex(command))).toBeUndefined()
  })
})
