import type { Label } from "../../../dictionary/index.js"
import { checkCitizenId, readCitizenId } from "../../../dictionary/index.js"
import { ageOn } from "../calendar.js"
import type { Heir, WithdrawalApplication } from "./application.js"

const FIRST_ORDER = ["SPOUSE", "CHILD", "PARENT"]
const SECOND_ORDER = ["SIBLING", "GRANDPARENT"]
const OF_AGE = 18

/** Whether a citizen identity number says that its holder is a minor on a day. */
export const isMinor = ({ id }: Pick<Heir, "id">, date: string) => ageOn(readCitizenId(id).birthDate, date) < OF_AGE

/**
 * What speaks against those who say that they are the heirs (Civil Code 1127, 1130, 1133; domain-rules §8.2): relatives of
 * the second order inherit only when there is none of the first, others only by a will that a notary or court confirms, a
 * minor acts through a guardian.
 */
export function faultOfHeirs(
  { heirs, applicant, person }: WithdrawalApplication,
  date: string,
  acceptsCommitment: boolean,
): Label | undefined {
  if (heirs.length === 0) return { zh: "未列明继承人", en: "no heir is named" }
  const hasFirst = heirs.some(({ kinship }) => FIRST_ORDER.includes(kinship))
  for (const heir of heirs) {
    const fault = faultOfHeir(heir, { person, date, hasFirst, acceptsCommitment })
    if (fault) return fault
  }
  const ids = heirs.map(({ id }) => id)
  if (new Set(ids).size !== ids.length) return { zh: "继承人重复", en: "an heir is named twice" }
  const may = heirs.some(({ id, guardian }) => (guardian ? guardian.id === applicant.id : id === applicant.id))
  return may
    ? undefined
    : { zh: "申请人不是继承人或其监护人", en: "the applicant is neither an heir nor a guardian of one" }
}

interface HeirContext {
  readonly person: string
  readonly date: string
  readonly hasFirst: boolean
  readonly acceptsCommitment: boolean
}

function faultOfHeir(heir: Heir, { person, date, hasFirst, acceptsCommitment }: HeirContext): Label | undefined {
  const { id, kinship, proof, isWilled, guardian } = heir
  if (id === person) return { zh: "继承人不能是被继承人本人", en: "the deceased cannot be his own heir" }
  if (proof === "COMMITMENT" && !acceptsCommitment)
    return { zh: "本地区不接受承诺书代替关系证明", en: "a commitment does not prove the kinship here" }
  if (isWilled) {
    if (proof !== "NOTARY" && proof !== "COURT")
      return { zh: "遗嘱须经公证或法院确认", en: "a will has to be confirmed by a notary or a court" }
  } else if (SECOND_ORDER.includes(kinship)) {
    if (hasFirst) return { zh: "有第一顺序继承人,第二顺序不继承", en: "there is an heir of the first order" }
  } else if (!FIRST_ORDER.includes(kinship)) return { zh: "不属于法定继承人", en: "not a legal heir" }
  if (isMinor(heir, date)) {
    if (!guardian) return { zh: "未成年继承人须由监护人代办", en: "a minor heir acts through a guardian" }
    if (checkCitizenId(guardian.id, { synthetic: true }) || isMinor(guardian, date))
      return { zh: "监护人须为成年人", en: "the guardian has to be of age" }
  }
  return undefined
}

/** What speaks against the heirs' agreement: everybody signed or waived, and the shares are named for all or for none. */
export function faultOfAgreement({ heirs, materials }: WithdrawalApplication): Label | undefined {
  const takers = heirs.filter(({ consent }) => consent === "agrees")
  if (heirs.some(({ consent }) => consent === "disagrees" || consent === "absent"))
    return { zh: "继承人意见不一致或缺少放弃声明", en: "an heir disagrees, or neither signed nor waived" }
  if (takers.length === 0) return { zh: "全部继承人放弃", en: "all heirs waived" }
  if (heirs.length > 1 && !materials.includes("heirsAgreement"))
    return { zh: "缺少全体继承人签署的协议", en: "the agreement signed by all heirs is missing" }
  const named = takers.filter(({ share }) => share !== undefined).length
  if (named !== 0 && named !== takers.length)
    return { zh: "份额约定不完整", en: "shares are named for some heirs only" }
  return undefined
}

/**
 * Divides an amount; the fen that remain go to the first (domain-rules §8.2).
 *
 * @example divide(100_000n, [1, 1, 1]) // [33334n, 33333n, 33333n]
 */
export function divide(fen: bigint, shares: readonly number[]): bigint[] {
  const whole = BigInt(shares.reduce((sum, share) => sum + share, 0))
  const parts = shares.map((share) => (fen * BigInt(share)) / whole)
  parts[0]! += fen - parts.reduce((sum, part) => sum + part, 0n)
  return parts
}
