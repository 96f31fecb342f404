import { describe, expect, it } from "vitest"
import { encodeTlv, hex, type Transport, toHex } from "../../../src/apdu/index.js"
import {
  type EmvApplicationReading,
  posConfiguration,
  readEmvCard,
  testAuthorityKeys,
} from "../../../src/terminal/emv/index.js"
import { DIRECTORY, RECORDS, scriptedCard } from "./scripted-card.js"
import { type SigningCardOptions, signingCard } from "./signing-card.js"

const options = {
  configuration: posConfiguration({ authorityKeys: testAuthorityKeys() }),
  input: { date: "251120", time: "103000", unpredictableNumber: hex("11223344") },
}

async function read(card: Transport): Promise<EmvApplicationReading> {
  const { applications } = await readEmvCard(card, options)
  expect(applications).toHaveLength(1)
  return applications[0]!
}

const signed = (card: SigningCardOptions) => read(signingCard(card))

describe("reading any EMV card", () => {
  it("gives every element with the place it came from, and checks the signatures", async () => {
    const { values, authentication, problem, statusWord } = await signed({})
    expect(statusWord).toBe(0x9000)
    expect(problem).toBeUndefined()
    expect(authentication).toMatchObject({ method: "dda", passed: true, why: [] })
    const found = (tag: number) => values.find((value) => value.tag === tag)
    expect(found(0x84)).toMatchObject({ from: "fci" })
    expect(found(0x94)).toMatchObject({ from: "gpo" })
    expect(found(0x5a)).toMatchObject({ from: "record", value: hex("6217000000000000046F") })
  })

  it("says why signatures are not believed", async () => {
    const { authentication } = await signed({ expiry: "1025" })
    expect(authentication).toMatchObject({ method: "dda", passed: false })
    expect(authentication!.why.map(({ en }) => en).join()).toContain("issuer certificate: it has expired")
  })

  it("keeps what came before a record that is broken, and names it", async () => {
    const card = scriptedCard({
      ...DIRECTORY,
      ...RECORDS,
      "80A800000B830901000000000000015600": "800A7C0008010100100102019000",
      "00B2021400": "7003DEAD9000",
    })
    const { problem, values, authentication } = await read(card)
    expect(problem).toContain("70: expected")
    expect(authentication).toBeUndefined()
    expect(values.some(({ tag }) => tag === 0x57)).toBe(true)
  })

  it("reads the public part of a blocked application, without GET PROCESSING OPTIONS", async () => {
    const fci = toHex(encodeTlv(0x6f, [encodeTlv(0x84, hex("A000000333010101")), encodeTlv(0xa5, hex("500450424F43"))]))
    const card = scriptedCard({
      "00A4040005A00000033300": `${fci}6283`,
      "00A4040205A00000033300": "6A82",
      "00A4040008A00000033301010100": `${fci}6283`,
      "80CA9F3600": "9F360200079000",
    })
    const { statusWord, values } = await read(card)
    expect(statusWord).toBe(0x6283)
    expect(values.map(({ tag, from }) => [tag, from])).toEqual([
      [0x84, "fci"],
      [0x50, "fci"],
      [0x9f36, "getData"],
    ])
    expect(card.commands.some((command) => command.startsWith("80A8"))).toBe(false)
  })

  it("splits the transaction log by its format, newest first, as far as it goes", async () => {
    const fci = encodeTlv(0x6f, [
      encodeTlv(0x84, hex("A000000333010101")),
      encodeTlv(0xa5, encodeTlv(0xbf0c, hex("9F4D020B0A"))),
    ])
    const card = scriptedCard({
      ...DIRECTORY,
      "00A4040008A00000033301010100": `${toHex(fci)}6283`,
      "80CA9F4F00": "9F4F079A039C019F36029000",
      "00B2015C00": "2511200100079000",
      "00B2025C00": "2511190100069000",
    })
    const { log } = await read(card)
    expect(log.map((fields) => fields.map(([tag, value]) => [tag, toHex(value)]))).toEqual([
      [
        [0x9a, "251120"],
        [0x9c, "01"],
        [0x9f36, "0007"],
      ],
      [
        [0x9a, "251119"],
        [0x9c, "01"],
        [0x9f36, "0006"],
      ],
    ])
  })

  it("finds nothing on a card without payment applications, and says when a card is blocked", async () => {
    expect(await readEmvCard(scriptedCard({}), options)).toEqual({ applications: [], cardBlocked: false })
    const blocked = scriptedCard({ "00A404000E315041592E5359532E444446303100": "6A81" })
    expect(await readEmvCard(blocked, options)).toEqual({ applications: [], cardBlocked: true })
  })
})
