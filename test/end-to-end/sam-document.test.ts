import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { createCard, lintProfile, parseProfile } from "../../src/card/index.js"
import { createKeyServer } from "../../src/host/index.js"
import { checkGenuine, memoryReader, openCard, samKeyService } from "../../src/terminal/index.js"

const [profile, request, step] = [...readFileSync("docs/sam.md", "utf8").matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, json]) => JSON.parse(json!),
)

it("docs/sam.md: two cards in one program", async () => {
  const card = await openCard(memoryReader(createCard({ profile: "employee" })))
  const sam = await openCard(memoryReader(createCard({ profile: "psam" })))
  const outcome = await checkGenuine(card, { keys: samKeyService(sam) })
  expect(outcome.ok).toBe(true)
})

it("docs/sam.md: a profile of one's own is clean, and its SAM knows its city's cards", async () => {
  const own = parseProfile(profile)
  expect(lintProfile(own)).toEqual([])
  const card = await openCard(memoryReader(createCard({ profile: "employee" })))
  const sam = await openCard(memoryReader(createCard({ profile: own })))
  expect(await checkGenuine(card, { keys: samKeyService(sam) })).toMatchObject({ ok: true })
})

it("docs/sam.md: what the HSM service is asked, and answers", async () => {
  const server = createKeyServer()
  expect(await server.call(request)).toEqual({ ok: true, data: "F4F14BF11083845F" })
  expect(await server.dialogue(step)).toEqual({ ok: true, input: "2898438E02652C170102030405060708" })
})
