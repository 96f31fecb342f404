import { describe, expect, it } from "vitest"
import {
  bundledRegions,
  defaultRegion,
  loadRegion,
  parseRegion,
  regionJson,
  regionTimeline,
} from "../../../src/host/index.js"
import { merge } from "../../../src/host/regions/merge.js"

const DEFAULT = regionJson("default")
const changed = (changes: Parameters<typeof merge>[1]) => merge(DEFAULT, changes)
const without = (section: string, field?: string) => {
  const copy = structuredClone(DEFAULT) as Record<string, Record<string, unknown>>
  if (field === undefined) delete copy[section]
  else delete copy[section]![field]
  return copy
}

describe("region profile", () => {
  it("turns yuan into fen", () => {
    const { bank } = defaultRegion()
    expect(bank).toMatchObject({ atmPerTxn: 500_000n, atmPerDay: 2_000_000n, atmPerMonth: null, noteMultiple: 10_000n })
    expect(bank.interbankFee.perTxn).toBe(200n)
  })

  it("turns fractions into 1/10,000", () => {
    const { medical, contrib } = defaultRegion()
    expect(medical.inpatient.bands["3"]).toEqual([
      [3_000_000n, 8500],
      [null, 9000],
    ])
    expect(contrib.rates.injuryByClass[0]).toBe(20)
    expect(contrib.lateFeePerDay).toBe(5)
  })

  it("takes other values for single fields, at any depth", () => {
    const region = defaultRegion({
      bank: { atmPerTxn: 0.1 },
      card: { bankPinTries: 5 },
      medical: { civil: { ratio: 0.5 } },
    })
    expect(region.bank.atmPerTxn).toBe(10n)
    expect(region.card.bankPinTries).toBe(5)
    expect(region.bank.atmPerDay).toBe(2_000_000n)
    expect(region.medical.civil.ratio).toBe(5000)
  })

  it.each([
    ["a fraction of a fen", changed({ bank: { atmPerTxn: 0.001 } }), "region.bank.atmPerTxn"],
    ["a ratio with five decimals", changed({ medical: { large: { ratio: 0.12345 } } }), "region.medical.large.ratio"],
    ["a ratio above one", changed({ medical: { large: { ratio: 1.1 } } }), "region.medical.large.ratio"],
    ["a negative amount", changed({ bank: { atmPerDay: -1 } }), "region.bank.atmPerDay"],
    ["an unknown field", changed({ bank: { atmPerWeek: 1 } }), "region.bank"],
    ["a missing field", without("card", "bankPinTries"), "region.card.bankPinTries"],
    ["a missing section", without("medical"), "region.medical"],
    [
      "keeping a card for want of money (domain-rules §4.3)",
      changed({ bank: { retainOn: ["41", "51"] } }),
      "region.bank.retainOn",
    ],
    [
      "an unknown condition of withdrawal",
      changed({ withdraw: { conditions: ["HOUSE"] } }),
      "region.withdraw.conditions.0",
    ],
    ["a part of the balance to be withdrawn", changed({ withdraw: { partial: true } }), "region.withdraw.partial"],
    ["no region at all", null, "region"],
  ])("refuses %s and names it when it is loaded (domain-rules §18.1, 23)", (_what, json, field) => {
    expect(() => parseRegion(json)).toThrow(expect.objectContaining({ code: "INVALID_INPUT", field }))
  })

  it.each(bundledRegions())("%s comes along and is well formed on every day it is in force", (name) => {
    expect(loadRegion(name).region.name).toBe(name)
    expect(loadRegion(name, { date: "20250101" }).region.effectiveFrom).toBe("2025-01-01")
  })

  it("three regions come along", () => {
    expect(bundledRegions()).toEqual(["bj-like", "default", "sz-like"])
  })

  it("extends another: objects merge, lists replace", () => {
    const region = loadRegion("bj-like", { date: "20250601" })
    expect(region.bank).toMatchObject({ atmPerTxn: 500_000n, maxNotes: 40, retainOn: ["04", "41", "43"] })
    expect(region.medical.inpatient.bands["3"]).toHaveLength(3)
    expect(region.medical.paCredit.retiree).toEqual([
      [0, 10_000n],
      [70, 11_000n],
    ])
  })

  it.each([
    ["20251231", 682_100n, "2025-01-01"],
    ["20260101", 700_000n, "2026-01-01"],
    ["20991231", 700_000n, "2026-01-01"],
  ])("has the version of the day: %s", (date, floorFen, effectiveFrom) => {
    const region = regionTimeline("bj-like").at(date)
    expect(region.contrib.floor).toBe(floorFen)
    expect(region.region.effectiveFrom).toBe(effectiveFrom)
  })

  it.each(["20241231", "1999-01-01"])("is not in force on %s", (date) => {
    expect(() => loadRegion("default", { date })).toThrow(expect.objectContaining({ field: "region" }))
  })

  it("wants a real day", () => {
    expect(() => loadRegion("default", { date: "tomorrow" })).toThrow(expect.objectContaining({ field: "date" }))
  })
})
