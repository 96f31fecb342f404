import { commandApdu, readUint16, responseData, SW, statusWord } from "../../apdu/index.js"
import { TSI, TVR } from "../../dictionary/index.js"
import { isOnlineOnly, type RandomSelection } from "./terminal-configuration.js"
import type { TransactionState } from "./transaction-state.js"

/**
 * Terminal risk management: forced on-line, floor limit, random selection, velocity (EMV Book 3 §10.6).
 * Always performed, whatever the card's AIP says; an on-line-only terminal checks the floor limit alone
 * (financial-emv §26).
 *
 * @param percent draws a whole number 1..99 for random selection
 */
export async function terminalRiskManagement(state: TransactionState, percent: () => number): Promise<void> {
  const { configuration, input, verification } = state
  if (input.forceOnline) verification.set(TVR.merchantForced)
  if (input.amountFen >= configuration.floorLimitFen) verification.set(TVR.floorLimitExceeded)
  if (!isOnlineOnly(configuration)) {
    if (configuration.randomSelection && isSelected(state, configuration.randomSelection, percent()))
      verification.set(TVR.randomOnline)
    if (configuration.velocityChecking) await velocityChecking(state)
  }
  verification.performed(TSI.terminalRiskManagementPerformed)
}

/** EMV Book 3 §10.6.2: the chance grows from the target to the maximum between threshold and floor limit. */
function isSelected({ input, configuration }: TransactionState, selection: RandomSelection, drawn: number): boolean {
  const { targetPercent, maximumPercent, thresholdFen } = selection
  if (input.amountFen < thresholdFen) return drawn <= targetPercent
  if (input.amountFen >= configuration.floorLimitFen) return false
  const part = (input.amountFen - thresholdFen) / (configuration.floorLimitFen - thresholdFen)
  return drawn <= targetPercent + (maximumPercent - targetPercent) * part
}

/** EMV Book 3 §10.6.3. Counters that the card does not give count as both limits exceeded. */
async function velocityChecking(state: TransactionState): Promise<void> {
  const { data, verification } = state
  const lower = data.get(0x9f14)
  const upper = data.get(0x9f23)
  if (!lower || !upper) return
  const counter = await getCounter(state, 0x9f36)
  const lastOnline = await getCounter(state, 0x9f13)
  const known = counter !== undefined && lastOnline !== undefined && counter > lastOnline
  if (!known || counter - lastOnline > lower[0]!) verification.set(TVR.lowerLimitExceeded)
  if (!known || counter - lastOnline > upper[0]!) verification.set(TVR.upperLimitExceeded)
  if (lastOnline === 0) verification.set(TVR.newCard)
}

async function getCounter({ card, data }: TransactionState, tag: number): Promise<number | undefined> {
  const response = await card.transmit(commandApdu(0x80, 0xca, tag >> 8, tag & 0xff, undefined, 256))
  if (statusWord(response) !== SW.OK) return undefined
  const object = responseData(response)
  if (object.length !== 5 || readUint16(object) !== tag || object[2] !== 2) return undefined
  data.set(tag, object.subarray(3))
  return readUint16(object, 3)
}
