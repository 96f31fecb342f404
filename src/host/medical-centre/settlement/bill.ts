import type { CareKind, ClassifiedCosts, ExplanationStep, SettlementSplit } from "../../../dictionary/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import type { InsuredRow, MedicalYearRow } from "../../store/medical-rows.js"
import { ageOn, medicalYear } from "../calendar.js"
import type { CentreTime } from "../context.js"
import { accountOf, isInsuredOn } from "../insured.js"
import {
  AID_FUND,
  CIVIL_FUND,
  cardAccount,
  LARGE_FUND,
  MAJOR_ILLNESS_FUND,
  POOLED_FUND,
  personalAccount,
} from "../ledger/accounts.js"
import { debit, type MedicalLeg } from "../ledger/post.js"
import { type HospitalLevel, UNUSED_YEAR, type YearUse } from "../split/case.js"
import { least } from "../split/money.js"
import { splitBill } from "../split/split.js"
import { type NotSettled, notSettled } from "./request.js"

/** A bill with everything that decides about it, wherever it came from. */
export interface Bill {
  readonly person: string
  readonly care: CareKind
  readonly cause: "illness" | "workInjury" | "thirdParty"
  readonly level: HospitalLevel
  readonly place: "community" | "other"
  readonly beganOn: string
  readonly costs: ClassifiedCosts
  readonly penaltyPoints: number
  readonly useAccount: boolean
  readonly pinVerified: boolean
  readonly expected?: { readonly fundFen: bigint; readonly cashFen: bigint }
  /** The account on the card pays, not the part at the centre. */
  readonly payFromCard: boolean
}

/** A bill that may be settled. */
export interface Assessment {
  readonly insured: InsuredRow
  readonly split: SettlementSplit
  readonly use: YearUse
  readonly year: MedicalYearRow
  /** What each pot pays: the debits of the entry. */
  readonly debits: readonly MedicalLeg[]
  /** The account before the bill. */
  readonly totalFen: bigint
}

/** Who may not settle at all, before any figure (domain-rules §6.5). */
function refusePerson(insured: InsuredRow | undefined, bill: Bill): NotSettled | undefined {
  if (bill.cause !== "illness")
    return notSettled(
      "S04",
      "工伤或第三人责任费用不由医保基金支付",
      "work injury or a third party's liability is not paid by the medical fund",
    )
  if (!insured || !isInsuredOn(insured, bill.beganOn))
    return notSettled("S02", "就诊日未正常参保", "not insured on the day of the visit")
  if (insured.diedOn !== null) {
    // The last bill of somebody who died in hospital is settled; he can no longer present a card (domain-rules §18.1, 14).
    if (insured.diedOn < bill.beganOn)
      return notSettled("S01", "持卡人已死亡", "the holder is deceased", { detail: "C07" })
  } else if (insured.cardState !== "normal") {
    const isLocked = insured.cardState === "pinLocked"
    return notSettled("S01", "社保卡状态异常", "the card is not in its normal state", {
      detail: isLocked ? "C10" : "C01",
    })
  }
  return undefined
}

/** Paying from the account needs the PIN, and not the one that the card was issued with (domain-rules §3.2, §6.5). */
function refusePin({ pinVerified }: Bill, insured: InsuredRow, { region }: CentreTime): NotSettled | undefined {
  if (!region.medical.paPinRequired) return undefined
  if (!pinVerified)
    return notSettled("S05", "个人账户支付须校验社保密码", "paying from the account needs the social security PIN")
  if (insured.hasInitialPin !== 0 && region.card.initialPinMode === "noPayment")
    return notSettled("S05", "初始密码未修改,不能支付", "the initial PIN may not pay", { detail: "C08" })
  return undefined
}

interface Relative {
  readonly account: string
  readonly fen: bigint
}

async function relativesOf(rows: BankTransaction, person: string, { region }: CentreTime): Promise<Relative[]> {
  const { enabled, accountsPerPerson } = region.medical.family
  if (!enabled) return []
  const bonds = await rows.list("medicalFamily", { member: person, state: "bound" })
  const relatives: Relative[] = []
  for (const { owner } of bonds.slice(0, accountsPerPerson)) {
    const insured = await rows.get("insured", owner)
    if (insured?.account !== "open") continue
    const account = personalAccount(insured.number)
    relatives.push({ account, fen: (await accountOf(rows, insured.number)).centreFen })
  }
  return relatives
}

function fundLegs({ poolFen, largeFen, majorIllnessFen, civilFen, aidFen }: SettlementSplit): MedicalLeg[] {
  return [
    debit(POOLED_FUND, poolFen),
    debit(LARGE_FUND, largeFen),
    debit(MAJOR_ILLNESS_FUND, majorIllnessFen),
    debit(CIVIL_FUND, civilFen),
    debit(AID_FUND, aidFen),
  ]
}

function accountLegs(
  insured: InsuredRow,
  bill: Bill,
  { accountFen, familyFen }: SettlementSplit,
  relatives: Relative[],
) {
  const account = bill.payFromCard ? cardAccount(insured.number) : personalAccount(insured.number)
  const legs = [debit(account, accountFen)]
  let left = familyFen
  for (const relative of relatives) {
    const pays = least(relative.fen, left)
    legs.push(debit(relative.account, pays))
    left -= pays
  }
  return legs
}

/**
 * Judges a bill and splits it by the rules of today: who may settle, who pays what. Reads only.
 *
 * @param steps is filled with the explanation when given
 */
export async function assess(
  rows: BankTransaction,
  bill: Bill,
  time: CentreTime,
  steps?: ExplanationStep[],
): Promise<Assessment | NotSettled> {
  const found = await rows.get("insured", bill.person)
  const refused = refusePerson(found, bill)
  if (refused) return refused
  const insured = found!
  const { medical } = time.region
  const yearName = medicalYear(time.date, medical.yearStart)
  const year = (await rows.get("medicalYears", insured.person, yearName)) ?? {
    person: insured.person,
    year: yearName,
    ...UNUSED_YEAR,
  }
  const account = await accountOf(rows, insured.number)
  const usable = bill.useAccount && insured.account === "open"
  const relatives = usable ? await relativesOf(rows, insured.person, time) : []
  const { split, use } = splitBill(
    {
      care: bill.care,
      level: bill.level,
      place: bill.place,
      person: {
        isRetiree: insured.kind === "retiree",
        age: ageOn(insured.birthDate, time.date),
        isCivilServant: insured.civilServant !== 0,
        getsAid: insured.aid !== 0,
      },
      costs: bill.costs,
      year,
      penaltyPoints: bill.penaltyPoints,
      accountFen: usable ? (bill.payFromCard ? account.cardFen : account.centreFen) : 0n,
      familyFen: relatives.reduce((sum, { fen }) => sum + fen, 0n),
    },
    medical,
    steps && ((step) => steps.push(step)),
  )
  const { expected } = bill
  if (expected && (expected.fundFen !== split.fundFen || expected.cashFen !== split.cashFen))
    return notSettled("S06", "结算金额与预结算不一致", "the figures changed since the pre-settlement")
  return {
    insured,
    split,
    use,
    year,
    debits: [...fundLegs(split), ...accountLegs(insured, bill, split, relatives)],
    totalFen: account.totalFen,
  }
}

/** What the PIN decides; a pre-settlement does not ask for it. */
export function refuseUnproved(bill: Bill, { insured, split }: Assessment, time: CentreTime): NotSettled | undefined {
  return split.accountFen + split.familyFen > 0n ? refusePin(bill, insured, time) : undefined
}

/** A year with the use of a bill added, or with −1 taken away. */
export function changeYear(year: MedicalYearRow, use: YearUse, sign: 1 | -1): MedicalYearRow {
  const times = BigInt(sign)
  return {
    person: year.person,
    year: year.year,
    stays: year.stays + sign * use.stays,
    inpatientScopeFen: year.inpatientScopeFen + times * use.inpatientScopeFen,
    inpatientPoolFen: year.inpatientPoolFen + times * use.inpatientPoolFen,
    largeFen: year.largeFen + times * use.largeFen,
    outpatientDeductibleFen: year.outpatientDeductibleFen + times * use.outpatientDeductibleFen,
    outpatientPoolFen: year.outpatientPoolFen + times * use.outpatientPoolFen,
  }
}
