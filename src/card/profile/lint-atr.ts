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

/** Judges an answer to reset as readers and kernels see it (readers §2.7, financial-emv §13). */
export function lintAtr(atr: Uint8Array, field: string): Finding[] {
  const fault = atrFault(atr)
  if (fault) return [error(field, ...FAULTS[fault])]
  const historical = historicalBytes(atr)
  if (historical.length === 0 || isCompactTlv(historical) || isOfSocialSecurityCard(historical)) return []
  return [
    warning(
      field,
      "历史字节以00或80开头但不是合法的COMPACT-TLV,严格的EMV内核会拒绝",
      "historical bytes begin with 00 or 80 but are no COMPACT-TLV: strict EMV kernels refuse the card",
    ),
  ]
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
