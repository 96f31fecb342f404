import { afterEach, expect, it } from "vitest"
import { bureauRoutes, openApiDocument, type RunningHttpServer, startHttpServer } from "../../../src/host/index.js"
import { NOBODY, OTHER, openBureau, PERSON, UNIT } from "./world.js"

const running: RunningHttpServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(tokens?: ReadonlyMap<string, string>) {
  const world = await openBureau()
  const server = await startHttpServer({ routes: bureauRoutes(world.bureau), ...(tokens && { tokens }) })
  running.push(server)
  const post = async (path: string, body: object, token?: string) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) }
    const response = await fetch(`${server.url}/bureau/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { ...world, post }
}

it("R22: the services of the bureau are called over HTTP", async () => {
  const { post, question } = await start()
  expect((await post("services", { ...question, service: "unemployment.estimate" })).body).toMatchObject({
    code: "U03",
  })
  const payments = await post("records", { ...question, object: "payments" })
  expect(payments.body).toMatchObject({ ok: true, subject: "999999********0016" })
  const ticket = { month: "202503", insurance: "110", wageFen: "1000000", note: "" }
  const raised = await post("corrections", { ...question, ...ticket })
  expect(raised.body).toMatchObject({ ok: true, state: "submitted" })
  const answered = await post(`tickets/${raised.body.id}/answer`, { operator: "w", kind: "changed" })
  expect(answered.body).toMatchObject({ ok: true, state: "changed" })
  expect((await post("consultations", { ...question, question: "why?" })).body).toMatchObject({ state: "asked" })
  expect((await post("documents/check", { code: "0000" })).body).toEqual({ ok: true, isValid: false })
})

it("R14: an employer's program declares, pays and reads", async () => {
  const { post } = await start()
  expect((await post("employers/declare", { ...UNIT, month: "202505" })).body).toMatchObject({ ok: true, heads: 1 })
  expect((await post("employers/pay", { ...UNIT, month: "202505", amountFen: "283200" })).body).toMatchObject({
    owedFen: "0",
  })
  expect((await post("employers/account", UNIT)).body).toMatchObject({ months: { length: 5 } })
  expect((await post("employers/premiums", { ...UNIT, person: PERSON })).body).toMatchObject({
    premiums: { length: 20 },
  })
  expect((await post("employers/premiums", { ...UNIT, person: NOBODY })).body).toMatchObject({ code: "E03" })
  const employee = { person: OTHER, beganOn: "20250601", wageFen: "600000" }
  expect((await post("employers/add", { ...UNIT, ...employee })).body).toMatchObject({ ok: true })
  const leaving = { person: OTHER, endedOn: "20250609", reason: "resigned" }
  expect((await post("employers/remove", { ...UNIT, ...leaving })).body).toMatchObject({ ok: true })
})

it("a body of another form is 400, names the field and repeats nothing", async () => {
  const { post, question } = await start()
  for (const body of [
    { ...question, service: "pension.wish" },
    { ...question, service: "pension.claim", details: { from: "20250229" } },
    { ...question, service: "data.change", details: {} },
  ]) {
    const answer = await post("services", body)
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body)).not.toContain(PERSON)
  }
})

it("an operator asks in the name of his token", async () => {
  const { post, question, all } = await start(new Map([["token-of-window-9", "window-9"]]))
  const asker = { kind: "operator", id: "somebody" }
  await post("records", { ...question, asker, object: "cases" }, "token-of-window-9")
  expect((await all("bureauAudit")).at(-1)).toMatchObject({ actor: "window-9", object: "cases" })
})

it("is described", async () => {
  const { bureau } = await openBureau()
  const paths = Object.keys(
    (openApiDocument({ title: "t", version: "1" }, bureauRoutes(bureau)) as { paths: object }).paths,
  )
  expect(paths).toHaveLength(12)
})
