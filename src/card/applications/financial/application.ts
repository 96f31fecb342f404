import type { Application, CommandTable } from "../../application.js"
import { externalAuthenticate } from "./external-authenticate.js"
import { generateAc } from "./generate-ac.js"
import { getChallenge } from "./get-challenge.js"
import { getData } from "./get-data.js"
import { getProcessingOptions } from "./get-processing-options.js"
import { internalAuthenticate } from "./internal-authenticate.js"
import { admit, admitPaymentEnvironment, selectFinancial, selectPaymentEnvironment } from "./lifecycle.js"
import { readQuickRecord } from "./quick-payment.js"
import type { FinancialApplication, FinancialRules } from "./rules.js"
import { scriptCommands } from "./scripts.js"
import { newState } from "./state.js"
import { verify } from "./verify.js"

const commands: CommandTable = {
  "80A8": getProcessingOptions,
  "80AE": generateAc,
  "80CA": getData,
  "0020": verify,
  "0082": externalAuthenticate,
  "0084": getChallenge,
  ...scriptCommands,
}

/** Commands of the social security application that a payment application does not have. */
const without = ["00B0", "00D6", "00DC", "00E2", "04D6", "805E"]
const INTERNAL_AUTHENTICATE = "0088"
const READ_RECORD = "00B2"

/** PBOC debit/credit on EMV, and qPBOC on a contactless card (financial-emv part B). */
export function financialApplication(rules: FinancialRules): FinancialApplication {
  return {
    name: "PBOC debit/credit",
    commands: {
      ...commands,
      ...(rules.signingKey && { [INTERNAL_AUTHENTICATE]: internalAuthenticate }),
      ...(rules.quickFileLocator && { [READ_RECORD]: readQuickRecord }),
    },
    without: rules.signingKey ? without : [...without, INTERNAL_AUTHENTICATE],
    select: selectFinancial,
    admit,
    newState,
    rules,
  }
}

/** PSE and PPSE: a list of applications and nothing else. */
export const paymentEnvironment: Application = {
  name: "payment system environment",
  commands: {},
  without: [...without, "04DC", INTERNAL_AUTHENTICATE, "0020", "0082", "0084"],
  select: selectPaymentEnvironment,
  admit: admitPaymentEnvironment,
}
