import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import {
  type Card,
  cardFromLayout,
  compileLayout,
  compileProfile,
  differences,
  type Layout,
  parseProfile,
} from "../../src/card/index.js"
import { SELECT_CERT, SELECT_PKI } from "../support/pki-card.js"
import { BANK_AID, SSSE_AID, testCardSpec } from "../support/test-card.js"

const T1_ATR = hex("3B8D80010081543100866011081600000100")
const LAYOUTS = [
  compileLayout(testCardSpec()),
  compileLayout(testCardSpec({ algorithm: "sm4", atr: T1_ATR, options: { emptyRecords: "missing" } })),
  compileLayout(testCardSpec({ options: { case4WithLe: "direct", shortLe: "cut", externalAuthOrder: "XA" } })),
  compileProfile(parseProfile({ extends: "employee-v3", pki: { keys: { test: true, signature: "11".repeat(32) } } })),
]

const RUNS = 1000
const COMMANDS = 200
const LONGEST = 65_600

/** Commands that are right somewhere on the card: what the mutations start from. */
const TEMPLATES = [
  `00A404000F${toHex(SSSE_AID)}`,
  `00A404000F${toHex(SSSE_AID)}`,
  `00A4040008${toHex(BANK_AID)}00`,
  "00A4040005D156000005",
  "00A4040205D156000005",
  "00A40000023F00",
  "00A4000002DDF2",
  "00A4000002DF01",
  "00A4010002DF04",
  "00A4020002EF05",
  "00A4000002EF06",
  "00A4000002EF08",
  "00A4000002EF09",
  "00A4000002EF11",
  "00A4000002EF15",
  "00A4030000",
  "00B2010400",
  "00B2012C12",
  "00B20A0203",
  "00B0000010",
  "00B0880500",
  "00B00000000400",
  "00C0000000",
  "00DC010403 2E0159",
  "00DC000303 AABBCC",
  "00DC010405 0102030405",
  "00E2000003 310159",
  "00D6000004 01020304",
  "0020000003123456",
  "0020000003123456",
  "0020000003111111",
  "0020000000",
  "805E010007123456FF123456",
  "805E010007123456FF654321",
  "0084000008",
  "0088000010 1122334455667788 0102030405060708",
  "0082000410 000102030405060708090A0B0C0D0E0F",
  "0082000018 000102030405060708090A0B0C0D0E0F1011121314151617",
  "8424000004 01020304",
  "842400010C 0102030405060708090A0B0C",
  "841E000004 01020304",
  "8418000004 01020304",
  "8416000004 01020304",
  "84D4000A24 000000000000000000000000000000000000000000000000000000000000000000000000",
  "04DC010407 2E0159 01020304",
  "84D600000C 0102030405060708090A0B0C",
  "04E2000007 310159 01020304",
  SELECT_PKI,
  SELECT_CERT,
  "00A40000020018",
  "80C4010305 C103123456 00",
  "0084000010",
  "0020018110 000102030405060708090A0B0C0D0E0F",
  "0020010010 000102030405060708090A0B0C0D0E0F",
  "00200181",
  "0082000010 000102030405060708090A0B0C0D0E0F",
  "8040000008 C0020012C2020013",
  "80C9820008 C0020012C2020013",
  "80C9828000",
  "804E00010A C2020013C18200020102",
  "80C2C00126 C2020015CB20 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
  "845E010014 000102030405060708090A0B0C0D0E0F 01020304",
  "84D4010024 000000000000000000000000000000000000000000000000000000000000000000000000",
  "80EE000004AABBCCDD04",
  "80EE400000",
  "80EE00000000080102030405060708 0000",
  "801E010000",
  "8018000000",
  "80EF0000",
].map((text) => hex(text))

const mutation = fc.tuple(
  fc.nat(TEMPLATES.length - 1),
  fc.nat(9),
  fc.nat(40),
  fc.integer({ min: 0, max: 255 }),
  fc.nat(0xffff_ffff),
)

/** A command made from a template: unchanged every other time, else with one thing wrong; now and then very long. */
function mutate([template, kind, position, value, size]: [number, number, number, number, number]): Uint8Array {
  const bytes = [...TEMPLATES[template]!]
  const at = position % bytes.length
  switch (kind) {
    case 0:
      bytes[at] = value
      break
    case 1:
      bytes.splice(at)
      break
    case 2:
      bytes.splice(at, 0, value)
      break
    case 3:
      bytes.splice(at, 1)
      break
    case 4:
      if (bytes.length > 4) bytes[4] = value
      break
    case 5:
      return size % 16 === 0
        ? long(bytes, size)
        : Uint8Array.from(bytes.slice(0, 2 + (size % 3)).concat(value, size & 0xff))
    default:
  }
  return Uint8Array.from(bytes)
}

/** The header with an extended Lc and that many bytes, or almost. */
function long(bytes: number[], size: number): Uint8Array {
  const length = (size >>> 4) % LONGEST
  const command = new Uint8Array(length).fill(size & 0xff)
  command.set(bytes.slice(0, Math.min(4, length)))
  const lc = length - 7
  if (lc > 0 && lc <= 0xffff && size % 3 !== 0) command.set([0, lc >> 8, lc & 0xff], 4)
  return command
}

const isSuccess = (sw1: number) => sw1 === 0x90 || sw1 === 0x61 || sw1 === 0x62

describe("whatever bytes come", () => {
  it(`the card answers a status word and keeps its state unless it succeeded (${RUNS * COMMANDS} commands)`, () => {
    let [answered, succeeded, refusedWrites] = [0, 0, 0]
    const run = (layout: Layout, mutations: [number, number, number, number, number][]) => {
      const faults: unknown[] = []
      const card = cardFromLayout(layout, { seed: "any", onFault: (error) => faults.push(error) })
      card.powerOn()
      let cells = card.memory.pages.snapshot()
      for (const step of mutations) {
        const command = mutate(step)
        const generation = card.memory.pages.generation
        const answer = card.process(command)
        answered++
        const sw1 = answer.at(-2)!
        expect(answer.length).toBeGreaterThanOrEqual(2)
        if (!(sw1 >= 0x61 && sw1 <= 0x6f) && sw1 !== 0x90) expect.fail(`${toHex(command)}: answered ${toHex(answer)}`)
        if (isSuccess(sw1)) succeeded++
        else if (answer.length > 2) expect.fail(`${toHex(command)}: data with an error, ${toHex(answer)}`)
        if (card.memory.pages.generation === generation) continue
        const now = card.memory.pages.snapshot()
        if (!isSuccess(sw1)) {
          refusedWrites++
          onlyCounters(card, cells, now, command)
        }
        cells = now
      }
      expect(faults.map((error) => (error as Error).message).filter((text) => text !== "bug in a handler")).toEqual([])
    }
    fc.assert(
      fc.property(
        fc.constantFrom(...LAYOUTS),
        fc.array(mutation, { minLength: COMMANDS, maxLength: COMMANDS, size: "max" }),
        run,
      ),
      { numRuns: RUNS },
    )
    expect(answered).toBeGreaterThanOrEqual(100_000)
    expect(succeeded).toBeGreaterThan(answered / 10)
    expect(refusedWrites).toBeGreaterThan(100)
  })
})

function onlyCounters(card: Card, before: Uint8Array, after: Uint8Array, command: Uint8Array): void {
  for (const { place, before: was, after: is } of differences(card.layout, before, after))
    if (!place.endsWith(" tries") || is[0] !== was[0]! - 1)
      expect.fail(`${toHex(command.subarray(0, 40))}: refused, but changed ${place}`)
}
