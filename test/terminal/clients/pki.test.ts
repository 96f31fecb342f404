import { X509Certificate } from "node:crypto"
import { describe, expect, it } from "vitest"
import { hex, InputError, toHex } from "../../../src/apdu/index.js"
import { type Card, signWithCard } from "../../../src/card/index.js"
import { sm2GenerateKeyPair, sm2PublicKey, sm2Verify, testTransportKey } from "../../../src/crypto/index.js"
import { memoryReader, openCard, pkiClient, pkiMasterKey, readPki } from "../../../src/terminal/index.js"
import { KEY_A, KEY_B, pkiCard } from "../../support/pki-card.js"
import { sm2Certificate } from "../../support/sm2-certificate.js"
import { scriptedLine } from "../support/lines.js"

const master = pkiMasterKey(testTransportKey())
const random = (length: number) => new Uint8Array(length).fill(0x3c)

async function client(card: Card) {
  const session = await openCard(memoryReader(card))
  const pki = pkiClient(session)
  expect(await pki.select()).toEqual({ ok: true })
  return { session, pki }
}

async function forWriting(card: Card) {
  const opened = await client(card)
  expect(await opened.pki.provePin("admin", "12345678")).toEqual({ ok: true })
  expect(await opened.pki.proveMasterKey(master)).toEqual({ ok: true })
  return opened
}

describe("the PKI application through the terminal (card-commands §12)", () => {
  it("makes a pair on the card, has it certified, writes the certificate and reads it back", async () => {
    const card = pkiCard()
    const { session, pki } = await forWriting(card)
    const made = await pki.generateKeyPair()
    if (!made.ok) throw new Error("no pair")
    const { certificate, body, signature } = sm2Certificate(hex(KEY_B), made.publicKey, "SYNTHETIC HOLDER 1")
    expect(await pki.writeCertificate("signature", certificate)).toEqual({ ok: true })
    const reading = await readPki(session)
    const content = (id: string) => reading.objects.find((object) => object.id === id)!.content
    expect(content("signaturePublicKey")).toEqual(made.publicKey)
    expect(content("signatureCertificate")).toEqual(certificate)
    expect(content("encryptionCertificate")).toBeUndefined()
    expect(sm2Verify(sm2PublicKey(hex(KEY_B)), body, signature)).toBe(true)
    expect(new X509Certificate(content("signatureCertificate")!).subject).toBe("CN=SYNTHETIC HOLDER 1")
  })

  it("has a message signed under the user PIN with the key of the certificate", async () => {
    const card = pkiCard()
    const { pki } = await forWriting(card)
    const made = await pki.generateKeyPair()
    const message = hex("C0FFEE")
    expect(signWithCard(card, message).ok).toBe(false)
    expect(await pki.provePin("user", "123456")).toEqual({ ok: true })
    const signed = signWithCard(card, message)
    expect(made.ok && signed.ok && sm2Verify(made.publicKey, message, signed.signature)).toBe(true)
  })

  it("brings an encryption pair in an envelope", async () => {
    const { pki } = await forWriting(pkiCard({ pki: { keys: { test: true, signature: KEY_A } } }))
    const pair = sm2GenerateKeyPair()
    expect(await pki.importEncryptionPair(pair, random)).toEqual({ ok: true })
    expect(await pki.exportPublicKey("encryption")).toEqual({ ok: true, publicKey: pair.publicKey })
    expect(await pki.exportPublicKey("signature")).toEqual({ ok: true, publicKey: sm2PublicKey(hex(KEY_A)) })
  })

  it("changes administrator PIN and master key", async () => {
    const { pki } = await forWriting(pkiCard())
    const newKey = hex("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF")
    expect(await pki.changeAdminPin("87654321", master)).toEqual({ ok: true })
    expect(await pki.provePin("admin", "87654321")).toEqual({ ok: true })
    expect(await pki.updateMasterKey(newKey, master)).toEqual({ ok: true })
    expect(await pki.proveMasterKey(master)).toMatchObject({ ok: false, triesLeft: 2 })
    expect(await pki.proveMasterKey(pkiMasterKey(newKey))).toEqual({ ok: true })
  })

  it("tells the tries of a PIN, wrong ones and the lock", async () => {
    const { pki } = await client(pkiCard({ pki: { userPin: { tries: 2 } } }))
    expect(await pki.pinStatus("user")).toEqual({ ok: true, state: "needed", triesLeft: 2 })
    expect(await pki.provePin("user", "000000")).toMatchObject({ ok: false, triesLeft: 1, locked: false })
    expect(await pki.provePin("user", "000000")).toMatchObject({ ok: false, triesLeft: 0, locked: true })
    expect(await pki.pinStatus("user")).toEqual({ ok: true, state: "locked", triesLeft: 0 })
    expect(await pki.pinStatus("admin")).toEqual({ ok: true, state: "needed", triesLeft: 6 })
  })

  it("hands on what the card refuses", async () => {
    const { pki } = await client(pkiCard())
    const refused = { ok: false, statusWord: 0x6982 }
    expect(await pki.generateKeyPair()).toEqual(refused)
    expect(await pki.changeAdminPin("87654321", master)).toEqual(refused)
    expect(await pki.writeCertificate("encryption", hex("3000"))).toEqual(refused)
    expect(await pki.exportPublicKey("signature")).toEqual({ ok: false, statusWord: 0x6a88 })
    expect(await pki.importEncryptionPair(sm2GenerateKeyPair(), random)).toEqual({ ok: false, statusWord: 0x6a88 })
  })

  it("says that a card has no PKI application", async () => {
    expect(await pkiClient(scriptedLine(["6A82"])).select()).toEqual({ ok: false, statusWord: 0x6a82 })
  })

  it("sends nothing for a PIN of wrong form, nor for a certificate that is too long", async () => {
    const line = scriptedLine([])
    const pki = pkiClient(line)
    for (const attempt of [
      () => pki.provePin("user", "12345"),
      () => pki.provePin("admin", "123456"),
      () => pki.changeAdminPin("8765432A", master),
      () => pki.writeCertificate("signature", new Uint8Array(0x801)),
    ])
      await expect(attempt()).rejects.toBeInstanceOf(InputError)
    expect(line.sent).toEqual([])
  })

  it("writes the commands of the vectors", async () => {
    const challenge = "00112233445566778899AABBCCDDEEFF9000"
    const line = scriptedLine([challenge, "9000", challenge, "9000", challenge, "9000"])
    const pki = pkiClient(line)
    await pki.provePin("user", "123456")
    await pki.proveMasterKey(master)
    await pki.changeAdminPin("87654321", master)
    expect(line.sent.filter((command) => !command.startsWith("0084"))).toEqual([
      "00200181104794C07B485910BBA3B6CADA20F62211",
      "0082000010B1C2FF78FC22FF05018AD65CF558CA9B",
      "845E010014C7C95A4F5876FAC773FFD8633FAA451FBD5031CE",
    ])
    expect(
      toHex(await master.updateMasterKey(hex(challenge.slice(0, 32)), hex("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"))),
    ).toBe("84D4010024210617D7DBE6215314277356AC36696799D496DA430AB6F843D70035DB7C503DCE625CCD")
  })
})
