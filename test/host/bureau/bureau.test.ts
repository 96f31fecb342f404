import { describe, expect, it } from "vitest"
import { asPerson, bureauTestCard, NOBODY, OTHER, openBureau, PERSON, RIVAL, UNIT } from "./world.js"

const leave = async (world: Awaited<ReturnType<typeof openBureau>>, reason = "endedByEmployer") => {
  await world.bureau.unit.removeEmployee(UNIT, { person: PERSON, endedOn: "20250531", reason })
  return world.ask("jobs.unemployed", { reason, endedOn: "20250531" })
}

describe("services of the bureau", () => {
  it("R17: estimates a pension from the record, with the rule behind each figure (R25)", async () => {
    const { ask } = await openBureau()
    const answer = await ask("pension.estimate")
    expect(answer).toMatchObject({ ok: false, code: "P02", lacks: "156" })
    expect(answer.steps?.map(({ parameter }) => parameter)).toContain("pension.minYears")
  })

  it("R18, R19: registration, then the claim, by the months of the record", async () => {
    const world = await openBureau()
    expect(await world.ask("unemployment.claim")).toMatchObject({ code: "U03" })
    expect(await leave(world)).toMatchObject({ ok: true, state: "open" })
    const claim = await world.ask("unemployment.claim")
    expect(claim).toMatchObject({
      ok: true,
      state: "granted",
      result: { months: 14, monthlyFen: 160_000n, from: "202506" },
    })
    expect(await world.ask("unemployment.claim")).toMatchObject({ code: "D02" })
  })

  it("U02: who resigned gets nothing", async () => {
    const world = await openBureau()
    await leave(world, "resigned")
    expect(await world.ask("unemployment.claim")).toMatchObject({ code: "U02" })
  })

  it("R20: training is enrolled once, its subsidy paid once for a level", async () => {
    const { ask } = await openBureau()
    const course = { course: "焊工", provider: "测试学校", beginsOn: "20250701", hours: 80 }
    expect(await ask("training.enrol", course)).toMatchObject({ ok: true, state: "open" })
    expect(await ask("training.enrol", course)).toMatchObject({ code: "G05" })
    const subsidy = { occupation: "6-18", level: "5", certificate: "Z1", certifiedOn: "20250601" }
    expect(await ask("training.subsidy", subsidy)).toMatchObject({ ok: true, result: { fen: 100_000n } })
    expect(await ask("training.subsidy", subsidy)).toMatchObject({ code: "T03" })
  })

  it("R21: recognition, appraisal, benefits by the bases before the injury", async () => {
    const { ask } = await openBureau()
    expect(await ask("injury.appraisal", { isStable: true })).toMatchObject({ code: "I02" })
    expect(await ask("injury.recognition", { by: "employer", injuredOn: "20250520" })).toMatchObject({ ok: true })
    expect(await ask("injury.appraisal", { isStable: true })).toMatchObject({
      ok: true,
      result: { concludeBy: "20250809" },
    })
    expect(await ask("injury.benefits", { grade: 7 })).toMatchObject({
      state: "told",
      result: { ownWageFen: 800_000n, items: [{ fen: 10_400_000n }] },
    })
  })

  it.each<[string, Parameters<Awaited<ReturnType<typeof openBureau>>["ask"]>]>([
    ["P01", ["pension.claim", { from: "20250610" }]],
    ["M01", ["maternity.claim", { event: "birth" }]],
    ["G04", ["jobs.unemployed", { reason: "expired", endedOn: "20250601" }]],
    ["D03", ["jobs.unemployed", { reason: "expired", endedOn: "20250611" }]],
    ["C13", ["card.formalLoss", { channel: "phone", isIdentityVerified: true }]],
    ["Q01", ["pension.estimate", {}, { asker: { ...asPerson, id: OTHER } }]],
    ["Q01", ["pension.estimate", {}, { asker: { ...asPerson, id: OTHER }, subject: NOBODY }]],
    ["Q02", ["data.change", { phone: "13000000000" }, { purpose: " " }]],
    ["Q03", ["data.change", { phone: "13000000000" }, { asker: { kind: "person", id: PERSON } }]],
    ["D01", ["pension.estimate", {}, { asker: { kind: "operator", id: "w" }, subject: NOBODY }]],
    ["C02", ["data.change", { phone: "13000000000" }, {}, bureauTestCard("S00000020")]],
    [
      "Q01",
      ["data.change", { phone: "13000000000" }, { asker: { ...asPerson, id: OTHER } }, bureauTestCard("S00000020")],
    ],
  ])("%s refuses %j; nothing changes, and it is written down without name or number", async (code, request) => {
    const { ask, dump, all } = await openBureau()
    const before = await dump()
    expect(await ask(...request)).toMatchObject({ ok: false, code })
    expect(await dump()).toEqual(before)
    const log = await all("bureauAudit")
    expect(log.at(-1)).toMatchObject({ result: code })
    for (const secret of [PERSON, OTHER, NOBODY, "测试一号"]) expect(JSON.stringify(log)).not.toContain(secret)
  })

  it.each([
    ["data.change", {}, "details"],
    ["data.change", { phone: "0130-x" }, "details.phone"],
    ["pension.claim", { from: "20250229" }, "details.from"],
    ["training.enrol", { course: "a", provider: "b", beginsOn: "20250701", hours: -1 }, "details.hours"],
    ["injury.benefits", { grade: 11 }, "details.grade"],
    ["card.release", { channel: "kiosk", colour: 1 }, "details"],
  ] as const)("%s with %j names the field and changes nothing", async (service, details, field) => {
    const { ask, dump } = await openBureau()
    const before = await dump()
    await expect(ask(service, details)).rejects.toMatchObject({ field })
    expect(await dump()).toEqual(before)
  })

  it("C07: nobody is served after his death; C08: the initial PIN may query, not claim; C10: locked", async () => {
    const { ask, bureau, store } = await openBureau()
    const put = (changes: object) =>
      store.transaction(async (rows) =>
        rows.put("bureauPersons", { ...(await rows.get("bureauPersons", PERSON))!, ...changes }),
      )
    await put({ hasInitialPin: 1 })
    expect(await ask("data.change", { phone: "13000000000" })).toMatchObject({ code: "C08" })
    expect(await ask("unemployment.estimate")).toMatchObject({ code: "U03" })
    await put({ hasInitialPin: 0, cardState: "pinLocked" })
    expect(await ask("data.change", { phone: "13000000000" })).toMatchObject({ code: "C10" })
    await put({ cardState: "tempLost", cardSince: "20250609000000" })
    expect(await ask("data.change", { phone: "13000000000" })).toMatchObject({ code: "C01" })
    await bureau.reportDeath(PERSON, "20250609")
    expect(await ask("data.change", { phone: "13000000000" })).toMatchObject({ code: "C07" })
  })

  it("loss, formal loss, replacement, and the new card: the old one stays refused (§3.4, 1)", async () => {
    const { ask, all, clock } = await openBureau()
    const at = { channel: "window", isIdentityVerified: true }
    expect(await ask("card.temporaryLoss", { ...at, channel: "phone" })).toMatchObject({ ok: true, state: "done" })
    expect(await ask("card.formalLoss", at)).toMatchObject({ ok: true })
    expect(await ask("card.replace", at)).toMatchObject({ code: "C05" })
    expect(await ask("card.replace", { ...at, isFeePaid: true })).toMatchObject({
      ok: true,
      result: { readyOn: "20250610" },
    })
    expect(await ask("card.release", at)).toMatchObject({ code: "C06" })
    expect(await ask("card.enable", at)).toMatchObject({ code: "D03" })
    clock.set("2025-06-11 09:00:00")
    expect(await ask("card.enable", { ...at, newCardNumber: "S00000039" })).toMatchObject({ ok: true })
    expect(await all("bureauPersons")).toContainEqual(
      expect.objectContaining({
        person: PERSON,
        cardNumber: "S00000039",
        cardState: "normal",
        isReplacing: 0,
        hasInitialPin: 1,
      }),
    )
    expect(await ask("data.change", { phone: "13000000000" }, {}, bureauTestCard())).toMatchObject({ code: "C02" })
  })

  it("the same serial is one affair; another request under it is refused", async () => {
    const { ask, all } = await openBureau()
    const change = () => ask("data.change", { phone: "13000000000" }, { serial: "S1" })
    const first = await change()
    expect(await change()).toEqual(first)
    expect(await ask("data.change", { phone: "13000000001" }, { serial: "S1" })).toMatchObject({ code: "D02" })
    expect((await all("bureauCases")).length).toBe(1)
  })
})

describe("card and record in one step", () => {
  const phoneOf = async (world: Awaited<ReturnType<typeof openBureau>>) =>
    (await world.all("bureauPersons")).find(({ person }) => person === PERSON)!.phone

  it("writes both", async () => {
    const world = await openBureau()
    const card = bureauTestCard()
    expect(await world.ask("data.change", { phone: "13000000000" }, {}, card)).toMatchObject({
      ok: true,
      state: "done",
    })
    expect([card.held.get("DF01.phone"), await phoneOf(world)]).toEqual(["13000000000", "13000000000"])
  })

  it("a card that refuses leaves both as they were", async () => {
    const world = await openBureau()
    const card = bureauTestCard()
    card.failNext("refused")
    expect(await world.ask("data.change", { phone: "13000000000" }, {}, card)).toMatchObject({ ok: false })
    expect([card.held.size, await phoneOf(world)]).toEqual([0, null])
    expect(await world.bureau.finishCard(PERSON, card)).toEqual([])
  })

  it.each(["before", "after"] as const)(
    "cut %s the card wrote: pending, nothing else begins, recovery ends it",
    async (fault) => {
      const world = await openBureau()
      const card = bureauTestCard()
      card.failNext(fault)
      const answer = await world.ask("data.change", { phone: "13000000000" }, { serial: "S1" }, card)
      expect(answer).toMatchObject({ ok: true, state: "pendingCard" })
      expect(await phoneOf(world)).toBeNull()
      expect(await world.ask("data.change", { phone: "13000000001" }, {}, card)).toMatchObject({
        code: "D02",
        lacks: "pendingCard",
      })
      expect(await world.bureau.finishCard(PERSON, bureauTestCard("S00000020"))).toEqual([])
      expect(await world.bureau.finishCard(PERSON, card)).toEqual(["S1"])
      expect([card.held.get("DF01.phone"), await phoneOf(world)]).toEqual(["13000000000", "13000000000"])
      expect(await world.bureau.finishCard(PERSON, card)).toEqual([])
    },
  )

  it("asked again under its serial, a pending step is ended too", async () => {
    const world = await openBureau()
    const card = bureauTestCard()
    card.failNext("after")
    await world.ask("data.change", { phone: "13000000000" }, { serial: "S1" }, card)
    expect(await world.ask("data.change", { phone: "13000000000" }, { serial: "S1" }, card)).toMatchObject({
      state: "done",
    })
    expect(await phoneOf(world)).toBe("13000000000")
  })

  it("without the card the record counts at once; the card follows when it comes", async () => {
    const world = await openBureau()
    const card = bureauTestCard()
    expect(await world.ask("data.change", { phone: "13000000000" })).toMatchObject({
      state: "done",
      isCardBehind: true,
    })
    expect(await world.bureau.finishCard(PERSON, card)).toHaveLength(1)
    expect(card.held.get("DF01.phone")).toBe("13000000000")
  })
})

describe("records (R24 to R26, domain-rules §14)", () => {
  it("R24: the person reads his payment record", async () => {
    const { bureau, question } = await openBureau()
    const answer = await bureau.records({ ...question, object: "payments" })
    expect(answer).toMatchObject({
      ok: true,
      subject: "999999********0016",
      requestedBy: expect.stringContaining("号"),
    })
    if (!answer.ok) return
    expect(answer.payments).toHaveLength(16)
    expect(answer.payments?.[0]).toMatchObject({ month: "202501", insurance: "110", state: "paid", dueFen: 192_000n })
    expect(JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? `${value}` : value))).not.toContain(PERSON)
  })

  it("R26: he sees month by month what the employer declared, paid and owes", async () => {
    const { bureau, question } = await openBureau()
    const declared = await bureau.unit.declare(UNIT, "202505")
    if (declared.ok) await bureau.unit.pay(UNIT, "202505", 196_000n)
    await bureau.unit.declare(UNIT, "202506")
    const answer = await bureau.records({ ...question, object: "supervision" })
    const states =
      answer.ok && answer.supervision!.map(({ month, insurance, state }) => `${month} ${insurance} ${state}`)
    expect(states).toEqual(
      expect.arrayContaining([
        "202504 110 paid",
        "202505 110 paid",
        "202505 210 partial",
        "202505 310 unpaid",
        "202506 110 unpaid",
      ]),
    )
    const missing = await (await openBureau()).bureau.records({ ...question, object: "supervision" })
    expect(
      missing.ok && missing.supervision!.filter(({ month }) => month === "202505").map(({ state }) => state),
    ).toEqual(Array(4).fill("notDeclared"))
  })

  it("R26: a correction adds a line, and the old one stays", async () => {
    const { bureau, question, all } = await openBureau()
    const ticket = { kind: "correction", month: "202503", insurance: "110", wageFen: 1_000_000n, note: "wage" } as const
    const raised = await bureau.raise(question, ticket)
    expect(raised).toMatchObject({ ok: true, state: "submitted", answerBy: "20250625" })
    expect(await bureau.raise(question, ticket)).toMatchObject({ code: "D02" })
    expect(await bureau.raise(question, { ...ticket, month: "201901" })).toMatchObject({ code: "D01" })
    if (!raised.ok) return
    expect(await bureau.answer("w1", raised.id, { kind: "answered", text: "?" })).toMatchObject({ code: "D02" })
    expect(await bureau.answer("w1", raised.id, { kind: "changed" })).toMatchObject({ ok: true })
    expect(await bureau.answer("w1", raised.id, { kind: "changed" })).toMatchObject({ code: "D02" })
    const lines = (await all("bureauLines")).filter((line) => line.month === "202503" && line.insurance === "110")
    expect(lines.map(({ line, baseFen }) => [line, baseFen])).toEqual([
      [1, 800_000n],
      [2, 1_000_000n],
    ])
    const shown = await bureau.records({ ...question, object: "payments" })
    expect(shown.ok && shown.payments!.find(({ line }) => line === 2)).toMatchObject({ state: "partial" })
  })

  it("R25: a consultation is asked and answered", async () => {
    const { bureau, question } = await openBureau()
    const asked = await bureau.raise(question, { kind: "consultation", question: "why?" })
    if (!asked.ok) throw new Error(asked.code)
    expect(await bureau.answer("w1", asked.id, { kind: "answered", text: "because" })).toMatchObject({
      state: "answered",
    })
    expect(await bureau.answer("w1", "B999", { kind: "answered", text: "" })).toMatchObject({ code: "D01" })
  })

  it("a statement balances: opening + credit + interest − drawn = closing (§14.2)", async () => {
    const { bureau, question, clock } = await openBureau()
    clock.set("2026-01-02 09:00:00")
    const answer = await bureau.records({ ...question, object: "statement", year: "2025" })
    if (!answer.ok) throw new Error(answer.code)
    const { account, monthsThisYear, monthsTotal } = answer.statement!.lines[0]!
    expect([monthsThisYear, monthsTotal]).toEqual([4, 84])
    const { openingFen, creditFen, interestFen, drawnFen, closingFen } = account!
    expect([openingFen, creditFen, drawnFen]).toEqual([4_000_000n, 256_000n, 0n])
    // 40,000 × 3 % + 640 × (11 + 10 + 9 + 8) × 3 % ÷ 12
    expect(interestFen).toBe(126_080n)
    expect(openingFen + creditFen + interestFen - drawnFen).toBe(closingFen)
  })

  it("a certificate can be checked until its code ends, and tells nothing else", async () => {
    const { bureau, question, clock } = await openBureau()
    const answer = await bureau.records({ ...question, object: "certificate" })
    if (!answer.ok) throw new Error(answer.code)
    const { code, validUntil } = answer.certificate!
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
    expect(validUntil).toBe("20250908")
    clock.set("2025-09-08 23:59:59")
    expect(await bureau.isGenuine(code)).toBe(true)
    expect(await bureau.isGenuine("0".repeat(16))).toBe(false)
    clock.set("2025-09-09 00:00:00")
    expect(await bureau.isGenuine(code)).toBe(false)
  })

  it("an agent reads what his mandate names, no more; the person sees who asked", async () => {
    const { bureau, question } = await openBureau()
    const asker = { kind: "agent", id: OTHER, mandate: { subject: PERSON, objects: ["payments"] } } as const
    expect((await bureau.records({ ...question, asker, object: "payments" })).ok).toBe(true)
    expect(await bureau.records({ ...question, asker, object: "statement" })).toMatchObject({ code: "Q01" })
    const log = await bureau.records({ ...question, object: "audit" })
    expect(log.ok && log.audit!.map(({ object, result }) => [object, result])).toEqual([
      ["payments", "told"],
      ["statement", "Q01"],
      ["audit", "told"],
    ])
  })
})

describe("employers (R14, R23, domain-rules §13)", () => {
  it("E01: only operators of the unit act for it", async () => {
    const { bureau } = await openBureau()
    expect(await bureau.unit.declare({ ...UNIT, operator: "boss" }, "202505")).toMatchObject({ code: "E01" })
    expect(await bureau.unit.query({ ...RIVAL, employer: "0" }, { object: "account" })).toMatchObject({ code: "E01" })
  })

  it("E02: somebody else's employee; E03: not an employee, known or not", async () => {
    const { bureau } = await openBureau()
    expect(await bureau.unit.addEmployee(RIVAL, { person: PERSON, beganOn: "20250601", wageFen: 1n })).toMatchObject({
      code: "E02",
    })
    const removal = { endedOn: "20250601", reason: "expired" }
    expect(await bureau.unit.removeEmployee(RIVAL, { person: PERSON, ...removal })).toMatchObject({ code: "E03" })
    for (const person of [PERSON, NOBODY])
      expect(await bureau.unit.query(RIVAL, { object: "premiums", person })).toMatchObject({ code: "E03" })
  })

  it("E04: rights need consent; E05: a person's account is never told", async () => {
    const { bureau } = await openBureau()
    expect(await bureau.unit.query(UNIT, { object: "rights", person: PERSON })).toMatchObject({ code: "E04" })
    expect(await bureau.unit.query(UNIT, { object: "rights", person: PERSON, hasConsent: true })).toMatchObject({
      monthsPaid: 4,
    })
    expect(
      await bureau.unit.query(UNIT, { object: "personalAccount", person: PERSON, hasConsent: true }),
    ).toMatchObject({ code: "E05" })
    const premiums = await bureau.unit.query(UNIT, { object: "premiums", person: PERSON })
    expect(premiums.ok && premiums.premiums).toHaveLength(16)
  })

  it("E06: a month is declared once, and not ahead; nobody pays more than is owed", async () => {
    const { bureau } = await openBureau()
    expect(await bureau.unit.declare(UNIT, "202504")).toMatchObject({ code: "E06" })
    expect(await bureau.unit.declare(UNIT, "202507")).toMatchObject({ code: "E06" })
    expect(await bureau.unit.pay(UNIT, "202505", 1n)).toMatchObject({ code: "E06" })
    expect(await bureau.unit.pay(UNIT, "202504", 1n)).toMatchObject({ code: "E06" })
  })

  it("a late payment costs the late fee of its days (§5.1)", async () => {
    const { bureau } = await openBureau()
    const declared = await bureau.unit.declare(UNIT, "202505")
    expect(declared).toMatchObject({ heads: 1, baseFen: 800_000n, dueFen: 283_200n })
    expect(await bureau.unit.pay(UNIT, "202505", 100_000n)).toMatchObject({ lateFeeFen: 500n, owedFen: 183_200n })
  })

  it("an employee who was reported late is taken and marked", async () => {
    const { bureau } = await openBureau()
    const employee = { person: OTHER, wageFen: 500_000n }
    expect(await bureau.unit.addEmployee(UNIT, { ...employee, beganOn: "20250510" })).toMatchObject({
      ok: true,
      isLate: true,
    })
    const fresh = await openBureau()
    expect(await fresh.bureau.unit.addEmployee(UNIT, { ...employee, beganOn: "20250511" })).toMatchObject({
      isLate: false,
    })
  })

  it.each([
    ["beganOn", { person: OTHER, beganOn: "20250230", wageFen: 1n }],
    ["wage", { person: OTHER, beganOn: "20250601", wageFen: -1n }],
  ])("names %s when it cannot be", async (field, employee) => {
    const { bureau } = await openBureau()
    expect(() => bureau.unit.addEmployee(UNIT, employee)).toThrow(expect.objectContaining({ field }))
  })
})
