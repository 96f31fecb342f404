import type { Finding } from "../finding.js"
import type { LintOptions } from "../kind.js"
import { lintCardAtr } from "./lint-card-atr.js"
import { lintFields } from "./lint-fields.js"
import { lintFinancial } from "./lint-financial.js"
import { lintCardHolder } from "./lint-holder.js"
import { lintLife } from "./lint-life.js"
import { lintPins } from "./lint-pins.js"
import { lintPki } from "./lint-pki.js"
import type { SocialSecurityProfile } from "./schema.js"

/** Check digits, dates, code lists, and fields that contradict one another. */
export function lintSocialSecurity(profile: SocialSecurityProfile, options: LintOptions): Finding[] {
  return [
    ...lintCardHolder(profile),
    ...lintFields(profile),
    ...lintPins(profile),
    ...(profile.personKind !== "employer" && profile.financial ? lintFinancial(profile, profile.financial) : []),
    ...(profile.personKind !== "employer" && profile.pki ? lintPki(profile, profile.pki) : []),
    ...lintCardAtr(profile),
    ...lintLife(profile, options),
  ]
}
