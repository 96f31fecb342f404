import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { createCard } from "../../../src/card/index.js"
import {
  memoryReader,
  openCard,
  readIdentity,
  secureMessagingTransport,
  socialSecurityClient,
  testKeyService,
} from "../../../src/terminal/index.js"
import { scriptedLine } from "../support/lines.js"

const keys = testKeyService()
const identity = { atr: hex("3B6D000000815431008660110816000001"), region: "320800", algorithm: "3des" } as const

describe("secure messaging (card-commands §7.1)", () => {
  it("T11: puts a challenge before, and a MAC behind what is written", async () => {
    const line = scriptedLine(["C1C2C3C4C5C6C7C89000", "9000"])
    const card = secureMessagingTransport(line, { keys, identity, keyName: "STKssse" })
    expect(await socialSecurityClient(card).updateRecord(4, hex("0A0131"))).toEqual({ ok: true })
    expect(line.sent).toEqual(["0084000008", "04DC0404070A013191599F3E"])
  })

  it("passes everything else unchanged", async () => {
    const line = scriptedLine(["9000"], { repeatLast: true })
    const card = secureMessagingTransport(line, { keys, identity, keyName: "STKssse" })
    const commands = ["00B2010400", "0020000003123456", "00DC0404", "04DC04040111", "805E010007123456FF654321"]
    for (const command of commands) await card.transmit(hex(command))
    expect(line.sent).toEqual(commands)
  })

  it("sends nothing when the card gives no challenge, or the key service does not work", async () => {
    const line = scriptedLine(["6985", "C1C2C3C4C5C6C7C89000"])
    const options = { keys, identity, keyName: "STKssse" }
    expect(await socialSecurityClient(secureMessagingTransport(line, options)).updateRecord(4, hex("0A0131"))).toEqual({
      ok: false,
      statusWord: 0x6985,
    })
    const none = {
      ...keys,
      secureCommand: async () => ({ ok: false, code: "KEY_UNKNOWN", message: "no key", messageZh: "无密钥" }) as const,
    }
    const card = secureMessagingTransport(line, { ...options, keys: none })
    await expect(card.transmit(hex("00DC0404030A0131"))).rejects.toMatchObject({ code: "KEY_UNKNOWN" })
    expect(line.sent).toEqual(["0084000008", "0084000008"])
  })

  it.each([
    ["employee", false],
    ["employee", true],
    ["employee-v3", false],
    ["employee-v3", true],
  ])("writes to %s without the update key; enciphered: %s", async (profile, encipher) => {
    const session = await openCard(memoryReader(createCard({ profile })))
    const found = await readIdentity(session, session.atr)
    if (!found.ok) throw new Error(found.why)
    const card = secureMessagingTransport(session, { keys, identity: found.identity, keyName: "STKDF01", encipher })
    const client = socialSecurityClient(card)
    await client.selectDirectory("DF01")
    await client.verifyPin("123456")
    await client.selectFile(0xef07)
    expect(await socialSecurityClient(session).updateRecord(1, hex("290132"))).toEqual({
      ok: false,
      statusWord: 0x6982,
    })
    expect(await client.updateRecord(1, hex("290132"))).toEqual({ ok: true })
    expect(await client.readRecord(1)).toEqual({ ok: true, record: hex("290132") })
  })
})
