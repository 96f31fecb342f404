import { describe, expect, it } from "vitest"
import { bankPayouts, createBank, defaultRegion } from "../../../src/host/index.js"
import { EMIGRATION, runCase } from "../medical-centre/withdrawal/cases.js"
import { openMedicalWorld, PERSON, yuan } from "../medical-centre/world.js"

const CARD = { pan: "6217000000000000046", expiry: "3512", holderName: "测试一号", idNumber: PERSON } as const
const ORDER = { key: "K1", accountNumber: CARD.pan, accountName: "测试一号", amountFen: 420_000n }

async function openBank(
  changes: Parameters<typeof defaultRegion>[0] = {},
  state: "active" | "notActivated" | "closed" | "tempLost" = "active",
) {
  const bank = createBank({ region: defaultRegion(changes), clock: () => new Date("2025-06-10T02:00:00Z") })
  await bank.enroll({ ...CARD, state })
  return bank
}

describe("approved payout (R3, host-iso8583 §18 P1)", () => {
  it("credits the financial account once under its key", async () => {
    const bank = await openBank()
    const { accepts, pay } = bank.payouts()
    expect(await accepts(CARD.pan, "测试一号")).toBe(true)
    expect([await pay(ORDER), await pay(ORDER)]).toEqual(["paid", "paid"])
    expect(await bank.account(CARD.pan)).toMatchObject({ balanceFen: 420_000n })
    expect((await bank.ledger.verify()).violations).toEqual([])
  })

  it("finds the account by its own number as well", async () => {
    const bank = await openBank()
    const { accountNumber } = (await bank.account(CARD.pan))!
    expect(await bank.hasAccount(accountNumber)).toBe(true)
    expect(await bank.payouts().pay({ ...ORDER, accountNumber })).toBe("paid")
    expect(await bank.account(CARD.pan)).toMatchObject({ balanceFen: 420_000n })
  })

  it("reaches an account whose card is lost", async () => {
    expect(await (await openBank({}, "tempLost")).payouts().pay(ORDER)).toBe("paid")
  })

  it.each<[string, Parameters<typeof openBank>, object]>([
    ["R2: an account that was never activated", [{}, "notActivated"], {}],
    ["a closed account", [{}, "closed"], {}],
    ["another name", [{}], { accountName: "别人" }],
    ["an account that is not there", [{}], { accountNumber: "6217000000000000053" }],
    ["a region without approved payouts", [{ bank: { creditSources: ["ownDeposit"] } }], {}],
  ])("refuses %s", async (_, setting, changes) => {
    const bank = await openBank(...setting)
    expect(await bank.payouts().pay({ ...ORDER, ...changes })).toBe("refused")
    expect((await bank.ledger.summary()).customersFen).toBe(0n)
  })

  it("a withdrawal of the medical centre arrives in the financial account of the card", async () => {
    const bank = await openBank()
    const changes = { medical: { paInterestRate: 0 } }
    const { centre, clock } = await openMedicalWorld({
      payouts: bankPayouts(bank),
      start: "2025-05-15T02:00:00Z",
      changes,
    })
    clock.set("2025-06-10 10:00:00")
    await centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250605" })
    expect(await runCase(centre, EMIGRATION)).toMatchObject({ ok: true, state: "closed", amountFen: yuan(4_200) })
    expect(await bank.account(CARD.pan)).toMatchObject({ balanceFen: yuan(4_200) })
  })

  it("and W12 when that account is another's", async () => {
    const bank = await openBank()
    const { centre, clock } = await openMedicalWorld({ payouts: bankPayouts(bank), start: "2025-05-15T02:00:00Z" })
    clock.set("2025-06-10 10:00:00")
    await bank.setCardState(CARD.pan, "closed")
    await centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250605" })
    expect(await runCase(centre, EMIGRATION)).toMatchObject({ code: "W12" })
  })

  it("to an account of another bank goes through the clearing", async () => {
    const orders: string[] = []
    const others = {
      accepts: async () => true,
      pay: async ({ key }: { key: string }) => (orders.push(key) > 0 ? "paid" : "refused") as "paid",
    }
    const link = bankPayouts(await openBank(), others)
    expect(await link.pay({ ...ORDER, accountNumber: "6228480000000000000" })).toBe("paid")
    expect(orders).toEqual(["K1"])
  })
})
