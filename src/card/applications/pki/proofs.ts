import { SW } from "../../../apdu/index.js"
import { sm3 } from "../../../crypto/index.js"
import { PKI_PINS } from "../../../dictionary/index.js"
import type { Handler } from "../../application.js"
import { pkiSecret, prove, tellTries } from "./secrets.js"

const PIN_TAG = 0xc1
const PIN_LENGTHS: readonly number[] = [PKI_PINS.user.length, PKI_PINS.admin.length]

/** PIN digest (80 C4 01 03), `C1 length PIN`: SM3 of the PIN, of any PIN. Its left half is the PIN's key (card-commands §12). */
export const pinDigest: Handler = ({ response }, command) => {
  if (command.p1 !== 0x01 || command.p2 !== 0x03) return SW.INCORRECT_P1P2
  const data = command.data()
  const length = command.lc - 2
  if (!PIN_LENGTHS.includes(length)) return SW.WRONG_LENGTH
  if (data[0] !== PIN_TAG || data[1] !== length) return SW.WRONG_DATA
  response.append(sm3(data.subarray(2)))
  return SW.OK
}

/** VERIFY (00 20): P1 P2 01 81 the user PIN, 01 00 the administrator PIN, by proof; without data the tries left. */
export const verifyPin: Handler = (context, command) => {
  const reference = command.p1 * 256 + command.p2
  if (reference !== PKI_PINS.user.reference && reference !== PKI_PINS.admin.reference) return SW.INCORRECT_P1P2
  const secret = pkiSecret(context, reference === PKI_PINS.user.reference ? "user" : "admin")
  return command.lc === 0 ? tellTries(context, command, secret) : prove(context, command, secret)
}

/** EXTERNAL AUTHENTICATE (00 82 00 00) with the master key (card-commands §12). */
export const authenticateMaster: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  return prove(context, command, pkiSecret(context, "master"))
}
