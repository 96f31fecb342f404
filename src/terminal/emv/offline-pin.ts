import { commandApdu, concat, responseData, type StatusWord, SW, statusWord } from "../../apdu/index.js"
import { type RsaPublicKey, rsaRecover } from "../../crypto/index.js"
import { TVR } from "../../dictionary/index.js"
import type { HolderVerification, MethodResult, OfflinePinEntry } from "./holder-verification.js"
import type { TransactionState } from "./transaction-state.js"

/** How an enciphered PIN is made: the card's key, and random bytes to fill the block. */
export interface PinEncipherment {
  readonly key: RsaPublicKey
  readonly random: (length: number) => Uint8Array
}

const [PLAIN, ENCIPHERED] = [0x80, 0x88]

/**
 * Offline PIN: VERIFY until it is right, given up, or blocked (EMV Book 3 §10.5.1, financial-emv §18).
 *
 * @param encipherment left out, the PIN goes to the card in the clear
 */
export async function verifyOfflinePin(
  state: TransactionState,
  holder: HolderVerification,
  encipherment?: PinEncipherment,
): Promise<MethodResult> {
  const { verification } = state
  if (!holder.offlinePin) {
    verification.set(TVR.pinPadMissing)
    return "failed"
  }
  let triesLeft = await pinTriesLeft(state)
  while (triesLeft !== 0) {
    const entry = await holder.offlinePin(triesLeft)
    if (entry.outcome === "cancelled") return "cancelled"
    if (entry.outcome !== "entered" && entry.outcome !== "verified") {
      verification.set(entry.outcome === "bypassed" ? TVR.pinNotEntered : TVR.pinPadMissing)
      return "failed"
    }
    const answer = await answerTo(state, entry, encipherment)
    if (answer === undefined) return "failed"
    if (answer === SW.OK) return "successful"
    // Each wrong PIN must leave fewer tries than before, or the loop would be the card's to keep.
    const left = answer >> 4 === 0x63c ? answer & 15 : 0
    if (triesLeft !== undefined && left >= triesLeft) break
    triesLeft = left
  }
  verification.set(TVR.pinTriesExceeded)
  return "failed"
}

async function answerTo(
  state: TransactionState,
  entry: Extract<OfflinePinEntry, { outcome: "entered" | "verified" }>,
  encipherment: PinEncipherment | undefined,
): Promise<StatusWord | undefined> {
  if (entry.outcome === "verified") return entry.statusWord
  const data = encipherment ? await enciphered(state, entry.block, encipherment) : entry.block
  if (!data) return undefined
  return statusWord(await state.card.transmit(commandApdu(0x00, 0x20, 0x00, encipherment ? ENCIPHERED : PLAIN, data)))
}

/** 7F, PIN block, the card's challenge, random fill; enciphered for the card (EMV Book 2 §7.2). */
async function enciphered(
  { card }: TransactionState,
  block: Uint8Array,
  { key, random }: PinEncipherment,
): Promise<Uint8Array | undefined> {
  const response = await card.transmit(commandApdu(0x00, 0x84, 0x00, 0x00, undefined, 256))
  const challenge = responseData(response)
  const fill = key.modulus.length - 1 - block.length - challenge.length
  if (statusWord(response) !== SW.OK || challenge.length !== 8 || fill < 0) return undefined
  return rsaRecover(key, concat(0x7f, block, challenge, random(fill)))
}

async function pinTriesLeft({ card }: TransactionState): Promise<number | undefined> {
  const response = await card.transmit(commandApdu(0x80, 0xca, 0x9f, 0x17, undefined, 256))
  if (statusWord(response) !== SW.OK) return undefined
  const object = responseData(response)
  return object.length === 4 && object[2] === 1 ? object[3] : undefined
}
