import { hexNumber, type StatusWord } from "../apdu/index.js"
import type { KeyRefusal, KeyRefusalCode } from "./key-service.js"
import type { Label } from "./label.js"

/** What refusals say, after the driver interface where it has words for them (driver-api §7). */
const TEXTS: Readonly<Record<KeyRefusalCode, Label>> = {
  NO_SAM: { en: "there is no SAM in its slot", zh: "无PSAM卡" },
  ALGORITHM_NOT_SUPPORTED: { en: "the card's algorithm is not supported", zh: "不支持卡片的算法" },
  KEY_UNKNOWN: { en: "there is no such key", zh: "没有所需密钥" },
  KEY_LEVEL: { en: "the key is held on a level that does not reach this card", zh: "密钥级别不够" },
  KEY_REFUSED: { en: "the key may not be used so", zh: "密钥使用被拒绝" },
  KEY_SERVICE_UNREACHABLE: { en: "the key service cannot be reached", zh: "无法连接密钥服务" },
}

/** Every code of a refusal. */
export const keyRefusalCodes = Object.keys(TEXTS) as readonly KeyRefusalCode[]

/**
 * A refusal of a key service with its texts.
 *
 * @param detail what makes it clearer: the name of a key, an address; never a secret
 * @param statusWord what a SAM answered
 * @example keyRefusal("KEY_UNKNOWN", "RKssse", 0x6a88)
 */
export function keyRefusal(code: KeyRefusalCode, detail?: string, statusWord?: StatusWord): KeyRefusal {
  const { en, zh } = TEXTS[code]
  const word = statusWord === undefined ? undefined : `SW ${hexNumber(statusWord, 4)}`
  const more = [detail, word].filter((part) => part !== undefined).join(", ")
  return {
    ok: false,
    code,
    message: more === "" ? en : `${en} (${more})`,
    messageZh: more === "" ? zh : `${zh}(${more})`,
    ...(statusWord !== undefined && { statusWord }),
  }
}
