import { describe, expect, it } from "vitest"
import type { MedicalWithdrawalRequest } from "../../../src/dictionary/index.js"
import { medicalCentre } from "../../../src/host/index.js"
import { type MedicalWithdrawalEvent, medicalWithdrawal } from "../../../src/terminal/index.js"

describe("money of the medical accounts at a terminal", () => {
  it.each([
    ["pooled, anywhere (R7)", { account: "pooled", channel: "medicalCentre" }, "W01"],
    ["personal, at a machine (R11)", { account: "personal", channel: "atm" }, "W13"],
    ["personal, at the bank's counter (R11)", { account: "personal", channel: "bankCounter" }, "W13"],
    ["personal, at the centre without a reason (R8)", { account: "personal", channel: "medicalCentre" }, "W02"],
  ] as const)("%s is refused", async (_, request, code) => {
    const events: MedicalWithdrawalEvent[] = []
    const result = await medicalWithdrawal({
      ...request,
      centre: medicalCentre(),
      onEvent: (event) => events.push(event),
    })
    expect(result).toMatchObject({ ok: false, code, reason: { zh: expect.any(String), en: expect.any(String) } })
    expect(events.map(({ type }) => type)).toEqual(["centre-asked", "refused"])
  })

  it("is for the centre to decide, which is asked with the whole request", async () => {
    const requests: MedicalWithdrawalRequest[] = []
    const centre = {
      decideWithdrawal: async (request: MedicalWithdrawalRequest) => {
        requests.push(request)
        return { allowed: true } as const
      },
    }
    const request = { account: "personal", channel: "medicalCentre", condition: "DEATH" } as const
    expect(await medicalWithdrawal({ ...request, centre })).toEqual({ ok: true })
    expect(requests).toEqual([request])
  })
})
