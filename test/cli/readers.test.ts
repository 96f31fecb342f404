import { describe, expect, it } from "vitest"
import { shell } from "./shebao.js"

// The shell of these tests hides a pcscd that may run here; without a binding the codes are others, the exit code is not.
const NOBODY = ["NO_SERVICE", "BINDING_MISSING", "BINDING_BROKEN"]

describe.concurrent("where there is no PC/SC", () => {
  it.each([
    [["readers"]],
    [["readers", "--watch"]],
    [["read", "--reader", "0"]],
    [["withdraw", "100", "--reader", "0"]],
  ])("%j ends with 3 and the reason, before anything is asked", async (words) => {
    const { code, document, stderr } = await shell().run([...words, "--json"])
    expect(code).toBe(3)
    expect(NOBODY).toContain(document.error.code)
    expect(stderr).toBe(`shebao: ${document.error.message}\n`)
  })

  it("a binding that there is not is wrong usage", async () => {
    expect((await shell().run(["readers", "--binding", "winscard"])).code).toBe(2)
  })
})

describe.concurrent("shebao doctor", () => {
  it("names what is wrong and the line that mends it, for people and programs", async () => {
    const { run } = shell()
    const told = await run(["doctor", "--json"])
    expect(told.code).toBe(3)
    const wrong = told.document.checks.filter(({ ok }: { ok: boolean }) => !ok)
    expect(wrong.length).toBeGreaterThan(0)
    for (const check of wrong)
      expect(check).toMatchObject({
        id: expect.stringMatching(/^D\d+$/),
        code: expect.any(String),
        message: expect.any(String),
        remedy: expect.any(String),
      })
    const people = await run(["doctor", "--lang", "zh"])
    expect(people.code).toBe(3)
    expect(people.stdout).toMatch(/^D\d+ +错误/m)
    for (const id of new Set(told.document.checks.map((check: { id: string }) => check.id)))
      expect(people.stdout).toContain(`${id} `)
  })
})
