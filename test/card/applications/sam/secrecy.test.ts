import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../../../src/apdu/index.js"
import { type Algorithm, deriveCardKey } from "../../../../src/crypto/index.js"
import { exchangeAll } from "../../../support/exchange.js"
import { SELECT_DDF1, SELECT_DF01, samCard, testStore } from "../../../support/sam-card.js"

const FACTORS = ["8660110816000001", "3332303830307378", "3332303030307368"]

/** Every key in the store, and every key on the way from it to the card of the factors. */
function secrets(algorithm: Algorithm): string[] {
  return testStore(algorithm).flatMap(({ usage, value }) => {
    const inwards = FACTORS.slice(0, usage >> 5)
      .reverse()
      .map((factor) => hex(factor))
    return Array.from({ length: inwards.length + 1 }, (_, levels) =>
      toHex(deriveCardKey(algorithm, value, inwards.slice(0, levels))),
    )
  })
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const store = testStore("3des").filter(({ id }) => [0x01, 0x08, 0x09, 0x0a, 0x10, 0x2d].includes(id))

/** Commands that get far, with data of any kind, and some that are anything at all. */
const command = fc.oneof(
  fc.tuple(fc.constantFrom(...store), bytes(8)).map(([{ usage, id }, random]) => {
    const factors = FACTORS.slice(0, usage >> 5).map((factor) => hex(factor))
    return concat(0xbf, 0xde, usage, id, 8 * (factors.length + 1), ...factors, random)
  }),
  fc.constantFrom(...store).map(({ usage, id }) => {
    const factors = FACTORS.slice(0, usage >> 5).map((factor) => hex(factor))
    return concat(0x80, 0x1a, usage, id, 8 * factors.length, ...factors)
  }),
  fc
    .tuple(
      fc.constantFrom(0x00, 0x01, 0x02, 0x03, 0x05, 0x07),
      fc.integer({ min: 1, max: 8 }),
      fc.infiniteStream(fc.nat(255)),
    )
    .map(([p1, blocks, stream]) =>
      concat(0x80, 0xfa, p1, 0, blocks * 8, Uint8Array.from([...stream.take(blocks * 8)])),
    ),
  fc
    .tuple(bytes(18), fc.constantFrom(0, 1, 4))
    .map(([data, algorithm]) => concat(0x80, 0x70, 0, 0, 36, data, 1, algorithm, hex(FACTORS[0]!), hex(FACTORS[1]!))),
  bytes(4).map((mac) => concat(0x80, 0x72, 0, 0, 4, mac)),
  fc
    .constantFrom("00B0960006", "00B095000E", "0084000008", "00C0000000", "00B2010C00", "00B0000000")
    .map((text) => hex(text)),
  fc.uint8Array({ minLength: 4, maxLength: 40 }),
)

describe("no command gives key bytes out", () => {
  it.each(["3des", "sm4"] as const)("whatever comes, in whatever order (%s)", (algorithm) => {
    const halves = secrets(algorithm).flatMap((key) => [key.slice(0, 16), key.slice(16)])
    const card = samCard({ environments: [{ algorithm, keys: testStore(algorithm) }] })
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 12 }), (commands) => {
        card.powerOn()
        exchangeAll(card, algorithm === "sm4" ? [SELECT_DDF1, SELECT_DF01] : [SELECT_DF01])
        for (const each of commands) {
          let answer = card.process(each)
          if (answer[0] === 0x61) answer = card.process(hex("00C0000000"))
          const text = toHex(answer)
          if (halves.some((half) => text.includes(half))) throw new Error(`key bytes in the answer to ${toHex(each)}`)
        }
      }),
      { numRuns: 150 },
    )
  })

  it("nothing but a purchase writes to memory", () => {
    const card = samCard()
    fc.assert(
      fc.property(command, (each) => {
        fc.pre(each[0] !== 0x80 || (each[1] !== 0x70 && each[1] !== 0x72))
        card.powerOn()
        exchangeAll(card, [SELECT_DF01])
        const before = card.memory.pages.snapshot()
        card.process(each)
        expect(card.memory.pages.snapshot()).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })

  it("a SAM is not used to derive a key one level down: levels are the key's own", () => {
    // 3DES(K, F) and 3DES(K, ~F) under the master key would be the city's key.
    const card = samCard()
    for (const usage of ["07", "08", "27", "47"])
      expect(
        exchangeAll(card, [
          SELECT_DF01,
          `801A${usage}08${["", "", "08", "10"][Number.parseInt(usage, 16) >> 5] ?? ""}`,
        ]),
      ).toMatch(/^(6985|6700)$/)
  })
})
