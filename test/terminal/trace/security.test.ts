import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import type { Card } from "../../../src/card/index.js"
import { sm2PublicKey } from "../../../src/crypto/index.js"
import { type TraceEntry, traceTransport } from "../../../src/terminal/index.js"
import {
  adminProof,
  changeAdminPin,
  envelopeCommand,
  GENERATE,
  importCommand,
  KEY_A,
  KEY_B,
  masterProof,
  openForWriting,
  pkiCard,
  SELECT_CERT,
  updateMasterKey,
  userProof,
} from "../../support/pki-card.js"
import { SELECT_SSSE, secured, socialSecurityCard } from "../../support/social-security-card.js"
import { authenticate } from "../../support/terminal.js"

/** What a trace shows of commands, behind the selection of their application. */
async function traced(card: Card, select: string, ...commands: string[]): Promise<string[]> {
  const entries: TraceEntry[] = []
  const line = traceTransport({ transmit: async (command) => card.process(command), close: async () => {} }, (entry) =>
    entries.push(entry),
  )
  for (const command of [select, ...commands]) await line.transmit(hex(command))
  return entries.slice(1).map((entry) => {
    const { command, subject } = entry.describe("en")
    return `${command}${subject ? ` ${subject}` : ""} > ${entry.command()}`
  })
}

const stars = (bytes: number) => "**".repeat(bytes)

describe("the trace of security commands (card-commands §5, §7, §13)", () => {
  it("names PIN reload, unblock, block commands and key writing, and hides what is enciphered", async () => {
    const card = socialSecurityCard()
    authenticate(card, "PUK")
    const reload = secured(card, "STKssse", "84240001", "03123456", { encipher: true })
    expect(await traced(card, "00A4020002EF06", reload)).toEqual([`PIN RELOAD > 842400010C${stars(12)}`])
    const unblock = secured(card, "STKssse", "84240000")
    expect((await traced(card, "00A4020002EF06", unblock))[0]).toBe(`PIN UNBLOCK > 8424000004${stars(4)}`)
    expect(await traced(card, SELECT_SSSE, `84D4000A24${"5A".repeat(36)}`, `84D400010C${"5A".repeat(12)}`)).toEqual([
      `WRITE KEY RKssse > 84D4000A24${stars(36)}`,
      `PIN RELOAD > 84D400010C${stars(12)}`,
    ])
    expect(
      await traced(card, SELECT_SSSE, "841E000004 00000000", "8418000004 00000000", "8416000004 00000000"),
    ).toEqual([
      "APPLICATION BLOCK > 841E00000400000000",
      "APPLICATION UNBLOCK > 841800000400000000",
      "CARD BLOCK > 841600000400000000",
    ])
  })

  it("shows fields written with a MAC, and of enciphered ones nothing", async () => {
    const card = socialSecurityCard()
    const plain = secured(card, "STKssse", "04DC0434", "0A0132")
    const [entry] = await traced(card, "00A4020002EF06", plain)
    expect(entry).toBe(`UPDATE RECORD EF06 holder data, record 4 > ${plain}`)
    const enciphered = secured(card, "STKssse", "84DC0434", "030A0132", { encipher: true })
    const [shown] = await traced(card, "00A4020002EF06", enciphered)
    expect(shown!.split(" > ")[0]).toBe("UPDATE RECORD EF06 holder data, record 4")
    const binary = secured(card, "STKssse", "84D68710", "03A1A2A3", { encipher: true })
    const [written] = await traced(card, "00A4020002EF06", binary)
    expect(written!.split(" > ")[0]).toBe("UPDATE BINARY EF07 fingerprint, offset 16, enciphered")
  })
})

describe("the trace of the PKI application (card-commands §12)", () => {
  it("names proofs and hides them where they stand for a PIN", async () => {
    const card = pkiCard()
    const heads: string[] = []
    for (const make of [userProof, adminProof, masterProof])
      heads.push(...(await traced(card, "00A40000020012", make(card))))
    const shown = await traced(
      card,
      SELECT_CERT,
      `0020018110${"00".repeat(16)}`,
      "00200100",
      `0082000010${"00".repeat(16)}`,
    )
    expect(shown).toEqual([
      `VERIFY user PIN > 0020018110${stars(16)}`,
      "VERIFY administrator PIN, status > 00200100",
      `EXTERNAL AUTHENTICATE MKpki > 0082000010${"00".repeat(16)}`,
    ])
    expect(heads).toHaveLength(3)
  })

  it("names key pairs, changes of secrets and files, and shows no key but public ones", async () => {
    const card = pkiCard({ pki: { keys: { test: true, signature: KEY_A } } })
    openForWriting(card)
    const commands = [
      GENERATE,
      "80C9820008C0020012C2020013",
      "80C9828000",
      "80C4010305C103123456",
      envelopeCommand(sm2PublicKey(hex(KEY_A)), "0F".repeat(16)),
      importCommand("0F".repeat(16), KEY_B),
      `80C2C00126C2020015CB20${KEY_B}`,
      changeAdminPin(card, "87654321"),
      updateMasterKey(card, "A5".repeat(16)),
      "00A40000020018",
      "00B0000008",
    ]
    const shown = await traced(card, SELECT_CERT, ...commands)
    expect(shown.map((text) => text.split(" > ")[0])).toEqual([
      "GENERATE KEY PAIR signature pair",
      "CHECK KEY PAIR signature pair",
      "EXPORT PUBLIC KEY",
      "PIN DIGEST",
      "OPEN KEY ENVELOPE",
      "IMPORT KEY PAIR encryption pair",
      "WRITE PRIVATE KEY",
      "CHANGE ADMINISTRATOR PIN",
      "UPDATE MASTER KEY MKpki",
      "SELECT 0018 signature certificate",
      "READ BINARY 0018 signature certificate, offset 0, 8 bytes",
    ])
    const secretCommands = commands.slice(3, 9)
    for (const [index, command] of secretCommands.entries()) {
      const line = shown[3 + index]!.split(" > ")[1]!
      expect(line).toBe(`${command.slice(0, 10)}${stars(command.length / 2 - 5)}`)
    }
  })
})
