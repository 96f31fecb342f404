import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import type { Card } from "../../../src/card/index.js"
import { type Algorithm, deriveCardKey, testMasterKey } from "../../../src/crypto/index.js"
import { cityFactor, keyNamed, provinceFactor } from "../../../src/dictionary/index.js"
import { memoryReader, openCard } from "../../../src/terminal/index.js"
import { samKeyService, testKeyService } from "../../../src/terminal/keys/index.js"
import { samCard, sm4Sam, testStore } from "../../support/sam-card.js"
import { factors, ORIGINAL } from "./vectors.js"

const ask = (key: string, algorithm: Algorithm) => ({ key: keyNamed(key), algorithm, factors })
const cardOf = (algorithm: Algorithm) => (algorithm === "3des" ? samCard() : sm4Sam())
const serviceOver = async (card: Card) => samKeyService(await openCard(memoryReader(card)))

const internal = (algorithm: Algorithm, key = "IRK") => ({
  ...ask(key, algorithm),
  factor: hex("1122334455667788"),
  original: hex(ORIGINAL),
})

describe("keys of a SAM", () => {
  it("agree with keys in software, whatever is asked, long messages included", async () => {
    const services = { "3des": await serviceOver(samCard()), sm4: await serviceOver(sm4Sam()) }
    const software = testKeyService()
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Algorithm>("3des", "sm4"),
        bytes(8),
        fc.uint8Array({ maxLength: 251 }),
        async (algorithm, challenge, data) => {
          const header = hex("04D60000")
          const request = { ...ask("STKssse", algorithm), challenge, header, data, encipher: false }
          expect(await services[algorithm].secureCommand(request)).toEqual(await software.secureCommand(request))
        },
      ),
      { numRuns: 40 },
    )
  })

  it("run one after the other when asked at once", async () => {
    const keys = await serviceOver(samCard())
    const expected = { ok: true, proof: hex("F4F14BF11083845F") }
    const stk = { ...ask("STKssse", "3des"), challenge: hex("C1C2C3C4C5C6C7C8"), data: hex(""), encipher: false }
    const answers = await Promise.all([
      keys.internalAuthentication(internal("3des")),
      keys.secureCommand({ ...stk, header: hex("84240000") }),
      keys.internalAuthentication(internal("3des")),
    ])
    expect(answers).toEqual([expected, { ok: true, command: hex("84240000045F70B247") }, expected])
  })
})

describe("a SAM of a province or a city (card-commands §11.2)", () => {
  const { region } = factors
  const held = (usage: number, name: string, levels: Uint8Array[]) => {
    const key = keyNamed(name)
    const value = deriveCardKey("3des", testMasterKey("3des", key.testId), levels)
    return { usage, id: key.psamId!, value, tries: 3 }
  }
  const samWith = (...keys: ReturnType<typeof held>[]) =>
    serviceOver(samCard({ environments: [{ algorithm: "3des", keys }] }))

  it.each([
    ["province", 0x47, [provinceFactor(region)]],
    ["city", 0x27, [provinceFactor(region), cityFactor(region)]],
  ])("reaches its cards with the IRK of the %s", async (_, usage, levels) => {
    const keys = await samWith(held(usage, "IRK", levels))
    expect(await keys.internalAuthentication(internal("3des"))).toEqual({ ok: true, proof: hex("F4F14BF11083845F") })
  })

  it("says when it holds the key on another level", async () => {
    const keys = await samWith(held(0x67, "IRK", []), { ...held(0x67, "IRK", []), id: 0x0a })
    const answer = await keys.externalAuthentication({
      ...ask("RKssse", "3des"),
      challenge: hex("A1A2A3A4A5A6A7A8"),
      previous: hex(ORIGINAL),
    })
    expect(answer).toMatchObject({ ok: false, code: "KEY_LEVEL", statusWord: 0x6985 })
  })
})

describe("refusals are answers", () => {
  it("no such key", async () => {
    const keys = await serviceOver(
      samCard({ environments: [{ algorithm: "3des", keys: testStore("3des").filter(({ id }) => id !== 0x0a) }] }),
    )
    const answer = await keys.externalAuthentication({
      ...ask("RKssse", "3des"),
      challenge: hex("A1A2A3A4A5A6A7A8"),
      previous: hex(ORIGINAL),
    })
    expect(answer).toMatchObject({ ok: false, code: "KEY_UNKNOWN", statusWord: 0x6a88 })
    expect(answer.ok || answer.message).toContain("RKssse")
  })

  it.each(["DULK", "MKssse", "STKDF01"])("a key that no SAM of a terminal holds: %s", async (name) => {
    const keys = await serviceOver(samCard())
    expect(await keys.internalAuthentication(internal("3des", name))).toMatchObject({ ok: false, code: "KEY_UNKNOWN" })
  })

  it.each<[Algorithm, Algorithm]>([
    ["3des", "sm4"],
    ["sm4", "3des"],
  ])("a SAM of %s asked for a card of %s", async (has, wanted) => {
    const keys = await serviceOver(cardOf(has))
    expect(await keys.internalAuthentication(internal(wanted))).toMatchObject({
      ok: false,
      code: "ALGORITHM_NOT_SUPPORTED",
    })
  })

  it("a SAM that was pulled", async () => {
    const reader = memoryReader(samCard())
    const keys = samKeyService(await openCard(reader))
    reader.pull()
    expect(await keys.internalAuthentication(internal("3des"))).toMatchObject({ ok: false, code: "NO_SAM" })
  })

  it("a SAM that is mute: it cannot be reached", async () => {
    const sam = await openCard(memoryReader(samCard()), {
      timeout: 1,
      line: (transport) => ({ ...transport, transmit: () => new Promise(() => undefined) }),
    })
    expect(await samKeyService(sam).internalAuthentication(internal("3des"))).toMatchObject({
      ok: false,
      code: "KEY_SERVICE_UNREACHABLE",
    })
  })

  it("something that is no SAM", async () => {
    const transmit = async () => hex("6A82")
    const keys = samKeyService({ transmit, close: async () => undefined })
    expect(await keys.internalAuthentication(internal("3des"))).toMatchObject({ ok: false, code: "NO_SAM" })
  })

  it("a key that is locked", async () => {
    const card = samCard({ environments: [{ algorithm: "3des", keys: testStore("3des") }] })
    const place = card.layout.root.directories[0]!.keys.find(({ name }) => name === "67/08")!
    card.memory.writeByte(place.triesOffset, 0)
    const keys = await serviceOver(card)
    expect(await keys.internalAuthentication(internal("3des"))).toMatchObject({
      ok: false,
      code: "KEY_REFUSED",
      statusWord: 0x6983,
    })
  })
})
