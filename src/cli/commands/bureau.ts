import type { Argv } from "yargs"
import { ACTIONS, type BureauArguments } from "../bureau/arguments.js"
import { employerCommand } from "../bureau/employer.js"
import { recordsCommand } from "../bureau/records.js"
import { serviceCommand } from "../bureau/service.js"
import { townCommand } from "../bureau/town.js"
import { keyOptions } from "../key-source.js"
import { cardOptions, flag, list, pinOptions, type Say, value } from "../options.js"
import type { Output } from "../output.js"

export function builder(parser: Argv, say: Say) {
  return keyOptions(pinOptions(cardOptions(parser, say), say), say)
    .positional("action", {
      choices: ACTIONS,
      demandOption: true,
      describe: say({ en: "area of the bureau's work; town: seed synthetic people", zh: "业务类别;town 生成虚拟城镇" }),
    })
    .positional("what", {
      type: "string",
      describe: say({
        en: "pension estimate|claim · jobs register|unemployed|cancel · unemployment estimate|claim · training enrol|subsidy · injury recognition|appraisal|benefits · maternity claim · data change · card temporaryLoss|release|... · records payments|supervision|person|cases|audit · employer account|declare|pay|add|remove|premiums",
        zh: "办理事项,例如 pension estimate 待遇测算、records payments 缴费记录、employer declare 申报",
      }),
    })
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
    .option("person", value(say({ en: "identity number", zh: "公民身份号码" })))
    .option("purpose", { ...value(say({ en: "why it is asked for", zh: "目的" })), default: "own affairs" })
    .option("operator", { ...value(say({ en: "who works at the window", zh: "经办人" })), default: "window-1" })
    .option("serial", value(say({ en: "number of the request: done once under it", zh: "请求流水号,同号只办一次" })))
    .option("set", list(say({ en: "detail of the affair, NAME=VALUE", zh: "办理内容 名称=值" })))
    .option("year", value(say({ en: "records, statement: YYYY", zh: "records、statement:年份" })))
    .option("employer", value(say({ en: "unified social credit code", zh: "统一社会信用代码" })))
    .option("month", value(say({ en: "employer: YYYYMM", zh: "employer:月份 YYYYMM" })))
    .option("amount", value(say({ en: "employer pay: yuan", zh: "employer pay:金额(元)" })))
    .option("seed", { ...value(say({ en: "town: number it is made from", zh: "town:随机种子" })), default: "1" })
    .option(
      "explain",
      flag(say({ en: "the rule, parameter and calculation behind each figure", zh: "说明每个数字的规则、参数与算式" })),
    )
}

export async function handler(args: BureauArguments, output: Output): Promise<number> {
  switch (args.action) {
    case "town":
      return townCommand(args, output)
    case "employer":
      return employerCommand(args, output)
    case "records":
    case "statement":
    case "certificate":
      return recordsCommand(args, output)
    default:
      return serviceCommand(args, output)
  }
}
