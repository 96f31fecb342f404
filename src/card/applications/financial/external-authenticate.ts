import { SW } from "../../../apdu/index.js"
import { arpcMethod1, constantTimeEqual } from "../../../crypto/index.js"
import type { Handler } from "../../application.js"
import { cryptogramKey } from "./cryptogram.js"
import { rulesOf } from "./rules.js"
import { stateOf } from "./state.js"
import { CVR3, remember } from "./verification-results.js"

const CRYPTOGRAM_LENGTH = 8
const DATA_LENGTH = 10

/**
 * EXTERNAL AUTHENTICATE (00 82): the issuer's cryptogram by method 1 and its response code, once in a transaction
 * (financial-emv §21, EMV Book 3 §6.5.4). After a wrong one the transaction may still go on to its AAC.
 */
export const externalAuthenticate: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  if (command.lc !== DATA_LENGTH) return SW.WRONG_LENGTH
  const state = stateOf(context)
  if (state.phase !== "online" || state.issuerAuthentication !== "none") return SW.CONDITIONS_NOT_SATISFIED
  const data = command.data()
  const responseCode = data.slice(CRYPTOGRAM_LENGTH)
  const expected = arpcMethod1(rulesOf(context).algorithm, cryptogramKey(context), state.cryptogram!, responseCode)
  if (constantTimeEqual(data.subarray(0, CRYPTOGRAM_LENGTH), expected)) {
    state.issuerAuthentication = "passed"
    return SW.OK
  }
  state.issuerAuthentication = "failed"
  remember(context, CVR3.issuerAuthenticationFailedLast)
  return SW.AUTHENTICATION_FAILED
}
