import { wrongInput } from "../../../apdu/index.js"
import type { CardKind } from "../kind.js"
import { socialSecuritySpec } from "./compile.js"
import { lintSocialSecurity } from "./lint.js"
import { type SocialSecurityProfile, socialSecuritySchema } from "./schema.js"
import { socialSecurityProfileTables } from "./tables.js"

/** The card that this project is about. */
export const socialSecurityKind: CardKind<SocialSecurityProfile> = {
  schema: socialSecuritySchema,
  check: refuseUnsupported,
  toSpec: socialSecuritySpec,
  tables: socialSecurityProfileTables,
  lint: lintSocialSecurity,
}

/** SM4 came with the third generation (card-structure §2). */
function refuseUnsupported({ specVersion, algorithm }: SocialSecurityProfile): void {
  if (algorithm === "sm4" && specVersion !== "3.00")
    throw wrongInput(
      "algorithm",
      `规范${specVersion}的卡应为"3des",收到"sm4"`,
      `expected "3des" on a card of version ${specVersion}, got "sm4"`,
    )
}
