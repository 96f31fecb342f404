import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../../src/apdu/index.js"
import type { Card } from "../../../../src/card/index.js"
import { sm2PublicKey } from "../../../../src/crypto/index.js"
import { exchangeAll } from "../../../support/exchange.js"
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
  updateMasterKey,
  userProof,
} from "../../../support/pki-card.js"
import { sweepPowerCuts } from "../../../support/power-cuts.js"
import { withWrongMac } from "../../../support/social-security-card.js"

const SM4_KEY = "0F".repeat(16)
const pki = { keys: { test: true, signature: KEY_A }, userPin: { triesLeft: 4 }, masterKey: { triesLeft: 2 } }
const newCard = () => pkiCard({ pki })
const nothing = () => {}
const envelope = envelopeCommand(sm2PublicKey(hex(KEY_A)), SM4_KEY)
const withEnvelope = (card: Card) => {
  openForWriting(card)
  exchangeAll(card, [`${envelope} < 9000`])
}
const withCertificate = (card: Card) => {
  openForWriting(card)
  exchangeAll(card, ["00A40000020019 < 9000"])
}

describe("power cut at every physical write of the PKI application", () => {
  it.each<[string, (card: Card) => void, (card: Card) => string, number]>([
    ["user PIN proof", nothing, userProof, 2],
    ["administrator PIN proof, wrong", nothing, (card) => withWrongMac(adminProof(card)), 1],
    ["master key proof", nothing, masterProof, 2],
    ["change of the administrator PIN", openForWriting, (card) => changeAdminPin(card, "87654321"), 6],
    ["update of the master key", openForWriting, (card) => updateMasterKey(card, "A5".repeat(16)), 6],
    ["a wrong MAC", openForWriting, (card) => withWrongMac(changeAdminPin(card, "87654321")), 1],
    ["GENERATE KEY PAIR", openForWriting, () => GENERATE, 6],
    ["import of the encryption pair", withEnvelope, () => importCommand(SM4_KEY, KEY_B), 6],
    ["public key in the clear", openForWriting, () => `80C2400046C0020014CA40${toHex(sm2PublicKey(hex(KEY_B)))}`, 4],
    ["private key in the clear", openForWriting, () => `80C2C00126C2020015CB20${KEY_B}`, 4],
    ["part of a certificate", withCertificate, () => `00D6007070${"3D".repeat(0x70)}`, 6],
  ])("%s", (_, prepare, make, atLeast) => {
    expect(sweepPowerCuts(newCard, prepare, (card) => hex(make(card)))).toBeGreaterThanOrEqual(2 * atLeast)
  })
})
