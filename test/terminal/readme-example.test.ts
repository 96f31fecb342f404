import { expect, it } from "vitest"
import { hex, isOk } from "../../src/apdu/index.js"
import { createCard } from "../../src/card/index.js"
import { memoryReader, openCard } from "../../src/terminal/index.js"

it("an emulated card in a test, in five lines", async () => {
  const reader = memoryReader(createCard({ profile: "employee" }))
  const card = await openCard(reader)
  expect(isOk(await card.transmit(hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")))).toBe(true)
  reader.pull()
  await expect(card.transmit(hex("00A40000023F00"))).rejects.toMatchObject({ code: "CARD_REMOVED" })
})
