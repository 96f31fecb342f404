import { equalBytes, SW } from "../../../apdu/index.js"
import type { Handler } from "../../application.js"
import { elementOf } from "./account.js"

/** Type 1 and number 2 stand before MAC and TAC in the proof. */
const NAME_LENGTH = 3
/** No transaction yet. */
const NO_TYPE = 0x00

/**
 * GET TRANSACTION PROVE (B0 2C 00 type): MAC and TAC of the last transaction, where it is the one asked for; else it did not
 * happen, 9406 (card-commands §10.1, §10.5). Needs no PIN.
 */
export const getTransactionProve: Handler = (context, command) => {
  if (command.p1 !== 0) return SW.INCORRECT_P1P2
  if (command.lc !== 2) return SW.WRONG_LENGTH
  const { offset, length } = elementOf(context, "proof")
  const name = context.memory.read({ offset, length: NAME_LENGTH })
  const wanted = Uint8Array.of(command.p2, ...command.data())
  if (name[0] === NO_TYPE || !equalBytes(name, wanted)) return SW.PROOF_NOT_AVAILABLE
  context.response.appendMemory(context.memory, offset + NAME_LENGTH, length - NAME_LENGTH)
  return SW.OK
}
