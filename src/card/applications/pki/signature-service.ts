import { type StatusWord, SW } from "../../../apdu/index.js"
import { sm2Sign } from "../../../crypto/index.js"
import { PKI_SECRETS, pkiEnvironment } from "../../../dictionary/index.js"
import type { Card } from "../../card.js"
import { privateKeyOf } from "./containers.js"

/** A signature of the card, or why it gives none. */
export type CardSignature =
  | { readonly ok: true; readonly signature: Uint8Array }
  | { readonly ok: false; readonly statusWord: StatusWord }

/**
 * Signs with the signature key of an emulated card. Real cards have a command for this that is not public; here the side
 * that hosts the card serves it, under the card's own conditions: the PKI application is current (else 6985), its user
 * PIN is proved (6982), there is a key (6A88). See card-commands §12.
 *
 * @param options.userId signer identifier of SM2; default 1234567812345678
 * @returns r ‖ s, 64 bytes, over SM3 of ZA ‖ message
 */
export function signWithCard(
  { session, memory }: Pick<Card, "session" | "memory">,
  message: Uint8Array,
  options: { readonly userId?: string } = {},
): CardSignature {
  const { environment } = session.directory
  if (environment.name !== pkiEnvironment.name) return { ok: false, statusWord: SW.CONDITIONS_NOT_SATISFIED }
  const pin = environment.keys.find(({ name }) => name === PKI_SECRETS.user)!
  if ((session.environmentBits & pin.bit) === 0) return { ok: false, statusWord: SW.SECURITY_STATUS_NOT_SATISFIED }
  const privateKey = privateKeyOf(memory, environment, "signature")
  if (privateKey === undefined) return { ok: false, statusWord: SW.REFERENCED_DATA_NOT_FOUND }
  return { ok: true, signature: sm2Sign(privateKey, message, options) }
}
