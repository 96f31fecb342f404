import { describe, expect, it } from "vitest"
import { CardRemovedError, encodeTlv, hex, type Transport, toHex } from "../../../src/apdu/index.js"
import { sha1 } from "../../../src/crypto/index.js"
import {
  atmConfiguration,
  type EmvOptions,
  type OnlineAnswer,
  type OnlineRequest,
  posConfiguration,
  runEmvTransaction,
  type TransactionInput,
  testAuthorityKeys,
} from "../../../src/terminal/emv/index.js"
import { V_B11 } from "../../support/certificates.js"
import { DIRECTORY, RECORDS, type ScriptedCard, scriptedCard } from "./scripted-card.js"

// financial-emv V-B10: ATM withdrawal of 500.00, ATC 0007.
const INPUT: TransactionInput = {
  type: 0x01,
  amountFen: 50_000,
  date: "251120",
  time: "103000",
  unpredictableNumber: hex("11223344"),
  sequenceNumber: 123,
}
const GPO = "80A800000B830900000000050000015600"
const MERCHANT = "53484542414F20544553542041544D2030303031"
const cdol1 = (tvr: string) => `000000050000 000000000000 0156 ${tvr} 0156 251120 01 11223344 103000 ${MERCHANT}`
const gac1 = (tvr: string, ask = "80") => `80AE${ask}0034 ${cdol1(tvr)} 00`
const gac2 = (tvr: string, ask = "40", arc = "3030") => `80AE${ask}0036 ${arc} ${cdol1(tvr)} 00`
const ARQC = "801E800007E64152248DEBA48B07010103A00002010A0100000100003769DA839000"
const TC = "801E400007E6B9C13B4ED809F007010103600002010A0100000100003769DA839000"
const AAC = "801E000007E6B9C13B4ED809F007010103200002010A0100000100003769DA839000"
const EXTERNAL_AUTHENTICATE = "008200000A4C70186B21450E763030"

const INTERNAL_AUTHENTICATE = "00880000041122334400"
/** Records 3 and 4 of file 2 (financial-emv §15). */
const CERTIFICATES = {
  issuer: toHex(
    encodeTlv(0x70, [
      hex("8F01C1"),
      encodeTlv(0x9f32, V_B11.exponent),
      encodeTlv(0x92, V_B11.issuerRemainder),
      encodeTlv(0x90, V_B11.issuerCertificate),
    ]),
  ),
  card: toHex(
    encodeTlv(0x70, [
      encodeTlv(0x9f46, V_B11.cardCertificate),
      encodeTlv(0x9f47, V_B11.exponent),
      encodeTlv(0x9f48, V_B11.cardRemainder),
      hex("9F49039F37049F4A0182"),
    ]),
  ),
}

const NO_ODA = "8000048000"
/** The default card, with the records of its certificates left out. */
const card = (more: Readonly<Record<string, string | readonly string[]>> = {}): ScriptedCard =>
  scriptedCard({
    ...DIRECTORY,
    ...RECORDS,
    [GPO]: "800A7C0008010100100102019000",
    [gac1(NO_ODA)]: ARQC,
    [EXTERNAL_AUTHENTICATE]: "9000",
    [gac2(NO_ODA)]: TC,
    ...more,
  })

const approval = (more: Partial<OnlineAnswer> = {}): OnlineAnswer => ({
  code: hex("3030"),
  issuerAuthenticationData: hex("4C70186B21450E763030"),
  scriptsBefore: [],
  scriptsAfter: [],
  ...more,
})

const options = (transport: Transport, more: Partial<EmvOptions> = {}): EmvOptions => ({
  card: transport,
  configuration: atmConfiguration(),
  input: INPUT,
  online: async () => approval(),
  onlinePin: async () => ({ outcome: "entered", block: hex("D85A13A0B491E484") }),
  ...more,
})

describe("a withdrawal at an ATM", () => {
  it("sends the commands of vector V-B10 byte for byte", async () => {
    const emulated = card({
      [GPO]: "800A7C0008010100100104019000",
      "00B2031400": `${CERTIFICATES.issuer}9000`,
      "00B2041400": `${CERTIFICATES.card}9000`,
      [INTERNAL_AUTHENTICATE]: `${toHex(encodeTlv(0x80, V_B11.signedDynamicData))}9000`,
      [gac1("0000048000")]: ARQC,
      [gac2("0000048000")]: TC,
    })
    const configuration = atmConfiguration({ authorityKeys: testAuthorityKeys() })
    const result = await runEmvTransaction(options(emulated, { configuration }))
    expect(result.outcome).toBe("approved")
    expect(toHex(result.tvr)).toBe("0000048000")
    expect(toHex(result.tsi)).toBe("F800")
    expect(toHex(result.data!.get(0x9f34)!)).toBe("420300")
    expect(toHex(result.data!.get(0x9f4c)!)).toBe("0102030405060708")
    expect(emulated.commands).toEqual(
      [
        "00A404000E315041592E5359532E444446303100",
        "00B2010C00",
        "00B2020C00",
        "00A4040008A00000033301010100",
        GPO,
        "00B2010C00",
        "00B2011400",
        "00B2021400",
        "00B2031400",
        "00B2041400",
        INTERNAL_AUTHENTICATE,
        gac1("0000048000"),
        EXTERNAL_AUTHENTICATE,
        gac2("0000048000"),
      ].map((command) => command.replace(/\s/g, "")),
    )
  })

  it("says that offline data authentication was not performed (TVR 8000048000, TSI 7800)", async () => {
    const result = await runEmvTransaction(options(card()))
    expect(result.outcome).toBe("approved")
    expect(toHex(result.tvr)).toBe(NO_ODA)
    expect(toHex(result.tsi)).toBe("7800")
    expect(result.first).toMatchObject({ type: "ARQC", counter: 7 })
    expect(result.second).toMatchObject({ type: "TC", counter: 7 })
  })

  it("gives the issuer the ARQC, the PIN block and all data by tag", async () => {
    const requests: OnlineRequest[] = []
    await runEmvTransaction(
      options(card(), {
        online: async (request) => {
          requests.push({ ...request, data: request.data })
          expect(toHex(request.data.get(0x9f26)!)).toBe("E64152248DEBA48B")
          expect(toHex(request.data.get(0x9f10)!)).toBe("07010103A00002010A0100000100003769DA83")
          expect(toHex(request.data.get(0x9f36)!)).toBe("0007")
          expect(toHex(request.data.get(0x9f41)!)).toBe("00000123")
          return approval()
        },
      }),
    )
    expect(requests).toHaveLength(1)
    expect(toHex(requests[0]!.pinBlock!)).toBe("D85A13A0B491E484")
  })

  it("asks for the PIN of the card's own number", async () => {
    const pans: string[] = []
    await runEmvTransaction(
      options(card(), {
        onlinePin: async (pan) => {
          pans.push(pan)
          return { outcome: "cancelled" }
        },
      }),
    ).then((result) => expect(result.outcome).toBe("cancelled"))
    expect(pans).toEqual(["6217000000000000046"])
  })

  it("explains what decided", async () => {
    const { why } = await runEmvTransaction(options(card()))
    expect(why).toMatchObject([
      { tvrBit: "B1b8" },
      { tvrBit: "B3b3", en: "online PIN entered" },
      { tvrBit: "B4b8" },
      { rule: "online only" },
    ])
    for (const reason of why) expect(reason.zh).not.toBe("")
  })

  it("asks the card for an AAC when the issuer declines", async () => {
    const declined = card({ [gac2(NO_ODA, "00", "3535")]: AAC, "008200000A4C70186B21450E763535": "9000" })
    const online = async () => approval({ code: hex("3535"), issuerAuthenticationData: hex("4C70186B21450E763535") })
    const result = await runEmvTransaction(options(declined, { online }))
    expect(result.outcome).toBe("declinedByIssuer")
  })

  it("declines with Z3 when the issuer cannot be reached", async () => {
    const unreachable = card({ [gac2(NO_ODA, "00", "5A33")]: AAC })
    const result = await runEmvTransaction(options(unreachable, { online: async () => undefined }))
    expect(result.outcome).toBe("unableOnline")
    expect(result.why).toContainEqual(expect.objectContaining({ rule: "action code default" }))
  })

  it("notes a wrong ARPC and lets the card decide", async () => {
    const failed = "8000048040"
    const emulated = card({ [EXTERNAL_AUTHENTICATE]: "6300", [gac2(failed)]: AAC })
    const result = await runEmvTransaction(options(emulated))
    expect(result.outcome).toBe("declinedByCard")
    expect(toHex(result.tvr)).toBe(failed)
    expect(toHex(result.tsi)).toBe("7800")
    expect(result.why).toContainEqual(expect.objectContaining({ rule: "card declined" }))
  })

  it("leaves EXTERNAL AUTHENTICATE out when the card does not want it (AIP b3)", async () => {
    const emulated = card({ [GPO]: "800A780008010100100102019000" })
    const result = await runEmvTransaction(options(emulated))
    expect(result.outcome).toBe("approved")
    expect(toHex(result.tsi)).toBe("6800")
    expect(emulated.commands).not.toContain(EXTERNAL_AUTHENTICATE)
  })

  it("takes an AAC at the first GENERATE AC as a normal end and asks nobody (financial-emv §27.16)", async () => {
    const emulated = card({ [gac1(NO_ODA)]: AAC })
    const online = async () => {
      throw new Error("must not be asked")
    }
    expect((await runEmvTransaction(options(emulated, { online }))).outcome).toBe("declinedOffline")
  })

  it("understands the 77 format of GET PROCESSING OPTIONS and GENERATE AC", async () => {
    const template = (...objects: [number, string][]) =>
      toHex(
        encodeTlv(
          0x77,
          objects.map(([tag, value]) => encodeTlv(tag, hex(value))),
        ),
      )
    const emulated = card({
      [GPO]: `${template([0x82, "7C00"], [0x94, "0801010010010201"])}9000`,
      [gac1(NO_ODA)]:
        `${template([0x9f27, "80"], [0x9f36, "0007"], [0x9f26, "E64152248DEBA48B"], [0x9f10, "07010103A00002"])}9000`,
      [gac2(NO_ODA)]: `${template([0x9f27, "40"], [0x9f36, "0007"], [0x9f26, "E6B9C13B4ED809F0"])}9000`,
    })
    const result = await runEmvTransaction(options(emulated))
    expect(result.outcome).toBe("approved")
    expect(result.second!.issuerApplicationData).toHaveLength(0)
  })
})

describe("issuer scripts", () => {
  const UNBLOCK = "8418000004F2DEA2D4"
  const PUT_DATA = "04DA9F790A000000060000C51CC686"
  const script = (id: string, ...commands: string[]): Uint8Array =>
    hex(
      `9F1804${id}${commands.map((command) => `86${(command.length / 2).toString(16).padStart(2, "0")}${command}`).join("")}`,
    )

  it("run after the final cryptogram when they come in 72, before it when in 71", async () => {
    const emulated = card({ [UNBLOCK]: "9000", [PUT_DATA]: "9000" })
    const result = await runEmvTransaction(
      options(emulated, {
        online: async () =>
          approval({ scriptsBefore: [script("00000001", PUT_DATA)], scriptsAfter: [script("00000002", UNBLOCK)] }),
      }),
    )
    expect(result.outcome).toBe("approved")
    expect(emulated.commands.slice(-3).map((command) => command.slice(0, 4))).toEqual(["04DA", "80AE", "8418"])
    expect(toHex(result.scriptResults!)).toBe("20000000012000000002")
    expect(toHex(result.tsi)).toBe("7C00")
  })

  it("stop at the first failing command and report its number", async () => {
    const emulated = card({ [UNBLOCK]: "9000", [PUT_DATA]: "6988" })
    const result = await runEmvTransaction(
      options(emulated, {
        online: async () => approval({ scriptsAfter: [script("00000001", UNBLOCK, PUT_DATA, UNBLOCK)] }),
      }),
    )
    expect(toHex(result.scriptResults!)).toBe("1200000001")
    expect(emulated.commands.filter((command) => command === UNBLOCK)).toHaveLength(1)
    expect(toHex(result.tvr)).toBe("8000048010")
    expect(result.outcome).toBe("approved")
  })

  it("that fail before the final cryptogram show in its data", async () => {
    const emulated = card({ [PUT_DATA]: "6A88", [gac2("8000048020")]: TC })
    const result = await runEmvTransaction(
      options(emulated, { online: async () => approval({ scriptsBefore: [script("00000001", PUT_DATA)] }) }),
    )
    expect(result.outcome).toBe("approved")
    expect(toHex(result.tvr)).toBe("8000048020")
  })

  it.each([
    ["cut short", "9F1804000000018609841800"],
    ["without a command", "9F180400000001"],
    ["empty", ""],
    ["with a command that is no command", "9F1804000000018602 8418"],
  ])("that are %s are not run at all", async (_, template) => {
    const emulated = card()
    const result = await runEmvTransaction(
      options(emulated, { online: async () => approval({ scriptsAfter: [hex(template)] }) }),
    )
    expect(toHex(result.scriptResults!).slice(0, 2)).toBe("00")
    expect(toHex(result.tvr)).toBe("8000048010")
    expect(emulated.commands.some((command) => command.startsWith("84"))).toBe(false)
  })
})

describe("a merchant's terminal", () => {
  const POS = "53484542414F205445535420504F532030303031"
  const posData = (tvr: string) => `000000050000 000000000000 0156 ${tvr} 0156 251120 00 11223344 103000 ${POS}`
  const POS_GPO = "80A800000B830901000000050000015600"
  const run = (lastOnline: string, tvr: string) =>
    runEmvTransaction(
      options(
        scriptedCard({
          ...DIRECTORY,
          ...RECORDS,
          [POS_GPO]: "800A7C0008010100100102019000",
          "80CA9F3600": "9F360200079000",
          "80CA9F1300": `9F1302${lastOnline}9000`,
          [`80AE800034 ${posData(tvr)} 00`]: AAC,
        }),
        { configuration: posConfiguration(), input: { ...INPUT, type: 0x00 } },
      ),
    )

  it("exceeds both consecutive limits with the default card (financial-emv §26)", async () => {
    const result = await run("0003", "800004E000")
    expect(toHex(result.tvr)).toBe("800004E000")
    expect(result.outcome).toBe("declinedOffline")
  })

  it("finds a card new that was never on-line", async () => {
    expect(toHex((await run("0000", "800804E000")).tvr)).toBe("800804E000")
  })
})

describe("a card that cannot be used", () => {
  it.each([
    ["has no application in common", {}, "noApplication"],
    ["is blocked as a whole", { "00A404000E315041592E5359532E444446303100": "6A81" }, "cardBlocked"],
    [
      "has its application blocked or not yet active",
      { "00A4040008A00000033301010100": "6F0A8408A0000003330101016283" },
      "applicationBlocked",
    ],
  ])("%s", async (_, script, outcome) => {
    const emulated = scriptedCard(script)
    expect((await runEmvTransaction(options(emulated))).outcome).toBe(outcome)
  })

  it("lists a blocked application in its directory", async () => {
    const emulated = card({ "00A4040008A00000033301010100": "6F0A8408A0000003330101016283" })
    expect((await runEmvTransaction(options(emulated))).outcome).toBe("applicationBlocked")
    expect(emulated.commands.at(-1)).toBe("00A4040008A00000033301010100")
  })

  it("refuses GET PROCESSING OPTIONS", async () => {
    expect((await runEmvTransaction(options(card({ [GPO]: "6985" })))).outcome).toBe("conditionsNotSatisfied")
  })

  it("that is pulled is an error, not an outcome", async () => {
    const emulated = card()
    const pulled: Transport = {
      transmit: async (command) => {
        if (command[1] === 0xae) throw new CardRemovedError()
        return emulated.transmit(command)
      },
      close: async () => {},
    }
    await expect(runEmvTransaction(options(pulled))).rejects.toBeInstanceOf(CardRemovedError)
  })
})

describe("several applications on one card", () => {
  const entry = (aid: string, indicator: string) =>
    encodeTlv(0x61, [encodeTlv(0x4f, hex(aid)), hex(`8701${indicator}`)])
  const DEBIT = "A000000333010101"
  const CREDIT = "A000000333010102"
  const selected = (emulated: ScriptedCard) =>
    emulated.commands
      .filter((command) => command.startsWith("00A40400") && !command.includes("315041"))
      .map((command) => command.slice(10, -2))
  /** Credit before debit; both answer SELECT, only debit has a record file. */
  const two = (credit = "01", debit = "02") =>
    card({
      "00B2010C00": [
        `${toHex(encodeTlv(0x70, [entry(CREDIT, credit), entry(DEBIT, debit)]))}9000`,
        RECORDS["00B2010C00"][1],
      ],
      [`00A4040008${CREDIT}00`]: `${toHex(encodeTlv(0x6f, encodeTlv(0x84, hex(CREDIT))))}9000`,
      "80A8000002830000": "6985",
    })

  it("are tried by priority; one whose conditions are not satisfied gives way to the next", async () => {
    const emulated = two()
    expect((await runEmvTransaction(options(emulated))).outcome).toBe("approved")
    expect(selected(emulated)).toEqual([CREDIT, DEBIT])
  })

  it("are chosen from by the holder, who is asked again for those that are left", async () => {
    const offered: string[][] = []
    const emulated = two()
    const result = await runEmvTransaction(
      options(emulated, {
        choose: async (candidates) => {
          offered.push(candidates.map(({ aid }) => toHex(aid)))
          return candidates[0]
        },
      }),
    )
    expect(result.outcome).toBe("approved")
    expect(offered).toEqual([[CREDIT, DEBIT]])
  })

  it("are left alone when the holder cancels", async () => {
    const emulated = two()
    expect((await runEmvTransaction(options(emulated, { choose: async () => undefined }))).outcome).toBe("cancelled")
    expect(selected(emulated)).toEqual([])
  })

  it("are not taken without the confirmation that they ask for (tag 87 b8)", async () => {
    const emulated = two("81", "82")
    expect((await runEmvTransaction(options(emulated))).outcome).toBe("noApplication")
    expect(selected(emulated)).toEqual([])
    const confirmed = two("81", "02")
    expect((await runEmvTransaction(options(confirmed))).outcome).toBe("approved")
    expect(selected(confirmed)).toEqual([DEBIT])
  })

  it("must be chosen from the list that was offered", async () => {
    const stranger = {
      aid: hex(DEBIT),
      priority: 1,
      needsConfirmation: false,
      label: undefined,
      preferredName: undefined,
    }
    await expect(runEmvTransaction(options(two(), { choose: async () => stranger }))).rejects.toThrow(/^choose: /)
  })
})

describe("what the terminal knows of its own", () => {
  it("puts a card of its exception file on the record (TVR byte 1 b5)", async () => {
    const listed = "9000048000"
    const emulated = card({ [gac1(listed)]: ARQC, [gac2(listed)]: TC })
    const seen: unknown[] = []
    const isListed = (...of: unknown[]) => seen.push(of) > 0
    const result = await runEmvTransaction(options(emulated, { isListed }))
    expect(toHex(result.tvr)).toBe(listed)
    expect(seen).toEqual([["6217000000000000046", "01"]])
  })

  it("hashes the data of its TDOL when the card asks for tag 98, and says that the list was its own", async () => {
    const record = (tdol: string) =>
      toHex(
        encodeTlv(0x70, [
          hex(`${tdol}9F080200309F420201565F30020220`),
          encodeTlv(0x8c, hex("9814")),
          encodeTlv(0x8d, hex("8A029814")),
        ]),
      )
    const run = async (tdol: string) => {
      const emulated = card({ "00B2021400": `${record(tdol)}9000` })
      const answering: Transport = {
        transmit: async (command) => (command[1] === 0xae ? hex(AAC) : emulated.transmit(command)),
        close: async () => {},
      }
      return runEmvTransaction(options(answering))
    }
    const own = await run("97039F3704")
    expect(toHex(own.data!.get(0x98)!)).toBe(toHex(sha1(hex("11223344"))))
    expect(toHex(own.tvr)).toBe(NO_ODA)
    const byDefault = await run("")
    expect(toHex(byDefault.tvr)).toBe("8000048080")
    expect(toHex(byDefault.data!.get(0x98)!)).toBe(
      toHex(sha1(hex("000000050000 000000000000 0156 8000048080 0156 251120 01 11223344"))),
    )
  })
})
