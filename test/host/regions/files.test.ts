import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { diffRegions, lintRegion, loadRegion, regionJson, regionVersions } from "../../../src/host/index.js"

const folder = mkdtempSync(join(tmpdir(), "shebao-regions-"))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

function file(json: unknown): string {
  const path = join(folder, `region-${++files}.json`)
  writeFileSync(path, typeof json === "string" ? json : JSON.stringify(json))
  return path
}

const REGION = { code: "990200", provinceCode: "999900", name: "mine", effectiveFrom: "2025-03-01" }
const own = (json: object = {}) => file({ extends: "default", region: REGION, ...json })

describe("region file", () => {
  it("holds several versions in time, each laid over the one before", () => {
    const path = own({
      bank: { maxNotes: 30 },
      versions: [
        { region: { effectiveFrom: "2025-06-01" }, bank: { maxNotes: 20 } },
        { region: { effectiveFrom: "2025-07-01", effectiveTo: "2025-12-31" }, bank: { atmPerTxn: 1000 } },
      ],
    })
    expect(regionVersions(path)).toEqual(["2025-03-01", "2025-06-01", "2025-07-01"])
    expect(loadRegion(path, { date: "2025-05-31" }).bank.maxNotes).toBe(30)
    expect(loadRegion(path, { date: "2025-06-01" }).bank).toMatchObject({ maxNotes: 20, atmPerTxn: 500_000n })
    expect(loadRegion(path, { date: "2025-12-31" }).bank).toMatchObject({ maxNotes: 20, atmPerTxn: 100_000n })
    expect(() => loadRegion(path, { date: "2026-01-01" })).toThrow(/not in force/)
  })

  it("takes over later versions of what it extends", () => {
    const path = file({ extends: "bj-like", region: { ...REGION, code: "110200", provinceCode: "119900" } })
    expect(regionVersions(path)).toEqual(["2025-03-01", "2026-01-01"])
    expect(loadRegion(path, { date: "20260301" }).contrib.floor).toBe(700_000n)
  })

  it.each([
    ["no JSON", "{", "region"],
    ["a list", [], "region"],
    ["no first day", { extends: "default", region: { name: "x" } }, "region.effectiveFrom"],
    [
      "versions out of order",
      { extends: "default", region: REGION, versions: [{ region: { effectiveFrom: "2025-01-01" } }] },
      "versions.0.region.effectiveFrom",
    ],
    ["a base that is none", { extends: "nowhere", region: REGION }, "region"],
    ["a base that is a number", { extends: 1, region: REGION }, "extends"],
    ["versions that are no list", { extends: "default", region: REGION, versions: 1 }, "versions"],
  ])("with %s is refused", (_, json, field) => {
    expect(() => loadRegion(file(json), { date: "20250601" })).toThrow(expect.objectContaining({ field }))
  })

  it("may not extend itself", () => {
    const path = join(folder, "loop.json")
    writeFileSync(path, JSON.stringify({ extends: "loop.json", region: REGION }))
    expect(() => loadRegion(path)).toThrow(expect.objectContaining({ field: "extends" }))
  })
})

describe("region lint", () => {
  it.each(["default", "bj-like", "sz-like"])("has no error to report in %s", (name) => {
    expect(lintRegion(name).filter(({ severity }) => severity === "error")).toEqual([])
  })

  it("warns of notes that do not reach the limit (domain-rules §4.1)", () => {
    expect(lintRegion("bj-like")).toContainEqual(
      expect.objectContaining({ severity: "warning", field: "bank.maxNotes" }),
    )
  })

  it.each<[string, object, "error" | "warning", string]>([
    [
      "R8: another condition",
      { withdraw: { conditions: ["DEATH", "VOLUNTARY_EXIT"], otherMaterials: { VOLUNTARY_EXIT: [] } } },
      "warning",
      "withdraw.conditions",
    ],
    ["R11: another place", { withdraw: { applyAt: ["kiosk"] } }, "error", "withdraw.applyAt"],
    ["R3: wages into the account", { bank: { creditSources: ["wage"] } }, "warning", "bank.creditSources"],
    ["R9: no evidence of death", { withdraw: { deathEvidence: [] } }, "error", "withdraw"],
    [
      "materials nobody listed",
      { withdraw: { conditions: ["RETIRED_AWAY"] } },
      "error",
      "withdraw.otherMaterials.RETIRED_AWAY",
    ],
    [
      "both retiree rules",
      { medical: { inpatient: { retireeRatio: 0.95 } } },
      "error",
      "medical.inpatient.retireeRatio",
    ],
    [
      "bands that do not ascend",
      {
        medical: {
          inpatient: {
            bands: {
              "3": [
                [2, 0.5],
                [1, 0.6],
                [null, 0.7],
              ],
            },
          },
        },
      },
      "error",
      "medical.inpatient.bands.3",
    ],
    [
      "bands with an end",
      { medical: { inpatient: { bands: { "3": [[2, 0.5]] } } } },
      "error",
      "medical.inpatient.bands.3",
    ],
    ["a floor above the ceiling", { contrib: { floor: 40000 } }, "error", "contrib.floor"],
    ["limits that contradict", { bank: { atmPerDay: 100 } }, "error", "bank.atmPerTxn"],
    ["a PIN of another length", { card: { initialPin: "12345678" } }, "error", "card.initialPin"],
    ["another province", { region: { ...REGION, provinceCode: "119900" } }, "error", "region.provinceCode"],
    [
      "months that shrink",
      {
        unemployment: {
          caps: [
            [1, 12],
            [5, 10],
          ],
        },
      },
      "error",
      "unemployment.caps",
    ],
    [
      "a later deductible that is higher",
      { medical: { inpatient: { deductible: { "1": [1, 2] } } } },
      "warning",
      "medical.inpatient.deductible.1",
    ],
    ["a field that is malformed", { bank: { maxNotes: -1 } }, "error", "region.bank.maxNotes"],
  ])("finds %s", (_, json, severity, field) => {
    expect(lintRegion(own(json))).toContainEqual(expect.objectContaining({ severity, field, version: "2025-03-01" }))
  })
})

describe("region diff", () => {
  it("names each field that differs, with both values", () => {
    const left = regionJson("default", "2025-06-01")
    expect(diffRegions(left, left)).toEqual([])
    expect(diffRegions(left, regionJson("bj-like", "2025-06-01"))).toContainEqual({
      path: "bank.maxNotes",
      left: 50,
      right: 40,
    })
  })

  it("tells what a new year brings", () => {
    const paths = diffRegions(regionJson("bj-like", "2025-12-31"), regionJson("bj-like", "2026-01-01")).map(
      ({ path }) => path,
    )
    expect(paths).toEqual(["contrib.ceil", "contrib.floor", "region.effectiveFrom", "unemployment.amount.minWage"])
  })
})
