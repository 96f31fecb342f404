import { SW } from "../../../apdu/index.js"
import type { Handler } from "../../application.js"
import { stateOf } from "./state.js"

const CHALLENGE_LENGTH = 8

/** GET CHALLENGE (00 84): eight random bytes, which become the script anchor of an unblocking session (§28). */
export const getChallenge: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  if (command.lc > 0) return SW.WRONG_LENGTH
  const challenge = context.random(CHALLENGE_LENGTH)
  stateOf(context).challenge = challenge
  context.response.append(challenge)
  return SW.OK
}
