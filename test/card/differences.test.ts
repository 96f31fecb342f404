import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { differences } from "../../src/card/index.js"
import { exchangeAll } from "../support/exchange.js"
import { authenticate } from "../support/terminal.js"
import { SSSE_AID, testCard } from "../support/test-card.js"

describe("differences of two memories", () => {
  it("are named by directory and file, values of secrets marked", () => {
    const card = testCard()
    const before = card.memory.pages.snapshot()
    exchangeAll(card, [`00A404000F${toHex(SSSE_AID)}`, "805E010007123456FF654321 < 9000", "0020000003111111 < 63C5"])
    authenticate(card, "UKssse")
    exchangeAll(card, ["00A4000002EF06", "00DC030403 0A0132 < 9000", "00D6880101AA < 9000"])
    exchangeAll(card, ["00A4000002DF04", "00A4000002EF15", "00DC000303 000001 < 9000"])
    const found = differences(card.layout, before, card.memory.pages.snapshot())
    expect(found.map(({ place, secret }) => [place, secret])).toEqual([
      ["SSSE.PIN tries", false],
      ["SSSE.PIN", true],
      ["SSSE.EF06 record 3", false],
      ["SSSE.EF08", false],
      ["DF04.EF15 newest and number written", false],
      ["DF04.EF15 slot 1", false],
    ])
    expect(found[2]!.after).toEqual(hex("0003 0A0132"))
  })

  it("are none for one state", () => {
    const card = testCard()
    expect(differences(card.layout, card.memory.pages.snapshot(), card.memory.pages.snapshot())).toEqual([])
  })
})
