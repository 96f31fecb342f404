import { describe, expect, it } from "vitest"
import { slowDriverDetector } from "../../src/virtual-reader/slow-driver.js"

const reports = (gaps: number[]) => {
  const settles = slowDriverDetector()
  return gaps.map((gap) => settles(gap))
}

describe("9.1.17 a driver that splits its messages is recognised by the gap", () => {
  it("reports once, within 10 messages, when bodies come 43 ms late", () => {
    const told = reports(Array.from({ length: 40 }, () => 43))
    expect(told.filter(Boolean)).toHaveLength(1)
    expect(told.indexOf(true)).toBeLessThan(10)
  })

  it("reports when 8 of the first 10 gaps are slow, and only then", () => {
    expect(reports([0.1, 43, 43, 43, 43, 0.1, 43, 43, 43, 43])).toEqual([...Array(9).fill(false), true])
    expect(reports([0.1, 0.1, 0.1, ...Array(20).fill(43)])).not.toContain(true)
  })

  it.each([
    ["a driver that splits without delay", 0.02],
    ["a slow network", 80],
    ["a gap just under the window", 34.9],
    ["a gap just over the window", 60.1],
  ])("is silent on %s", (_, gap) => {
    expect(reports(Array(40).fill(gap))).not.toContain(true)
  })

  it.each([35, 60])("counts a gap of %d ms", (gap) => {
    expect(reports(Array(10).fill(gap))).toContain(true)
  })
})
