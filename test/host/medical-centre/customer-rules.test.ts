import { describe, expect, it } from "vitest"
import { defaultRegion } from "../../../src/host/index.js"
import { DEATH, EMIGRATION } from "./withdrawal/cases.js"
import { BILL_I, openMedicalWorld } from "./world.js"

/** Those rules of domain-rules §1.1 that have no test of their own name elsewhere in this folder. */
describe("customer's rules", () => {
  it("R5: whether the medical card is on the same card is a choice of the region; by default it is", () => {
    expect(defaultRegion().card.medicalOnSameCard).toBe(true)
    expect(defaultRegion({ card: { medicalOnSameCard: false } }).card.medicalOnSameCard).toBe(false)
  })

  it("R8: personal money comes out on death and on settling abroad, and on nothing else", async () => {
    expect(defaultRegion().withdraw.conditions).toEqual(["DEATH", "EMIGRATION"])
    const { centre } = await openMedicalWorld()
    const ask = (condition: string) =>
      centre.decideWithdrawal({ account: "personal", channel: "medicalCentre", condition })
    for (const condition of [
      "RETIREMENT",
      "HOUSE",
      "ILLNESS",
      "TRANSFER_REFUSED",
      "VOLUNTARY_EXIT",
      "RETIRED_AWAY",
      "",
    ])
      expect(await ask(condition)).toMatchObject({ allowed: false, code: "W02", rule: "R8" })
    for (const condition of ["DEATH", "EMIGRATION"]) expect(await ask(condition)).toMatchObject({ code: "W03" })
  })

  it("R11: both applications are taken at the centre and nowhere else", async () => {
    for (const application of [DEATH, EMIGRATION]) {
      const { centre } = await openMedicalWorld()
      expect(await centre.withdrawals.submit({ ...application, channel: "bankCounter" }, "w")).toMatchObject({
        code: "W13",
        rule: "R11",
      })
      expect(await centre.withdrawals.submit(application, "w")).toMatchObject({ ok: true })
    }
  })

  it("R25: whoever consults is told the rule, the parameter and the calculation of each figure", async () => {
    const { centre, visit } = await openMedicalWorld()
    const shown = await centre.preSettle({ serial: "S", visit: await visit(), lines: BILL_I })
    if (!shown.ok) throw new Error(shown.code)
    for (const { rule, label, calculation } of shown.steps!) {
      expect(rule).toMatch(/^domain-rules §/)
      expect([label.zh, label.en, calculation].every((text) => text.length > 0)).toBe(true)
    }
  })
})
