import type { BureauCard, BureauCardOutcome, BureauCardWrite } from "../../../src/dictionary/index.js"
import {
  type BankStore,
  createBureau,
  loadRegion,
  type RegionChanges,
  type ServiceName,
} from "../../../src/host/index.js"
import { memoryStore } from "../../../src/host/store/memory-store.js"
import { standingClock } from "../medical-centre/world.js"

/** Synthetic persons of domain-rules §17.7. */
export const PERSON = "999999199001010016"
export const OTHER = "999999197511200240"
export const NOBODY = "999999198506150028"
export const CARD_NUMBER = "S00000012"
export const UNIT = { employer: "91990100MA00000073", operator: "admin" } as const
export const RIVAL = { employer: "91440300708461136T", operator: "boss" } as const
export const asPerson = { kind: "person", id: PERSON, proof: "cardAndPin" } as const

type Listed = "bureauAudit" | "bureauCases" | "bureauPersons" | "bureauLines"

/** A bureau with two people, two employers, and eight paid months of one of them. */
export async function openBureau({
  changes = {},
  store = memoryStore(),
}: {
  changes?: RegionChanges
  store?: BankStore
} = {}) {
  const clock = standingClock("2025-01-05T02:00:00Z")
  const regions = { at: (date: string) => loadRegion("default", { date, changes }) }
  const bureau = createBureau({ store, clock, region: regions })
  const holder = { name: "测试一号", kind: "employee", cardIssuedOn: "20240601", isAccountActive: true }
  await bureau.enrol({ ...holder, person: PERSON, cardNumber: CARD_NUMBER, priorMonths: 80, priorFen: 4_000_000n })
  await bureau.enrol({ ...holder, person: OTHER, name: "测试二号", cardNumber: "S00000020" })
  for (const { employer: code, operator } of [UNIT, RIVAL])
    await bureau.addEmployer({
      code,
      name: "测试公司",
      registrationNumber: "9900000001",
      injuryClass: 2,
      operators: [operator],
    })
  await bureau.unit.addEmployee(UNIT, { person: PERSON, beganOn: "20250102", wageFen: 800_000n })
  for (const month of ["202501", "202502", "202503", "202504"]) {
    clock.set(`2025-${month.slice(4)}-20 10:00:00`)
    const declared = await bureau.unit.declare(UNIT, month)
    if (!declared.ok) throw new Error(declared.code)
    await bureau.unit.pay(UNIT, month, declared.dueFen)
  }
  clock.set("2025-06-10 10:00:00")
  const question = { asker: asPerson, subject: PERSON, channel: "kiosk", purpose: "own affairs" }
  const all = <Name extends Listed>(table: Name) => store.transaction((rows) => rows.list(table))
  const dump = async () => ({
    cases: await all("bureauCases"),
    persons: await all("bureauPersons"),
    lines: await all("bureauLines"),
  })
  const ask = (service: ServiceName, details: object = {}, more: object = {}, card?: BureauCard) =>
    bureau.serve({ ...question, service, details, ...more }, card)
  return { bureau, store, clock, question, all, dump, ask }
}

/** A card that keeps what is written to it. */
export function bureauTestCard(cardNumber = CARD_NUMBER) {
  const held = new Map<string, string>()
  let faults: ("refused" | "before" | "after")[] = []
  return {
    cardNumber,
    async write(writes: readonly BureauCardWrite[]): Promise<BureauCardOutcome> {
      const fault = faults.shift()
      if (fault === "refused") return { outcome: "refused", reason: { zh: "拒绝", en: "refused" } }
      if (fault === "before") return { outcome: "unknown" }
      for (const { directory, fields } of writes)
        for (const [id, value] of Object.entries(fields)) held.set(`${directory}.${id}`, value)
      return fault === "after" ? { outcome: "unknown" } : { outcome: "done" }
    },
    failNext(...next: typeof faults) {
      faults = next
    },
    held,
  } satisfies BureauCard & Record<string, unknown>
}
