import { InputError } from "../../apdu/index.js"
import { isoKind } from "./iso/kind.js"
import type { IsoProfile } from "./iso/schema.js"
import type { CardKind } from "./kind.js"
import { samKind } from "./sam/kind.js"
import type { SamProfile } from "./sam/schema.js"
import { socialSecurityKind } from "./social-security/kind.js"
import type { SocialSecurityProfile } from "./social-security/schema.js"

/** A profile of any kind of card, with every default filled in. */
export type Profile = SocialSecurityProfile | IsoProfile | SamProfile

/** Every kind of card, by the field `card` of its profiles. */
const KINDS: { readonly [K in Profile["card"]]: CardKind<Extract<Profile, { card: K }>> } = {
  "social-security": socialSecurityKind,
  iso: isoKind,
  sam: samKind,
}

/** Names of the kinds, the default one first. */
export const cardKinds = Object.keys(KINDS) as readonly Profile["card"][]

/** The kind that a profile is of. */
export function kindOf(profile: Profile): CardKind<Profile> {
  return kindNamed(profile.card)
}

/** A kind by the value of `card`; absent means a social security card. @throws {InputError} when there is none */
export function kindNamed(card: unknown = "social-security"): CardKind<Profile> {
  if (typeof card !== "string" || !Object.hasOwn(KINDS, card))
    throw new InputError(
      "card",
      `expected ${cardKinds.map((kind) => JSON.stringify(kind)).join(" or ")}, got ${JSON.stringify(card)}`,
      {
        messageZh: `card:应为 ${cardKinds.join("、")} 之一,收到 ${JSON.stringify(card)}`,
      },
    )
  // A profile was validated by its own kind, so it is only ever handed to that one.
  return KINDS[card as Profile["card"]] as unknown as CardKind<Profile>
}

/**
 * The profile of a social security card, where no other kind will do.
 *
 * @throws {InputError} when the profile is of another kind of card
 */
export function asSocialSecurityProfile(profile: Profile): SocialSecurityProfile {
  if (profile.card === "social-security") return profile
  throw new InputError(
    "card",
    `expected the profile of a social security card, got ${profile.name} of kind ${profile.card}`,
    {
      messageZh: `card:应为社保卡模板,${profile.name} 的类型是 ${profile.card}`,
    },
  )
}
