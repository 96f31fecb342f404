import type { CostLine } from "shebao/dictionary"
import { createMedicalCentre, type MedicalCentre } from "shebao/host"

/** How long one settlement takes the medical centre. */
export interface SettlementFigure {
  readonly name: string
  readonly microseconds: number
  readonly perSecond: number
  /** Of one core alone, whatever else the machine does. */
  readonly cpuMicroseconds: number
}

const PERSONS = 200
const HOSPITAL = "H99000000001"
const NOW = new Date("2025-06-10T02:00:00Z")

/** A bill of three classes, 1,000.00 in all. */
const LINES: readonly CostLine[] = [
  { code: "C01", category: "item", class: "C", feeFen: 5_000n },
  { code: "B01", category: "drug", class: "B", feeFen: 25_000n },
  { code: "A01", category: "drug", class: "A", feeFen: 70_000n },
]

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Identity number of a synthetic person. */
function personOf(index: number): string {
  const first17 = `99999919900101${String(index).padStart(3, "0")}`
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0)
  return first17 + "10X98765432"[sum % 11]
}

async function openCentre(): Promise<MedicalCentre> {
  const centre = createMedicalCentre({ region: "bj-like", clock: () => NOW })
  await centre.addProvider({ code: HOSPITAL, name: "测试医院", kind: "hospital", level: "3" })
  await centre.endow("opening", { "3101": 10n ** 11n })
  for (let i = 0; i < PERSONS; i++) {
    const person = personOf(i)
    const cardNumber = `S${String(i).padStart(8, "0")}`
    await centre.insure({ person, name: "测试", kind: "employee", insuredFrom: "20200101", cardNumber })
    await centre.creditMonth({ person, month: "202505", wageFen: 3_000_000n })
  }
  return centre
}

/** Registers visits, and settles them under the clock. */
async function run(centre: MedicalCentre, name: string, count: number): Promise<SettlementFigure> {
  const visits: string[] = []
  for (let i = 0; i < count; i++) {
    const visit = await centre.registerVisit({ person: personOf(i % PERSONS), provider: HOSPITAL, care: "outpatient" })
    if (!visit.ok) throw new Error(visit.code)
    visits.push(visit.id)
  }
  const start = performance.now()
  const before = process.cpuUsage()
  for (const visit of visits) {
    const outcome = await centre.settle({ serial: `${name}-${visit}`, visit, lines: LINES, pinVerified: true })
    if (!outcome.ok) throw new Error(outcome.code)
  }
  const microseconds = ((performance.now() - start) * 1000) / count
  const { user, system } = process.cpuUsage(before)
  return { name, microseconds, perSecond: Math.round(1e6 / microseconds), cpuMicroseconds: (user + system) / count }
}

/** Times whole settlements: refusals, split, ledger and year, each in a transaction of its own. @param count how many */
export async function benchSettlement(count = 20_000): Promise<SettlementFigure[]> {
  const centre = await openCentre()
  await run(centre, "warm-up", 2_000)
  const figures = [await run(centre, "settlement, memory, one after the other", count)]
  const { ok, violations } = await centre.ledger.verify()
  if (!ok) throw new Error(`the ledger is broken: ${violations[0]}`)
  await centre.close()
  return figures
}
