import { describe, expect, it } from "vitest"
import { authorisationCode, bankTime, fullDate, isNear, referenceNumber } from "../../../src/host/bank/time.js"

const at = (text: string) => bankTime(new Date(text))

describe("time at the bank", () => {
  it.each([
    ["2025-11-20T02:30:00Z", "20251120", "103000", "20251120"],
    ["2025-11-20T14:59:59Z", "20251120", "225959", "20251120"],
    ["2025-11-20T15:00:00Z", "20251120", "230000", "20251121"],
    ["2025-12-31T15:59:59Z", "20251231", "235959", "20260101"],
    ["2025-12-31T16:00:00Z", "20260101", "000000", "20260101"],
  ])("%s is %s %s, business day %s (UTC+8, cutover at 23:00)", (text, day, time, businessDate) => {
    expect(at(text)).toMatchObject({ day, time, businessDate, at: new Date(text).toISOString() })
  })

  it.each([
    ["1120", true],
    ["1119", true],
    ["1121", true],
    ["1118", false],
    ["1122", false],
  ])("a terminal's date %s on 20 November is near: %s", (date, near) => {
    expect(isNear(date, at("2025-11-20T02:30:00Z"))).toBe(near)
  })

  it("knows the neighbours of a new year", () => {
    expect(isNear("1231", at("2025-12-31T16:00:00Z"))).toBe(true)
    expect(isNear("0101", at("2025-12-31T02:00:00Z"))).toBe(true)
  })

  it.each([
    ["1120", "20251120"],
    ["1121", "20251121"],
    ["1122", "20241122"],
    ["0101", "20250101"],
    ["1231", "20241231"],
  ])("a date %s without year, seen on 2025-11-20, is %s", (date, full) => {
    expect(fullDate(date, at("2025-11-20T02:30:00Z"))).toBe(full)
  })

  it("takes the new year for tomorrow on its eve", () => {
    expect(fullDate("0101", at("2025-12-31T02:00:00Z"))).toBe("20260101")
  })

  it.each([
    ["2025-11-20T02:30:00Z", "532410000123"],
    ["2025-01-01T00:00:00Z", "500108000123"],
    ["2024-12-31T15:00:00Z", "436623000123"],
  ])("%s gives the reference %s (host-iso8583 §20)", (text, reference) => {
    expect(referenceNumber(at(text), "000123")).toBe(reference)
  })

  it.each([
    [123, "A00123"],
    [99_999, "A99999"],
    [100_000, "B00000"],
    [800_000, "J00000"],
    [2_400_001, "A00001"],
  ])("approval %s has the authorisation code %s", (sequence, code) => {
    expect(authorisationCode(sequence)).toBe(code)
  })
})
