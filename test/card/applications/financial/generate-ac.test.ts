import { describe, expect, it } from "vitest"
import {
  activeCard,
  CDOL_VALUES,
  externalAuthenticate,
  GPO,
  generateAc,
  getData,
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
