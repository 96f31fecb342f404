import { concat, equalBytes, readUint16, type StatusWord, SW } from "../../../apdu/index.js"
import {
  isSm2PrivateKey,
  isSm2PublicKey,
  sm2Decrypt,
  sm2GenerateKeyPair,
  sm2PublicKey,
  sm4Decrypt,
} from "../../../crypto/index.js"
import {
  containerReference,
  PKI_CONTAINERS,
  pairReference,
  SM2_POINT_LENGTH,
  SM2_SCALAR_LENGTH,
} from "../../../dictionary/index.js"
import type { Command, Handler } from "../../application.js"
import type { Context } from "../../context.js"
import {
  isPairReference,
  isWholePair,
  privateKeyOf,
  publicKeyFile,
  publicKeyOf,
  referencedPair,
  writePrivateKey,
  writePublicKey,
} from "./containers.js"
import { mayWrite } from "./secrets.js"
import { pkiStateOf } from "./state.js"

const REFERENCE_LENGTH = 4
const PAIR_LENGTH = 2 * REFERENCE_LENGTH
const CHECK = 0x00
const EXPORT = 0x80
/** `C1 82 length` before what is enciphered. */
const ENVELOPE_TAG = 0xc182
const ENVELOPE_HEAD = 4
const SM4_KEY_LENGTH = 16
const WRAPPED_LENGTH = SM2_POINT_LENGTH + SM2_SCALAR_LENGTH

/** GENERATE KEY PAIR (80 40 00 00), `C0020012 C2020013`: the signature pair, of the card's own random numbers. */
export const generateKeyPair: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  if (command.lc !== PAIR_LENGTH) return SW.WRONG_LENGTH
  if (!mayWrite(context)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const data = command.data()
  if (!isPairReference(data)) return SW.WRONG_DATA
  if (referencedPair(data) !== "signature") return SW.REFERENCED_DATA_NOT_FOUND
  const pair = sm2GenerateKeyPair((length) => context.random(length))
  context.memory.transaction(() => {
    writePrivateKey(context, "signature", pair.privateKey)
    writePublicKey(context, "signature", pair.publicKey)
  })
  return SW.OK
}

/**
 * Check (80 C9 82 00) that a pair is there and its halves belong together, then export (80 C9 82 80) of its public key in
 * the form of EF 0012. A private key never leaves the card.
 */
export const checkKeyPair: Handler = (context, command) => {
  if (command.p1 !== 0x82 || (command.p2 !== CHECK && command.p2 !== EXPORT)) return SW.INCORRECT_P1P2
  return command.p2 === CHECK ? check(context, command) : exportPublicKey(context, command)
}

function check(context: Context, command: Command): StatusWord {
  if (command.lc !== PAIR_LENGTH) return SW.WRONG_LENGTH
  const state = pkiStateOf(context)
  state.checkedPair = undefined
  const data = command.data()
  if (!isPairReference(data)) return SW.WRONG_DATA
  const pair = referencedPair(data)
  if (pair === undefined || publicKeyOf(context, pair) === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  if (!isWholePair(context, pair)) return SW.CONDITIONS_NOT_SATISFIED
  state.checkedPair = pair
  return SW.OK
}

function exportPublicKey(context: Context, command: Command): StatusWord {
  if (command.lc !== 0) return SW.WRONG_LENGTH
  const { checkedPair } = pkiStateOf(context)
  if (checkedPair === undefined) return SW.CONDITIONS_NOT_SATISFIED
  context.response.append(publicKeyFile(publicKeyOf(context, checkedPair)!))
  return SW.OK
}

/**
 * First half of the import (80 4E 00 01), `C2020013 C182 length envelope`: an SM4 key, enciphered for the signature pair
 * by SM2.
 */
export const openEnvelope: Handler = (context, command) => {
  if (command.p1 !== 0x00 || command.p2 !== 0x01) return SW.INCORRECT_P1P2
  if (command.lc <= REFERENCE_LENGTH + ENVELOPE_HEAD) return SW.WRONG_LENGTH
  if (!mayWrite(context)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const state = pkiStateOf(context)
  state.importKey = undefined
  const data = command.data()
  const envelope = envelopeBehind(data, REFERENCE_LENGTH)
  if (envelope === undefined || readUint16(data) !== 0xc202) return SW.WRONG_DATA
  const privateKey = privateKeyOf(context.memory, context.directory, "signature")
  if (readUint16(data, 2) !== PKI_CONTAINERS.signature.privateKey || privateKey === undefined)
    return SW.REFERENCED_DATA_NOT_FOUND
  const key = sm2Decrypt(privateKey, envelope)
  if (key?.length !== SM4_KEY_LENGTH) return SW.WRONG_DATA
  state.importKey = key
  return SW.OK
}

/**
 * Second half of the import (80 4A 02 10), `C0020014 C2020015 C182 0060 SM4(X ‖ Y ‖ d)`: the encryption pair under the
 * key of the envelope, which serves once.
 */
export const importKeyPair: Handler = (context, command) => {
  if (command.p1 !== 0x02 || command.p2 !== 0x10) return SW.INCORRECT_P1P2
  if (command.lc !== PAIR_LENGTH + ENVELOPE_HEAD + WRAPPED_LENGTH) return SW.WRONG_LENGTH
  if (!mayWrite(context)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const state = pkiStateOf(context)
  const { importKey } = state
  if (importKey === undefined) return SW.CONDITIONS_NOT_SATISFIED
  state.importKey = undefined
  const data = command.data()
  const wrapped = envelopeBehind(data, PAIR_LENGTH)
  if (wrapped === undefined || !isPairReference(data.subarray(0, PAIR_LENGTH))) return SW.WRONG_DATA
  if (!equalBytes(data.subarray(0, PAIR_LENGTH), pairReference("encryption"))) return SW.REFERENCED_DATA_NOT_FOUND
  const pair = sm4Decrypt(importKey, wrapped)
  const [publicKey, privateKey] = [pair.subarray(0, SM2_POINT_LENGTH), pair.subarray(SM2_POINT_LENGTH)]
  if (!isSm2PrivateKey(privateKey) || !equalBytes(sm2PublicKey(privateKey), publicKey)) return SW.WRONG_DATA
  context.memory.transaction(() => {
    writePrivateKey(context, "encryption", privateKey)
    writePublicKey(context, "encryption", publicKey)
  })
  return SW.OK
}

function envelopeBehind(data: Uint8Array, at: number): Uint8Array | undefined {
  const envelope = data.subarray(at + ENVELOPE_HEAD)
  const fits = readUint16(data, at) === ENVELOPE_TAG && readUint16(data, at + 2) === envelope.length
  return fits ? envelope : undefined
}

const PUBLIC_HEAD = concat(containerReference(0xc0, PKI_CONTAINERS.encryption.publicKey), 0xca, SM2_POINT_LENGTH)
const PRIVATE_HEAD = concat(containerReference(0xc2, PKI_CONTAINERS.encryption.privateKey), 0xcb, SM2_SCALAR_LENGTH)

/** Writes the public (80 C2 40 00) or the private (80 C2 C0 01) key of the encryption pair in the clear (card-commands §12). */
export const writeKeyObject: Handler = (context, command) => {
  const reference = command.p1 * 256 + command.p2
  if (reference !== 0x4000 && reference !== 0xc001) return SW.INCORRECT_P1P2
  const isPublic = reference === 0x4000
  const head = isPublic ? PUBLIC_HEAD : PRIVATE_HEAD
  if (command.lc !== head.length + (isPublic ? SM2_POINT_LENGTH : SM2_SCALAR_LENGTH)) return SW.WRONG_LENGTH
  if (!mayWrite(context)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const data = command.data()
  const key = data.subarray(head.length)
  const isShaped = [0, 1, 4, 5].every((at) => data[at] === head[at])
  if (!isShaped || !(isPublic ? isSm2PublicKey(key) : isSm2PrivateKey(key))) return SW.WRONG_DATA
  if (!equalBytes(data.subarray(0, head.length), head)) return SW.REFERENCED_DATA_NOT_FOUND
  if (isPublic) writePublicKey(context, "encryption", key)
  else writePrivateKey(context, "encryption", key)
  return SW.OK
}
