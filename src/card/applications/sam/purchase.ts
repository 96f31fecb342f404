import { concat, SW, uint32 } from "../../../apdu/index.js"
import { type Algorithm, constantTimeEqual, mac4, transactionSessionKey } from "../../../crypto/index.js"
import { SAM, SAM_KEY_TYPE } from "../../../dictionary/index.js"
import type { Handler } from "../../application.js"
import type { Context } from "../../context.js"
import type { SamApplication } from "./application.js"
import { deriveKey, FACTOR, MAXIMUM_LEVELS } from "./key-store.js"
import type { SamState } from "./state.js"

/** `random 4, number 2, amount 4, type 1, date 4, time 3, key version 1, algorithm 1`, before the factors. */
const FIXED_PART = 20
const MAC_LENGTH = 4
const LAST_SEQUENCE = 0xffffffff

/** Algorithm identifiers in a card's answer (card-commands §11.1, financial-emv §6). */
const ALGORITHM_IDS: Readonly<Record<Algorithm, readonly number[]>> = { "3des": [0x00, 0x01], sm4: [0x04] }

/**
 * INIT SAM FOR PURCHASE (80 70): the terminal's transaction number and MAC1 for a card's DEBIT FOR PURCHASE
 * (card-commands §11.2, financial-emv §9).
 */
export const initialiseForPurchase: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  const levels = (command.lc - FIXED_PART) / FACTOR
  if (!Number.isInteger(levels) || levels < 0 || levels > MAXIMUM_LEVELS) return SW.WRONG_LENGTH
  const { algorithm, options, keyPlaces } = context.directory.application as SamApplication
  const data = command.data().slice()
  const [keyVersion, algorithmId] = [data[18]!, data[19]!]
  const placeOf = (count: number) => keyPlaces.get(((count << 5) | SAM_KEY_TYPE.debit) * 256 + keyVersion)
  const held = [0, 1, 2, 3].some((count) => placeOf(count) !== undefined)
  if (!held || !ALGORITHM_IDS[algorithm].includes(algorithmId)) return SW.KEY_INDEX_UNKNOWN
  const keyPlace = placeOf(levels)
  if (keyPlace === undefined) return SW.WRONG_LENGTH
  const { memory, directory } = context
  if (memory.readByte(directory.keys[keyPlace]!.triesOffset) === 0) return SW.AUTHENTICATION_METHOD_BLOCKED
  const sequence = memory.readUint32(directory.elements.sequence!)
  if (sequence === LAST_SEQUENCE) return SW.COUNTER_AT_MAXIMUM
  if (options.sequenceStep === "initialise") memory.write(directory.elements.sequence!.offset, uint32(sequence + 1))
  const cardKey = deriveKey(context, keyPlace, data.subarray(FIXED_PART))
  const number = uint32(sequence)
  const sessionKey = transactionSessionKey(
    algorithm,
    cardKey,
    data.subarray(0, 4),
    data.subarray(4, 6),
    number.subarray(2),
  )
  const amount = data.subarray(6, 10)
  const signed = concat(amount, data.subarray(10, 11), terminalNumber(context), data.subarray(11, 18))
  ;(context.session.state as SamState).purchase = { sessionKey, amount, keyPlace, sequence }
  context.response.append(concat(number, mac4(algorithm, sessionKey, signed, options.sm4Mac)))
  return SW.OK
}

/**
 * CREDIT SAM FOR PURCHASE (80 72): checks the MAC2 that the card answered. A purchase has one try; wrong ones count the
 * debit key down, a right one restores it.
 */
export const creditForPurchase: Handler = ({ session, memory, directory }, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  if (command.lc !== MAC_LENGTH) return SW.WRONG_LENGTH
  const state = session.state as SamState
  const { purchase } = state
  if (purchase === undefined) return SW.CONDITIONS_NOT_SATISFIED
  state.purchase = undefined
  const key = directory.keys[purchase.keyPlace]!
  const { algorithm, options } = directory.application as SamApplication
  memory.writeByte(key.triesOffset, memory.readByte(key.triesOffset) - 1)
  const expected = mac4(algorithm, purchase.sessionKey, purchase.amount, options.sm4Mac)
  if (!constantTimeEqual(command.data(), expected)) return SW.MAC_INVALID
  memory.transaction(() => {
    memory.writeByte(key.triesOffset, key.maximumTries)
    if (options.sequenceStep === "credit")
      memory.write(directory.elements.sequence!.offset, uint32(purchase.sequence + 1))
  })
  return SW.OK
}

function terminalNumber({ layout, memory }: Context): Uint8Array {
  return memory.read(layout.root.filesByFid.get(SAM.terminalNumber)!.region)
}
