import { readFileSync, statSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { concat, hex } from "../../src/apdu/index.js"
import { openCardFile } from "../../src/card/index.js"
import { memoryReader, openCard, testKeyService, writeHolderFile } from "../../src/terminal/index.js"
import { PINS, type Shell, shell } from "./shebao.js"

const PHOTO = concat(hex("FFD8FFE0"), new Uint8Array(200).fill(0x55), hex("FFD9"))

/** A folder with a card of a profile in it. */
async function withCard(profile: string): Promise<Shell> {
  const made = shell()
  expect(await made.run(["card", "new", "my.card", "--profile", profile])).toMatchObject({ code: 0 })
  return made
}

async function withPhoto(): Promise<Shell> {
  const made = await withCard("employee")
  const file = openCardFile(made.path("my.card"))
  const reader = memoryReader(file.card)
  const session = await openCard(reader)
  expect(await writeHolderFile(session, "photo", { keys: testKeyService(), content: PHOTO })).toMatchObject({
    ok: true,
  })
  await reader.close()
  file.close()
  return made
}

describe.concurrent("shebao read", () => {
  it("shows whose card it is: names, codes and dates in the language asked for", async () => {
    const { run } = shell()
    const { stdout, code } = await run(["read", "--profile", "retiree", "--lang", "zh"])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^测试[^\n]+\n {2}社会保障号码 {2}999999/)
    expect(stdout).toMatch(/\n {2}民族 +满\n/)
    expect(stdout).toMatch(/\n {2}出生日期 +\d{4}-\d\d-\d\d\n/)
    expect(stdout).toContain("\n社会保障卡 2.00\n")
    expect((await run(["read", "--profile", "retiree"])).stdout).toContain("\nSocial security card 2.00\n")
  })

  it("joins a long name, and shows an employer by its own tables", async () => {
    const { run } = shell()
    const long = await run(["read", "--profile", "employee-rare-name"])
    expect(long.lines[0]).toBe("测试喆堃·阿卜杜热合曼·麦麦提依明煊")
    const employer = await run(["read", "--profile", "employer", "--all", "--pin-stdin"], { input: "123456\n" })
    expect(employer.stdout).toContain("unified social credit code")
    expect(employer.stdout).toMatch(/kinds of insurance {2}enterprise pension, /)
    expect(employer.stdout).toMatch(/amount due +\d+\.\d\d\n/)
  })

  it("warns of an expired card and of one that is not personalised", async () => {
    const { run } = shell()
    expect((await run(["read", "--profile", "employee-expired"])).stdout).toMatch(/\n {2}expired\n$/)
    expect((await run(["read", "--profile", "employee-v3-blank"])).stdout).toContain("\n  not personalised yet\n")
  })

  it("says what a card of version 3.00 shows to keys only, and reads it with them", async () => {
    const { run } = shell()
    const closed = await run(["read", "--profile", "employee-v3"])
    expect(closed.code).toBe(0)
    expect(closed.stdout).toContain("7 × security condition not satisfied (6982, needs RKssse)")
    expect(closed.stderr).toContain("--keys says where keys come from")
    for (const source of ["test", "sam"]) {
      const opened = await run(["read", "--profile", "employee-v3", "--keys", source, "--json"])
      expect(opened.document).toMatchObject({
        ok: true,
        version: "3.00",
        genuine: true,
        person: { name: "测试十一号" },
      })
      expect(opened.document.missing).toBeUndefined()
    }
  })

  it("walks every directory with --all: local files, PKI, payment names", async () => {
    const { run } = shell()
    const words = ["read", "--all", "--profile", "employee-jiangsu", "--keys", "test", "--pin-stdin"]
    const { document } = await run([...words, "--json"], { input: `${PINS.initial}\n` })
    const names = document.directories.map(({ name }: { name: string }) => name)
    expect(names).toEqual(["SSSE", "DF01", "DF02", "DF03", "DF04", "DF05", "DF06", "DF07"])
    const file = (directory: string, fid: string) =>
      document.directories
        .find(({ name }: { name: string }) => name === directory)
        .files.find((candidate: { fid: string }) => candidate.fid === fid)
    expect(file("SSSE", "EF0D").fields).toContainEqual({ id: "localCodeEA", record: 1, value: "JS0000000026" })
    expect(file("DF06", "EF05")).toMatchObject({ keys: [{ key: "RK1DF06" }], missing: [] })
    expect(document.payment).toMatchObject([{ aid: "A000000333010101", label: "PBOC DEBIT", statusWord: "6283" }])
    expect(document.pki).toEqual({ statusWord: "6A82" })
    const version3 = await run(["read", "--all", "--profile", "employee-v3", "--keys", "test"])
    expect(version3.stdout).toMatch(/\nPKI {2}keys and certificates\n {2}signature public key/)
  })

  it("says of every file what rule refused it", async () => {
    const { stdout } = await shell().run(["read", "--all", "--profile", "employee"])
    expect(stdout).toContain("needs PIN|RK1DF01)")
    expect(stdout).toContain("needs PIN+RK1DF04)")
    expect(stdout).toContain("needs RKssse)")
    expect(stdout).toContain("EF08  medical transactions\n  1 × security condition not satisfied (6982, needs PIN)\n")
  })

  it("uses no key on a card that does not know them, says so and ends with 1", async () => {
    const made = shell()
    const profile = JSON.parse(readFileSync(new URL("../../profiles/employee.json", import.meta.url), "utf8"))
    profile.keys = { test: true, values: { IRK: "00112233445566778899AABBCCDDEEFF" } }
    delete profile.$schema
    writeFileSync(made.path("other.json"), JSON.stringify({ ...profile, name: "other" }))
    const { code, document } = await made.run(["read", "--profile", "other.json", "--keys", "test", "--json"])
    expect([code, document.genuine]).toEqual([1, { code: "NOT_GENUINE" }])
    expect(document.person.cardNumber).toBe("SB0000012")
    const shown = await made.run(["read", "--profile", "other.json", "--keys", "test"])
    expect(shown.stdout).toContain("Refused: internal authentication failed")
  })

  it("writes photo and fingerprint to new files, for their owner alone", async () => {
    const { run, path } = await withPhoto()
    const words = ["read", "--card", "my.card", "--photo", "me.jpg", "--json"]
    const { code, document } = await run(words)
    expect([code, document.photo]).toEqual([0, "me.jpg"])
    expect(new Uint8Array(readFileSync(path("me.jpg")))).toEqual(PHOTO)
    expect(statSync(path("me.jpg")).mode & 0o777).toBe(0o600)
    const again = await run(words)
    expect([again.code, again.document.error.message]).toEqual([2, "photo: expected a new file, me.jpg exists already"])
    const other = await run(["read", "--card", "my.card", "--fingerprint", "me.bin"])
    expect([other.code, other.stderr]).toEqual([1, "fingerprint: nothing is written on the card\n"])
    const whole = await run(["read", "--all", "--card", "my.card", "--keys", "test"])
    expect(whole.stdout).toMatch(/EF08 {2}photo\n.*206 bytes/)
  })
})

describe.concurrent("shebao pin with keys", () => {
  it("unblocks a locked PIN and resets it to a new one, with test keys and with a SAM", async () => {
    const { run } = await withCard("employee-pin-locked")
    expect((await run(["pin", "status", "--card", "my.card"])).stdout).toBe("PIN locked\n")
    expect((await run(["pin", "unblock", "--card", "my.card"])).stdout).toBe(
      "The PIN can be tried again, 6 tries left\n",
    )
    const reset = await run(["pin", "reset", "--card", "my.card", "--keys", "sam", "--json"], {
      environment: { SHEBAO_NEW_PIN: PINS.own },
    })
    expect(reset.document).toEqual({ ok: true, triesLeft: 6 })
    const verified = await run(["pin", "verify", "--card", "my.card"], { environment: { SHEBAO_PIN: PINS.own } })
    expect(verified).toMatchObject({ code: 0 })
    const traced = await run(["pin", "reset", "--card", "my.card", "--trace"], {
      environment: { SHEBAO_NEW_PIN: PINS.own },
    })
    expect(traced.stderr).toContain("PIN RELOAD")
    expect(traced.stderr).not.toContain(PINS.own)
  })

  it("says in Chinese what it did", async () => {
    const { run } = await withCard("employee-v3")
    const { stdout } = await run(["pin", "unblock", "--card", "my.card", "--lang", "zh"])
    expect(stdout).toBe("密码已解锁,剩余 6 次\n")
  })
})
