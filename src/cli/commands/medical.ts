import type { Argv } from "yargs"
import { keyOptions } from "../key-source.js"
import type { MedicalArguments } from "../medical/arguments.js"
import { loadCommand } from "../medical/load.js"
import { recordsCommand } from "../medical/records.js"
import { settleCommand } from "../medical/settle.js"
import { withdrawCommand } from "../medical/withdraw.js"
import { cardOptions, flag, pinOptions, type Say, value } from "../options.js"
import type { Output } from "../output.js"

export function builder(parser: Argv, say: Say) {
  return keyOptions(pinOptions(cardOptions(parser, say), say), say)
    .positional("action", {
      choices: ["settle", "withdraw", "records", "load"] as const,
      demandOption: true,
      describe: say({
        en: "settle a bill · take the personal account's money out · records of a person · credit a month, load the card",
        zh: "settle 结算 · withdraw 个人账户支取 · records 查询 · load 划入与圈存",
      }),
    })
    .positional("file", { type: "string", describe: say({ en: "JSON file of a bill", zh: "费用 JSON 文件" }) })
    .option("region", value(say({ en: "rules of this region (NAME or FILE)", zh: "适用地区(名称或文件)" })))
    .option(
      "database",
      value(
        say({
          en: "URL of PostgreSQL, or a file (default in the home folder)",
          zh: "PostgreSQL URL 或文件(默认状态目录)",
        }),
      ),
    )
    .option(
      "explain",
      flag(say({ en: "the rule, parameter and calculation behind each figure", zh: "说明每个数字的规则、参数与算式" })),
    )
    .option("preview", flag(say({ en: "settle: what it would come to, nothing is posted", zh: "settle:仅预结算" })))
    .option("reason", {
      ...value(say({ en: "withdraw: why", zh: "withdraw:原因 death 死亡,emigration 出境定居" })),
      choices: ["death", "emigration"] as const,
    })
    .option(
      "documents",
      value(say({ en: "withdraw: JSON file of the application and its papers", zh: "withdraw:申请与材料 JSON 文件" })),
    )
    .option("operator", { ...value(say({ en: "who works at the window", zh: "经办人" })), default: "window-1" })
    .option("cashier", {
      ...value(say({ en: "withdraw: who pays, somebody else", zh: "withdraw:支付人(须不同)" })),
      default: "cashier-1",
    })
    .option("person", value(say({ en: "identity number", zh: "公民身份号码" })))
    .option("purpose", value(say({ en: "records: why they are asked for", zh: "records:查询目的" })))
    .option("object", {
      ...value(
        say({ en: "records: account, settlements, audit", zh: "records:account 账户,settlements 结算,audit 查询日志" }),
      ),
      choices: ["account", "settlements", "audit"] as const,
      default: "settlements",
    })
    .option("month", value(say({ en: "load: month whose premium arrived, YYYYMM", zh: "load:到账月份 YYYYMM" })))
    .option("wage", value(say({ en: "load: declared wage in yuan", zh: "load:申报工资(元)" })))
    .option("amount", value(say({ en: "load: yuan onto the card (default all)", zh: "load:圈存金额(默认全部)" })))
}

export async function handler(args: MedicalArguments, output: Output): Promise<number> {
  switch (args.action) {
    case "settle":
      return settleCommand(args, output)
    case "withdraw":
      return withdrawCommand(args, output)
    case "records":
      return recordsCommand(args, output)
    case "load":
      return loadCommand(args, output)
  }
}
