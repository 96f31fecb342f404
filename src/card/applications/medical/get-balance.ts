import { SW } from "../../../apdu/index.js"
import type { Handler } from "../../application.js"
import { elementOf, rulesOf } from "./account.js"

/**
 * GET BALANCE (B0 26): the personal account, 4 bytes of fen; own payments and pooled fund payments of the year, 4 bytes and
 * the year. Needs the PIN of the environment (card-commands §10.1, §10.3).
 */
export const getBalance: Handler = (context, command) => {
  const { memory, session, response } = context
  const id = rulesOf(context).balances.get(command.p1 * 256 + command.p2)
  if (id === undefined) return SW.INCORRECT_P1P2
  if (command.lc > 0) return SW.WRONG_LENGTH
  if (!session.pinVerified) return SW.SECURITY_STATUS_NOT_SATISFIED
  response.append(memory.read(elementOf(context, id)))
  return SW.OK
}
