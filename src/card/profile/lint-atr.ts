import { toHex } from "../../apdu/index.js"
import { type AtrFault, atrFault, historicalBytes } from "./atr.js"
import { error, type Finding, warning } from "./finding.js"

const FAULTS: Readonly<Record<AtrFault, readonly [zh: string, en: string]>> = {
  length: ["ATR长度应为2到33字节", "an answer to reset has 2 to 33 bytes"],
  initialCharacter: ["首字节应为3B或3F", "the first byte must be 3B or 3F"],
  truncated: ["ATR比其格式字节声明的短", "shorter than its format bytes announce"],
  trailing: ["ATR比其格式字节声明的长", "longer than its format bytes announce"],
  checkByteMissing: ["声明了T=0以外的协议,必须有校验字节TCK", "a protocol other than T=0 demands the check byte TCK"],
  checkByteWrong: ["校验字节TCK不正确", "the check byte TCK is wrong"],
}

const SHORTEST_FOR_KEYS = 10
const HISTORICAL_COUNT = 13

/** Judges an answer to reset as readers, kernels and social security clients see it (readers §2.7, financial-emv §13). */
export function lintAtr(atr: Uint8Array, field: string): Finding[] {
  const fault = atrFault(atr)
  if (fault) return [error(field, ...FAULTS[fault])]
  const findings: Finding[] = []
  if (atr.length < SHORTEST_FOR_KEYS)
    findings.push(error(field, "末8字节用于密钥分散,ATR太短", "too short: keys are diversified with its last 8 bytes"))
  if ((atr[1]! & 0x80) !== 0)
    findings.push(warning(field, "含有TD1:社保卡为T=0单协议卡", "has a TD1: social security cards offer T=0 alone"))
  const historical = historicalBytes(atr)
  if (historical.length !== HISTORICAL_COUNT || toHex(atr.subarray(0, 4)) !== "3B6D0000")
    findings.push(
      warning(
        field,
        "社保客户端跳过4字节取26位十六进制历史字节,应为3B6D0000加13个历史字节",
        "social security clients skip 4 bytes and take 26 hex digits: expected 3B6D0000 and 13 historical bytes",
      ),
    )
  if (historical.length > 0 && !isCompactTlv(historical) && !isOfSocialSecurityCard(historical))
    findings.push(
      warning(
        field,
        "历史字节以00或80开头但不是合法的COMPACT-TLV,严格的EMV内核会拒绝",
        "historical bytes begin with 00 or 80 but are no COMPACT-TLV: strict EMV kernels refuse the card",
      ),
    )
  return findings
}

/** Real social security cards carry this fault themselves; the preset `ssc` is true to them. */
const isOfSocialSecurityCard = (historical: Uint8Array) => /^00(81|85|87|90)/.test(toHex(historical))

/** Category byte 00 ends in three status bytes, 80 may end in some; the rest is tag and length in one byte (ISO 7816-4 §8.1). */
function isCompactTlv(historical: Uint8Array): boolean {
  if (historical[0] !== 0x00 && historical[0] !== 0x80) return true
  const end = historical[0] === 0x00 ? historical.length - 3 : historical.length
  let at = 1
  while (at < end) at += 1 + (historical[at]! & 15)
  return at === end
}
