import { commandApdu, concat, hex, InputError, type Transport, uint16 } from "../../apdu/index.js"
import {
  encipherPkiMasterKey,
  encipherPkiPin,
  pkiCommandApdu,
  pkiPinKey,
  pkiProof,
  type Sm2KeyPair,
  sm2Encrypt,
  sm4Encrypt,
} from "../../crypto/index.js"
import {
  certificateFile,
  containerReference,
  PKI_CONTAINERS,
  PKI_FILES,
  PKI_PINS,
  type PkiPair,
  pairReference,
  pkiApplication,
  pkiEnvironment,
} from "../../dictionary/index.js"
import { getChallenge } from "./authentication.js"
import { readBinary, selectByFid, selectByName, updateBinary } from "./files.js"
import { type CountedOutcome, counted, type Outcome, type Refusal, send } from "./outcome.js"
import { type PinStatus, pinStatusOf } from "./pin.js"

/** Works with the master key of a card's PKI application: in software, or an HSM behind a line. */
export interface PkiMasterKey {
  /** SM4 of the challenge. @param challenge 16 bytes */
  proof(challenge: Uint8Array): Promise<Uint8Array>
  /** The whole command that changes the administrator PIN. @param pin 4 bytes */
  changeAdminPin(challenge: Uint8Array, pin: Uint8Array): Promise<Uint8Array>
  /** The whole command that replaces the master key. @param newKey 16 bytes */
  updateMasterKey(challenge: Uint8Array, newKey: Uint8Array): Promise<Uint8Array>
}

/** What a terminal does with the PKI application of a card of version 3.00 (card-commands §12). */
export interface PkiClient {
  /** Selects environment and certificate application. Proofs given before are lost. */
  select(): Promise<Outcome>
  pinStatus(which: keyof typeof PKI_PINS): Promise<PinStatus>
  /** @throws {InputError} unless the PIN has 6 digits, that of the administrator 8; nothing is sent then */
  provePin(which: keyof typeof PKI_PINS, pin: string): Promise<CountedOutcome>
  proveMasterKey(masterKey: PkiMasterKey): Promise<CountedOutcome>
  /** Asks for both proofs, as every writing function; the new PIN must be proved. @throws {InputError} see `provePin` */
  changeAdminPin(newPin: string, masterKey: PkiMasterKey): Promise<Outcome>
  updateMasterKey(newKey: Uint8Array, masterKey: PkiMasterKey): Promise<Outcome>
  /** Makes a new signature pair on the card. @returns its public key, X ‖ Y, 64 bytes */
  generateKeyPair(): Promise<Outcome<{ readonly publicKey: Uint8Array }>>
  /** Checks that a pair is whole and exports its public key. */
  exportPublicKey(pair: PkiPair): Promise<Outcome<{ readonly publicKey: Uint8Array }>>
  /**
   * Brings an encryption pair to the card in a digital envelope for its signature key.
   *
   * @param random where the key of the envelope comes from: 16 bytes
   */
  importEncryptionPair(pair: Sm2KeyPair, random: (length: number) => Uint8Array): Promise<Outcome>
  /** @throws {InputError} when the certificate is longer than its file */
  writeCertificate(pair: PkiPair, certificate: Uint8Array): Promise<Outcome>
}

/**
 * Makes the client. It keeps no state. What the application shows to everybody, keys and certificates, is read by
 * `readPki`.
 *
 * @example
 * const client = pkiClient(await openCard(reader))
 * await client.select()
 * await client.provePin("admin", "12345678")
 * await client.proveMasterKey(pkiMasterKey(testTransportKey()))
 * const made = await client.generateKeyPair()
 */
export function pkiClient(card: Transport): PkiClient {
  return {
    select: () => select(card),
    pinStatus: (which) => pinStatusOf(card, PKI_PINS[which].reference),
    provePin: (which, pin) => provePin(card, which, pin),
    proveMasterKey: (masterKey) => withChallenge(card, 0x0082, 0x0000, (challenge) => masterKey.proof(challenge)),
    changeAdminPin: async (newPin, masterKey) => {
      const pin = pinBytes("admin", newPin, "newPin")
      return sendWithChallenge(card, (challenge) => masterKey.changeAdminPin(challenge, pin))
    },
    updateMasterKey: (newKey, masterKey) =>
      sendWithChallenge(card, (challenge) => masterKey.updateMasterKey(challenge, newKey)),
    generateKeyPair: () => generateKeyPair(card),
    exportPublicKey: (pair) => exportPublicKey(card, pair),
    importEncryptionPair: (pair, random) => importEncryptionPair(card, pair, random),
    writeCertificate: (pair, certificate) => writeCertificate(card, pair, certificate),
  }
}

/** A master key held in software, for test cards. @param key 16 bytes */
export function pkiMasterKey(key: Uint8Array): PkiMasterKey {
  const command = (challenge: Uint8Array, header: string, data: Uint8Array) =>
    pkiCommandApdu(key, challenge, hex(header), data)
  return {
    proof: async (challenge) => pkiProof(key, challenge),
    changeAdminPin: async (challenge, pin) => command(challenge, "845E0100", encipherPkiPin(key, pin)),
    updateMasterKey: async (challenge, newKey) => command(challenge, "84D40100", encipherPkiMasterKey(key, newKey)),
  }
}

const CHALLENGE_LENGTH = 16

async function select(card: Transport): Promise<Outcome> {
  const environment = await selectByName(card, pkiEnvironment.aid)
  if (!environment.ok) return environment
  const application = await selectByName(card, pkiApplication.aid)
  return application.ok ? { ok: true } : application
}

/** The digits of a PIN; it is never in the error. */
function pinBytes(which: keyof typeof PKI_PINS, pin: string, field = "pin"): Uint8Array {
  const digits = 2 * PKI_PINS[which].length
  if (!/^\d*$/.test(pin) || pin.length !== digits)
    throw new InputError(field, `expected ${digits} digits`, { messageZh: `密码应为${digits}位数字。` })
  return hex(pin)
}

async function provePin(card: Transport, which: keyof typeof PKI_PINS, pin: string): Promise<CountedOutcome> {
  const key = pkiPinKey(pinBytes(which, pin))
  return withChallenge(card, 0x0020, PKI_PINS[which].reference, async (challenge) => pkiProof(key, challenge))
}

/** GET CHALLENGE, then a command whose data answer it. @param instruction CLA and INS @param parameters P1 and P2 */
async function withChallenge(
  card: Transport,
  instruction: number,
  parameters: number,
  answer: (challenge: Uint8Array) => Promise<Uint8Array>,
): Promise<CountedOutcome> {
  const header = concat(uint16(instruction), uint16(parameters))
  return counted(
    await sendWithChallenge(card, async (challenge) => {
      const data = await answer(challenge)
      return concat(header, data.length, data)
    }),
  )
}

async function sendWithChallenge(
  card: Transport,
  command: (challenge: Uint8Array) => Promise<Uint8Array>,
): Promise<Outcome> {
  const drawn = await getChallenge(card, CHALLENGE_LENGTH)
  return drawn.ok ? done(await send(card, await command(drawn.challenge))) : drawn
}

const done = (outcome: Outcome): Outcome => (outcome.ok ? { ok: true } : outcome)

async function generateKeyPair(card: Transport): Promise<Outcome<{ readonly publicKey: Uint8Array }>> {
  const made = await send(card, commandApdu(0x80, 0x40, 0x00, 0x00, pairReference("signature")))
  if (!made.ok) return made
  const { fid, size } = PKI_FILES.signaturePublicKey
  const selected = await selectByFid(card, fid)
  if (!selected.ok) return selected
  const read = await readBinary(card, size)
  return read.ok ? { ok: true, publicKey: read.content.slice(2) } : read
}

async function exportPublicKey(card: Transport, pair: PkiPair): Promise<Outcome<{ readonly publicKey: Uint8Array }>> {
  const checked = await send(card, commandApdu(0x80, 0xc9, 0x82, 0x00, pairReference(pair)))
  if (!checked.ok) return checked
  const exported = await send(card, commandApdu(0x80, 0xc9, 0x82, 0x80, undefined, 256))
  return exported.ok ? { ok: true, publicKey: exported.data.slice(2) } : exported
}

async function importEncryptionPair(
  card: Transport,
  pair: Sm2KeyPair,
  random: (length: number) => Uint8Array,
): Promise<Outcome> {
  const signature = await exportPublicKey(card, "signature")
  if (!signature.ok) return signature
  const key = random(16)
  const reference = containerReference(0xc2, PKI_CONTAINERS.signature.privateKey)
  const envelope = concat(reference, ...enciphered(sm2Encrypt(signature.publicKey, key)))
  const opened = await send(card, commandApdu(0x80, 0x4e, 0x00, 0x01, envelope))
  if (!opened.ok) return opened
  const wrapped = sm4Encrypt(key, concat(pair.publicKey, pair.privateKey))
  const data = concat(pairReference("encryption"), ...enciphered(wrapped))
  return done(await send(card, commandApdu(0x80, 0x4a, 0x02, 0x10, data)))
}

/** `C1 82 length` and the bytes. */
const enciphered = (bytes: Uint8Array) => [Uint8Array.of(0xc1, 0x82), uint16(bytes.length), bytes]

async function writeCertificate(card: Transport, pair: PkiPair, certificate: Uint8Array): Promise<Outcome> {
  const { fid, size } = certificateFile(pair)
  if (certificate.length > size)
    throw new InputError("certificate", `expected at most ${size} bytes, got ${certificate.length}`)
  const selected = await selectByFid(card, fid)
  if (!selected.ok) return selected
  const written: { readonly ok: true } | Refusal = await updateBinary(card, certificate)
  return written.ok ? { ok: true } : { ok: false, statusWord: written.statusWord }
}
