import "../../src/testing/vitest.js"
import { describe, expect, it } from "vitest"
import { hex } from "../../src/apdu/index.js"
import { createCard } from "../../src/card/index.js"
import { faultTransport, memoryReader, openCard, pinStatus, verifyPin } from "../../src/terminal/index.js"
import { powerCutAtWrite, withInstruction } from "../../src/testing/index.js"

const CHANGE_PIN = hex("805E010007123456FF246810")

describe("a power cut in the middle of CHANGE PIN, at every physical write", () => {
  it("leaves the old PIN or the new one, and a card that works", async () => {
    let cuts = 0
    for (let write = 1; ; write++) {
      const card = createCard({ profile: "employee" })
      const reader = memoryReader(card)
      const session = await openCard(reader, {
        line: (line) => faultTransport(line, powerCutAtWrite(card, write, withInstruction(0x5e))),
      })
      await session.transmit(hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF"))
      const answer = await session.transmit(CHANGE_PIN).catch((error: { code: string }) => error.code)
      card.cutPowerAfter(Number.POSITIVE_INFINITY)
      if (answer !== "CARD_REMOVED") {
        expect(answer).toAnswer("9000")
        break
      }
      cuts += 1
      expect(reader.card).toBeUndefined()
      reader.insert(card)
      const again = await openCard(reader)
      const status = await pinStatus(again)
      expect(status).toMatchObject({ ok: true, state: "needed" })
      const tries = [await verifyPin(again, { pin: "123456" }), await verifyPin(again, { pin: "246810" })]
      expect(tries.filter(({ ok }) => ok)).toHaveLength(1)
    }
    expect(cuts).toBeGreaterThan(2)
  })
})
