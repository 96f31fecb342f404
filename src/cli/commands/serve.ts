import type { Argv } from "yargs"
import { createCard, loadProfile, openCardFile } from "../../card/index.js"
import type { ServedCard } from "../../virtual-reader/index.js"
import { inputError } from "../input-error.js"
import { issueToHome } from "../local-bank.js"
import { type CommonArguments, type Say, value } from "../options.js"
import type { Output } from "../output.js"
import { type DriverArguments, driverOptions, driverPort, serve } from "../serving.js"

interface ServeArguments extends CommonArguments, DriverArguments {
  readonly profile?: string
  readonly card?: string
}

export function builder(parser: Argv, say: Say) {
  return driverOptions(parser, say)
    .option(
      "profile",
      value(say({ en: "fresh card of this profile (NAME or FILE)", zh: "按模板(名称或文件)新建的卡" })),
    )
    .option("card", value(say({ en: "card kept in FILE", zh: "保存在文件中的卡" })))
}

export async function handler(args: ServeArguments, output: Output): Promise<number> {
  const port = driverPort(args)
  return serve({ ...(await cardToServe(args, output)), port }, args, output)
}

async function cardToServe(args: ServeArguments, output: Output): Promise<ServedCard> {
  if ((args.card === undefined) === (args.profile === undefined)) {
    throw inputError("card", {
      en: "expected either --profile NAME or --card FILE",
      zh: "请指定 --profile 名称 或 --card 文件 之一",
    })
  }
  if (args.profile !== undefined) {
    const profile = loadProfile(args.profile)
    await issueToHome(profile, args, output)
    return { card: createCard({ profile }) }
  }
  const file = openCardFile(args.card!)
  for (const warning of file.warnings) output.remark(output.say(warning))
  return { card: file.card, save: () => file.close() }
}
