import type { Argv } from "yargs"
import {
  type CardSession,
  changeFinancialPin,
  changePin,
  type FlowRefusal,
  type PinRestored,
  pinStatus,
  resetPin,
  unblockPin,
  verifyPin,
} from "../../terminal/index.js"
import { type OpenedCard, withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { withFinancialTerminal } from "../financial-terminal.js"
import { type KeyArguments, keyOptions, withKeys } from "../key-source.js"
import {
  bankOptions,
  type CardArguments,
  cardOptions,
  flag,
  type PinArguments,
  pinOptions,
  type Say,
} from "../options.js"
import type { Output } from "../output.js"
import { printRefusal } from "../refusal.js"
import { readSecrets, type SecretRequest } from "../secrets.js"
import { triesText } from "../tries.js"
import { UsageError } from "../usage-error.js"

const ACTIONS = ["verify", "change", "reset", "unblock", "status"] as const

interface PinCommandArguments extends CardArguments, PinArguments, KeyArguments {
  readonly action: (typeof ACTIONS)[number]
  readonly financial?: boolean
  readonly bank?: string
}

export function builder(parser: Argv, say: Say) {
  const options = bankOptions(keyOptions(pinOptions(cardOptions(parser, say), say), say), say).option(
    "financial",
    flag(
      say({
        en: "change: the PIN of the financial account, at the bank and on the card (SHEBAO_BANK_PIN, SHEBAO_NEW_BANK_PIN)",
        zh: "change:修改金融账户密码(SHEBAO_BANK_PIN、SHEBAO_NEW_BANK_PIN)",
      }),
    ),
  )
  return options.positional("action", {
    choices: ACTIONS,
    demandOption: true,
    describe: say({
      en: "verify it · change it to another · reset it to a new one without the old · unblock it, with all its tries · status: tries left, which costs no try. reset and unblock need keys",
      zh: "verify 校验 · change 修改 · reset 重装新密码(不需原密码) · unblock 解锁并恢复次数 · status 剩余次数(不消耗次数)。reset 和 unblock 需要密钥",
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
  if (args.financial) return changeBankPin(args, output)
  return withCard(args, output, async (card) => {
    switch (args.action) {
      case "status":
        return showStatus(card.session, output)
      case "verify":
      case "change":
        return useTheOldOne(card.session, args, output)
      case "reset":
      case "unblock":
        return restore(card, args, output)
    }
  })
}

async function changeBankPin(args: PinCommandArguments, output: Output): Promise<number> {
  if (args.action !== "change")
    throw new UsageError(
      output.say({ en: "--financial goes with pin change only", zh: "--financial 仅可与 pin change 一起使用" }),
    )
  return withFinancialTerminal(args, output, { kind: "atm" }, async ({ card, terminal, pinPad, onEvent }) => {
    const outcome = await changeFinancialPin(card.session, { terminal, pinPad, onEvent })
    if (!outcome.ok) return printRefusal(output, outcome)
    output.line(output.say({ en: "The bank PIN was changed.", zh: "银行密码已修改。" }))
    output.document(outcome)
    return EXIT.DONE
  })
}

async function useTheOldOne(session: CardSession, args: PinCommandArguments, output: Output): Promise<number> {
  const isChange = args.action === "change"
  const [pin = "", newPin = ""] = await readSecrets(isChange ? [PIN, NEW_PIN] : [PIN], args, output)
  const outcome = isChange ? await changePin(session, { oldPin: pin, newPin }) : await verifyPin(session, { pin })
  if (!outcome.ok) return printRefusal(output, outcome)
  output.line(
    isChange
      ? output.say({ en: "The PIN was changed.", zh: "密码已修改。" })
      : output.say({ en: "The PIN is right.", zh: "密码正确。" }),
  )
  output.document({ ok: true })
  return EXIT.DONE
}

async function restore(card: OpenedCard, args: PinCommandArguments, output: Output): Promise<number> {
  const isReset = args.action === "reset"
  const outcome = await withKeys(args, card, output, async ({ service }): Promise<PinRestored | FlowRefusal> => {
    if (!isReset) return unblockPin(card.session, { keys: service })
    const [newPin = ""] = await readSecrets([NEW_PIN], args, output)
    return resetPin(card.session, { keys: service, newPin })
  })
  if (!outcome.ok) return printRefusal(output, outcome)
  const tries = outcome.triesLeft === undefined ? undefined : output.say(triesText(outcome.triesLeft))
  const done = isReset
    ? { en: "The card has a new PIN", zh: "密码已重装" }
    : { en: "The PIN can be tried again", zh: "密码已解锁" }
  output.line(
    tries === undefined ? output.say(done) : `${output.say(done)}${output.say({ en: ", ", zh: "," })}${tries}`,
  )
  output.document({ ok: true, ...(outcome.triesLeft !== undefined && { triesLeft: outcome.triesLeft }) })
  return EXIT.DONE
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
