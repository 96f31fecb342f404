import type { Label } from "../../dictionary/index.js"
import type { FamilyRow } from "../store/medical-rows.js"
import { type CentreContext, centreTime } from "./context.js"
import { isInsuredOn } from "./insured.js"

/** Shares a personal account with a relative; the card stays with its holder (domain-rules §5.3). */
export interface FamilyBond {
  readonly owner: string
  readonly member: string
  /** What the member is to the owner. */
  readonly relation: FamilyRow["relation"]
  /** Both sides proved who they are and agreed. */
  readonly isVerified: { readonly owner: boolean; readonly member: boolean }
}

/** F01 not offered · F02 not such a relative · F03 not insured · F04 too many members · F05 too many accounts · F06 not verified. */
export type FamilyRefusal = "F01" | "F02" | "F03" | "F04" | "F05" | "F06"
export type FamilyOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: FamilyRefusal; readonly reason: Label }

const refuse = (code: FamilyRefusal, zh: string, en: string): FamilyOutcome => ({ ok: false, code, reason: { zh, en } })

/** Binds a relative to an account. */
export async function bindFamily(
  centre: CentreContext,
  { owner, member, relation, isVerified }: FamilyBond,
): Promise<FamilyOutcome> {
  const { date, region } = centreTime(centre)
  const { enabled, relatives, maxMembers, accountsPerPerson } = region.medical.family
  return centre.store.transaction(async (rows) => {
    if (!enabled) return refuse("F01", "本地区未开通家庭共济", "this region does not offer family mutual aid")
    if (!relatives.includes(relation) || owner === member)
      return refuse("F02", "不属于可共济的近亲属", "not a relative who may share")
    if (!isVerified.owner || !isVerified.member)
      return refuse("F06", "双方未完成核验", "both sides have to prove who they are")
    for (const person of [owner, member]) {
      const insured = await rows.get("insured", person)
      if (!insured || !isInsuredOn(insured, date)) return refuse("F03", "双方均须参保", "both sides have to be insured")
    }
    const isOther = (bond: FamilyRow) => bond.owner !== owner || bond.member !== member
    const members = (await rows.list("medicalFamily", { owner, state: "bound" })).filter(isOther)
    if (members.length >= maxMembers)
      return refuse("F04", "共济成员已达上限", "the account has as many members as it may")
    const accounts = (await rows.list("medicalFamily", { member, state: "bound" })).filter(isOther)
    if (accounts.length >= accountsPerPerson)
      return refuse("F05", "已使用他人共济账户", "the member uses as many accounts as he may")
    await rows.put("medicalFamily", { owner, member, relation, state: "bound", since: date })
    return { ok: true }
  })
}

/** Ends the sharing. @returns false when there is none */
export async function releaseFamily(centre: CentreContext, owner: string, member: string): Promise<boolean> {
  return centre.store.transaction(async (rows) => {
    const bond = await rows.get("medicalFamily", owner, member)
    if (bond?.state !== "bound") return false
    await rows.put("medicalFamily", { ...bond, state: "released" })
    return true
  })
}
