import { describe, expect, it } from "vitest"
import { shell } from "./shebao.js"

/** A home folder with the town of seed 1. */
async function town() {
  const home = shell()
  const { document } = await home.run(["bureau", "town", "--json"])
  const run = (...words: string[]) => home.run(["bureau", ...words])
  return { home, run, persons: document.persons as string[], employers: document.employers as string[] }
}

let seeded: ReturnType<typeof town> | undefined
/** One town for all tests of this file: each looks at other people. */
const shared = () => (seeded ??= town())

describe("bureau", () => {
  it("town is seeded once", async () => {
    const { run, persons, employers } = await shared()
    expect([persons.length, employers.length]).toEqual([100, 12])
    expect((await run("town")).code).toBe(2)
  })

  it("R17: pension tells an amount or what is lacking, and with --explain why", async () => {
    const { run, persons } = await shared()
    const codes = new Set<number | null>()
    for (const person of persons.slice(0, 6)) {
      const { code, document } = await run("pension", "--person", person, "--json", "--explain")
      codes.add(code)
      if (document.ok)
        expect(document.steps.map((step: { parameter: string }) => step.parameter)).toContain("pension.base")
      else expect(["P02", "P03"]).toContain(document.refusal.code)
    }
    expect([...codes].every((code) => code === 0 || code === 1)).toBe(true)
  })

  it("R24: records, statement and certificate of a person; the log says who asked, masked", async () => {
    const { run, persons } = await shared()
    for (const person of persons.slice(0, 3)) {
      const records = await run("records", "payments", "--person", person, "--purpose", "test", "--json")
      expect(records.document).toMatchObject({ ok: true, subject: `999999********${person.slice(-4)}` })
      expect(records.stdout).not.toContain(person)
    }
    const person = persons[0]!
    expect((await run("statement", "--person", person, "--json", "--explain")).document).toMatchObject({
      statement: {},
      steps: expect.any(Array),
    })
    expect((await run("certificate", "--person", person)).stdout).toMatch(/[0-9A-Z]{16}/)
    const audit = await run("records", "audit", "--person", person)
    expect(audit.stdout).toContain("window-1")
    expect(audit.stdout).not.toContain(person)
  })

  it("R18, R20, R21: jobs, training, injury, one affair under one serial", async () => {
    const { run, persons } = await shared()
    const person = persons[1]!
    const enrol = ["training", "enrol", "--person", person, "--serial", "T1", "--json"]
    const details = ["course=焊工", "provider=测试学校", "beginsOn=20991231", "hours=80"].flatMap((one) => [
      "--set",
      one,
    ])
    const first = await run(...enrol, ...details)
    expect(first.document).toMatchObject({ ok: true, id: "T1", state: "open" })
    expect((await run(...enrol, ...details)).document).toEqual(first.document)
    expect(
      (await run("injury", "benefits", "--person", person, "--set", "grade=7", "--json")).document.refusal.code,
    ).toBe("I02")
    const jobs = await run("jobs", "register", "--person", person, "--set", "occupation=焊工", "--json")
    expect([0, 1]).toContain(jobs.code)
    expect((await run("unemployment", "--person", person, "--json")).document.refusal.code).toBe("U03")
  })

  it("R14: an employer reads its own account and nobody's records", async () => {
    const { run, employers, persons } = await shared()
    const unit = ["--employer", employers[0]!, "--operator", "admin", "--json"]
    expect((await run("employer", "account", ...unit)).document.months.length).toBeGreaterThan(0)
    expect((await run("employer", "account", "--employer", employers[0]!, "--json")).document.refusal.code).toBe("E01")
    const codes = await Promise.all(
      persons.slice(0, 2).map((person) => run("employer", "premiums", "--person", person, ...unit)),
    )
    for (const { code, document } of codes) if (code !== 0) expect(document.refusal.code).toBe("E03")
  })

  it.each([
    [["pension"], /--person/],
    [["pension", "wish", "--person", "x"], /estimate, claim/],
    [["records", "wish", "--person", "x"], /payments/],
    [["employer", "wish"], /account, premiums/],
    [["data", "change", "--person", "x", "--set", "phone"], /NAME=VALUE/],
    [["data", "change", "--person", "x", "--set", "colour=red"], /details/],
  ])("%j is wrong usage", async (words, message) => {
    const { code, stderr } = await shell().run(["bureau", ...words])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
