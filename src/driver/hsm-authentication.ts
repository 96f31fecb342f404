import { hexNumber, toHex } from "../apdu/index.js"
import type { Algorithm } from "../crypto/index.js"
import type { KeyDefinition } from "../dictionary/index.js"
import { type AuthenticationStep, beginAuthentication, finishAuthentication } from "../terminal/index.js"
import type { Subject } from "./card-work.js"
import { type Answer, refusedWith } from "./codes.js"
import { joinFields, parseHex } from "./key-string.js"
import type { DriverSettings } from "./settings.js"

/** How HSM messages name the algorithm of a card (driver-api §5.2). */
export const algorithmIdentifier = (algorithm: Algorithm): string => (algorithm === "sm4" ? "03" : "01")

/**
 * Where an HSM keeps a key: the four digits of card-structure §16.4, with the PSAM identifier behind them where the driver is
 * told to, and for a key that has no address, so that it can be found at all.
 *
 * @example keyAddressOf(keyNamed("PUK"), settings) // "0090", or "009010"
 */
export function keyAddressOf(
  { hsmAddress, psamId = 0 }: KeyDefinition,
  { keyAddressWithPsamId }: DriverSettings,
): string {
  const isShort = hsmAddress !== undefined && !keyAddressWithPsamId
  return hexNumber(hsmAddress ?? 0, 4) + (isShort ? "" : hexNumber(psamId))
}

/** What a back office needs to authenticate with a key: `alg|keyAddress|R1|R2|`. */
export async function askHsm(
  { card, identity }: Subject,
  keyName: string,
  settings: DriverSettings,
): Promise<Answer<{ readonly out: string; readonly step: AuthenticationStep }>> {
  const step = await beginAuthentication(card, identity, keyName)
  if (!step.ok) return refusedWith(step.statusWord)
  const { algorithm, key, challenge, previous } = step
  const address = keyAddressOf(key, settings)
  const out = joinFields(algorithmIdentifier(algorithm), address, toHex(challenge), toHex(previous))
  return { ok: true, out, step }
}

/** EXTERNAL AUTHENTICATE with what the back office sent: 32 digits, A ‖ X on 3DES cards, A on SM4 cards. */
export async function answerOfHsm({ card }: Subject, step: AuthenticationStep, text: string): Promise<Answer> {
  const data = parseHex(text, 16)
  if (!data.ok) return data
  const done = await finishAuthentication(card, step, data.bytes)
  return done.ok ? { ok: true } : refusedWith(done.statusWord)
}
