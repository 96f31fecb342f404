import { describe, expect, it } from "vitest"
import { createCard, parseProfile } from "../../src/card/index.js"
import {
  blockApplication,
  blockCard,
  memoryReader,
  openCard,
  readCard,
  testKeyService,
  unblockApplication,
  verifyPin,
} from "../../src/terminal/index.js"

const CARDS = [
  ["3des", { extends: "employee" }],
  ["sm4", { extends: "employee", specVersion: "3.00", algorithm: "sm4" }],
] as const

const keys = testKeyService()

describe.each(CARDS)("the management of a %s card (card-commands §7.2)", (algorithm, profile) => {
  const card = createCard({ profile: parseProfile(profile) })
  const insert = () => openCard(memoryReader(card))

  it("blocks the application, so that no PIN is taken, and ends the block again, over power-offs", async () => {
    const blocked = await insert()
    expect(await blockApplication(blocked, { keys })).toEqual({ ok: true })
    await blocked.disconnect("unpower")
    const again = await insert()
    expect(await verifyPin(again, { pin: "123456" })).toMatchObject({ ok: false, statusWord: 0x6a81 })
    expect(await unblockApplication(again, { keys, region: "320800", algorithm })).toMatchObject({ ok: true })
    expect(await verifyPin(again, { pin: "123456" })).toMatchObject({ ok: true })
    await again.disconnect("unpower")
  })

  it("blocks the whole card for ever", async () => {
    const blocked = await insert()
    expect(await blockCard(blocked, { keys })).toEqual({ ok: true })
    await blocked.disconnect("unpower")
    const again = await insert()
    expect(await readCard(again)).toMatchObject({ code: "APPLICATION_BLOCKED", statusWord: 0x6a81 })
    expect(await unblockApplication(again, { keys, region: "320800", algorithm })).toMatchObject({ ok: false })
  })
})
