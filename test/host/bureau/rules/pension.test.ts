import { describe, expect, it } from "vitest"
import {
  decidePension,
  decidePensionAccount,
  isAliveCheckDue,
  minimumMonths,
  pensionAmount,
  pensionMonths,
  retirementAge,
  survivorsBenefit,
} from "../../../../src/host/bureau/rules/pension.js"
import { defaultRegion } from "../../../../src/host/index.js"

const rules = defaultRegion().pension
const CLAIM = {
  birthDate: "19650115",
  original: 60,
  from: "20250215",
  paidMonths: 360,
  index: 12_000,
  accountFen: 15_000_000n,
} as const

describe("pension (R17, domain-rules §9)", () => {
  it.each([
    [12_000, 360, 15_000_000n, 60, 264_000n, 107_914n, 371_914n],
    [6_000, 180, 6_000_000n, 55, 96_000n, 35_294n, 131_294n],
    [10_000, 240, 9_000_000n, 63, 160_000n, 76_923n, 236_923n],
  ])(
    "index %i, %i months, %i fen, age %i",
    (index, paidMonths, accountFen, age, basicFen, accountPartFen, monthlyFen) => {
      expect(pensionAmount({ index, paidMonths, accountFen, age }, rules)).toMatchObject({
        basicFen,
        accountPartFen,
        monthlyFen,
      })
    },
  )

  it("has the months of the annex, not of the wrong copy that circulates (§9.1)", () => {
    const ages = [40, 47, 50, 55, 60, 66, 67, 68, 69, 70]
    expect(ages.map(pensionMonths)).toEqual([233, 208, 195, 170, 139, 93, 84, 75, 65, 56])
    expect([pensionMonths(39), pensionMonths(71)]).toEqual([233, 56])
  })

  it.each([
    ["19641201", 60, 60, 0, "202412"],
    ["19650101", 60, 60, 1, "202502"],
    ["19650501", 60, 60, 2, "202507"],
    ["19700101", 60, 61, 4, "203105"],
    ["19760801", 60, 62, 11, "203907"],
    ["19760901", 60, 63, 0, "203909"],
    ["19710401", 55, 55, 4, "202608"],
    ["19810901", 55, 58, 0, "203909"],
    ["19750101", 50, 50, 1, "202502"],
    ["19841101", 50, 55, 0, "203911"],
  ] as const)("born %s retires from %i at %i years %i months", (birthDate, original, years, months, month) => {
    expect(retirementAge(birthDate, original)).toMatchObject({ years, months, month })
  })

  it("born on a leap day retires on the last day of February", () => {
    expect(retirementAge("19600229", 60)).toMatchObject({ delayMonths: 0, on: "20200229" })
    expect(retirementAge("19640229", 60).on).toBe("20240229")
    expect(retirementAge("19680229", 60)).toMatchObject({ delayMonths: 10, on: "20281229" })
  })

  it.each([
    [2025, 180],
    [2029, 180],
    [2030, 186],
    [2039, 240],
    [2045, 240],
  ])("in %i takes %i months", (year, months) => expect(minimumMonths(year)).toBe(months))

  it("R17: a claim at 60 years 1 month is granted, with rule, parameter and figure", () => {
    const answer = decidePension(CLAIM, rules)
    expect(answer).toMatchObject({ ok: true, monthlyFen: 371_914n })
    expect(answer.steps).toContainEqual(
      expect.objectContaining({
        rule: "domain-rules §9.1",
        parameter: "pension.base",
        value: "8000.00",
        figure: "2640.00",
      }),
    )
  })

  it("P01: a day before the age is refused, with the day from which it is possible", () => {
    expect(decidePension({ ...CLAIM, from: "20250114" }, rules)).toMatchObject({ code: "P01", lacks: "20250115" })
    expect(decidePension({ ...CLAIM, from: "20250115" }, rules).ok).toBe(true)
  })

  it("P02: years that are missing are refused, with their months", () => {
    expect(decidePension({ ...CLAIM, paidMonths: 179 }, rules)).toMatchObject({ code: "P02", lacks: "1" })
    expect(decidePension({ ...CLAIM, paidMonths: 180 }, rules).ok).toBe(true)
  })

  it("P03: a pension that is drawn is not claimed again", () => {
    expect(decidePension({ ...CLAIM, isDrawn: true }, rules)).toMatchObject({ code: "P03" })
  })

  it("P05: nobody chooses a day more than three years late", () => {
    expect(decidePension({ ...CLAIM, from: "20280215" }, rules).ok).toBe(true)
    expect(decidePension({ ...CLAIM, from: "20280216" }, rules)).toMatchObject({ code: "P05", lacks: "20280215" })
  })

  it("P04: the account is never paid early, nor on settling abroad; on death or loss of nationality it is", () => {
    for (const reason of ["emigration", "other"] as const)
      expect(decidePensionAccount(reason, 100n)).toMatchObject({ ok: false, code: "P04" })
    for (const reason of ["death", "lossOfNationality"] as const)
      expect(decidePensionAccount(reason, 100n)).toMatchObject({ ok: true, payFen: 100n })
  })

  it.each([
    [48, 0, 3],
    [60, 0, 6],
    [120, 0, 9],
    [180, 0, 9],
    [240, 0, 14],
    [480, 0, 24],
    [480, 5, 19],
    [480, 30, 9],
    [48, 2, 3],
  ])("survivors after %i months, %i years drawn, get %i months", (paid, drawn, months) => {
    expect(survivorsBenefit(paid, drawn, rules)).toMatchObject({
      months,
      funeralFen: 900_000n,
      survivorsFen: BigInt(months) * 450_000n,
    })
  })

  it("transitional months count by the region's rate", () => {
    const amount = pensionAmount({ ...CLAIM, age: 60, transitionalMonths: 24 }, rules)
    expect(amount.transitionalFen).toBe(23_040n)
  })

  it("the alive check is overdue the day after its months", () => {
    expect(isAliveCheckDue("20240229", "20250228", rules)).toBe(false)
    expect(isAliveCheckDue("20240229", "20250301", rules)).toBe(true)
  })
})
