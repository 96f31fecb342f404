import { InputError, toHex } from "../../../apdu/index.js"
import { atrFault, historicalBytes, profileAtr } from "../atr.js"
import { error, type Finding, warning } from "../finding.js"
import type { SocialSecurityProfile } from "./schema.js"

const SHORTEST_FOR_KEYS = 10
const HISTORICAL_COUNT = 13

/** What clients of social security cards ask of the answer to reset (card-structure §3.1). */
export function lintCardAtr(profile: SocialSecurityProfile): Finding[] {
  const atr = atrOf(profile)
  if (atr === undefined || atrFault(atr) !== undefined) return []
  const field = profile.atr.hex === undefined ? "atr" : "atr.hex"
  const findings: Finding[] = []
  if (atr.length < SHORTEST_FOR_KEYS)
    findings.push(error(field, "末8字节用于密钥分散,ATR太短", "too short: keys are diversified with its last 8 bytes"))
  if (isContactless(atr)) return findings
  if ((atr[1]! & 0x80) !== 0)
    findings.push(warning(field, "含有TD1:社保卡为T=0单协议卡", "has a TD1: social security cards offer T=0 alone"))
  if (historicalBytes(atr).length !== HISTORICAL_COUNT || toHex(atr.subarray(0, 4)) !== "3B6D0000")
    findings.push(
      warning(
        field,
        "社保客户端跳过4字节取26位十六进制历史字节,应为3B6D0000加13个历史字节",
        "social security clients skip 4 bytes and take 26 hex digits: expected 3B6D0000 and 13 historical bytes",
      ),
    )
  return findings
}

/** PC/SC part 3: TD1 80, TD2 01 and the thirteen historical bytes of the card (card-structure §3.3). */
const isContactless = (atr: Uint8Array) => toHex(atr.subarray(0, 4)) === "3B8D8001" && atr.length === 18

/** Undefined where the profile gives none: the linter tells of that already. */
function atrOf(profile: SocialSecurityProfile): Uint8Array | undefined {
  try {
    return profileAtr(profile)
  } catch (cause) {
    if (cause instanceof InputError) return undefined
    throw cause
  }
}
