import { error, type Finding, warning } from "../finding.js"
import type { PersonProfile, SocialSecurityProfile } from "./schema.js"

/** PINs and what the bank is told: formats, counters, contradictions. */
export function lintPins(profile: SocialSecurityProfile): Finding[] {
  return [
    ...lintPin("pin", profile.pin),
    ...lintCounters(profile),
    ...(profile.personKind === "employer" ? [] : lintBankSide(profile)),
  ]
}

function lintBankSide(profile: PersonProfile): Finding[] {
  const offline = profile.financial ? lintPin("financial.offlinePin", profile.financial.offlinePin) : []
  return [...offline, ...lintBank(profile)]
}

function lintCounters({ keys }: SocialSecurityProfile): Finding[] {
  return Object.entries(keys?.counters ?? {}).flatMap(([name, counter]) =>
    lintTriesLeft(`keys.counters.${name}`, counter),
  )
}

interface Pin {
  readonly value: string
  readonly tries: number
  readonly triesLeft?: number | undefined
}

function lintPin(field: string, pin: Pin): Finding[] {
  const findings: Finding[] = []
  if (pin.value.length !== 6)
    findings.push(warning(`${field}.value`, "密码通常为6位数字", "a PIN normally has six digits"))
  return [...findings, ...lintTriesLeft(field, pin)]
}

function lintTriesLeft(field: string, { tries, triesLeft }: Omit<Pin, "value">): Finding[] {
  return triesLeft !== undefined && triesLeft > tries
    ? [error(`${field}.triesLeft`, "剩余次数不能大于总次数", "more tries left than there are")]
    : []
}

function lintBank({ bank, financial }: PersonProfile): Finding[] {
  if (!bank) return []
  if (!financial)
    return [
      warning("bank", "卡上没有金融应用,银行部分无效", "without a financial application the bank has nothing to keep"),
    ]
  const active = financial.state === "active"
  const findings: Finding[] = []
  if (active !== (bank.state === "active"))
    findings.push(
      warning(
        "bank.state",
        "与卡上金融应用的状态不一致",
        "differs from the state of the financial application on the card",
      ),
    )
  if (bank.state === "active" && bank.pin === undefined)
    findings.push(error("bank.pin", "已激活的账户必须有密码", "an active account needs a PIN"))
  return findings
}
