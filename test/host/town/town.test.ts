import { describe, expect, it } from "vitest"
import { checkCardNumber, checkCitizenId, checkUnifiedCreditCode } from "../../../src/dictionary/index.js"
import { createBureau, defaultRegion, seedTown } from "../../../src/host/index.js"
import { memoryStore } from "../../../src/host/store/memory-store.js"

const options = { today: "20250610", region: defaultRegion() }
const dump = async (seed: number) => {
  const store = memoryStore()
  const town = await seedTown(store, { ...options, seed, holders: 12, employers: 3, years: 1 })
  return {
    town,
    rows: await store.transaction(async (rows) => [await rows.list("bureauPersons"), await rows.list("bureauLines")]),
  }
}

describe("the town", () => {
  it("is the same for the same seed, and another for another", async () => {
    expect(await dump(7)).toEqual(await dump(7))
    expect((await dump(7)).rows).not.toEqual((await dump(8)).rows)
  })

  it("has 100 synthetic holders, 12 employers, and five years of records that add up", async () => {
    const store = memoryStore()
    const { persons, employers, lines } = await seedTown(store, options)
    expect([persons.length, new Set(persons).size, employers.length]).toEqual([100, 100, 12])
    for (const person of persons) {
      expect(checkCitizenId(person)).toBe("synthetic")
      expect(checkCitizenId(person, { synthetic: true })).toBeUndefined()
    }
    for (const employer of employers) expect(checkUnifiedCreditCode(employer)).toBeUndefined()
    const [holders, declared, all] = await store.transaction(async (rows) => [
      await rows.list("bureauPersons"),
      await rows.list("bureauDeclarations"),
      await rows.list("bureauLines"),
    ])
    for (const { cardNumber } of holders) expect(checkCardNumber(cardNumber)).toBeUndefined()
    expect(all).toHaveLength(lines)
    const sum = (amounts: bigint[]) => amounts.reduce((total, fen) => total + fen, 0n)
    expect(sum(declared.map(({ dueFen }) => dueFen))).toBe(
      sum(all.map(({ employerFen, personFen }) => employerFen + personFen)),
    )
  })

  it("everybody in it has his pension told or refused by a rule", async () => {
    const store = memoryStore()
    const { persons } = await seedTown(store, { ...options, holders: 30, years: 2 })
    const bureau = createBureau({ store, clock: () => new Date("2025-06-10T02:00:00Z") })
    const codes = new Set<string>()
    for (const subject of persons) {
      const asker = { kind: "operator", id: "w" } as const
      const answer = await bureau.serve({
        asker,
        subject,
        channel: "window",
        purpose: "test",
        service: "pension.estimate",
      })
      codes.add(answer.ok ? "told" : answer.code)
    }
    expect([...codes].sort()).toEqual(["P02", "P03", "told"])
  })

  it("is not put on top of people who are there", async () => {
    const store = memoryStore()
    await seedTown(store, { ...options, holders: 1, years: 1 })
    await expect(seedTown(store, options)).rejects.toMatchObject({ field: "database" })
    await expect(seedTown(memoryStore(), { ...options, today: "20250229" })).rejects.toMatchObject({ field: "today" })
  })
})
