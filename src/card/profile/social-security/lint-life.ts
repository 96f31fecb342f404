import { type Finding, warning } from "../finding.js"
import type { LintOptions } from "../kind.js"
import type { SocialSecurityProfile } from "./schema.js"

const BLOCKED: Readonly<Record<Exclude<SocialSecurityProfile["state"], "active">, readonly [zh: string, en: string]>> =
  {
    applicationBlocked: ["社保应用已临时锁定", "the social security application is blocked for a time"],
    applicationBlockedPermanently: ["社保应用已永久锁定", "the social security application is blocked for ever"],
    cardBlocked: ["卡片已锁定,所有指令均被拒绝", "the card is blocked and refuses every command"],
  }

/** What keeps the holder from using the card as it is: blocked, locked, or no longer valid. */
export function lintLife(profile: SocialSecurityProfile, { today }: LintOptions): Finding[] {
  const findings: Finding[] = []
  if (profile.state !== "active") findings.push(warning("state", ...BLOCKED[profile.state]))
  if (profile.pin.triesLeft === 0) findings.push(warning("pin.triesLeft", "密码已锁定", "the PIN is locked"))
  for (const [name, { triesLeft }] of Object.entries(profile.keys?.counters ?? {}))
    if (triesLeft === 0) findings.push(warning(`keys.counters.${name}.triesLeft`, "密钥已锁定", "the key is blocked"))
  return today === undefined ? findings : [...findings, ...lintExpiry(profile, today)]
}

function lintExpiry(profile: SocialSecurityProfile, today: string): Finding[] {
  const findings: Finding[] = []
  if (profile.issuer.expiryDate < today)
    findings.push(warning("issuer.expiryDate", "卡片已过有效期", "the card has expired"))
  if (profile.personKind !== "employer" && profile.financial && profile.financial.expiry < today)
    findings.push(warning("financial.expiry", "金融应用已过有效期", "the financial application has expired"))
  return findings
}
