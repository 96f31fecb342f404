import { applicationCryptogram, type PreparedKey, pbocSessionKey, prepareKey } from "../../../crypto/index.js"
import type { Context } from "../../context.js"
import { rulesOf } from "./rules.js"
import { type FinancialState, stateOf } from "./state.js"
import type { TransactionData } from "./transaction-data.js"

/** Terminal values in the cryptogram of version 01, in order: tag and length (financial-emv §20). */
const INPUT: readonly (readonly [tag: number, length: number])[] = [
  [0x9f02, 6],
  [0x9f03, 6],
  [0x9f1a, 2],
  [0x95, 5],
  [0x5f2a, 2],
  [0x9a, 3],
  [0x9c, 1],
  [0x9f37, 4],
]
const TERMINAL_LENGTH = 29

const DERIVATION_KEY_INDEX = 1
/** What a cryptogram covers: all the terminal's values (01), or few of them for speed (17, of qPBOC). */
export const CRYPTOGRAM_VERSION = { full: 0x01, short: 0x17 } as const
const ALGORITHM_BYTES = { "3des": 0x01, sm4: 0x04 } as const

/** Card key of the application by role; index in the directory's keys. */
export const KEYS = { cryptogram: "UDKAC", mac: "UDKMAC", encryption: "UDKENC" } as const

/** Reads one of the application's own card keys. */
export function cardKey(context: Context, name: (typeof KEYS)[keyof typeof KEYS]): Uint8Array {
  return context.memory.read(context.directory.keys.find((key) => key.name === name)!.value)
}

/** The transaction counter 9F36, two bytes. */
export function transactionCounter(context: Context): Uint8Array {
  return context.memory.read(context.directory.elements.applicationTransactionCounter!)
}

/** Session key of cryptogram and issuer authentication, derived once in a transaction. */
export function cryptogramKey(context: Context): PreparedKey {
  const state = stateOf(context)
  state.cryptogramKey ??= sessionKey(context, KEYS.cryptogram)
  return state.cryptogramKey
}

/** Session key of script MACs. */
export function macKey(context: Context): PreparedKey {
  const state = stateOf(context)
  state.macKey ??= sessionKey(context, KEYS.mac)
  return state.macKey
}

/** Session key of enciphered script data. */
export function encryptionKey(context: Context): PreparedKey {
  const state = stateOf(context)
  state.encryptionKey ??= sessionKey(context, KEYS.encryption)
  return state.encryptionKey
}

function sessionKey(context: Context, name: (typeof KEYS)[keyof typeof KEYS]): PreparedKey {
  const { algorithm } = rulesOf(context)
  return prepareKey(algorithm, pbocSessionKey(algorithm, cardKey(context, name), transactionCounter(context)))
}

/** Forgets session keys: the transaction counter moved on. */
export function dropSessionKeys(state: FinancialState): void {
  state.cryptogramKey = undefined
  state.macKey = undefined
  state.encryptionKey = undefined
}

/**
 * Input of an application cryptogram of version 01: 29 bytes of the terminal, AIP, ATC, CVR (financial-emv §20).
 *
 * @returns 37 bytes, not yet padded
 */
export function cryptogramInput(
  data: TransactionData,
  interchangeProfile: Uint8Array,
  counter: Uint8Array,
  verificationResults: Uint8Array,
): Uint8Array {
  const input = new Uint8Array(TERMINAL_LENGTH + 8)
  let at = 0
  for (const [tag, length] of INPUT) {
    data.copy(tag, length, input, at)
    at += length
  }
  input.set(interchangeProfile, at)
  input.set(counter, at + 2)
  input.set(verificationResults, at + 4)
  return input
}

/** Input of version 17: amount, unpredictable number, counter, second byte of the CVR (financial-emv §20). */
function shortInput(data: TransactionData, counter: Uint8Array, verificationResults: Uint8Array): Uint8Array {
  const input = new Uint8Array(13)
  data.copy(0x9f02, 6, input, 0)
  data.copy(0x9f37, 4, input, 6)
  input.set(counter, 10)
  input[12] = verificationResults[1]!
  return input
}

/** The application cryptogram over the values of the command and the card's own. */
export function cryptogram(
  context: Context,
  data: TransactionData,
  verificationResults: Uint8Array,
  version = rulesOf(context).cryptogramVersion,
): Uint8Array {
  const { interchangeProfile, algorithm } = rulesOf(context)
  const counter = transactionCounter(context)
  const input =
    version === CRYPTOGRAM_VERSION.full
      ? cryptogramInput(data, interchangeProfile, counter, verificationResults)
      : shortInput(data, counter, verificationResults)
  return applicationCryptogram(algorithm, cryptogramKey(context), input)
}

/**
 * Issuer application data 9F10: `07 DKI CVN CVR(4) algorithm`, and behind it the electronic cash balance under a MAC
 * where the card has one (financial-emv §20; input and key of that MAC are our decision).
 *
 * @param amount another balance than the memory's, six bytes
 */
export function issuerApplicationData(
  context: Context,
  verificationResults: Uint8Array,
  version = rulesOf(context).cryptogramVersion,
  amount?: Uint8Array,
): Uint8Array {
  const { algorithm } = rulesOf(context)
  const balance = context.directory.elements.electronicCashBalance
  const data = new Uint8Array(balance ? 19 : 8)
  data[0] = 7
  data[1] = DERIVATION_KEY_INDEX
  data[2] = version
  data.set(verificationResults, 3)
  data[7] = ALGORITHM_BYTES[algorithm]
  if (!balance) return data
  data[8] = 10
  data[9] = 1
  if (amount) data.set(amount.subarray(1), 10)
  else context.memory.copyTo(balance.offset + 1, 5, data, 10)
  const input = new Uint8Array(8)
  input.set(transactionCounter(context))
  input.set(data.subarray(9, 15), 2)
  data.set(applicationCryptogram(algorithm, macKey(context), input).subarray(0, 4), 15)
  return data
}
