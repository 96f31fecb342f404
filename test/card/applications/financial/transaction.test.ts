import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../../src/apdu/index.js"
import {
  activeCard,
  approve,
  CDOL_VALUES,
  challenge,
  externalAuthenticate,
  financialCard,
  GPO,
  generateAc,
  getData,
  SELECT_FINANCIAL,
  select,
  send,
  status,
} from "../../../support/financial-card.js"

/** A card that approves off-line up to 1,000.00 yuan in all and five times in a row. */
const generous = (changes: object = {}) =>
  activeCard({
    data: {
      "9F36": "0006",
      "9F13": "0006",
      "9F58": "05",
      "9F59": "05",
      "9F54": "000000100000",
      "9F5C": "000000150000",
      ...changes,
    },
  })

describe("GET PROCESSING OPTIONS (financial-emv §15)", () => {
  it("counts every transaction before it answers", () => {
    const card = activeCard()
    for (const expected of ["0007", "0008", "0009"]) {
      select(card)
      expect(send(card, GPO)).toBe("800A1C0008010100100102009000")
      expect(getData(card, "9F36")).toBe(expected)
    }
  })

  it.each([
    ["other parameters", "80A800010B830900000000050000015600", "6A86"],
    ["no data", "80A80000", "6700"],
    ["one byte", "80A800000183", "6700"],
    ["another template", "80A800000B800900000000050000015600", "6A80"],
    ["values that are too short", "80A800000A8308000000000500000100", "6700"],
    ["a length that lies", "80A800000B830800000000050000015600", "6700"],
    ["no values where the PDOL asks for some", "80A8000002830000", "6700"],
  ])("refuses %s and counts nothing", (_, command, expected) => {
    const card = activeCard()
    select(card)
    expect(status(card, command)).toBe(expected)
    expect(getData(card, "9F36")).toBe("0006")
    expect(status(card, GPO)).toBe("9000")
  })

  it("is done once between two SELECTs", () => {
    const card = activeCard()
    select(card)
    expect(status(card, GPO)).toBe("9000")
    expect(status(card, GPO)).toBe("6985")
    generateAc(card, "00")
    expect(status(card, GPO)).toBe("6985")
    expect(getData(card, "9F36")).toBe("0007")
  })

  it("is refused for ever when the counter is at its end", () => {
    const card = activeCard({ data: { "9F36": "FFFE" } })
    select(card)
    expect(status(card, GPO)).toBe("9000")
    select(card)
    expect(status(card, GPO)).toBe("6985")
    expect(getData(card, "9F36")).toBe("FFFF")
  })

  it("takes the values that the own PDOL of the card asks for", () => {
    const card = activeCard({ pdol: "9F7A01" })
    select(card)
    expect(status(card, "80A8000003830100")).toBe("9000")
  })
})

describe("GET DATA (financial-emv §17)", () => {
  const card = financialCard()
  select(card)

  it.each([
    ["9F36", "0000"],
    ["9F13", "0000"],
    ["9F17", "00"],
    ["9F4F", "9A039F21039F02069F03069F1A025F2A029F4E149C019F3602"],
    ["DF4F", "9A039F21039F1A029F4E149F3602"],
    ["9F79", "000000010000"],
    ["9F5D", "000000010000"],
    ["9F77", "000000100000"],
    ["9F78", "000000050000"],
    ["9F6D", "000000001000"],
    ["9F51", "0156"],
    ["9F57", "0156"],
    ["9F52", "C000"],
    ["9F53", "00"],
    ["9F72", "00"],
    ["9F54", "000000000000"],
    ["9F5C", "000000000000"],
    ["9F56", "80"],
    ["9F58", "00"],
    ["9F59", "00"],
    ["9F50", "000000000000"],
    ["9F68", "81000000"],
    ["9F6B", "000000100000"],
    ["9F6C", "0000"],
  ])("gives %s of the default card", (tag, value) => {
    const length = (value.length / 2).toString(16).padStart(2, "0").toUpperCase()
    expect(send(card, `80CA${tag}00`)).toBe(`${tag}${length}${value}9000`)
  })

  it.each(["9F75", "DF79", "DF71", "9F73", "9F76", "9F26", "9F10", "5A00", "0000", "FFFF", "9F14"])(
    "holds no %s",
    (tag) => {
      expect(send(card, `80CA${tag}00`)).toBe("6A88")
    },
  )

  it("takes Le 00 and the exact Le, and names the right one otherwise", () => {
    const le = (text: string) => toHex(card.process(hex(`80CA9F36${text}`)))
    expect(le("00")).toBe("9F360200009000")
    expect(le("05")).toBe("9F360200009000")
    expect(le("04")).toBe("6C05")
    expect(le("02")).toBe("6C05")
    expect(le("FF")).toBe("6C05")
  })

  it("takes no data", () => {
    expect(send(card, "80CA9F36020000")).toBe("6700")
  })

  it("is a profile's to give and to take", () => {
    const other = financialCard({ data: { "9F79": "000000000500", "9F75": "000000001000", "9F6D": "" } })
    select(other)
    expect(getData(other, "9F79")).toBe("000000000500")
    expect(getData(other, "9F75")).toBe("000000001000")
    expect(getData(other, "9F6D")).toBe("6A88")
  })
})

describe("GET CHALLENGE", () => {
  it("gives eight new bytes each time, in every state", () => {
    const card = activeCard()
    select(card)
    const first = challenge(card)
    expect(first).toHaveLength(8)
    send(card, GPO)
    expect(toHex(challenge(card))).not.toBe(toHex(first))
    expect(toHex(card.process(hex("0084000004")))).toBe("6C08")
  })

  it.each([
    ["0084010008", "6A86"],
    ["00840000020000", "6700"],
  ])("refuses %s", (command, expected) => {
    const card = activeCard()
    select(card)
    expect(status(card, command)).toBe(expected)
  })
})

describe("GENERATE AC (financial-emv §20)", () => {
  it("is refused before GET PROCESSING OPTIONS, and a third time", () => {
    const card = activeCard()
    select(card)
    expect(generateAc(card, "80").sw).toBe("6985")
    send(card, GPO)
    const arqc = generateAc(card, "80")
    externalAuthenticate(card, arqc)
    expect(generateAc(card, "40", "3030").cid).toBe("40")
    expect(generateAc(card, "40", "3030").sw).toBe("6985")
    expect(generateAc(card, "80").sw).toBe("6985")
  })

  it.each([
    ["an unknown kind", `80AEC00034${CDOL_VALUES}`, "6A86"],
    ["a combined signature, which the card does not announce", `80AE900034${CDOL_VALUES}`, "6A86"],
    ["P2", `80AE800134${CDOL_VALUES}`, "6A86"],
    ["data that are too short", `80AE800033${CDOL_VALUES.slice(2)}`, "6700"],
    ["the data of the second one", `80AE8000363030${CDOL_VALUES}`, "6700"],
    ["no data", "80AE8000", "6700"],
  ])("refuses %s, and the transaction goes on", (_, command, expected) => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    expect(status(card, command)).toBe(expected)
    expect(generateAc(card, "80").cid).toBe("80")
  })

  it("needs the response code in front the second time", () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    const arqc = generateAc(card, "80")
    expect(generateAc(card, "40").sw).toBe("6700")
    externalAuthenticate(card, arqc)
    expect(generateAc(card, "40", "3030").cid).toBe("40")
  })

  it("tells the counter that GET DATA tells", () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").counter).toBe(getData(card, "9F36"))
  })

  it("an AAC at once is a normal end", () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    expect(generateAc(card, "00")).toMatchObject({ cid: "00", cvr: "03800000", sw: "9000" })
    expect(generateAc(card, "40", "3030").sw).toBe("6985")
  })

  it("goes on-line where off-line transactions are not allowed", () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    expect(generateAc(card, "40")).toMatchObject({ cid: "80", cvr: "03A02000" })
  })

  it("approves off-line within the limits of the card, and counts", () => {
    const card = generous()
    select(card)
    send(card, GPO)
    expect(generateAc(card, "40")).toMatchObject({ cid: "40", cvr: "03900000" })
    expect(getData(card, "9F50")).toBe("000000050000")
    expect(getData(card, "9F13")).toBe("0006")
    expect(send(card, "00B2015C00")).toMatch(/0007(9000)$/)
  })

  it("goes on-line when the amount approved off-line would pass its limit", () => {
    const card = generous()
    for (const expected of ["40", "40", "80"]) {
      select(card)
      send(card, GPO)
      expect(generateAc(card, "40").cid).toBe(expected)
    }
    expect(getData(card, "9F50")).toBe("000000100000")
  })

  it("goes on-line when too many transactions in a row were off-line", () => {
    const card = generous({ "9F58": "02", "9F54": "000099999999" })
    for (const expected of ["40", "40", "80"]) {
      select(card)
      send(card, GPO)
      expect(generateAc(card, "40").cid).toBe(expected)
    }
  })

  it("counts transactions of a foreign currency and country apart", () => {
    const foreign = CDOL_VALUES.replace("01560000048000", "08400000048000").replace("480000156", "480000840")
    const card = generous({ "9F53": "01", "9F72": "02" })
    for (const expected of ["40", "80"]) {
      select(card)
      send(card, GPO)
      expect(generateAc(card, "40", "", foreign).cid).toBe(expected)
    }
    expect(getData(card, "9F50")).toBe("000000000000")
  })

  it("does not check limits that it does not have", () => {
    const card = generous({ "9F58": "", "9F54": "", "9F53": "", "9F72": "" })
    for (let i = 0; i < 8; i++) {
      select(card)
      send(card, GPO)
      expect(generateAc(card, "40").cid).toBe("40")
    }
  })

  it("leaves the electronic cash away where the card has none", () => {
    const card = activeCard({ data: { "9F36": "0006", "9F13": "0006", "9F79": "" } })
    select(card)
    send(card, GPO)
    expect(send(card, `80AE800034${CDOL_VALUES}00`)).toMatch(/^8013800007[0-9A-F]{16}07010103A00000019000$/)
  })

  describe("unable to go on-line", () => {
    const unable = (card: ReturnType<typeof activeCard>, kind: "40" | "00" = "40") => {
      select(card)
      send(card, GPO)
      generateAc(card, "80")
      return generateAc(card, kind, kind === "40" ? "5933" : "5A33")
    }

    it("declines where the limits are zero", () => {
      expect(unable(activeCard())).toMatchObject({ cid: "00", cvr: "03210000" })
    })

    it("approves within the upper limits, writes the log and counts", () => {
      const card = generous()
      expect(unable(card)).toMatchObject({ cid: "40", cvr: "03610000" })
      expect(getData(card, "9F50")).toBe("000000050000")
      expect(send(card, "00B2015C00")).toMatch(/9000$/)
      expect(getData(card, "9F13")).toBe("0006")
    })

    it("declines when asked to", () => {
      expect(unable(generous(), "00").cid).toBe("00")
    })

    it("remembers that the transaction was not completed", () => {
      const card = generous()
      unable(card)
      select(card)
      send(card, GPO)
      expect(generateAc(card, "80").cvr).toBe("03A08000")
    })
  })
})

describe("EXTERNAL AUTHENTICATE (financial-emv §21)", () => {
  const online = () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    return { card, arqc: generateAc(card, "80") }
  }

  it("is done once, whatever came of it", () => {
    for (const right of [true, false]) {
      const { card, arqc } = online()
      expect(externalAuthenticate(card, arqc, right)).toBe(right ? "9000" : "6300")
      expect(externalAuthenticate(card, arqc)).toBe("6985")
    }
  })

  it("is refused before an ARQC and after the end", () => {
    const card = activeCard()
    select(card)
    expect(status(card, "008200000A00112233445566773030")).toBe("6985")
    send(card, GPO)
    expect(status(card, "008200000A00112233445566773030")).toBe("6985")
    generateAc(card, "00")
    expect(status(card, "008200000A00112233445566773030")).toBe("6985")
  })

  it.each([
    ["008200010A00112233445566773030", "6A86"],
    ["0082000008 0011223344556677", "6700"],
    ["008200000B0011223344556677303000", "6700"],
  ])("refuses %s, which does not count as the one try", (command, expected) => {
    const { card, arqc } = online()
    expect(status(card, command)).toBe(expected)
    expect(externalAuthenticate(card, arqc)).toBe("9000")
  })

  it("with a wrong cryptogram leads to an AAC, and the next transaction knows", () => {
    const { card, arqc } = online()
    externalAuthenticate(card, arqc, false)
    expect(generateAc(card, "40", "3030")).toMatchObject({ cid: "00", cvr: "03280000" })
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A08800")
  })

  it("left out leads to an AAC where it is mandatory, and the next transaction knows", () => {
    const { card } = online()
    expect(generateAc(card, "40", "3030")).toMatchObject({ cid: "00", cvr: "03200000" })
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A08400")
  })

  it("left out leads to a TC where it is not mandatory", () => {
    const card = activeCard({ data: { "9F36": "0006", "9F13": "0006", "9F56": "00" } })
    select(card)
    send(card, GPO)
    generateAc(card, "80")
    expect(generateAc(card, "40", "3030").cid).toBe("40")
    expect(getData(card, "9F13")).toBe("0006")
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A00400")
  })

  it("is refused after a power cut between ARQC and ARPC: the session is gone", () => {
    const { card, arqc } = online()
    card.reset()
    select(card)
    expect(externalAuthenticate(card, arqc)).toBe("6985")
  })
})

describe("card verification results of the next transaction", () => {
  const nextCvr = (card: ReturnType<typeof activeCard>) => {
    select(card)
    send(card, GPO)
    return generateAc(card, "80").cvr
  }

  it("tell of a new card until the issuer approves once", () => {
    const card = financialCard({ state: "active" })
    expect(nextCvr(card)).toBe("03A01000")
    expect(nextCvr(card)).toBe("03A09000")
    expect(approve(card).cid).toBe("40")
    expect(getData(card, "9F13")).toBe("0003")
    expect(nextCvr(card)).toBe("03A00000")
  })

  it("tell of a transaction that was broken off, across a power cut, until one is completed", () => {
    const card = activeCard()
    expect(nextCvr(card)).toBe("03A00000")
    card.reset()
    expect(nextCvr(card)).toBe("03A08000")
    approve(card)
    expect(nextCvr(card)).toBe("03A00000")
  })

  it("tell of nothing after an AAC that the issuer asked for and proved", () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    const arqc = generateAc(card, "80")
    externalAuthenticate(card, arqc)
    expect(generateAc(card, "00", "3035")).toMatchObject({ cid: "00", cvr: "03200000" })
    expect(getData(card, "9F13")).toBe("0006")
    expect(nextCvr(card)).toBe("03A00000")
  })

  it("tell of data authentication that the terminal saw fail before it declined", () => {
    const failed = CDOL_VALUES.replace("0000048000", "4800048000")
    const card = activeCard()
    select(card)
    send(card, GPO)
    generateAc(card, "00", "", failed)
    expect(nextCvr(card)).toBe("03A00104")
    approve(card)
    expect(nextCvr(card)).toBe("03A00000")
  })
})

describe("the transaction log (financial-emv §17)", () => {
  it("has one record for each TC, the newest first, and none for a decline", () => {
    const card = activeCard()
    expect(send(card, "00A4040008A000000333010101").slice(-4)).toBe("9000")
    expect(send(card, "00B2015C00")).toBe("6A83")
    for (let i = 0; i < 2; i++) expect(approve(card).cid).toBe("40")
    select(card)
    send(card, GPO)
    generateAc(card, "00")
    expect(send(card, "00B2015C2D")).toBe(
      "251120103000000000050000000000000000015601565348454241 4F20544553542041544D203030303101 0008 9000".replace(
        / /g,
        "",
      ),
    )
    expect(send(card, "00B2025C00")).toMatch(/00079000$/)
    expect(send(card, "00B2035C00")).toBe("6A83")
  })

  it("keeps ten records", () => {
    const card = activeCard()
    for (let i = 0; i < 12; i++) approve(card)
    expect(send(card, "00B2015C00")).toMatch(/00129000$/)
    expect(send(card, "00B20A5C00")).toMatch(/00099000$/)
    expect(send(card, "00B20B5C00")).toBe("6A83")
  })

  it("has the layout of 9F4F", () => {
    const card = activeCard({ data: { "9F36": "0006", "9F13": "0006", "9F4F": "9F36029A039F0206" } })
    approve(card)
    expect(send(card, "00B2015C00")).toBe("00072511200000000500009000")
  })

  it("cannot be written by anybody", () => {
    const card = activeCard()
    approve(card)
    expect(status(card, `00DC015C2D${"00".repeat(45)}`)).toMatch(/6982|6D00/)
    expect(status(card, `00E2005C2D${"00".repeat(45)}`)).toMatch(/6982|6D00/)
  })

  it("of electronic cash loads is there and empty", () => {
    const card = activeCard()
    select(card)
    expect(send(card, "00B2016400")).toBe("6A83")
  })
})

describe("brute-force scans (financial-emv §27.12)", () => {
  it("of all records find what the AFL says and nothing else, and disturb nothing", () => {
    const card = activeCard()
    select(card)
    const found: string[] = []
    for (let sfi = 1; sfi <= 30; sfi++)
      for (let record = 1; record <= 16; record++) {
        const p2 = ((sfi << 3) | 4).toString(16).padStart(2, "0")
        const answer = send(card, `00B2${record.toString(16).padStart(2, "0")}${p2}00`)
        if (answer.endsWith("9000")) found.push(`${sfi}.${record}`)
        else expect(answer).toMatch(/^6A8[23]$/)
      }
    expect(found).toEqual(["1.1", "2.1", "2.2"])
    expect(status(card, GPO)).toBe("9000")
    expect(generateAc(card, "80").cid).toBe("80")
  })

  it("next occurrence ends with 6A82", () => {
    const card = activeCard()
    expect(status(card, SELECT_FINANCIAL)).toBe("9000")
    expect(status(card, "00A4040208A000000333010101")).toBe("6A82")
    expect(status(card, "00A4040005A000000333")).toBe("9000")
    expect(status(card, "00A4040205A000000333")).toBe("6A82")
  })

  it.each(["0088000004 11223344", "00B0000004", "805E010007123456FF654321", "80CB9F3600", "80500001"])(
    "%s is no command of this application",
    (command) => {
      const card = activeCard()
      select(card)
      expect(status(card, command)).toBe("6D00")
    },
  )
})
