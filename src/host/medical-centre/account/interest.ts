import { InputError } from "../../../apdu/index.js"
import { isCalendarDate } from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import { daysBetween } from "../calendar.js"
import { type CentreContext, type CentreTime, centreTime } from "../context.js"
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

async function postInterest(
  rows: BankTransaction,
  { number, from, to, ratio, key }: { number: string; from: string; to: string; ratio: number; key: string },
  time: CentreTime,
): Promise<bigint> {
  const fen = interestOn(await accountChanges(rows, number), from, to, ratio)
  const legs = [debit(FUND_CASH, fen), credit(personalAccount(number), fen)]
  return (await postMedical(rows, { key, kind: "K3", legs }, time)) === undefined ? 0n : fen
}

const yearOf = (number: string, year: string, ratio: number) => ({
  number,
  from: `${year}0101`,
  to: `${Number(year) + 1}0101`,
  ratio,
  key: `interest-${year}-${number}`,
})

/**
 * Credits the interest of a calendar year, once.
 *
 * @param year YYYY, over by now
 * @returns what was credited, 0 when it was before; undefined when nobody of this number is known or his account is closed
 * @throws {InputError} for a year that is not over
 */
export async function creditInterest(centre: CentreContext, person: string, year: string): Promise<bigint | undefined> {
  const time = centreTime(centre)
  if (!isCalendarDate(`${year}0101`) || time.date < `${Number(year) + 1}0101`)
    throw new InputError("year", "expected a year that is over, YYYY")
  return centre.store.transaction(async (rows) => {
    const insured = await rows.get("insured", person)
    if (insured?.account !== "open") return undefined
    const { paInterestRate } = centre.regions.at(`${year}1231`).medical
    return postInterest(rows, yearOf(insured.number, year, paInterestRate), time)
  })
}

/** Credits what interest is still due before an account is paid out: last year's, and this year's up to today. */
export async function creditLastInterest(rows: BankTransaction, number: string, time: CentreTime): Promise<bigint> {
  const year = time.date.slice(0, 4)
  const ratio = time.region.medical.paInterestRate
  const before = await postInterest(rows, yearOf(number, String(Number(year) - 1), ratio), time)
  const part = { ...yearOf(number, year, ratio), to: time.date }
  return before + (await postInterest(rows, part, time))
}
