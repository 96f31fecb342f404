import { concat, encodeTlv, SW } from "../../../apdu/index.js"
import { signDynamicData } from "../../../crypto/index.js"
import type { Handler } from "../../application.js"
import { rulesOf } from "./rules.js"
import { stateOf } from "./state.js"

const DYNAMIC_NUMBER_LENGTH = 8

/**
 * INTERNAL AUTHENTICATE (00 88): signs the terminal's values of the DDOL with the card's key (financial-emv §19, EMV Book 2
 * §6.5). Belongs to a transaction: refused before GET PROCESSING OPTIONS.
 */
export const internalAuthenticate: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  const { signingKey, ddol } = rulesOf(context)
  const state = stateOf(context)
  if (state.phase === "selected") return SW.CONDITIONS_NOT_SATISFIED
  if (command.lc !== ddol.length) return SW.WRONG_LENGTH
  const dynamicNumber = concat(DYNAMIC_NUMBER_LENGTH, context.random(DYNAMIC_NUMBER_LENGTH))
  const signature = signDynamicData(signingKey!, dynamicNumber, command.data())
  state.dynamicAuthenticationDone = true
  context.response.append(encodeTlv(0x80, signature))
  return SW.OK
}
