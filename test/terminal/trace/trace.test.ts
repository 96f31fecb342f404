import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CardRemovedError, concat, hex, parseDump } from "../../../src/apdu/index.js"
import { findField, socialSecurityTables } from "../../../src/dictionary/index.js"
import { formatExchange, traceDump, tracer } from "../../../src/terminal/trace/index.js"
import { FLOW_14_1 } from "../support/flow-14-1.js"

const lines = (dump: string, language: "zh" | "en", options = {}) =>
  traceDump(parseDump(dump), options).map((entry) => formatExchange(entry, language))

/** Commands and responses by turns, after a SELECT of the SSSE. */
const inEnvironment = (...exchanges: string[]) =>
  ["00A404000F7378312E73682EC9E7BBE1B1A3D5CF", "9000", ...exchanges].join("\n")

const PAYMENT =
  "00A4040008A000000333010101\n6F4B8408A000000333010101A53F500A50424F432044454249548701019F38099F7A019F02065F2A025F2D027A689F1101019F120B53484542414F2043415244BF0C0A9F4D020B0ADF4D020C0A9000"

describe("trace of a free read (card-commands §14.1)", () => {
  it("names directories, files, records and fields, in Chinese and in English", () => {
    expect(lines(FLOW_14_1, "zh")).toEqual([
      [
        "   1 选择  SSSE 社会保障系统环境",
        "     > 00A404000F7378312E73682EC9E7BBE1B1A3D5CF",
        "     < 6118  还有24字节数据",
      ],
      ["   2 选择  EF05 发卡机构数据文件", "     > 00A4020002EF05", "     < 9000  成功"],
      [
        "   3 读记录  EF05 发卡机构数据文件, 记录 1",
        "     > 00B2010412",
        "     < 0110320800D156000005160000018F385B8F9000  成功",
        "       卡的识别码: 320800D156000005160000018F385B8F",
      ],
      ["   4 读记录  EF05 发卡机构数据文件, 记录 1", "     > 00B2010410", "     < 6C12  Le不正确,应为18"],
      [
        "   5 读记录  EF05 发卡机构数据文件, 记录 3",
        "     > 00B2030406",
        "     < 0304322E30309000  成功",
        "       规范版本: 2.00",
      ],
      [
        "   6 读记录  EF05 发卡机构数据文件, 记录 7",
        "     > 00B207040B",
        "     < 07095342**********31329000  成功",
        "       卡号: SB*****12",
      ],
      ["   7 选择  EF06 持卡人基本信息文件", "     > 00A4020002EF06", "     < 9000  成功"],
      [
        "   8 读记录  EF06 持卡人基本信息文件, 标签 09",
        "     > 00B2090020",
        `     < 091E${"**".repeat(30)}9000  成功`,
        "       姓名: ****人",
      ],
    ])
    expect(lines(FLOW_14_1, "en")[7]).toEqual([
      "   8 READ RECORD  EF06 holder data, tag 09",
      "     > 00B2090020",
      `     < 091E${"**".repeat(30)}9000  success`,
      "       name: ****人",
    ])
  })

  it("shows everything when it is unsafe", () => {
    const [, , , , , cardNumber, , name] = lines(FLOW_14_1, "zh", { unsafe: true })
    expect(cardNumber).toContain("       卡号: SB0000012")
    expect(name).toContain("       姓名: 测试持卡人")
    expect(name![2]).toContain("B2E2CAD4B3D6BFA8C8CB")
  })
})

describe("masking in a trace (domain-rules §14, readers §9.2 18)", () => {
  it.each([
    ["VERIFY", "0020000003123456", "0020000003******"],
    ["CHANGE PIN", "805E010007123456FF654321", "805E010007**************"],
    ["PIN RELOAD", "842400010CD3C829A7803F2F92F6CDF497", `842400010C${"**".repeat(12)}`],
    ["WRITE KEY", `84D4000A24${"5A".repeat(36)}`, `84D4000A24${"**".repeat(36)}`],
  ])("hides all the data of %s", (name, command, shown) => {
    const [entry] = traceDump({ entries: [{ command: hex(command), response: hex("9000") }] })
    expect(entry!.describe("en").command).toBe(name)
    expect(entry!.command()).toBe(shown)
    expect(JSON.stringify(entry)).not.toContain("123456")
    expect(formatExchange(entry!, "zh").join("\n")).not.toContain("123456")
  })

  it("shows 6 and 4 characters of an identity number, in words and in bytes", () => {
    const number = "32080020500101001" + "4"
    const text = lines(
      inEnvironment("00A4020002EF06", "9000", "00B2010400", `0812${Buffer.from(number).toString("hex")}9000`),
      "en",
    )[2]!
    expect(text[2]).toBe(`     < 0812333230383030${"**".repeat(8)}303031349000  success`)
    expect(text[3]).toBe("       social security number: 320800********0014")
  })

  it("masks what is written as what is read", () => {
    const [, , update] = traceDump(
      parseDump(inEnvironment("00A4020002EF05", "9000", "00DC07040B0709534230303030303132", "9000")),
    )
    expect(update!.command()).toBe("00DC07040B07095342**********3132")
    expect(update!.describe("en")).toMatchObject({
      command: "UPDATE RECORD",
      subject: "EF05 issuer data, record 7",
      values: [{ name: "card number", value: "SB*****12", depth: 0 }],
    })
  })

  it("reads what is written with a MAC (card-commands §9.4 T11)", () => {
    const name = `091EB2E2CAD4${"00".repeat(26)}`
    const entries = traceDump(
      parseDump(
        inEnvironment(
          "00A4020002EF06",
          "9000",
          "04DC0404070A013191599F3E",
          "9000",
          `04DC020424${name}91599F3E`,
          "9000",
        ),
      ),
    )
    expect(entries[2]!.describe("en").values).toEqual([{ name: "sex", value: "male", depth: 0 }])
    expect(entries[3]!.command()).toBe(`04DC020424091E${"**".repeat(30)}91599F3E`)
  })

  it("shows nothing of photo and fingerprint", () => {
    const [, , read] = traceDump(parseDump(inEnvironment("00A4020002EF08", "9000", "00B0007004", "FFD8FFE09000")))
    expect(read!.response()).toBe("********9000")
    expect(read!.describe("en").subject).toBe("EF08 photo, offset 112, 4 bytes")
  })

  it("masks a name that comes in pieces over T=0", () => {
    const name = "B2E2CAD4B3D6BFA8C8CB"
    const entries = traceDump(
      parseDump(
        inEnvironment(
          "00A4020002EF06",
          "9000",
          "00B2020400",
          "6120",
          "00C0000006",
          `091E${name.slice(0, 8)}611A`,
          "00C000001A",
          `${name.slice(8)}${"00".repeat(20)}9000`,
        ),
      ),
    )
    expect(entries[3]!.response()).toBe("091E********611A")
    expect(entries[4]!.response()).toBe(`${"**".repeat(26)}9000`)
    expect(entries[4]!.describe("en")).toMatchObject({
      command: "GET RESPONSE",
      subject: "READ RECORD, EF06 holder data, record 2",
      values: [{ name: "name", value: "****人" }],
    })
  })
})

describe("trace of the social security application", () => {
  it("knows key names", () => {
    const [, external] = traceDump(parseDump(inEnvironment("0082000A10000102030405060708090A0B0C0D0E0F", "9000")))
    expect(external!.describe("en")).toMatchObject({ command: "EXTERNAL AUTHENTICATE", subject: "RKssse" })
  })

  it("knows directories by FID, by name and by the beginning of a name", () => {
    const subjects = traceDump(
      parseDump(
        inEnvironment(
          "00A4000002DF04",
          "9000",
          "00A4040006D15600000500",
          "9000",
          "00A40000023F00",
          "9000",
          "00A40400057378312E73",
          "9000",
        ),
      ),
    ).map((entry) => entry.describe("zh").subject)
    expect(subjects).toEqual([
      "SSSE 社会保障系统环境",
      "DF04 社会保险2(医疗保险)",
      "DF01 公共应用",
      "3F00 主文件MF",
      "SSSE 社会保障系统环境",
    ])
  })

  it("stays where it is when a selection is refused", () => {
    const entries = traceDump(
      parseDump(inEnvironment("00A4000002DF09", "6A82", "00A4020002EF05", "9000", "00B2030400", "0304332E30309000")),
    )
    expect(entries[1]!.describe("en")).toMatchObject({ subject: "DF09", outcome: "file or application not found" })
    expect(entries[3]!.describe("en").values).toEqual([{ name: "specification version", value: "3.00", depth: 0 }])
  })

  it("names files by their short identifier", () => {
    const [, read] = traceDump(parseDump(inEnvironment("00B2032C00", "0304322E30309000")))
    expect(read!.describe("en").subject).toBe("EF05 issuer data, record 3")
  })

  it("shows the fields of a cyclic record", () => {
    const record = "000C35320800000001202403151015300000" + "03E8000007D0000036B0"
    const [, , , read] = traceDump(
      parseDump(inEnvironment("00A4000002DF04", "9000", "00A4020002EF08", "9000", "00B201041C", `${record}9000`)),
    )
    expect(read!.describe("en").values.map(({ name, value }) => `${name}=${value}`)).toEqual([
      "number=12",
      "type=debit",
      "terminal=320800000001",
      "time=2024-03-15 10:15:30",
      "from the personal account=10.00",
      "from the pooled fund=20.00",
      "balance after=140.00",
    ])
  })

  it("says that a field was never written", () => {
    const [, , read] = traceDump(
      parseDump(inEnvironment("00A4020002EF06", "9000", "00B2030400", `4E14${"00".repeat(20)}9000`)),
    )
    expect(formatExchange(read!, "zh").at(-1)).toBe("       姓名扩展: (未写入)")
  })

  it("shows medical balances", () => {
    const [, , personal, own] = traceDump(
      parseDump(
        inEnvironment("00A4000002DF04", "9000", "B026000104", "000027109000", "B026000206", "000003E820249000"),
      ),
    )
    expect(personal!.describe("zh").values).toEqual([{ name: "金额", value: "100.00", depth: 0 }])
    expect(own!.describe("en").values).toEqual([
      { name: "amount", value: "10.00", depth: 0 },
      { name: "year", value: "2024", depth: 0 },
    ])
  })

  it("gives tags of version 1.00 below the SSSE their own meaning (card-structure §13)", () => {
    const [, , , , , read] = traceDump(
      parseDump(
        inEnvironment(
          "00A4020002EF05",
          "9000",
          "00B2030400",
          "0304312E30309000",
          "00A4000002DF04",
          "9000",
          "00A4020002EF05",
          "9000",
          "00B2010400",
          "810841424344454647489000",
        ),
      ),
    )
    const hospital = findField(socialSecurityTables("1.00"), "hospital1Name")!.field
    expect(read!.describe("en").values).toEqual([{ name: hospital.name.en, value: "ABCDEFGH", depth: 0 }])
  })

  it("knows an employer's card and a province's files once the card has told what it is", () => {
    const entries = traceDump(
      parseDump(
        inEnvironment(
          "00A4020002EF05",
          "9000",
          "00B2010400",
          "0110320800D156000005160000018F385B8F9000",
          "00A4020002EF0D",
          "9000",
          "00B2030400",
          "EC01319000",
          "00A4020002EF05",
          "9000",
          "00B2020400",
          "0201329000",
          "00A4020002EF06",
          "9000",
          "00B2040400",
          "0B039101009000",
        ),
      ),
    )
    const values = (at: number) => entries[at]!.describe("zh").values.map(({ name, value }) => `${name} ${value}`)
    expect(values(4)).toEqual(["地方数据项(EC) 1"])
    expect(values(8)[0]).toMatch(/^行政区划 910100/)
  })
})

describe("trace of the payment application (financial-emv §14, §15, §20)", () => {
  const values = (dump: string, at: number) =>
    traceDump(parseDump(dump))
      [at]!.describe("en")
      .values.map(({ name, value, depth }) => `${" ".repeat(depth)}${name}=${value}`)

  it("shows the FCI as a tree", () => {
    expect(values(PAYMENT, 0)).toContain("  50 application label=PBOC DEBIT")
    expect(values(PAYMENT, 0)).toContain("  9F38 PDOL=9F7A(1) 9F02(6) 5F2A(2)")
  })

  it("shows the values that the terminal gives, by the PDOL of the card, and AIP and AFL", () => {
    const gpo = `${PAYMENT}\n80A800000B8309000000000500000156\n800A7C0008010100100105019000`
    expect(values(gpo, 1)).toEqual([
      "9F7A electronic cash terminal support=00",
      "9F02 amount, authorised=500.00",
      "5F2A transaction currency code=CNY",
      expect.stringMatching(/^82 application interchange profile=7C00 SDA supported/),
      "94 application file locator=SFI 1: 1-1, SFI 2: 1-5 (ODA 1)",
    ])
  })

  it("masks the PAN in a record, in words and in bytes", () => {
    const record = "70155A0A6217000000000000046F5F3401019F0702FF00"
    const [, entry] = traceDump(parseDump(`${PAYMENT}\n00B2011400\n${record}9000`))
    expect(entry!.response()).toBe("70155A0A621700*********0046F5F3401019F0702FF009000")
    expect(entry!.describe("en")).toMatchObject({ subject: "SFI 2, record 1" })
    expect(entry!.describe("en").values).toContainEqual({ name: "5A PAN", value: "621700*********0046", depth: 1 })
  })

  it("shows what a cryptogram is over, by CDOL1 and then CDOL2", () => {
    const cdols = "700F8C069F02069F37048D05" + "8A029F3704"
    const first = "80AE80000A00000005000011223344"
    const answer = "80128000010102030405060708" + "07010103A00000"
    const second = "80AE400006303055667788"
    const dump = [PAYMENT, "00B2021400", `${cdols}9000`, first, `${answer}9000`, second, "6985"].join("\n")
    expect(values(dump, 2)).toEqual([
      "9F02 amount, authorised=500.00",
      "9F37 unpredictable number=11223344",
      "9F27 cryptogram information data=ARQC",
      "9F36 application transaction counter=0001",
      "9F26 application cryptogram=0102030405060708",
      expect.stringMatching(/^9F10 issuer application data=/),
    ])
    expect(values(dump, 3)).toEqual(["8A authorisation response code=00", "9F37 unpredictable number=55667788"])
    expect(traceDump(parseDump(dump))[2]!.describe("en").subject).toBe("ARQC")
  })

  it("names the data object of GET DATA", () => {
    const [, entry] = traceDump(parseDump(`${PAYMENT}\n80CA9F1700\n9F1701039000`))
    expect(entry!.describe("en").subject).toMatch(/^9F17 /)
  })
})

describe("trace entries", () => {
  const traceStart = parseDump(PAYMENT).entries

  it("tell why there was no answer", () => {
    const entry = tracer().entry({ command: hex("0020000003123456"), error: new CardRemovedError(), milliseconds: 12 })
    expect(formatExchange(entry, "zh")).toEqual([
      "   1 校验个人密码",
      "     > 0020000003******",
      "     ! 卡片已移除。  12 ms",
    ])
    expect(entry.toJSON()).toMatchObject({
      number: 1,
      command: "VERIFY",
      outcome: "The card was removed.",
      response: undefined,
    })
  })

  it("become JSON", () => {
    const [entry] = traceDump(parseDump("00A40000023F00\n# 1.5ms\n6A82"))
    expect(JSON.parse(JSON.stringify(entry))).toEqual({
      number: 1,
      command: "SELECT",
      subject: "3F00",
      values: [],
      outcome: "file or application not found",
      request: "00A40000023F00",
      response: "6A82",
      statusWord: "6A82",
      milliseconds: 1.5,
    })
  })

  it("describe commands that nobody knows, and bytes that are no command", () => {
    const [strange, broken] = traceDump(parseDump("80FE000000\n6D00\n00A4040005\n6700"))
    expect(strange!.describe("en").command).toBe("unknown command")
    expect(formatExchange(broken!, "en")[2]).toBe("     < 6700  wrong length (Lc or Le)")
  })

  it("break long hex into lines", () => {
    const [entry] = traceDump(parseDump(`00B0000064\n${"AB".repeat(100)}9000`))
    expect(formatExchange(entry!, "en").map((line) => line.length)).toEqual([
      expect.any(Number),
      17,
      87,
      87,
      expect.any(Number),
    ])
  })

  it("can be made of any bytes", () => {
    const header = fc.constantFrom(
      "00A40400",
      "00A40200",
      "00B20104",
      "00B0",
      "80A80000",
      "80AE8000",
      "80CA9F36",
      "00C0",
    )
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
    const exchange = fc.tuple(
      header,
      bytes(40),
      fc.oneof(bytes(40), fc.constant(hex("6F10"))),
      fc.constantFrom("9000", "6105"),
    )
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 6 }), (exchanges) => {
        const entries = exchanges.map(([start, rest, data, end]) => ({
          command: concat(hex(start), rest),
          response: concat(data, hex(end)),
        }))
        for (const entry of traceDump({ entries: [...traceStart, ...entries] }))
          for (const language of ["zh", "en"] as const)
            expect(formatExchange(entry, language).length).toBeGreaterThan(2)
      }),
      { numRuns: 300 },
    )
  })

  it("forget what was selected after a reset", () => {
    const trace = tracer()
    trace.entry({ command: hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF"), response: hex("9000") })
    trace.entry({ command: hex("00A4000002DF04"), response: hex("9000") })
    trace.forget()
    const entry = trace.entry({ command: hex("00B2012C00"), response: hex("6A82") })
    expect(entry.describe("en").subject).toBe("record 1")
  })
})
