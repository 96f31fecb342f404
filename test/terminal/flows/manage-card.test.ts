import { describe, expect, it } from "vitest"
import { createCard } from "../../../src/card/index.js"
import {
  blockApplication,
  blockCard,
  type CardEvent,
  memoryReader,
  openCard,
  readCard,
  testKeyService,
  unblockApplication,
} from "../../../src/terminal/index.js"

const keys = testKeyService()
const insert = (profile: string) => openCard(memoryReader(createCard({ profile, seed: 1 })))

describe.each([
  ["employee", "3des"],
  ["employee-v3", "sm4"],
] as const)("block commands on %s (card-commands §7.2)", (profile, algorithm) => {
  it("block the application for a time, and end that", async () => {
    const session = await insert(profile)
    const events: CardEvent[] = []
    const onEvent = (event: CardEvent) => events.push(event)
    expect(await blockApplication(session, { keys, onEvent })).toEqual({ ok: true })
    expect(await readCard(session)).toMatchObject({ ok: false, code: "APPLICATION_BLOCKED", statusWord: 0x6a81 })
    expect(await unblockApplication(session, { keys, region: "320800", algorithm, onEvent })).toEqual({ ok: true })
    expect(await readCard(session, { keys })).toMatchObject({ ok: true, genuine: { ok: true } })
    expect(events.filter(({ type }) => type === "card-managed")).toEqual([
      { type: "card-managed", what: "application-blocked" },
      { type: "card-managed", what: "application-unblocked" },
    ])
  })

  it("block it for ever", async () => {
    const session = await insert(profile)
    expect(await blockApplication(session, { keys, permanently: true })).toEqual({ ok: true })
    expect(await readCard(session)).toMatchObject({ ok: false, statusWord: 0x9303 })
    const undone = await unblockApplication(session, { keys, region: "320800", algorithm })
    expect(undone).toMatchObject({ ok: false, statusWord: 0x9303 })
  })

  it("block the card for ever", async () => {
    const session = await insert(profile)
    expect(await blockCard(session, { keys })).toEqual({ ok: true })
    expect(await readCard(session)).toMatchObject({ ok: false, statusWord: 0x6a81 })
    expect(await blockCard(session, { keys })).toMatchObject({ ok: false, code: "APPLICATION_BLOCKED" })
  })

  it("are not sent with keys that are not the card's", async () => {
    const session = await insert(profile)
    const strange = { ...keys, internalAuthentication: async () => ({ ok: true, proof: new Uint8Array(16) }) as const }
    expect(await blockCard(session, { keys: strange })).toMatchObject({ code: "NOT_GENUINE" })
    expect(await readCard(session)).toMatchObject({ ok: true })
  })

  it("are refused with a MAC of another region's key", async () => {
    const session = await insert(profile)
    expect(await blockApplication(session, { keys })).toEqual({ ok: true })
    expect(await unblockApplication(session, { keys, region: "110100", algorithm })).toMatchObject({
      ok: false,
      code: "CARD_REFUSED",
      statusWord: 0x6988,
    })
  })
})
