import { commandApdu, SW, statusWord } from "../../apdu/index.js"
import { AIP, hasBit, TSI, TVR } from "../../dictionary/index.js"
import type { TransactionState } from "./transaction-state.js"

/**
 * EXTERNAL AUTHENTICATE with the issuer's authentication data, when there are any and the card wants them so
 * (AIP byte 1 b3, EMV Book 3 §10.9). A failure is noted; the card decides in the second GENERATE AC.
 *
 * @param authenticationData tag 91, 8 to 16 bytes: ARPC ‖ ARC
 */
export async function authenticateIssuer(
  { card, data, verification }: TransactionState,
  authenticationData: Uint8Array | undefined,
): Promise<void> {
  if (!authenticationData) return
  data.set(0x91, authenticationData)
  if (!hasBit(data.get(0x82)!, AIP.issuerAuthentication)) return
  const wellFormed = authenticationData.length >= 8 && authenticationData.length <= 16
  verification.performed(TSI.issuerAuthenticationPerformed)
  const accepted =
    wellFormed && statusWord(await card.transmit(commandApdu(0x00, 0x82, 0x00, 0x00, authenticationData))) === SW.OK
  if (!accepted) verification.set(TVR.issuerAuthenticationFailed)
}
