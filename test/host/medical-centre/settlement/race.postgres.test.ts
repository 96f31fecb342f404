import { describe, expect, it } from "vitest"
import { createMedicalCentre } from "../../../../src/host/index.js"
import { postgresStore } from "../../../../src/host/store/postgres-store.js"
import { freshSchema } from "../../../support/postgres-database.js"
import { BILL_I, openMedicalWorld, PERSON, yuan } from "../world.js"

describe("several centres on one PostgreSQL", () => {
  it("settle a visit once, whichever is asked first, and keep one book", async () => {
    const url = await freshSchema()
    const { centre, visit, clock } = await openMedicalWorld({ store: postgresStore(url) })
    const others = [1, 2, 3].map(() => createMedicalCentre({ store: { postgres: url }, clock }))
    const id = await visit()
    const settle = (serial: string) => (one: typeof centre) =>
      one.settle({ serial, visit: id, lines: BILL_I, pinVerified: true })
    const same = await Promise.all(others.map(settle("S1")))
    expect(same.map(({ ok }) => ok)).toEqual([true, true, true])
    const rivals = await Promise.all(others.map((one, n) => settle(`S${n + 2}`)(one)))
    expect(rivals).toMatchObject([{ code: "S07" }, { code: "S07" }, { code: "S07" }])
    const { violations, groupsFen } = await centre.ledger.verify()
    expect([violations, groupsFen.get("2201")]).toEqual([[], yuan(35_150)])
    expect(await others[0]!.account(PERSON)).toMatchObject({ totalFen: 0n })
    await Promise.all([centre, ...others].map((one) => one.close()))
  })
})
