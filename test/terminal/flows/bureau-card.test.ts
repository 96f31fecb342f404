import { describe, expect, it } from "vitest"
import { createCard } from "../../../src/card/index.js"
import { bureauCard, memoryReader, openCard, readCard, testKeyService } from "../../../src/terminal/index.js"

const keys = testKeyService()
const PIN = "123456"
const PHONE = { directory: "DF01", fid: 0xef06, fields: { phone: "13000000000" } } as const

async function insert(profile = "employee") {
  const card = createCard({ profile, seed: 1 })
  const session = await openCard(memoryReader(card))
  return { card, session }
}

describe("a card at the bureau", () => {
  it.each(["employee", "employee-v3"])(
    "%s: tells its number with the PIN, and takes files of every affair",
    async (profile) => {
      const { session } = await insert(profile)
      const presented = await bureauCard(session, { keys, pin: PIN })
      if (!presented.ok) throw new Error(presented.code)
      expect(presented.card.cardNumber).toMatch(/^[0-9A-Z]{9}$/)
      const writes = [
        PHONE,
        {
          directory: "DF02",
          fid: 0xef09,
          fields: { registrationCertNumber: "B000000001", registrationCertDate: "20250610" },
        },
        { directory: "DF03", fid: 0xef05, fields: { unemploymentDate98: "20250601", unemploymentDate62: "20250610" } },
        { directory: "DF03", fid: 0xef06, fields: { appraisalCertNumber: "B000000001", appraisalDate: "20250610" } },
        { directory: "DF03", fid: 0xef07, fields: { pensionDate6E: "20250610" } },
        { directory: "DF03", fid: 0xef16, fields: { maternityDigits51: "202506" } },
        {
          directory: "DF03",
          fid: 0xef17,
          fields: { determinationNumber3B: "B000000001", determinationDate3E: "20250610" },
        },
      ] as const
      for (const write of writes) expect(await presented.card.write([write])).toEqual({ outcome: "done" })
      expect(await presented.card.write(writes)).toEqual({ outcome: "done" })
      const reading = await readCard(session, { all: true, keys })
      expect(JSON.stringify(reading, (_, value) => (typeof value === "bigint" ? `${value}` : value))).toContain(
        "13000000000",
      )
    },
  )

  it("a wrong PIN is refused before anything is read", async () => {
    const { session } = await insert()
    expect(await bureauCard(session, { keys, pin: "999999" })).toMatchObject({ ok: false, code: "PIN_WRONG" })
  })

  it("a file or field that the card has not is refused, nothing sent", async () => {
    const { session } = await insert()
    const presented = await bureauCard(session, { keys, pin: PIN })
    if (!presented.ok) throw new Error(presented.code)
    const strange = { directory: "DF01", fid: 0xef06, fields: { colour: "red" } } as const
    expect(await presented.card.write([strange])).toMatchObject({ outcome: "refused" })
  })

  it("a card that goes away leaves the outcome unknown; written again, it is done", async () => {
    const { card, session } = await insert()
    const presented = await bureauCard(session, { keys, pin: PIN })
    if (!presented.ok) throw new Error(presented.code)
    await session.close()
    expect(await presented.card.write([PHONE])).toMatchObject({ outcome: "unknown" })
    const again = await bureauCard(await openCard(memoryReader(card)), { keys, pin: PIN })
    if (!again.ok) throw new Error(again.code)
    expect(await again.card.write([PHONE])).toEqual({ outcome: "done" })
  })
})
