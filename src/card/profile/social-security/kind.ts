import { InputError } from "../../../apdu/index.js"
import type { CardKind } from "../kind.js"
import { socialSecuritySpec } from "./compile.js"
import { lintSocialSecurity } from "./lint.js"
import { type SocialSecurityProfile, socialSecuritySchema } from "./schema.js"

/** The card that this project is about. */
export const socialSecurityKind: CardKind<SocialSecurityProfile> = {
  schema: socialSecuritySchema,
  check: refuseUnsupported,
  toSpec: socialSecuritySpec,
  lint: lintSocialSecurity,
}

function refuseUnsupported(profile: SocialSecurityProfile): void {
  if (profile.specVersion !== "2.00")
    throw new InputError("specVersion", `expected "2.00", the version emulated so far, got "${profile.specVersion}"`, {
      messageZh: `specVersion:目前只支持规范 2.00,收到 ${profile.specVersion}`,
    })
  if (profile.personKind === "employer")
    throw new InputError("personKind", 'expected "employee", "unemployed" or "retiree", got "employer"', {
      messageZh: "personKind:目前不支持用人单位卡",
    })
  if (profile.algorithm !== "3des")
    throw new InputError("algorithm", `expected "3des" on a card of version 2.00, got "${profile.algorithm}"`)
}
