import { InputError } from "../apdu/index.js"
import { type BankTerminal, type PinPad, softwarePinPad } from "../terminal/index.js"
import type { PinArguments } from "./options.js"
import type { Output } from "./output.js"
import { readSecrets, type SecretRequest } from "./secrets.js"
import { triesText } from "./tries.js"

/** A PIN pad whose keyboard is this process's terminal, or whatever else gives it PINs. */
export interface PromptingPinPad extends PinPad {
  /** Why no PIN was to be had. For the flow that is the cancel key, so that it ends in good order. */
  readonly failure: InputError | undefined
}

const CURRENT: SecretRequest = {
  name: "bankPin",
  variables: ["SHEBAO_BANK_PIN", "SHEBAO_PIN"],
  prompt: { en: "Bank PIN", zh: "银行密码" },
}
const NEW: SecretRequest = {
  name: "newBankPin",
  variables: ["SHEBAO_BANK_PIN"],
  prompt: { en: "New bank PIN", zh: "新银行密码" },
  twice: true,
}
/** A new PIN after the present one: in another variable. */
const CHANGED: SecretRequest = { ...NEW, variables: ["SHEBAO_NEW_BANK_PIN"] }

/**
 * A PIN pad that asks a person again after a wrong PIN; a PIN from a file or variable is tried once.
 *
 * @param ownVariableOnly true where SHEBAO_PIN is the social security PIN, which must not be tried as the bank's
 */
export function promptingPinPad(
  keys: BankTerminal["keys"],
  args: PinArguments,
  output: Output,
  ownVariableOnly: boolean,
): PromptingPinPad {
  let last: string | undefined
  let failure: InputError | undefined
  const current: SecretRequest = ownVariableOnly ? { ...CURRENT, variables: ["SHEBAO_BANK_PIN"] } : CURRENT

  const pad = softwarePinPad(keys, async ({ purpose, repeat, triesLeft }) => {
    // The repetition of a new PIN was asked for already; the balance that proves an activation takes the same PIN.
    const isChange = purpose === "new" && !repeat && last !== undefined
    if (last !== undefined && !isChange && (repeat || triesLeft === undefined)) return last
    const request = isChange ? CHANGED : purpose === "new" ? NEW : current
    if (triesLeft !== undefined) {
      if (args.pinStdin || request.variables.some((variable) => process.env[variable])) return undefined
      // For people the flow's events say so.
      if (output.json) {
        const { en, zh } = triesText(triesLeft)
        output.remark(output.say({ en: `Wrong PIN, ${en}.`, zh: `密码错误,${zh}。` }))
      }
    }
    try {
      ;[last] = await readSecrets([request], args, output)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      if (error.code !== "ENTRY_CANCELLED") failure = error
      return undefined
    }
    return last
  })
  return {
    enterPin: pad.enterPin,
    get failure() {
      return failure
    },
  }
}
