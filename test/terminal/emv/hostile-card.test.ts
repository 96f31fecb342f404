import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, encodeTlv, hex, parseTlv, ShebaoError, type Transport, toHex } from "../../../src/apdu/index.js"
import {
  atmConfiguration,
  type EmvResult,
  posConfiguration,
  runEmvTransaction,
  testAuthorityKeys,
} from "../../../src/terminal/emv/index.js"
import {
  DIRECTORY,
  RECORD_1_1,
  RECORD_2_1,
  RECORD_2_2,
  RECORDS,
  type ScriptedCard,
  scriptedCard,
} from "./scripted-card.js"
import { signingCard } from "./signing-card.js"

const GPO = "80A800000B830900000000050000015600"
const LOCATIONS = "800A7C0008010100100102019000"

const run = (card: Transport): Promise<EmvResult> =>
  runEmvTransaction({
    card,
    configuration: atmConfiguration(),
    input: {
      type: 1,
      amountFen: 50_000,
      date: "251120",
      time: "103000",
      unpredictableNumber: hex("11223344"),
    },
    online: async () => ({
      code: hex("3030"),
      issuerAuthenticationData: hex("4C70186B21450E763030"),
      scriptsBefore: [],
      scriptsAfter: [hex("9F18040000000186098418000004F2DEA2D4")],
    }),
    onlinePin: async () => ({ outcome: "entered", block: hex("D85A13A0B491E484") }),
  })

const card = (more: Readonly<Record<string, string | readonly string[]>>): ScriptedCard =>
  scriptedCard({ ...DIRECTORY, ...RECORDS, [GPO]: LOCATIONS, ...more })

/** A record with one object changed, or without it. */
const change = (record: string, tag: number, value?: string): string => {
  const objects = parseTlv(hex(record))[0]!.children!
  const kept = objects.filter((object) => object.tag !== tag || value !== undefined)
  const parts = kept.map((object) => encodeTlv(object.tag, object.tag === tag ? hex(value!) : object.value))
  return `${toHex(encodeTlv(0x70, parts))}9000`
}

/** Any GENERATE AC is answered alike. */
const answering = (answer: string): Transport => {
  const emulated = card({})
  return {
    transmit: async (command) => (command[1] === 0xae ? hex(answer) : emulated.transmit(command)),
    close: async () => {},
  }
}

describe("card data that no terminal may go on with", () => {
  it.each<[string, Readonly<Record<string, string | readonly string[]>>, string]>([
    ["an AFL that is empty", { [GPO]: "80027C009000" }, "80: expected an AIP"],
    ["an AFL of odd length", { [GPO]: "80097C00080101001001019000" }, "94: expected a multiple of 4"],
    ["an AFL with SFI 0", { [GPO]: "80067C00000101009000" }, "94: names no range"],
    ["an AFL with SFI 31", { [GPO]: "80067C00F80101009000" }, "94: names no range"],
    ["an AFL that runs backwards", { [GPO]: "80067C00080302009000" }, "94: names no range"],
    ["an AFL with record 0", { [GPO]: "80067C00080001009000" }, "94: names no range"],
    ["an AFL that authenticates more records than it has", { [GPO]: "80067C00080101029000" }, "94: names no range"],
    [
      "an AFL that loops over a thousand records",
      { [GPO]: "800E7C000801FF001001FF000801FF009000" },
      "94: points at more than 64",
    ],
    ["an answer to GPO in no known template", { [GPO]: "810A7C0008010100100102019000" }, "81: expected an AIP"],
    ["an answer to GPO that is cut short", { [GPO]: "800A7C0008019000" }, "expected one template"],
    ["an answer to GPO without data", { [GPO]: "9000" }, "expected one template"],
    ["a record that cannot be read", { "00B2011400": "6A83" }, "94: record 1 of file 2"],
    ["a record that is cut short", { "00B2011400": `${RECORD_2_1.slice(0, 40)}9000` }, "70: expected"],
    ["a record with a tail", { "00B2011400": `${RECORD_2_1}DEAD9000` }, "70: expected"],
    ["a record that is no template", { "00B2011400": "5A0A6217000000000000046F9000" }, "70: expected"],
    ["a tag in two records", { "00B2021400": `${RECORD_2_1}9000` }, "5F25: stands in more"],
    [
      "a tag twice in one record",
      { "00B2011400": `${toHex(encodeTlv(0x70, [hex(RECORD_2_1).subarray(2), hex("5F340101")]))}9000` },
      "5F34: stands in more",
    ],
    [
      "a record that says it is longer than any answer",
      { "00B2011400": `7082FFFF${RECORD_2_1.slice(4)}9000` },
      "70: expected",
    ],
    ["a record of indefinite length", { "00B2011400": `7080${RECORD_2_1.slice(4)}00009000` }, "70: expected"],
    ["an answer to GPO with a tail", { [GPO]: "800A7C0008010100100102019F360200079000" }, "expected one template"],
    [
      "an authority index of two bytes",
      { "00B2011400": `${toHex(encodeTlv(0x70, [hex(RECORD_2_1).subarray(2), hex("8F02C1C1")]))}9000` },
      "8F: has 2",
    ],
    ["no expiry date", { "00B2011400": change(RECORD_2_1, 0x5f24) }, "5F24: mandatory"],
    ["no PAN", { "00B2011400": change(RECORD_2_1, 0x5a) }, "5A: mandatory"],
    ["no CDOL2", { "00B2021400": change(RECORD_2_2, 0x8d) }, "8D: mandatory"],
    ["an expiry date that is no date", { "00B2011400": change(RECORD_2_1, 0x5f24, "351331") }, "5F24: expected a date"],
    ["an action code of 4 bytes", { "00B2011400": change(RECORD_2_1, 0x9f0e, "00100000") }, "9F0E: has 4"],
    [
      "a CVM list of odd length",
      { "00B2011400": change(RECORD_2_1, 0x8e, "0000000000000000420341") },
      "8E: expected an even",
    ],
    ["a PAN that is no digits", { "00B2011400": change(RECORD_2_1, 0x5a, "62170000000000000A6F") }, "5A: expected"],
    [
      "a CDOL1 that is cut short",
      { "00B2021400": change(RECORD_2_2, 0x8c, "9F02069F03069F") },
      "8C: expected a data object list",
    ],
    [
      "a CDOL1 that asks for more than a command can carry",
      { "00B2021400": change(RECORD_2_2, 0x8c, "9F02FF9F03FF") },
      "8C: asks for more",
    ],
  ])("%s", async (_, script, reason) => {
    const result = await run(card(script))
    expect(result.outcome).toBe("cardDataError")
    expect(result.why.at(-1)).toMatchObject({ rule: "card data", en: expect.stringContaining(reason) })
    expect(JSON.stringify(result.why)).not.toContain("6217000000000000046")
  })

  it.each([
    ["a TC that was not asked for", "801E400007E6B9C13B4ED809F007010103600002010A0100000100003769DA839000"],
    ["an unknown kind of cryptogram", "801EC00007E6B9C13B4ED809F007010103600002010A0100000100003769DA839000"],
    ["no cryptogram", "77039F27809000"],
    ["a cryptogram that is cut short", "800A800007E64152248DEB9000"],
    ["nothing", "9000"],
    ["an error", "6F00"],
    ["issuer data of 33 bytes", `802C800007E64152248DEBA48B${"00".repeat(33)}9000`],
  ])("GENERATE AC answered with %s", async (_, answer) => {
    expect((await run(answering(answer))).outcome).toBe("cardDataError")
  })

  it("a second ARQC instead of a decision", async () => {
    const arqc = "801E800007E64152248DEBA48B07010103A00002010A0100000100003769DA839000"
    expect((await run(answering(arqc))).outcome).toBe("cardDataError")
  })

  it("is not fooled by a card that brings its own TVR, amount and date", async () => {
    const forged = encodeTlv(0x70, [
      hex(RECORD_1_1).subarray(2),
      encodeTlv(0x95, hex("0000000000")),
      encodeTlv(0x9f02, hex("000000000001")),
      encodeTlv(0x9a, hex("200101")),
    ])
    const emulated = card({ "00B2010C00": [DIRECTORY["00B2010C00"], `${toHex(forged)}9000`] })
    await run(emulated)
    const generateAc = emulated.commands.find((command) => command.startsWith("80AE"))!
    expect(generateAc.slice(10)).toMatch(/^0000000500000000000000000156800004800001562511200/)
  })

  it("a directory without end", async () => {
    const entry = "701B61194F08A000000333010199500A50424F432044454249548701019000"
    const endless: Transport = {
      transmit: async (command) =>
        command[1] === 0xb2
          ? hex(entry)
          : command[6] === 0x50
            ? hex("6F15840E315041592E5359532E4444463031A5038801019000")
            : hex("6A82"),
      close: async () => {},
    }
    expect((await run(endless)).outcome).toBe("noApplication")
  })

  it("names without end under one first part", async () => {
    let occurrence = 0
    let commands = 0
    const endless: Transport = {
      transmit: async (command) => {
        commands++
        if (command[1] !== 0xa4 || command[6] === 0x50) return hex("6A82")
        occurrence++
        return concat(encodeTlv(0x6f, encodeTlv(0x84, concat(hex("A000000333010101"), occurrence & 0xff))), hex("6283"))
      },
      close: async () => {},
    }
    expect((await run(endless)).outcome).toBe("applicationBlocked")
    expect(commands).toBeLessThan(100)
  })
})

describe("one byte of an answer changed on the way", () => {
  it("never leaves a transaction approved when the cryptogram is signed (CDA)", async () => {
    const configuration = posConfiguration({
      capabilities: hex("60F8C8"),
      authorityKeys: testAuthorityKeys(),
      actionCodes: { denial: hex("0000000000"), online: hex("FFFFFFFFFF"), default: hex("0000000000") },
    })
    const transact = (tamper: (turn: number, answer: Uint8Array) => Uint8Array) => {
      let turn = 0
      return runEmvTransaction({
        card: signingCard({ aip: "7D00", tamper: (ins, answer) => (ins === 0xae ? tamper(++turn, answer) : answer) }),
        configuration,
        input: { type: 0, amountFen: 100, date: "251120", time: "103000", unpredictableNumber: hex("11223344") },
        online: async () => ({
          code: hex("3030"),
          issuerAuthenticationData: undefined,
          scriptsBefore: [],
          scriptsAfter: [],
        }),
      })
    }
    expect((await transact((_, answer) => answer)).outcome).toBe("approved")
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2), fc.nat(), fc.integer({ min: 1, max: 255 }), async (when, at, change) => {
        const { outcome } = await transact((turn, answer) =>
          turn === when ? answer.map((byte, i) => (i === at % answer.length ? byte ^ change : byte)) : answer,
        )
        expect(outcome).not.toBe("approved")
      }),
      { numRuns: 150 },
    )
  })
})

describe("a card that answers anything", () => {
  const statusWords = ["9000", "9000", "9000", "6A83", "6283", "6985", "6300", "0000"]
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom(
      ...[...Object.values(DIRECTORY), LOCATIONS, RECORD_1_1, RECORD_2_1, RECORD_2_2].map((answer) => hex(answer)),
    ),
  )
  const mutated = fc.tuple(bytes, fc.nat(299), fc.nat(255), fc.boolean()).map(([value, at, byte, change]) => {
    const copy = value.slice()
    if (change && at < copy.length) copy[at] = byte
    return copy
  })

  it("never gets an approval out of the kernel, and nothing is thrown but typed errors", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(mutated, fc.constantFrom(...statusWords)), { maxLength: 12 }),
        async (answers) => {
          let turn = 0
          const emulated = card({})
          const hostile: Transport = {
            transmit: async (command) => {
              const answer = answers[turn++]
              return answer ? concat(answer[0], hex(answer[1])) : emulated.transmit(command)
            },
            close: async () => {},
          }
          try {
            expect((await run(hostile)).outcome).not.toBe("approved")
          } catch (error) {
            if (!(error instanceof ShebaoError)) throw error
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
