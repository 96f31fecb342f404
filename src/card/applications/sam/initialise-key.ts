import { type StatusWord, SW } from "../../../apdu/index.js"
import { type Algorithm, challengeSessionKey, transactionSessionKey } from "../../../crypto/index.js"
import { SAM_KEY_TYPE, usageLevels, usageType } from "../../../dictionary/index.js"
import type { Command, Handler } from "../../application.js"
import type { Context } from "../../context.js"
import type { SamApplication } from "./application.js"
import { deriveKey, FACTOR, findKey, MAXIMUM_LEVELS } from "./key-store.js"
import type { SamState } from "./state.js"

/**
 * INITIALISE KEY (BF DE usage id), `factors ‖ random 8`: derives the card key, makes a session key of the random and
 * keeps it for DES CRYPT (card-commands §11.2).
 */
export const initialiseSessionKey: Handler = (context, command) =>
  initialise(context, command, FACTOR, (algorithm, cardKey, random, type) =>
    // A debit is keyed as the card keys it: random 4, number 2, right 2 of the terminal's number (card-commands §10.2).
    type === SAM_KEY_TYPE.debit
      ? transactionSessionKey(algorithm, cardKey, random.slice(0, 4), random.slice(4, 6), random.slice(6))
      : challengeSessionKey(algorithm, cardKey, random),
  )

/** INIT FOR DESCRYPT (80 1A usage version), `factors`: keeps the card key itself for DES CRYPT (financial-emv §9). */
export const initialiseCardKey: Handler = (context, command) =>
  initialise(context, command, 0, (_algorithm, cardKey) => cardKey)

function initialise(
  context: Context,
  command: Command,
  randomLength: number,
  keyOf: (algorithm: Algorithm, cardKey: Uint8Array, random: Uint8Array, type: number) => Uint8Array,
): StatusWord {
  const { p1: usage, p2: id, lc } = command
  const state = context.session.state as SamState
  state.operation = undefined
  const factorsLength = usageLevels(usage) * FACTOR
  if (usageLevels(usage) > MAXIMUM_LEVELS || lc !== factorsLength + randomLength) return SW.WRONG_LENGTH
  const found = findKey(context, usage, id)
  if ("refusal" in found) return found.refusal
  const type = usageType(usage)
  // Master and maintenance keys serve the SAM's own issuer, not a terminal.
  if (type === SAM_KEY_TYPE.master || type === SAM_KEY_TYPE.maintenance) return SW.CONDITIONS_NOT_SATISFIED
  if (context.memory.readByte(context.directory.keys[found.place]!.triesOffset) === 0)
    return SW.AUTHENTICATION_METHOD_BLOCKED
  const { algorithm } = context.directory.application as SamApplication
  const data = command.data()
  const cardKey = deriveKey(context, found.place, data.subarray(0, factorsLength))
  state.operation = { key: keyOf(algorithm, cardKey, data.slice(factorsLength), type), type, chain: undefined }
  return SW.OK
}
