import type { Region } from "../../regions/region.js"
import type { InsuredRow } from "../../store/medical-rows.js"
import { ageOn } from "../calendar.js"
import { type CentreContext, centreTime } from "../context.js"
import { FUND_CASH, POOLED_FUND, personalAccount, returnAccount } from "../ledger/accounts.js"
import { credit, debit, type MedicalPosting, postMedical } from "../ledger/post.js"
import { mul } from "../split/money.js"

/** The premium of a month arrived, or a retired person's month began. */
export interface MonthlyCredit {
  readonly person: string
  /** YYYYMM. */
  readonly month: string
  /** What the employer declared; not for retired people. */
  readonly wageFen?: bigint
}

export interface Credited {
  /** False when this month was credited before. */
  readonly isNew: boolean
  readonly creditFen: bigint
  /** True when the account is closed: the money goes back to who paid it (domain-rules §8.2). */
  readonly isReturned: boolean
}

/** The wage between the floor and the ceiling (domain-rules §5.1). */
export function contributionBase(wageFen: bigint, { floor, ceil }: Region["contrib"]): bigint {
  return wageFen < floor ? floor : wageFen > ceil ? ceil : wageFen
}

/** What a month brings to the personal account, and what of the premium to the pool (domain-rules §5.2). */
export function monthlyShare(
  insured: Pick<InsuredRow, "kind" | "birthDate">,
  wageFen: bigint,
  date: string,
  { contrib, medical }: Region,
): { creditFen: bigint; poolFen: bigint } {
  if (insured.kind === "retiree") {
    const age = ageOn(insured.birthDate, date)
    const step = medical.paCredit.retiree.filter(([from]) => age >= from).at(-1)!
    return { creditFen: step[1], poolFen: -step[1] }
  }
  const base = contributionBase(wageFen, contrib)
  const [employer, employee] = contrib.rates.medical
  const employerFen = mul(base, employer)
  const creditFen = mul(base, medical.paCredit.employee) + mul(employerFen, medical.paCredit.employerShareToPa)
  const premiumFen = employerFen + mul(base, employee) + contrib.rates.medicalFixed
  return { creditFen, poolFen: premiumFen - creditFen }
}

function posting(
  insured: InsuredRow,
  month: string,
  { creditFen, poolFen }: ReturnType<typeof monthlyShare>,
): MedicalPosting {
  const key = `premium-${month}-${insured.number}`
  const isRetiree = insured.kind === "retiree"
  if (insured.account === "open")
    return isRetiree
      ? { key, kind: "K2", legs: [debit(POOLED_FUND, creditFen), credit(personalAccount(insured.number), creditFen)] }
      : {
          key,
          kind: "K1",
          legs: [
            debit(FUND_CASH, creditFen + poolFen),
            credit(personalAccount(insured.number), creditFen),
            credit(POOLED_FUND, poolFen),
          ],
        }
  const fen = isRetiree ? 0n : creditFen + poolFen
  return { key, kind: "K6", legs: [debit(FUND_CASH, fen), credit(returnAccount(insured.number), fen)] }
}

/**
 * Credits a month once, when its premium arrives.
 *
 * @returns undefined when nobody of this number is known
 * @example await creditMonth(centre, { person, month: "202506", wageFen: 800_000n }) // 16000n to the account
 */
export async function creditMonth(
  centre: CentreContext,
  { person, month, wageFen = 0n }: MonthlyCredit,
): Promise<Credited | undefined> {
  const time = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    const insured = await rows.get("insured", person)
    if (!insured) return undefined
    const share = monthlyShare(insured, wageFen, time.date, time.region)
    const entry = await postMedical(rows, posting(insured, month, share), time)
    return { isNew: entry !== undefined, creditFen: share.creditFen, isReturned: insured.account !== "open" }
  })
}
