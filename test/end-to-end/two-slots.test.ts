import { afterAll, describe, expect, it } from "vitest"
import { createCard, parseProfile } from "../../src/card/index.js"
import type { CardKeyService } from "../../src/dictionary/index.js"
import { createKeyServer, type RunningKeyServer, startKeyServer } from "../../src/host/index.js"
import {
  checkGenuine,
  hsmKeyService,
  memoryReader,
  openCard,
  resetPin,
  samKeyService,
  testKeyService,
  unblockPin,
  verifyPin,
  writeCard,
} from "../../src/terminal/index.js"

const servers: RunningKeyServer[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

/** Whoever holds the keys: a SAM in the second slot, the back office in this process or over HTTP, or software. */
const SERVICES: readonly (readonly [string, (sam: string) => Promise<CardKeyService>])[] = [
  [
    "a SAM in the second slot",
    async (sam) => samKeyService(await openCard(memoryReader(createCard({ profile: sam })))),
  ],
  ["the HSM in process", async () => createKeyServer()],
  [
    "the HSM over HTTP",
    async () => {
      const server = await startKeyServer()
      servers.push(server)
      return hsmKeyService(server.url)
    },
  ],
  ["test keys", async () => testKeyService()],
]

const CARDS = [
  ["3DES, 2.00", { extends: "employee" }, "psam"],
  ["SM4, 3.00", { extends: "employee", specVersion: "3.00", algorithm: "sm4" }, "psam-sm4"],
] as const

describe.each(CARDS)("a terminal with a card of %s", (_, profile, sam) => {
  describe.each(SERVICES)("and %s", (_name, open) => {
    const insert = () => openCard(memoryReader(createCard({ profile: parseProfile(profile) })))

    it("knows that the card is genuine", async () => {
      expect(await checkGenuine(await insert(), { keys: await open(sam) })).toMatchObject({
        ok: true,
        identity: { region: "320800" },
      })
    })

    it("gives it a new PIN, and unlocks one", async () => {
      const [card, keys] = [await insert(), await open(sam)]
      expect(await resetPin(card, { keys, newPin: "246813" })).toMatchObject({ ok: true })
      expect(await verifyPin(card, { pin: "246813" })).toMatchObject({ ok: true })
      expect(await verifyPin(card, { pin: "999999" })).toMatchObject({ ok: false, triesLeft: 5 })
      expect(await unblockPin(card, { keys })).toMatchObject({ ok: true, triesLeft: 6 })
    })

    it("writes a file under its key", async () => {
      const [card, keys] = [await insert(), await open(sam)]
      const writes = [{ directory: "DF01", fid: 0xef06, fields: { phone: "13000000099" } }] as const
      const written = await writeCard(card, { keys, writes })
      expect(written).toMatchObject({ ok: true })
    })
  })
})
