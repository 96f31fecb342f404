import type { Text } from "./language.js"
import type { CommandImplementation } from "./run.js"

interface CommandEntry {
  readonly command: string
  readonly describe: Text
  /** Loads the implementation; only the command that is called is loaded. */
  load(): Promise<CommandImplementation>
}

/** Every command of the command line, in the order in which help lists them. */
export const REGISTRY: readonly CommandEntry[] = [
  {
    command: "demo",
    describe: {
      en: "the main job on an emulated card: identity, activation, balances, deposit, withdrawal, refusals",
      zh: "在虚拟卡上演示主流程:身份、启用、激活、余额、存款、取款、拒绝情形",
    },
    load: () => import("./commands/demo.js"),
  },
  {
    command: "card <action> [file] [other]",
    describe: {
      en: "emulated cards in files: new, show, lint, profiles, snapshot, restore, diff",
      zh: "文件中的虚拟卡:new 新建,show 查看,lint 检查,snapshot 快照,restore 恢复,diff 比较",
    },
    load: () => import("./commands/card.js"),
  },
  {
    command: "serve",
    describe: { en: "put a card into pcscd through the virtual reader", zh: "通过虚拟读卡器把卡放入 pcscd" },
    load: () => import("./commands/serve.js"),
  },
  {
    command: "sam <action>",
    describe: {
      en: "the SAM: show its number and keys, check with it that a card is genuine",
      zh: "SAM卡:show 查看编号和密钥,check 鉴别卡片真伪",
    },
    load: () => import("./commands/sam.js"),
  },
  {
    command: "readers",
    describe: { en: "list PC/SC readers and cards", zh: "列出 PC/SC 读卡器和卡片" },
    load: () => import("./commands/readers.js"),
  },
  {
    command: "doctor",
    describe: {
      en: "what is wrong with PC/SC here, and the line that mends it",
      zh: "检查本机 PC/SC 问题并给出解决办法",
    },
    load: () => import("./commands/doctor.js"),
  },
  {
    command: "read",
    describe: {
      en: "read identity and issuer data, or every file that may be read",
      zh: "读取身份和发卡信息,或所有可读文件",
    },
    load: () => import("./commands/read.js"),
  },
  {
    command: "pin <action>",
    describe: {
      en: "the card's PIN: verify, change, reset, unblock, status",
      zh: "社保密码:verify 校验,change 修改,reset 重装,unblock 解锁,status 状态",
    },
    load: () => import("./commands/pin.js"),
  },
  {
    command: "activate [function]",
    describe: {
      en: "enable the social security function and activate the financial account",
      zh: "启用社保功能 (social),激活金融账户 (financial)",
    },
    load: () => import("./commands/activate.js"),
  },
  {
    command: "balance [account]",
    describe: {
      en: "balances: financial (on-line), medical (from the card)",
      zh: "余额:financial 金融(联机),medical 医保(卡内)",
    },
    load: () => import("./commands/balance.js"),
  },
  {
    command: "deposit <amount>",
    describe: { en: "pay cash into the financial account", zh: "金融账户存款" },
    load: () => import("./commands/deposit.js"),
  },
  {
    command: "withdraw <amount>",
    describe: {
      en: "withdraw cash from the financial account at an ATM, or at a counter",
      zh: "从金融账户取款(自动柜员机或柜台)",
    },
    load: () => import("./commands/withdraw.js"),
  },
  {
    command: "emv <action>",
    describe: {
      en: "payment applications of any card: read, with offline checks",
      zh: "任意卡的支付应用:read 读取数据并做脱机验证",
    },
    load: () => import("./commands/emv.js"),
  },
  {
    command: "transfer <amount>",
    describe: { en: "transfer money from the financial account", zh: "金融账户转账" },
    load: () => import("./commands/transfer.js"),
  },
  {
    command: "statement",
    describe: { en: "the last movements of the financial account", zh: "金融账户明细" },
    load: () => import("./commands/statement.js"),
  },
  {
    command: "apdu [hex..]",
    describe: {
      en: "send APDUs: given ones, a script, or an interactive shell",
      zh: "发送 APDU 指令、脚本,或进入交互环境",
    },
    load: () => import("./commands/apdu.js"),
  },
  {
    command: "record <file> [hex..]",
    describe: { en: "record a session with a card in a dump file", zh: "把与卡片的会话记录到文件" },
    load: () => import("./commands/record.js"),
  },
  {
    command: "replay <file>",
    describe: {
      en: "put a recorded session into pcscd as a card",
      zh: "把会话记录作为卡片放入 pcscd",
    },
    load: () => import("./commands/replay.js"),
  },
  {
    command: "trace <file>",
    describe: { en: "decode a recorded session (dump file)", zh: "解码记录的会话文件" },
    load: () => import("./commands/trace.js"),
  },
  {
    command: "host <action>",
    describe: {
      en: "the back office: start it as a server, status, verify its ledger, report of a day",
      zh: "后台主机:start 启动服务,status 状态,verify 校验账本,report 日终报表",
    },
    load: () => import("./commands/host.js"),
  },
  {
    command: "medical <action> [file]",
    describe: {
      en: "medical account: settle a bill, lawful withdrawals, records, load",
      zh: "医保账户:settle 结算,withdraw 支取,records 查询,load 划入圈存",
    },
    load: () => import("./commands/medical.js"),
  },
  {
    command: "bureau <action> [what]",
    describe: {
      en: "the bureau: pension, jobs, unemployment, training, injury, records, employers",
      zh: "社保经办:养老、就业失业登记、失业保险、培训、工伤、权益记录、单位",
    },
    load: () => import("./commands/bureau.js"),
  },
  {
    command: "region <action> [regions..]",
    describe: {
      en: "regional rules: list, show, lint, diff",
      zh: "地区规则:list 列出,show 查看,lint 检查,diff 比较",
    },
    load: () => import("./commands/region.js"),
  },
  {
    command: "bench [names..]",
    describe: { en: "run the benchmarks and print their figures", zh: "运行性能基准" },
    load: () => import("./commands/bench.js"),
  },
]
