import type { Argv } from "yargs"
import { type DemoArguments, runDemo } from "../demo/demo.js"
import { type Say, traceOptions, value } from "../options.js"
import type { Output } from "../output.js"

export function builder(parser: Argv, say: Say) {
  return traceOptions(parser, say).option("profile", {
    ...value(
      say({
        en: "card that is not activated yet (NAME or FILE)",
        zh: "尚未激活的卡片模板(名称或文件)",
      }),
    ),
    default: "employee",
  })
}

export async function handler(args: DemoArguments, output: Output): Promise<number> {
  return runDemo(args, output)
}
