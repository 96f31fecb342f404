import type { Argv } from "yargs"
import { type CardSession, changePin, pinStatus, verifyPin } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { type CardArguments, cardOptions, type PinArguments, pinOptions, type Say } from "../options.js"
import type { Output } from "../output.js"
import { printRefusal } from "../refusal.js"
import { readSecrets, type SecretRequest } from "../secrets.js"
import { triesText } from "../tries.js"

interface PinCommandArguments extends CardArguments, PinArguments {
  readonly action: "verify" | "change" | "status"
}

export function builder(parser: Argv, say: Say) {
  return pinOptions(cardOptions(parser, say), say).positional("action", {
    choices: ["verify", "change", "status"] as const,
    demandOption: true,
    describe: say({
      en: "verify it · change it to another · status: tries left, which costs no try",
      zh: "verify 校验 · change 修改 · status 剩余次数(不消耗次数)",
    }),
  })
}

const PIN: SecretRequest = { name: "pin", variables: ["SHEBAO_PIN"], prompt: { en: "PIN", zh: "密码" } }
const NEW_PIN: SecretRequest = {
  name: "newPin",
  variables: ["SHEBAO_NEW_PIN"],
  prompt: { en: "New PIN", zh: "新密码" },
  twice: true,
}

export async function handler(args: PinCommandArguments, output: Output): Promise<number> {
  const requests = { verify: [PIN], change: [PIN, NEW_PIN], status: [] }[args.action]
  return withCard(args, output, async ({ session }) => {
    if (args.action === "status") return showStatus(session, output)
    const [pin = "", newPin = ""] = await readSecrets(requests, args, output)
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

async function showStatus(session: CardSession, output: Output): Promise<number> {
  const status = await pinStatus(session)
  if (!status.ok) return printRefusal(output, status)
  const triesLeft = status.state === "needed" ? status.triesLeft : undefined
  const { en, zh } = triesText(triesLeft ?? 0)
  const texts = {
    needed: { en: `PIN needed, ${en}`, zh: `需要密码,${zh}` },
    locked: { en: "PIN locked", zh: "密码已锁定" },
    verified: { en: "PIN verified, or none is set", zh: "密码已校验或未设置" },
  }
  output.line(output.say(texts[status.state]))
  output.document({ ok: true, state: status.state, ...(triesLeft !== undefined && { triesLeft }) })
  return EXIT.DONE
}
