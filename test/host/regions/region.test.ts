import { describe, expect, it } from "vitest"
import { DEFAULT_REGION } from "../../../src/host/regions/default.js"
import { defaultRegion, parseRegion } from "../../../src/host/regions/region.js"

describe("region profile", () => {
  it("turns yuan into fen", () => {
    const { bank } = defaultRegion()
    expect(bank).toMatchObject({ atmPerTxn: 500_000n, atmPerDay: 2_000_000n, atmPerMonth: null, noteMultiple: 10_000n })
    expect(bank.interbankFee.perTxn).toBe(200n)
  })

  it("takes other values for single fields", () => {
    const region = defaultRegion({ bank: { atmPerTxn: 0.1 }, card: { bankPinTries: 5 } })
    expect(region.bank.atmPerTxn).toBe(10n)
    expect(region.card.bankPinTries).toBe(5)
    expect(region.bank.atmPerDay).toBe(2_000_000n)
  })

  it.each([
    [
      "a fraction of a fen",
      { ...DEFAULT_REGION, bank: { ...DEFAULT_REGION.bank, atmPerTxn: 0.001 } },
      "region.bank.atmPerTxn",
    ],
    [
      "a negative amount",
      { ...DEFAULT_REGION, bank: { ...DEFAULT_REGION.bank, atmPerDay: -1 } },
      "region.bank.atmPerDay",
    ],
    ["an unknown field", { ...DEFAULT_REGION, bank: { ...DEFAULT_REGION.bank, atmPerWeek: 1 } }, "region.bank"],
    [
      "a missing field",
      { ...DEFAULT_REGION, card: { ...DEFAULT_REGION.card, bankPinTries: undefined } },
      "region.card.bankPinTries",
    ],
    ["a missing section", { ...DEFAULT_REGION, medical: undefined }, "region.medical"],
    [
      "keeping a card for want of money (domain-rules §4.3)",
      { ...DEFAULT_REGION, bank: { ...DEFAULT_REGION.bank, retainOn: ["41", "51"] } },
      "region.bank.retainOn",
    ],
    ["no region at all", null, "region"],
  ])("refuses %s and names it", (_what, json, field) => {
    expect(() => parseRegion(json)).toThrow(expect.objectContaining({ code: "INVALID_INPUT", field }))
  })
})
