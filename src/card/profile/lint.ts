import { InputError } from "../../apdu/index.js"
import { profileAtr } from "./atr.js"
import { profileToSpec } from "./compile.js"
import { error, type Finding } from "./finding.js"
import { lintAtr } from "./lint-atr.js"
import { lintFinancial } from "./lint-financial.js"
import { lintHolder } from "./lint-holder.js"
import { lintPins } from "./lint-pins.js"
import type { Profile } from "./schema.js"

export type { Finding } from "./finding.js"

/**
 * Looks for everything that is wrong or odd in a profile beyond its schema: check digits, dates, code lists, the answer
 * to reset, sizes and GBK, fields that contradict one another.
 *
 * @returns errors first; nothing for a good profile. Personal values are not repeated.
 * @example lintProfile(loadProfile("employee")) // []
 */
export function lintProfile(profile: Profile): Finding[] {
  const findings = [
    ...lintHolder(profile),
    ...lintPins(profile),
    ...(profile.financial ? lintFinancial(profile, profile.financial) : []),
    ...lintContents(profile),
  ]
  return findings.sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"))
}

/** What only putting the card together shows: a value that does not fit, or is not in GBK; an unknown field. */
function lintContents(profile: Profile): Finding[] {
  const atr = attempt(() => profileAtr(profile))
  if ("finding" in atr) return [atr.finding]
  const findings = lintAtr(atr.value, profile.atr.hex === undefined ? "atr" : "atr.hex")
  const spec = attempt(() => profileToSpec(profile))
  return "finding" in spec ? [...findings, spec.finding] : findings
}

function attempt<T>(make: () => T): { readonly value: T } | { readonly finding: Finding } {
  try {
    return { value: make() }
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    const en = cause.message.startsWith(`${cause.field}: `)
      ? cause.message.slice(cause.field.length + 2)
      : cause.message
    return { finding: error(cause.field, cause.messageZh ?? `内容不正确:${en}`, en) }
  }
}
