import type {
  CostLine,
  PersonalAccountCard,
  PersonalAccountOrder,
  PersonalAccountOutcome,
} from "../../../src/dictionary/index.js"
import {
  type BankStore,
  createMedicalCentre,
  loadRegion,
  type MedicalCentre,
  type RegionChanges,
} from "../../../src/host/index.js"
import type { MedicalCentreOptions } from "../../../src/host/medical-centre/centre.js"
import { memoryStore } from "../../../src/host/store/memory-store.js"

/** Synthetic persons of domain-rules §17.7. */
export const PERSON = "999999199001010016"
export const SPOUSE = "999999198506150028"
export const RETIREE = "999999196002290036"
export const OTHER = "999999197511200240"
export const CARD_NUMBER = "S00000012"

export const HOSPITAL = "H99000000001"
export const CLINIC = "C99000000001"
export const PHARMACY = "P99000000001"

export const yuan = (amount: number) => BigInt(Math.round(amount * 100))

/** A clock that stands still until it is told. */
export function standingClock(start = "2025-06-10T02:00:00Z") {
  let now = new Date(start)
  return Object.assign(() => now, {
    /** Sets it to a moment in China: `2025-12-31 23:59:59`. */
    set(local: string) {
      now = new Date(`${local.replace(" ", "T")}+08:00`)
    },
  })
}

export interface MedicalWorld {
  readonly centre: MedicalCentre
  readonly store: BankStore
  readonly clock: ReturnType<typeof standingClock>
  /** Registers a visit at the tertiary hospital. */
  visit(changes?: Partial<Parameters<MedicalCentre["registerVisit"]>[0]>): Promise<string>
}

export interface MedicalWorldOptions extends Omit<MedicalCentreOptions, "region" | "clock" | "store"> {
  readonly region?: string
  readonly changes?: RegionChanges
  readonly store?: BankStore
  /** What each person's account holds. */
  readonly balanceYuan?: number
  /** When all this began; default the day of the tests, 10 June 2025. */
  readonly start?: string
}

/** A centre with one insured person, a hospital of level 3, a community clinic, a pharmacy, and endowed funds. */
export async function openMedicalWorld(options: MedicalWorldOptions = {}): Promise<MedicalWorld> {
  const { region: name = "default", changes = {}, balanceYuan = 4_200, start, ...rest } = options
  const clock = standingClock(start)
  const store = options.store ?? memoryStore()
  const regions = { at: (date: string) => loadRegion(name, { date, changes }) }
  const centre = createMedicalCentre({ ...rest, store, region: regions, clock })
  await centre.insure({
    person: PERSON,
    name: "测试一号",
    kind: "employee",
    insuredFrom: "20200101",
    cardNumber: CARD_NUMBER,
  })
  await centre.addProvider({ code: HOSPITAL, name: "测试医院", kind: "hospital", level: "3" })
  await centre.addProvider({ code: CLINIC, name: "测试社区", kind: "community" })
  await centre.addProvider({ code: PHARMACY, name: "测试药店", kind: "pharmacy" })
  await centre.endow("opening", { "3101": yuan(10_000_000), "3102": yuan(10_000_000), "3104": yuan(1_000_000) })
  if (balanceYuan > 0) await giveAccount(centre, PERSON, balanceYuan)
  return {
    centre,
    store,
    clock,
    async visit(given = {}) {
      const request = { person: PERSON, provider: HOSPITAL, care: "inpatient" as const, ...given }
      const answer = await centre.registerVisit(request)
      if (!answer.ok) throw new Error(`the visit was refused: ${answer.code}`)
      return answer.id
    },
  }
}

/** Fills an account by premiums: each month gives at most 2 % of the ceiling, the last one what is missing. */
export async function giveAccount(centre: MedicalCentre, person: string, amountYuan: number): Promise<void> {
  let left = Math.round(amountYuan * 100)
  for (let month = 0; left > 0; month++) {
    // A wage between the default floor and ceiling credits 120.00 to 600.00.
    const part = left <= 60_000 ? left : left - 60_000 < 12_000 ? 48_000 : 60_000
    const name = `${2000 + Math.floor(month / 12)}${String((month % 12) + 1).padStart(2, "0")}`
    const credited = await centre.creditMonth({ person, month: name, wageFen: BigInt(part) * 50n })
    if (credited?.creditFen !== BigInt(part)) throw new Error(`cannot credit ${part} fen in one month`)
    left -= part
  }
}

/** The bill of case I of domain-rules §6.4: 40,000.00, of it 2,000 class C and 1,000 first share. */
export const BILL_I: readonly CostLine[] = [
  { code: "C01", category: "item", class: "C", feeFen: yuan(2_000) },
  { code: "B01", category: "drug", class: "B", feeFen: yuan(10_000) },
  { code: "A01", category: "drug", class: "A", feeFen: yuan(28_000) },
]

/** A card that keeps a personal account as a real one does: an order happens once. */
export function testCard(cardNumber = CARD_NUMBER) {
  const done = new Map<string, PersonalAccountOrder>()
  let balanceFen = 0n
  let faults: ("refused" | "before" | "after")[] = []
  const proof = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  function commit(order: PersonalAccountOrder): PersonalAccountOutcome {
    const change = order.kind === "load" ? order.personalFen : -order.personalFen
    if (balanceFen + change < 0n) return { outcome: "refused", reason: { zh: "余额不足", en: "balance" } }
    if (done.has(order.serial)) throw new Error("the card debited twice")
    balanceFen += change
    done.set(order.serial, order)
    return { outcome: "done", proof }
  }
  return {
    cardNumber,
    async transact(order) {
      const fault = faults.shift()
      if (fault === "refused") return { outcome: "refused", reason: { zh: "拒绝", en: "refused" } }
      if (fault === "before") return { outcome: "unknown" }
      const outcome = commit(order)
      return fault === "after" ? { outcome: "unknown" } : outcome
    },
    async prove(order) {
      if (done.has(order.serial)) return { outcome: "done", proof }
      return { outcome: "refused", reason: { zh: "未提交", en: "not committed" } }
    },
    /** What happens at the next transactions: refused, or no answer before or after the commit. */
    failNext(...next: typeof faults) {
      faults = next
    },
    get balanceFen() {
      return balanceFen
    },
    orders: () => [...done.values()],
  } satisfies PersonalAccountCard & Record<string, unknown>
}
