import { writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { PINS, type Shell, shell } from "./shebao.js"

const PERSON = "999999199001010016"
const INSURED = {
  person: PERSON,
  name: "测试一号",
  kind: "employee",
  insuredFrom: "2020-01-01",
  cardNumber: "S00000012",
  premiums: [
    { month: "202501", wage: 30000 },
    { month: "202502", wage: "20000.00" },
  ],
}
const BILL = {
  serial: "H1-0001",
  insured: INSURED,
  provider: { code: "H99000000001", name: "测试医院", kind: "hospital", level: "3" },
  visit: { care: "inpatient", beganOn: "2025-06-01" },
  lines: [
    { code: "C01", category: "item", class: "C", fee: 2000 },
    { code: "B01", class: "B", fee: "10000.00" },
    { code: "A01", class: "A", fee: 28000 },
  ],
  pinVerified: true,
}
const EMIGRATION = {
  id: "CASE-1",
  insured: { ...INSURED, stoppedOn: "2025-06-01" },
  person: PERSON,
  applicant: { name: "测试一号", id: PERSON, role: "self" },
  evidence: [
    {
      type: "EXIT_CERT",
      number: "E-1",
      issuer: "出入境管理",
      issuedOn: "2099-01-01",
      eventOn: "2099-01-01",
      holderId: PERSON,
      holderName: "测试一号",
    },
  ],
  materials: ["applicantId", "applicationForm", "payeeAccount", "originalCard"],
  payee: { accountNumber: "6217000000000000046", accountName: "测试一号" },
}
/** The day on which the test runs, in China: money arrives then, so the event is not before it. */
const TODAY = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10)
const emigration = (changes: object = {}) => ({
  ...EMIGRATION,
  evidence: [{ ...EMIGRATION.evidence[0], issuedOn: TODAY, eventOn: TODAY }],
  ...changes,
})

function write({ path }: Shell, name: string, json: object): string {
  writeFileSync(path(name), JSON.stringify(json))
  return name
}

describe("medical", () => {
  it("settle prints who pays what, and with --explain why", async () => {
    const home = shell()
    const { code, stdout } = await home.run(["medical", "settle", write(home, "bill.json", BILL), "--explain"])
    expect(code).toBe(0)
    // Case I of domain-rules §6.4, with 1,000.00 in the account.
    expect(stdout).toMatch(/pooled fund +30950\.00/)
    expect(stdout).toMatch(/personal account +1000\.00/)
    expect(stdout).toMatch(/cash +8050\.00/)
    expect(stdout).toMatch(/= 29000\.00 × 0\.85 +medical\.inpatient\.bands\.3\.0 = 0\.85 +domain-rules §6\.3 \(3\)/)
  })

  it("settle is done once under a serial, and remembered in the home folder", async () => {
    const home = shell()
    const words = ["medical", "settle", write(home, "bill.json", BILL), "--json"]
    const preview = (await home.run([...words, "--preview"])).document
    const first = (await home.run(words)).document
    expect(first).toMatchObject({ ok: true, split: { poolFen: "3095000", accountFen: "100000" }, balanceFen: "0" })
    expect((await home.run(words)).document).toEqual(first)
    expect(preview).toEqual(first)
    write(home, "bill.json", { ...BILL, serial: "H1-0002", visit: { id: "H1-0001" } })
    const other = await home.run(words)
    expect([other.code, other.document.refusal.code]).toEqual([1, "S07"])
    const records = await home.run(["medical", "records", "--person", PERSON, "--purpose", "test", "--json"])
    expect(records.document).toMatchObject({ subject: "999999********0016", settlements: [{ serial: "H1-0001" }] })
    const audit = await home.run(["medical", "records", "--person", PERSON, "--purpose", "why", "--object", "audit"])
    expect(audit.stdout).toContain("window-1")
    expect(audit.stdout).not.toContain(PERSON)
  })

  it("settle goes by the region", async () => {
    const home = shell()
    const words = ["medical", "settle", write(home, "bill.json", BILL), "--region", "bj-like", "--json"]
    expect((await home.run(words)).document.split.deductibleFen).toBe("130000")
  })

  it("withdraw pays out on emigration, and tells what was checked", async () => {
    const home = shell()
    const words = [
      "medical",
      "withdraw",
      "--reason",
      "emigration",
      "--documents",
      write(home, "e.json", emigration()),
      "--explain",
      "--json",
    ]
    const { code, document } = await home.run(words)
    expect(code).toBe(0)
    expect(document).toMatchObject({ ok: true, state: "closed", amountFen: "100000", card: "marked" })
    expect(document.checks.map((check: { code: string }) => check.code)).toEqual([
      "W01",
      "W13",
      "W02",
      "W10",
      "W03",
      "W04",
      "W05",
      "W06",
      "W08",
      "W07",
      "W11",
      "W12",
      "W09",
    ])
  })

  it.each([
    ["W01", "R7", emigration({ account: "pooled" })],
    ["W13", "R11", emigration({ channel: "kiosk" })],
    ["W03", "R9, R10", emigration({ materials: [] })],
    ["W05", "R9, R10", emigration({ applicant: { name: "x", id: "999999198506150028", role: "self" } })],
  ])("withdraw refuses with %s (%s)", async (code, rule, json) => {
    const home = shell()
    const words = [
      "medical",
      "withdraw",
      "--reason",
      "emigration",
      "--documents",
      write(home, "e.json", json),
      "--json",
    ]
    const ran = await home.run(words)
    expect([ran.code, ran.document.refusal.code, ran.document.refusal.rule]).toEqual([1, code, rule])
  })

  it("a case that waits goes on when it may", async () => {
    const home = shell()
    const { insured: _, ...application } = emigration()
    const insured = { ...INSURED }
    const words = ["medical", "withdraw", "--reason", "emigration", "--documents"]
    const first = await home.run([...words, write(home, "a.json", { ...application, insured }), "--json"])
    expect(first.document).toMatchObject({ ok: false, refusal: { code: "W08" }, state: "eventVerified" })
    const second = await home.run([...words, write(home, "b.json", emigration()), "--json"])
    expect(second.document).toMatchObject({ ok: true, state: "closed" })
  })

  it("load credits a month, loads the account onto the card that is named, and a bill is paid from it", async () => {
    const home = shell()
    await home.run(["card", "new", "card.json", "--profile", "employee"])
    const shown = (await home.run(["read", "--card", "card.json", "--json"])).stdout
    const cardNumber = /"cardNumber":(?:\{"value":)?"([0-9A-Z]{9})"/.exec(shown)![1]!
    const bill = { ...BILL, insured: { ...INSURED, cardNumber, premiums: [] }, pinVerified: false, useAccount: false }
    await home.run(["medical", "settle", write(home, "bill.json", bill)])
    const environment = { SHEBAO_PIN: PINS.initial }
    const load = ["medical", "load", "--person", PERSON, "--json"]
    const credited = await home.run([...load, "--month", "202503", "--wage", "8000"])
    expect(credited.document).toMatchObject({
      ok: true,
      credited: { creditFen: "16000" },
      account: { centreFen: "16000", cardFen: "0" },
    })
    const loaded = await home.run([...load, "--card", "card.json"], { environment })
    expect(loaded.document).toMatchObject({ ok: true, account: { centreFen: "0", cardFen: "16000" } })
    const second = { ...bill, serial: "H1-0002", useAccount: true }
    const settle = ["medical", "settle", write(home, "bill2.json", second), "--card", "card.json", "--json"]
    const settled = await home.run(settle, { environment })
    expect(settled.document).toMatchObject({ ok: true, split: { accountFen: "16000" } })
    expect((await home.run([...load])).document.account).toMatchObject({ totalFen: "0" })
  })

  it.each([
    ["no file", ["settle"], "file: "],
    ["a file that is none", ["settle", "nowhere.json"], "file: "],
    ["no reason", ["withdraw", "--documents", "x.json"], "reason: "],
    ["nobody", ["records", "--purpose", "x"], "person: "],
    ["no purpose", ["records", "--person", PERSON], "purpose: "],
    ["a month that is none", ["load", "--person", PERSON, "--month", "202513"], "month: "],
  ])("ends with 2 for %s", async (_, words, text) => {
    const { code, stderr } = await shell().run(["medical", ...words])
    expect([code, stderr]).toEqual([2, expect.stringContaining(text)])
  })

  it("load refuses somebody who is not insured", async () => {
    const { code, document } = await shell().run(["medical", "load", "--person", PERSON, "--json"])
    expect([code, document.refusal.code]).toEqual([1, "S02"])
  })

  it("names the field of a file that is wrong, in both kinds of file", async () => {
    const home = shell()
    const bill = await home.run([
      "medical",
      "settle",
      write(home, "b.json", { ...BILL, lines: [{ ...BILL.lines[0], fee: -1 }] }),
    ])
    expect([bill.code, bill.stderr]).toEqual([2, expect.stringContaining("fee")])
    const death = await home.run([
      "medical",
      "withdraw",
      "--reason",
      "death",
      "--documents",
      write(home, "e.json", emigration({ condition: "EMIGRATION" })),
    ])
    expect([death.code, death.stderr]).toEqual([2, expect.stringContaining("documents: ")])
    const form = await home.run([
      "medical",
      "withdraw",
      "--reason",
      "death",
      "--documents",
      write(home, "f.json", emigration({ person: "1" })),
    ])
    expect([form.code, form.stderr]).toEqual([2, expect.stringContaining("application.person: ")])
  })
})

describe("host start --http-port", () => {
  it("serves the medical centre with its description, on the same database as the commands", async () => {
    const home = shell()
    const words = ["host", "start", "--port", "0", "--http-port", "0", "--region", "bj-like", "--json"]
    const host = home.start(words)
    expect(JSON.parse(await host.nextLine())).toMatchObject({ event: "ready" })
    const { event, url } = JSON.parse(await host.nextLine())
    expect(event).toBe("services-ready")
    const { info, paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { info: object; paths: object }
    expect(info).toMatchObject({ title: "shebao" })
    expect(Object.keys(paths)).toContain("/fsi/api/callService/2207")
    await home.run(["medical", "settle", write(home, "bill.json", BILL)])
    const query = {
      asker: { kind: "operator", id: "w" },
      subject: PERSON,
      object: "settlements",
      channel: "test",
      purpose: "test",
    }
    const response = await fetch(`${url}/medical/records`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(query),
    })
    expect(await response.json()).toMatchObject({ ok: true, settlements: [{ serial: "H1-0001" }] })
    const { code, events, stdout } = await host.stop("SIGTERM")
    expect(code).toBe(0)
    expect(events.at(-1)).toMatchObject({ event: "http-answered", path: "/medical/records" })
    expect(stdout).not.toContain(PERSON)
  })

  it.each([
    ["no tokens for others than this machine", ["--host", "0.0.0.0"], "http-tokens: "],
    ["tokens that are too short", ["--http-tokens", "tokens.json"], "http-tokens: "],
    ["a region that is none", ["--region", "nowhere"], "region: "],
  ])("ends with 2 for %s", async (_, words, text) => {
    const home = shell()
    write(home, "tokens.json", { "window-1": "short" })
    const ran = await home.run(["host", "start", "--memory", "--port", "0", "--http-port", "0", ...words])
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(text)])
  })
})

describe("region", () => {
  it("list, show, lint and diff", async () => {
    const { run } = shell()
    expect((await run(["region", "list", "--json"])).document.regions).toContainEqual({
      name: "bj-like",
      code: "110100",
      versions: ["2025-01-01", "2026-01-01"],
    })
    expect((await run(["region", "show", "default", "--json"])).document.withdraw.conditions).toEqual([
      "DEATH",
      "EMIGRATION",
    ])
    expect((await run(["region", "lint", "--json"])).document.ok).toBe(true)
    const { stdout } = await run(["region", "diff", "bj-like@2025-12-31", "bj-like@2026-01-01"])
    expect(stdout).toMatch(/contrib\.floor +6821 +7000/)
  })

  it.each([
    ["an unknown region", ["show", "nowhere"], "region: "],
    ["one region to compare", ["diff", "default"], "regions: "],
    ["a day before all versions", ["show", "default", "--date", "2020-01-01"], "region: "],
  ])("ends with 2 for %s", async (_, words, text) => {
    const { code, stderr } = await shell().run(["region", ...words])
    expect([code, stderr]).toEqual([2, expect.stringContaining(text)])
  })

  it("lint ends with 2 for a region that contradicts itself", async () => {
    const home = shell()
    const region = { code: "990200", provinceCode: "999900", name: "mine", effectiveFrom: "2025-03-01" }
    const path = write(home, "mine.json", { extends: "default", region, withdraw: { applyAt: ["kiosk"] } })
    const { code, stdout } = await home.run(["region", "lint", path])
    expect([code, stdout]).toEqual([
      2,
      expect.stringContaining("R11 allows the medical insurance service centre, not kiosk"),
    ])
  })
})
