import type { Argv } from "yargs"
import { type DemoArguments, runDemo } from "../demo/demo.js"
import { outputOf } from "../options.js"

export function builder(parser: Argv) {
  return parser
    .option("profile", {
      type: "string",
      default: "employee",
      describe: "card that is not activated yet (NAME or FILE)",
    })
    .option("trace", {
      type: "string",
      describe: "show the decoded APDUs and host messages, or write them to a file: --trace=FILE",
    })
    .option("unsafe-trace", {
      type: "boolean",
      default: false,
      describe: "show identity numbers, PANs and PINs in the trace",
    })
}

export async function handler(args: DemoArguments): Promise<number> {
  return runDemo(args, outputOf(args))
}
