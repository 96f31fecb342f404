import { describe, expect, it } from "vitest"
import { shell } from "./shebao.js"

describe.concurrent("shebao emv read", () => {
  it("prints every element decoded, with PAN, name and identity number masked", async () => {
    const { stdout, code } = await shell().run(["emv", "read", "--profile", "employee-active"])
    expect(code).toBe(0)
    expect(stdout).toContain("A000000333010101  PBOC debit\n")
    expect(stdout).toMatch(/\n {2}5A +PAN +621799\*+0017\n/)
    expect(stdout).toMatch(/\n {2}9F36 +application transaction counter +0001\n/)
    expect(stdout).toContain("offline data authentication")
    expect(stdout).not.toContain("6217999990000000017")
    expect(stdout).not.toContain("999999198506150028")
  })

  it("gives a document with values in hex, but of none that names a person", async () => {
    const { stdout, code } = await shell().run(["emv", "read", "--profile", "employee-active", "--json"])
    expect(code).toBe(0)
    const { applications } = JSON.parse(stdout)
    const values: { tag: string; text: string; value?: string; from: string }[] = applications[0].values
    expect(values.find(({ tag }) => tag === "5F24")).toMatchObject({
      from: "record",
      text: "2035-12-31",
      value: "351231",
    })
    for (const tag of ["5A", "57", "5F20", "9F61"])
      expect(values.find((value) => value.tag === tag)).not.toHaveProperty("value")
    expect(stdout).not.toContain("6217999990000000017")
  })
})
