import { SW, wrongLe } from "../../apdu/index.js"
import type { Handler } from "../application.js"

const USUAL_LENGTH = 8
const ZERO_LE = 256

/**
 * GET CHALLENGE (00 84): card-commands §6.1. Eight bytes; four for passbook commands and sixteen for the PKI directory. The
 * session remembers the last two.
 */
export const getChallenge: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  if (command.lc !== 0) return SW.WRONG_LENGTH
  const { session } = context
  const length = command.le < 0 || command.le === ZERO_LE ? USUAL_LENGTH : command.le
  if (length !== 4 && length !== USUAL_LENGTH && length !== 16)
    return context.layout.protocol === "T=0" ? wrongLe(USUAL_LENGTH) : SW.WRONG_LENGTH
  session.previousChallenge = session.challenge
  session.challenge = context.random(length)
  context.response.append(session.challenge)
  return SW.OK
}
