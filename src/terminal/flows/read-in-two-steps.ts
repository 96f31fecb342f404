import { normaliseVersion } from "../../dictionary/index.js"
import {
  type AuthenticationStep,
  beginAuthentication,
  beginGenuineCheck,
  finishAuthentication,
  finishGenuineCheck,
  type GenuineStep,
  type PersonReading,
  type SocialCardIdentity,
  socialSecurityClient,
} from "../clients/index.js"
import { type FlowCard, type FlowOptions, runFlow } from "./flow.js"
import { type IdentityOptions, identify } from "./keyed.js"
import { cardRefused, type FlowRefusal, keyRefused, noEnvironment, notGenuine } from "./refusal.js"

/** What a back office needs to make a terminal read a card. */
export interface ReadingStep {
  readonly ok: true
  readonly identity: SocialCardIdentity
  /** R1 and R2: what the card must answer to them. */
  readonly genuine: GenuineStep
  /** R3 and R4, on cards of version 3.00 only: what opens the basic data. */
  readonly authentication?: AuthenticationStep
}

/** What the back office answers. */
export interface ReadingAnswer {
  /** 8 bytes for a 3DES card, 16 for an SM4 card; what follows does not count. */
  readonly proof: Uint8Array
  /** Data of EXTERNAL AUTHENTICATE; only where it was asked for. */
  readonly data?: Uint8Array
}

/** Who the card belongs to, read with the help of a back office. */
export interface PersonRead {
  readonly ok: true
  readonly person: PersonReading
}

/**
 * First step of reading with an HSM behind a line (card-commands §14.3): identity, version and challenges. The card must
 * stay as it is until {@link finishReading}; whoever needs other programs kept off it runs both in one transaction.
 */
export async function beginReading(card: FlowCard, options: IdentityOptions = {}): Promise<ReadingStep | FlowRefusal> {
  return runFlow(card, options, async (report) => {
    const found = await identify(card, options, report)
    if (!found.ok) return found
    const { identity } = found
    const genuine = await beginGenuineCheck(card, identity)
    if (!genuine.ok) return cardRefused(genuine.statusWord)
    if (identity.version === undefined || normaliseVersion(identity.version) !== "3.00")
      return { ok: true, identity, genuine }
    // The card keeps the last two challenges: these are the external ones, as INTERNAL AUTHENTICATE needs none.
    const authentication = await beginAuthentication(card, identity, "RKssse")
    return authentication.ok ? { ok: true, identity, genuine, authentication } : cardRefused(authentication.statusWord)
  })
}

/** Second step: the card proves itself, the back office proves itself, the basic data are read. */
export async function finishReading(
  card: FlowCard,
  { genuine, authentication }: ReadingStep,
  { proof, data }: ReadingAnswer,
  options: FlowOptions = {},
): Promise<PersonRead | FlowRefusal> {
  return runFlow(card, options, async (report) => {
    const checked = await finishGenuineCheck(card, genuine, proof)
    if (!checked.ok) return cardRefused(checked.statusWord)
    if (!checked.genuine) return notGenuine()
    report({ type: "genuine" })
    if (authentication && data) {
      const done = await finishAuthentication(card, authentication, data)
      if (!done.ok) return keyRefused(authentication.key, done)
      report({ type: "authenticated", key: authentication.key.name })
    }
    const person = await socialSecurityClient(card).readPerson()
    if (person.refusal !== undefined) return noEnvironment(person.refusal)
    report({ type: "person-read", person })
    return { ok: true, person }
  })
}
