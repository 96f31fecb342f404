import { hex } from "../../../apdu/index.js"
import { type Finding, warning } from "../finding.js"
import type { CardKind } from "../kind.js"
import { checkSamProfile, samProfileSpec } from "./compile.js"
import { type SamProfile, samSchema } from "./schema.js"

/** A SAM: the terminal's card, with the keys of others. */
export const samKind: CardKind<SamProfile> = {
  schema: samSchema,
  check: checkSamProfile,
  toSpec: samProfileSpec,
  lint,
}

function lint({ atr }: SamProfile): Finding[] {
  if (atr.hex !== undefined && hex(atr.hex, "atr.hex").subarray(0, 2).join() === "59,125") return []
  return [
    warning(
      "atr",
      "终端按ATR开头3B7D识别SAM卡,此卡须指定读卡器",
      "terminals know a SAM by an ATR that begins 3B7D; this one must be named by its reader",
    ),
  ]
}
