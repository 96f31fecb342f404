import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { appendCyclicRecord } from "../../../src/card/records.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { authenticate } from "../../support/terminal.js"
import { SSSE_AID, testCard } from "../../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const OPEN_FILE = [SSSE, "00A4000002DF01", "00A4000002EF09"]
const CYCLIC = [SSSE, "00A4000002DF04", "00A4000002EF15"]

describe("UPDATE RECORD (card-commands §4.2)", () => {
  it("needs the update key of the file, no MAC", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002EF06", "00DC030403 0A0132 < 6982"])
    authenticate(card, "UKssse")
    exchangeAll(card, ["00DC030403 0A0132 < 9000", "00B2030403 < 0A01329000"])
  })

  it("lasts over a reset", () => {
    const card = testCard()
    exchangeAll(card, [...OPEN_FILE, "00DC010403 2E0159 < 9000"])
    card.reset()
    exchangeAll(card, [...OPEN_FILE, "00B2010400 < 2E01599000"])
  })

  it.each([
    ["by tag: the first of them", "00DC2E0003 2E0159", "9000"],
    ["by SFI and number", "00DC014C03 2E0159", "9000"],
    ["another tag", "00DC010403 2F0159", "6A80"],
    ["L too small", "00DC010403 2E0059", "6A80"],
    ["L too big", "00DC010403 2E0259", "6A80"],
    ["T alone", "00DC010401 2E", "6A80"],
    ["more than there is room", "00DC010404 2E025959", "6A84"],
    ["a missing number", "00DC090403 2E0159", "6A83"],
    ["a missing tag", "00DC770003 770159", "6A83"],
    ["a spare record", "00DC050403 2E0159", "6A83"],
    ["no data", "00DC0104", "6700"],
    ["P2 05", "00DC010503 2E0159", "6A86"],
    ["an unknown SFI", "00DC01FC03 2E0159".replace("FC", "94"), "6A82"],
    ["a transparent file", "00DC01B403 2E0159", "6981"],
  ])("%s", (_, command, expected) => {
    const card = testCard()
    exchangeAll(card, OPEN_FILE)
    expect(exchange(card, command)).toBe(expected)
    exchange(card, "00A4000002EF09")
    expect(exchange(card, "00B2010400")).toBe(expected === "9000" ? "2E01599000" : "2E01419000")
  })

  it("takes a shorter value, which shortens the record, and the full length again", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002EF06"])
    authenticate(card, "UKssse")
    exchangeAll(card, ["00DC020404 09024142 < 9000", "00B2020400 < 090241429000"])
    exchangeAll(card, [`00DC020420 091E${"43".repeat(30)} < 9000`, `00B2020420 < 091E${"43".repeat(30)}9000`])
  })

  it("writes a fixed record of exactly its length", () => {
    const card = testCard()
    const file = [SSSE, "00A4000002DF04", "00A4000002EF11"]
    exchangeAll(card, [
      ...file,
      "00DC020405 AABBCCDDEE < 9000",
      "00B2020400 < AABBCCDDEE9000",
      "00DC020404 AABBCCDD < 6700",
    ])
  })

  it("asks for a current EF", () => {
    expect(exchangeAll(testCard(), [SSSE, "00DC0104032E0159"])).toBe("6986")
  })

  it("never writes where the rule is never", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "0020000003123456", "00A4000002DF04", "00A4000002EF08"])
    expect(exchange(card, `00DC00031C${"00".repeat(28)}`)).toBe("6982")
  })
})

describe("cyclic files (card-commands §4.3)", () => {
  it.each(["0003", "0004", "00AB", "00AC"])("take a record as previous (P1P2 %s): it becomes number 1", (p1p2) => {
    const card = testCard()
    exchangeAll(card, [...CYCLIC, "00B2010400 < 6A83", `00DC${p1p2}03 000001 < 9000`, `00DC${p1p2}03 000002 < 9000`])
    exchangeAll(card, ["00B2010400 < 0000029000", "00B2020400 < 0000019000", "00B2030400 < 6A83"])
  })

  it("let the oldest fall out when they are full", () => {
    const card = testCard()
    exchangeAll(card, CYCLIC)
    for (let n = 1; n <= 6; n++) exchange(card, `00DC0003030000${toHex(Uint8Array.of(n))}`)
    exchangeAll(
      card,
      [1, 2, 3, 4].map((n) => `00B2${toHex(Uint8Array.of(n))}0400 < 0000${toHex(Uint8Array.of(7 - n))}9000`),
    )
    expect(exchange(card, "00B2050400")).toBe("6A83")
  })

  it("refuse records of another length, and numbers", () => {
    exchangeAll(testCard(), [
      ...CYCLIC,
      "00DC000302 0001 < 6700",
      "00DC010403 000001 < 6A86",
      "00DC000203 000001 < 6A86",
    ])
  })

  it("are appended to by the card itself in the same way", () => {
    const card = testCard()
    const file = card.layout.root.directories[0]!.directories[1]!.files.find(({ name }) => name === "EF08")!
    appendCyclicRecord(card.memory, file, new Uint8Array(28).fill(3))
    exchangeAll(card, [SSSE, "00A4000002DF04", "0020000003123456", "00A4000002EF08"])
    expect([1, 2, 3, 4].map((n) => exchange(card, `00B2${toHex(Uint8Array.of(n))}0400`).slice(0, 4))).toEqual([
      "0303",
      "0202",
      "0101",
      "6A83",
    ])
  })
})

describe("APPEND RECORD (ISO 7816-4 §7.3.6)", () => {
  it("fills the spare records that have room, then answers 6A84", () => {
    const card = testCard()
    const long = `310A${"55".repeat(10)}`
    exchangeAll(card, [...OPEN_FILE, `00E200000C ${long} < 9000`, `00B2060400 < ${long}9000`, "00B2050400 < 6A83"])
    exchangeAll(card, [`00E200000C ${long} < 6A84`, "00E2000003 320166 < 9000", "00B2050400 < 3201669000"])
    exchangeAll(card, ["00B2320000 < 3201669000", "00E2000003 330166 < 6A84"])
  })

  it("makes the new record current", () => {
    const card = testCard()
    exchangeAll(card, [...OPEN_FILE, "00E2000003 320166 < 9000", "00B2000400 < 3201669000"])
  })

  it.each([
    ["by SFI", "00E2004803 320166", "9000"],
    ["P1 01", "00E2010003 320166", "6A86"],
    ["P2 04", "00E2000403 320166", "6A86"],
    ["no data", "00E20000", "6700"],
    ["L that is not Lc - 2", "00E2000003 320266", "6A80"],
    ["a transparent file", "00E200B003 320166", "6981"],
    ["a file that needs a key", "00E2002803 320166", "6982"],
    ["an unknown SFI", "00E2009003 320166", "6A82"],
  ])("%s", (_, command, expected) => {
    const card = testCard()
    exchangeAll(card, OPEN_FILE)
    expect(exchange(card, command)).toBe(expected)
  })

  it("adds to a cyclic file, and has no room in a fixed one", () => {
    const card = testCard()
    exchangeAll(card, [...CYCLIC, "00E2000003 000001 < 9000", "00B2010400 < 0000019000"])
    exchangeAll(card, ["00A4000002EF11", "00E2000005 0000000000 < 6A84"])
  })
})

describe("UPDATE BINARY (card-commands §4.4)", () => {
  const FILE = [SSSE, "00A4000002EF08"]

  it("writes where it is told, also by SFI and over page borders", () => {
    const card = testCard()
    exchangeAll(card, FILE)
    authenticate(card, "UKssse")
    const chunk = "A5".repeat(0x70)
    exchangeAll(card, [
      `00D6001070${chunk} < 9000`,
      `00B0001070 < ${chunk}9000`,
      "00D6880002BEEF < 9000",
      "00B0000003 < BEEF0E9000",
    ])
  })

  it("writes the whole file with an extended length", () => {
    const card = testCard()
    exchangeAll(card, FILE)
    authenticate(card, "UKssse")
    const command = new Uint8Array(7 + 1000).fill(0x3c)
    command.set(hex("00D600000003E8"))
    expect(toHex(card.process(command))).toBe("9000")
    expect(exchange(card, "00B003E700")).toBe("3C9000")
  })

  it.each([
    ["a byte behind the end", "00D603E801AA", "6B00"],
    ["over the end", "00D603E702AAAA", "6A84"],
    ["no data", "00D60000", "6700"],
    ["a record file", "00D6850001AA", "6981"],
    ["an unknown SFI", "00D6930001AA", "6A82"],
    ["a wrong P1", "00D6A00001AA", "6A86"],
  ])("refuses %s", (_, command, expected) => {
    const card = testCard()
    exchangeAll(card, FILE)
    authenticate(card, "UKssse")
    expect(exchange(card, command)).toBe(expected)
  })

  it("needs the key", () => {
    exchangeAll(testCard(), [...FILE, "00D6000001AA < 6982"])
  })
})
