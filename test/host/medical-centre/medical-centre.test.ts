import { describe, expect, it } from "vitest"
import type { MedicalWithdrawalRequest, WithdrawalChannel } from "../../../src/dictionary/index.js"
import { defaultRegion, medicalCentre } from "../../../src/host/index.js"

const channels: WithdrawalChannel[] = ["medicalCentre", "bankCounter", "atm", "kiosk", "pos", "online"]
const complete: MedicalWithdrawalRequest = {
  account: "personal",
  channel: "medicalCentre",
  condition: "DEATH",
  evidence: ["DEATH_MEDICAL"],
  materials: ["applicantId", "relationProof", "applicationForm", "payeeAccount", "originalCard"],
}

describe("withdrawals from medical accounts, decided by the medical insurance service centre", () => {
  it.each(channels)("R7: pooled money is never paid out, at %s and with every paper on the table", async (channel) => {
    const answer = await medicalCentre().decideWithdrawal({ ...complete, account: "pooled", channel })
    expect(answer).toMatchObject({ allowed: false, code: "W01", rule: "R7" })
  })

  it.each(channels.filter((channel) => channel !== "medicalCentre"))("R11: %s is not the place", async (channel) => {
    expect(await medicalCentre().decideWithdrawal({ ...complete, channel })).toMatchObject({ code: "W13", rule: "R11" })
  })

  it("R8: only death and settling abroad are reasons", async () => {
    const request = { ...complete, condition: "RETIRED_AWAY" }
    expect(await medicalCentre().decideWithdrawal(request)).toMatchObject({ code: "W02", rule: "R8" })
  })

  it("R9: a complete application of an heir may go on", async () => {
    expect(await medicalCentre().decideWithdrawal(complete)).toEqual({ allowed: true })
  })

  it("R10: a person who leaves hears of everything that is missing at once", async () => {
    const request = { ...complete, condition: "EMIGRATION", evidence: [], materials: ["applicantId"] }
    expect(await medicalCentre().decideWithdrawal(request)).toMatchObject({
      code: "W03",
      rule: "R10",
      missing: ["EXIT_CERT", "applicationForm", "payeeAccount", "originalCard"],
    })
  })

  it("goes by its region: what the region accepts is accepted", async () => {
    const region = defaultRegion()
    const lenient = { ...region, withdraw: { ...region.withdraw, deathEvidence: ["COURT_DECLARATION"] } }
    const answer = await medicalCentre(lenient).decideWithdrawal({ ...complete, evidence: ["COURT_DECLARATION"] })
    expect(answer).toEqual({ allowed: true })
  })
})
