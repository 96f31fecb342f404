import { describe, expect, it } from "vitest"
import type { RecordQuery } from "../../../../src/host/index.js"
import { BILL_I, HOSPITAL, OTHER, openMedicalWorld, PERSON, yuan } from "../world.js"

const own: RecordQuery = {
  asker: { kind: "person", id: PERSON },
  subject: PERSON,
  object: "settlements",
  channel: "kiosk",
  purpose: "own records",
}

async function open() {
  const world = await openMedicalWorld()
  await world.centre.settle({ serial: "S1", visit: await world.visit(), lines: BILL_I, pinVerified: true })
  const audit = () => world.store.transaction((rows) => rows.list("medicalAudit"))
  return { ...world, audit }
}

describe("records", () => {
  it("R24: a person reads his account and his settlements", async () => {
    const { centre } = await open()
    const settlements = await centre.records(own)
    expect(settlements).toMatchObject({
      ok: true,
      settlements: [{ serial: "S1", provider: HOSPITAL, state: "settled", split: { poolFen: yuan(30_950) } }],
    })
    const account = await centre.records({ ...own, object: "account" })
    expect(account).toMatchObject({
      account: {
        centreFen: 0n,
        lines: expect.arrayContaining([expect.objectContaining({ kind: "S1", fen: -yuan(4_200) })]),
      },
    })
  })

  it("shows the items of a bill only to the person with card and PIN, or face (domain-rules §14.5, 4)", async () => {
    const { centre } = await open()
    const items = async (asker: RecordQuery["asker"]) => {
      const answer = await centre.records({ ...own, asker })
      return answer.ok && answer.settlements?.[0]?.lines?.length === BILL_I.length
    }
    expect(await items({ kind: "person", id: PERSON, proof: "cardAndPin" })).toBe(true)
    expect(await items({ kind: "person", id: PERSON, proof: "face" })).toBe(true)
    expect(await items({ kind: "person", id: PERSON })).toBe(false)
    expect(await items({ kind: "operator", id: "window-1", proof: "cardAndPin" })).toBe(false)
    const mandate = { subject: PERSON, objects: ["settlements"] as const }
    expect(await items({ kind: "agent", id: OTHER, mandate, proof: "cardAndPin" })).toBe(false)
  })

  it.each<[string, Partial<RecordQuery>, string]>([
    ["another person's records", { asker: { kind: "person", id: OTHER } }, "Q01"],
    ["another's, by an agent without mandate", { asker: { kind: "agent", id: OTHER } }, "Q01"],
    [
      "what the mandate does not name",
      { asker: { kind: "agent", id: OTHER, mandate: { subject: PERSON, objects: ["account"] } } },
      "Q01",
    ],
    [
      "with the mandate of somebody else",
      { asker: { kind: "agent", id: OTHER, mandate: { subject: OTHER, objects: ["settlements"] } } },
      "Q01",
    ],
    ["without a purpose", { purpose: " " }, "Q02"],
    ["without a purpose, by an operator", { asker: { kind: "operator", id: "w" }, purpose: "" }, "Q02"],
  ])("refuses %s, and writes it down", async (_, changes, code) => {
    const { centre, audit } = await open()
    const answer = await centre.records({ ...own, ...changes })
    expect(answer).toMatchObject({ ok: false, code })
    expect(Object.keys(answer).sort()).toEqual(["code", "ok", "reason", "rule"])
    expect((await audit()).at(-1)).toMatchObject({ result: code, object: "settlements" })
  })

  it("does not tell whether there is somebody", async () => {
    const { centre } = await open()
    const [known, unknown] = [PERSON, "999999198506150028"]
    const asker = { kind: "person", id: OTHER } as const
    expect(await centre.records({ ...own, asker, subject: known })).toEqual(
      await centre.records({ ...own, asker, subject: unknown }),
    )
    expect(await centre.records({ ...own, asker: { kind: "operator", id: "w" }, subject: unknown })).not.toHaveProperty(
      "settlements",
    )
  })

  it("the person reads who asked for what of him, and why", async () => {
    const { centre } = await open()
    await centre.records({ ...own, asker: { kind: "operator", id: "window-7" }, purpose: "complaint 12" })
    await centre.records({ ...own, asker: { kind: "person", id: OTHER } })
    const answer = await centre.records({ ...own, object: "audit" })
    expect(answer).toMatchObject({
      audit: [
        { actor: "window-7", purpose: "complaint 12", result: "told", channel: "kiosk" },
        { actor: "999999********0240", result: "Q01" },
        { object: "audit", result: "told" },
      ],
    })
  })

  it("no name, number or item stands in the audit log", async () => {
    const { centre, audit } = await open()
    await centre.records({ ...own, asker: { kind: "person", id: PERSON, proof: "face" } })
    await centre.records({ ...own, subject: OTHER })
    const text = JSON.stringify(await audit())
    for (const secret of [PERSON, OTHER, "测试一号", "B01"]) expect(text).not.toContain(secret)
  })

  it("a print names its requester, masked (domain-rules §14.5, 6)", async () => {
    const { centre } = await open()
    expect(await centre.records(own)).toMatchObject({ requestedBy: "***号", subject: "999999********0016" })
  })
})

describe("reconciliation (domain-rules §15)", () => {
  const day = { provider: HOSPITAL, from: "20250601", to: "20250630" }

  it("says 000000 when the sums are the same", async () => {
    const { centre } = await open()
    const sums = { count: 1, fundFen: yuan(30_950), accountFen: yuan(4_200) }
    expect(await centre.reconcile({ ...day, ...sums })).toEqual({ code: "000000", ...sums })
  })

  it("says 000103 when they differ, with our figures and serials", async () => {
    const { centre } = await open()
    const answer = await centre.reconcile({ ...day, count: 2, fundFen: yuan(30_950), accountFen: yuan(4_200) })
    expect(answer).toMatchObject({ code: "000103", count: 1, serials: ["S1"] })
  })

  it("counts neither reversed settlements nor other periods nor other providers", async () => {
    const { centre } = await open()
    const nothing = { count: 0, fundFen: 0n, accountFen: 0n }
    expect(await centre.reconcile({ ...day, ...nothing, to: "20250609" })).toMatchObject({ code: "000000" })
    expect(await centre.reconcile({ ...day, ...nothing, provider: "other" })).toMatchObject({ code: "000000" })
    await centre.reverse({ serial: "R", original: "S1" })
    expect(await centre.reconcile({ ...day, ...nothing })).toMatchObject({ code: "000000" })
  })
})

describe("cancelling a card (domain-rules §3.2, L15)", () => {
  it("C11: not while money is in its account; C01: not twice", async () => {
    const { centre, visit } = await openMedicalWorld()
    expect(await centre.cancelCard(PERSON)).toMatchObject({ code: "C11" })
    await centre.settle({ serial: "S1", visit: await visit(), lines: BILL_I, pinVerified: true })
    expect(await centre.cancelCard(PERSON)).toEqual({ ok: true })
    expect(await centre.cancelCard(PERSON)).toMatchObject({ code: "C01" })
    expect(await centre.cancelCard(OTHER)).toMatchObject({ code: "C01" })
  })
})
