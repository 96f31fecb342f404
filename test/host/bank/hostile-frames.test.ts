import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex } from "../../../src/apdu/index.js"
import { decodeFrame, decodeMessage, encodeFrame } from "../../../src/dictionary/index.js"
import { PAN } from "../test-terminal.js"
import { openWorld, violations } from "../world.js"

const HEAD = hex("6000030000613200320000")
const codeOf = (frame: Uint8Array | undefined) => frame && decodeMessage(decodeFrame(frame).message).fields[39]

describe("frames that are wrong", () => {
  it.each([
    ["nothing", ""],
    ["one byte", "60"],
    ["a head without a message", "6000030000613200320000"],
    ["another first byte", "6100030000613200320000 0200"],
    ["half a bitmap", "6000030000613200320000 0200 723C"],
    ["no STAN in it", "6000030000613200320000 0200 0000000000000000"],
    ["letters as STAN", "6000030000613200320000 0200 0020000000000000 ABCDEF"],
    ["letters as message type", "6000030000613200320000 02AB 0020000000000000 000001"],
    ["half a STAN", "6000030000613200320000 0200 0020000000000001 0000"],
    ["an answer", "6000030000613200320000 0210 0020000000000000 000001"],
  ])("drops %s, and says so without showing it", async (_what, bytes) => {
    const { bank, events } = await openWorld()
    expect(await bank.handle(hex(bytes))).toBeUndefined()
    expect(events.at(-1)).toMatchObject({ type: "dropped", bytes: hex(bytes).length })
  })

  it.each([
    ["an element that is not in use", "0200 0020000000000400 000001"],
    ["a secondary bitmap for nothing", "0200 8020000000000000 0000000000000000 000001"],
    ["an element that is cut short", "0200 7020000000000000 19621700"],
    ["elements behind the end", "0200 0020000000000000 000001 00"],
    ["a length that is no number", "0200 0020000000000200 000001 FFFF"],
    ["no PAN", "0200 2020000000000000 010000 000001"],
  ])("answers 30 to %s as long as the STAN can be read", async (_what, message) => {
    const { bank } = await openWorld()
    const answer = await bank.handle(concat(HEAD, hex(message)))
    // A cut PAN leaves no STAN: that one is dropped.
    expect(codeOf(answer)).toBe(message.startsWith("0200 70") ? undefined : "30")
  })

  it("repeats message type, STAN and addresses in that answer", async () => {
    const { bank } = await openWorld()
    const answer = decodeFrame((await bank.handle(concat(HEAD, hex("0420 2020000000000400 010000 000077"))))!)
    expect([answer.destination, answer.source]).toEqual(["0000", "0003"])
    expect(decodeMessage(answer.message)).toMatchObject({
      messageType: "0430",
      fields: { 3: "010000", 11: "000077", 39: "30" },
    })
  })

  it("never throws and never moves money, whatever bytes come", async () => {
    const { bank } = await openWorld()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, hasHead) => {
        const frame = hasHead ? concat(HEAD, bytes) : bytes
        const answer = await bank.handle(frame)
        if (answer) expect(codeOf(answer)).toMatch(/^[0-9A-Z]{2}$/)
      }),
      { numRuns: 3000 },
    )
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
    expect(await violations(bank)).toEqual([])
  })

  it("believes no changed copy of a good message, and survives it", async () => {
    const { bank, terminal } = await openWorld()
    const good = terminal.sign(terminal.withdrawal(50_000))
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const frame = good.slice()
        frame[at]! ^= change
        const answer = await bank.handle(frame)
        // TPDU and header are not covered by the MAC; whoever changes only these gets the answer of the message.
        if (at >= HEAD.length) expect(codeOf(answer)).not.toBe("00")
      }),
      { numRuns: 2000 },
    )
    expect([0n, 50_000n]).toContain(1_000_000n - (await bank.account(PAN))!.balanceFen)
    expect(await violations(bank)).toEqual([])
  })

  it("answers with a code whatever signed fields a terminal that is out of its mind sends", async () => {
    const { bank, terminal } = await openWorld()
    const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("0200", "0220", "0420", "0620", "0500", "0100"),
        fc.record(
          {
            2: fc.constantFrom(PAN, "6217998765432101232", "4111111111111111"),
            3: fc.oneof(fc.constantFrom("010000", "210000", "300000", "920000"), digits(6)),
            4: digits(12),
            11: digits(6),
            13: fc.constantFrom("1120", "0229", "1231", "0101", "9999"),
            14: digits(4),
            18: fc.constantFrom("6011", "6010", "0000"),
            22: fc.constantFrom("051", "021", "000"),
            32: fc.constant("00010000"),
            48: fc.uint8Array({ maxLength: 60 }),
            49: fc.constantFrom("156", "840"),
            52: fc.uint8Array({ minLength: 8, maxLength: 8 }),
            53: fc.constantFrom("2600000000000000", "9999999999999999"),
            55: fc.uint8Array({ maxLength: 80 }),
            90: digits(42),
            95: fc.oneof(digits(42), fc.constant(`${"0".repeat(11)}1${"0".repeat(30)}`)),
          },
          { requiredKeys: ["11"] },
        ),
        async (messageType, fields) => {
          const common = terminal.withdrawal(50_000).fields
          const frame = terminal.sign({ messageType, fields: { ...common, ...fields } })
          expect(codeOf(await bank.handle(frame))).toMatch(/^(?!96)[0-9A-Z]{2}$/)
        },
      ),
      { numRuns: 1500 },
    )
    expect(await violations(bank)).toEqual([])
  })

  it("takes any addresses and header in front of a message", async () => {
    const { bank, terminal } = await openWorld()
    const { message } = decodeFrame(terminal.sign(terminal.inquiry()))
    const frame = encodeFrame(message, { destination: "ABCD", source: "0001", header: "999999999999" })
    const answer = decodeFrame((await bank.handle(frame))!)
    expect(answer).toMatchObject({ destination: "0001", source: "ABCD", header: "999999999999" })
  })
})
