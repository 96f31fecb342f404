import { error, type Finding, warning } from "../finding.js"
import type { PersonProfile, PkiProfile } from "./schema.js"

/** What contradicts itself in the PKI section. */
export function lintPki({ specVersion }: PersonProfile, pki: PkiProfile): Finding[] {
  const findings: Finding[] = []
  if (specVersion !== "3.00")
    findings.push(warning("pki", "PKI应用属于规范3.00的卡", "the PKI application belongs to cards of version 3.00"))
  for (const name of ["userPin", "adminPin", "masterKey"] as const) {
    const { tries, triesLeft = tries } = pki[name]
    if (triesLeft > tries)
      findings.push(error(`pki.${name}.triesLeft`, "剩余次数不能大于总次数", "more tries left than there are"))
  }
  for (const pair of ["signature", "encryption"] as const)
    if (pki.certificates[pair] !== undefined && pki.keys?.[pair] === undefined)
      findings.push(warning(`pki.certificates.${pair}`, "卡上没有对应的密钥", "there is no key that it would be of"))
  return findings
}
