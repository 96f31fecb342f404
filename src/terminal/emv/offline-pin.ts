import { commandApdu, responseData, SW, statusWord } from "../../apdu/index.js"
import { TVR } from "../../dictionary/index.js"
import type { HolderVerification, MethodResult } from "./holder-verification.js"
import type { TransactionState } from "./transaction-state.js"

/**
 * Plain offline PIN: VERIFY until it is right, given up, or blocked (EMV Book 3 §10.5.1, financial-emv §18).
 */
export async function verifyPlainPin(state: TransactionState, holder: HolderVerification): Promise<MethodResult> {
  const { card, verification } = state
  if (!holder.offlinePin) {
    verification.set(TVR.pinPadMissing)
    return "failed"
  }
  let triesLeft = await pinTriesLeft(state)
  while (triesLeft !== 0) {
    const entry = await holder.offlinePin(triesLeft)
    if (entry.outcome === "cancelled") return "cancelled"
    if (entry.outcome !== "entered") {
      verification.set(entry.outcome === "bypassed" ? TVR.pinNotEntered : TVR.pinPadMissing)
      return "failed"
    }
    const answer = statusWord(await card.transmit(commandApdu(0x00, 0x20, 0x00, 0x80, entry.block)))
    if (answer === SW.OK) return "successful"
    // Each wrong PIN must leave fewer tries than before, or the loop would be the card's to keep.
    const left = answer >> 4 === 0x63c ? answer & 15 : 0
    if (triesLeft !== undefined && left >= triesLeft) break
    triesLeft = left
  }
  verification.set(TVR.pinTriesExceeded)
  return "failed"
}

async function pinTriesLeft({ card }: TransactionState): Promise<number | undefined> {
  const response = await card.transmit(commandApdu(0x80, 0xca, 0x9f, 0x17, undefined, 256))
  if (statusWord(response) !== SW.OK) return undefined
  const object = responseData(response)
  return object.length === 4 && object[2] === 1 ? object[3] : undefined
}
