import type { Argv } from "yargs"
import { changePin, pinStatus, verifyPin } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { type CardArguments, cardOptions, outputOf, type PinArguments, pinOptions } from "../options.js"
import { printRefusal } from "../refusal.js"
import { readSecrets } from "../secrets.js"

interface PinCommandArguments extends CardArguments, PinArguments {
  readonly action: "verify" | "change" | "status"
}

export function builder(parser: Argv) {
  return pinOptions(cardOptions(parser)).positional("action", {
    choices: ["verify", "change", "status"] as const,
    demandOption: true,
    describe: "status costs no try",
  })
}

export async function handler(args: PinCommandArguments): Promise<number> {
  const output = outputOf(args)
  const current = { name: "pin", variables: ["SHEBAO_PIN"], prompt: output.say({ en: "PIN", zh: "密码" }) } as const
  const next = {
    name: "newPin",
    variables: ["SHEBAO_NEW_PIN"],
    prompt: output.say({ en: "New PIN", zh: "新密码" }),
    twice: true,
  } as const
  const requests = { verify: [current], change: [current, next], status: [] }[args.action]
  const [pin = "", newPin = ""] = await readSecrets(requests, args.pinStdin)
  return withCard(args, output, async ({ session }) => {
    if (args.action === "status") {
      const status = await pinStatus(session)
      if (!status.ok) return printRefusal(output, status)
      const triesLeft = status.state === "needed" ? status.triesLeft : undefined
      output.line(
        {
          needed: output.say({ en: `PIN needed, ${triesLeft} tries left`, zh: `需要密码,剩余 ${triesLeft} 次` }),
          locked: output.say({ en: "PIN locked", zh: "密码已锁定" }),
          verified: output.say({ en: "PIN verified, or none is set", zh: "密码已校验或未设置" }),
        }[status.state],
      )
      output.document({ ok: true, state: status.state, ...(triesLeft !== undefined && { triesLeft }) })
      return EXIT.DONE
    }
    const outcome =
      args.action === "verify" ? await verifyPin(session, { pin }) : await changePin(session, { oldPin: pin, newPin })
    if (!outcome.ok) return printRefusal(output, outcome)
    output.line(
      args.action === "verify"
        ? output.say({ en: "The PIN is right.", zh: "密码正确。" })
        : output.say({ en: "The PIN was changed.", zh: "密码已修改。" }),
    )
    output.document({ ok: true })
    return EXIT.DONE
  })
}
