import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { InputError, toHex } from "../../src/apdu/index.js"
import { businessTime, emvDate, isCalendarDate, millisecondsOf } from "../../src/dictionary/index.js"

describe("businessTime", () => {
  it("is eight hours ahead of UTC", () => {
    expect(businessTime(Date.UTC(2025, 10, 20, 2, 30, 0))).toEqual({ date: "20251120", time: "103000" })
  })

  it("starts a new business day at 16:00 UTC", () => {
    expect(businessTime(Date.UTC(2025, 11, 31, 15, 59, 59)).date).toBe("20251231")
    expect(businessTime(Date.UTC(2025, 11, 31, 16, 0, 0))).toEqual({ date: "20260101", time: "000000" })
  })

  it("comes back as the same second", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(millisecondsOf(businessTime(1000 * seconds))).toBe(1000 * seconds)
      }),
    )
  })

  it.each([
    ["20250230", "000000"],
    ["20251120", "240000"],
    ["2025112", "103000"],
  ])("has no moment %s %s", (date, time) => {
    expect(() => millisecondsOf({ date, time })).toThrow(InputError)
  })

  it("refuses a clock value that is no number", () => {
    expect(() => businessTime(Number.NaN)).toThrow(/^milliseconds: /)
  })
})

describe("dates", () => {
  it.each([
    ["20240229", true],
    ["20250229", false],
    ["20251301", false],
    ["20250100", false],
    ["2025101", false],
    ["2025-1-1", false],
    ["12345678", false],
  ])("%s in the calendar: %s", (date, isReal) => {
    expect(isCalendarDate(date)).toBe(isReal)
  })

  it("stand in tag 9A as YYMMDD", () => {
    expect(toHex(emvDate("20251120"))).toBe("251120")
    expect(() => emvDate("251120")).toThrow(InputError)
  })
})
