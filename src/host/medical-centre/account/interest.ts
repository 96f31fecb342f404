import { InputError } from "../../../apdu/index.js"
import { isCalendarDate } from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import { daysBetween } from "../calendar.js"
import { type CentreContext, centreTime } from "../context.js"
import { cardAccount, FUND_CASH, personalAccount } from "../ledger/accounts.js"
import { credit, debit, postMedical } from "../ledger/post.js"

/** What came to an account on a day. */
export interface AccountChange {
  readonly date: string
  readonly fen: bigint
}

/**
 * Interest on the average balance: rate × balance × days ÷ 365, half up to the fen (domain-rules §5.2).
 *
 * @param changes all of them, in any order; what happened before `from` is the opening balance
 * @param to first day that bears none
 * @param ratio a year, in 1/10,000
 * @example interestOn([{ date: "20250101", fen: 420_000n }], "20250101", "20250315", 100) // 840n, 73 days
 */
export function interestOn(changes: readonly AccountChange[], from: string, to: string, ratio: number): bigint {
  if (to <= from) return 0n
  let fenDays = 0n
  for (const { date, fen } of changes) {
    if (date >= to) continue
    fenDays += fen * BigInt(daysBetween(date < from ? from : date, to))
  }
  const divisor = 365n * 10_000n
  return (fenDays * BigInt(ratio) * 2n + divisor) / (2n * divisor)
}

/** Every change of a personal account, at the centre and on the card. */
export async function accountChanges(rows: BankTransaction, number: string): Promise<AccountChange[]> {
  const changes: AccountChange[] = []
  for (const account of [personalAccount(number), cardAccount(number)])
    for (const { entry, fen } of await rows.list("medicalLegs", { account })) {
      const { date } = (await rows.get("medicalEntries", entry))!
      changes.push({ date, fen: -fen })
    }
  return changes
}

/**
 * Credits the interest of a calendar year, once.
 *
 * @param year YYYY, over by now
 * @returns what was credited, 0 when it was before; undefined when nobody of this number is known or his account is closed
 * @throws {InputError} for a year that is not over
 */
export async function creditInterest(centre: CentreContext, person: string, year: string): Promise<bigint | undefined> {
  const time = centreTime(centre)
  const [from, to] = [`${year}0101`, `${Number(year) + 1}0101`]
  if (!isCalendarDate(from) || time.date < to) throw new InputError("year", "expected a year that is over, YYYY")
  return centre.store.transaction(async (rows) => {
    const insured = await rows.get("insured", person)
    if (insured?.account !== "open") return undefined
    // A leap year has 366 days of a year's interest.
    const { paInterestRate } = centre.regions.at(`${year}1231`).medical
    const fen = interestOn(await accountChanges(rows, insured.number), from, to, paInterestRate)
    const legs = [debit(FUND_CASH, fen), credit(personalAccount(insured.number), fen)]
    const entry = await postMedical(rows, { key: `interest-${year}-${insured.number}`, kind: "K3", legs }, time)
    return entry === undefined ? 0n : fen
  })
}
