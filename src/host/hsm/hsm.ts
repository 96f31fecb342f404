import { randomBytes } from "node:crypto"
import { concat, ShebaoError } from "../../apdu/index.js"
import {
  type Algorithm,
  applicationCryptogram,
  arpcMethod1,
  blockEncrypt,
  constantTimeEqual,
  decryptPinBlock,
  keyCheckValue,
  type LineMacMethod,
  lineMacUnder,
  type PreparedKey,
  prepareKey,
  scriptMac,
  scriptPinBlock,
  testIssuerMasterKeys,
  testMasterKey,
} from "../../crypto/index.js"
import { type CardKeyReference, type CardKeyUse, cardKeys, type IssuerMasterKeys } from "./card-keys.js"
import { type ClearKey, type KeyBlock, type KeyUsage, unwrapKey, wrapKey } from "./key-block.js"
import { isAllowedPin, isPin, newSalt, pinVerifier } from "./pin-verifier.js"

/** The keys an HSM is loaded with. */
export interface HsmKeys {
  /** 16 bytes; enciphers the keys that are kept outside. */
  readonly localMasterKey: Uint8Array
  /** 16 bytes; makes PIN verifiers. */
  readonly pinVerificationKey: Uint8Array
  readonly issuers: readonly IssuerMasterKeys[]
}

/** Published, worthless keys: the issuer keys of financial-emv §13 (as SM4 keys too), the others made from their names. */
export function testHsmKeys(): HsmKeys {
  return {
    localMasterKey: testMasterKey("sm4", "HSM.LMK"),
    pinVerificationKey: testMasterKey("sm4", "HSM.PVK"),
    issuers: [
      { keyIndex: 1, algorithm: "3des", ...testIssuerMasterKeys() },
      { keyIndex: 1, algorithm: "sm4", ...testIssuerMasterKeys() },
    ],
  }
}

/** Fresh keys of a terminal. */
export interface WorkingKeys {
  readonly pinKey: KeyBlock
  readonly macKey: KeyBlock
  /** DE62 for the terminal: each key under its master key, followed by its check value (host-iso8583 §7). */
  readonly forTerminal: Uint8Array
}

/** A PIN block of a message and what is needed to read it. */
export interface EncipheredPin {
  readonly pinKey: KeyBlock
  readonly block: Uint8Array
  readonly pan: string
}

/** The bank's security module. Clear keys and clear PINs exist only inside it. */
export type Hsm = ReturnType<typeof createHsm>

const UNWRAPPED_KEYS = 10_000
const UNBLOCK_HEADER = Uint8Array.of(0x84, 0x18, 0x00, 0x00, 0x04)
const CHANGE_PIN_HEADER = Uint8Array.of(0x84, 0x24, 0x00, 0x02, 0x14)

const nameOf = ({ buffer, byteOffset, length }: KeyBlock) => Buffer.from(buffer, byteOffset, length).toString("latin1")

/**
 * Remembers what was made of key blocks, by the object that stands in a row and by its bytes: a store on a disk gives
 * out new objects.
 */
function preparedKeys<Use extends string, Value>(make: (use: Use, block: KeyBlock) => Value) {
  const byObject = new WeakMap<KeyBlock, { readonly use: Use; readonly value: Value }>()
  const byName = new Map<string, Value>()
  return (use: Use, block: KeyBlock): Value => {
    const known = byObject.get(block)
    if (known?.use === use) return known.value
    const name = use + nameOf(block)
    let value = byName.get(name)
    if (value === undefined) {
      value = make(use, block)
      if (byName.size >= UNWRAPPED_KEYS) byName.clear()
      byName.set(name, value)
    }
    byObject.set(block, { use, value })
    return value
  }
}

/** Odd parity in every byte, as DES keys are handed out. */
function withOddParity(key: Uint8Array): Uint8Array {
  return key.map((byte) => {
    let ones = 0
    for (let bits = byte >> 1; bits > 0; bits >>= 1) ones += bits & 1
    return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0)
  })
}

/**
 * A software HSM (host-iso8583 §7, §8, §15).
 *
 * @param options.random where fresh keys, nonces and salts come from
 */
export function createHsm(options: { keys?: HsmKeys; random?: (length: number) => Uint8Array } = {}) {
  const keys = options.keys ?? testHsmKeys()
  const random = options.random ?? ((length) => new Uint8Array(randomBytes(length)))
  const cards = cardKeys(keys.issuers)
  const unwrapped = new Map<string, ClearKey>()
  const lineMacs = preparedKeys<LineMacMethod, (input: Uint8Array) => Uint8Array>((method, macKey) =>
    lineMacUnder(method, clearKey("mac", macKey).key),
  )
  const pinKeys = preparedKeys<"pin", PreparedKey>((usage, pinKey) => {
    const { algorithm, key } = clearKey(usage, pinKey)
    return prepareKey(algorithm, key)
  })

  const wrap = (usage: KeyUsage, clear: ClearKey) => wrapKey(keys.localMasterKey, usage, clear, random(12))

  function clearKey(usage: KeyUsage, block: KeyBlock): ClearKey {
    const name = usage + nameOf(block)
    let clear = unwrapped.get(name)
    if (!clear) {
      clear = unwrapKey(keys.localMasterKey, usage, block)
      if (unwrapped.size >= UNWRAPPED_KEYS) unwrapped.clear()
      unwrapped.set(name, clear)
    }
    return clear
  }

  function clearPin({ pinKey, block, pan }: EncipheredPin): string | undefined {
    const key = pinKeys("pin", pinKey)
    return decryptPinBlock(key.algorithm, key, block, pan)
  }

  function sessionKey(card: CardKeyReference, use: CardKeyUse, atc: Uint8Array): PreparedKey {
    const key = cards.sessionKey(card, use, atc)
    if (!key)
      throw new ShebaoError("KEY_UNKNOWN", `The HSM has no ${card.algorithm} issuer keys of index ${card.keyIndex}.`)
    return key
  }

  return {
    /** Takes in a terminal's master key, entered by hand. @param key 16 bytes */
    loadTerminalMasterKey: (algorithm: Algorithm, key: Uint8Array): KeyBlock =>
      wrap("terminalMaster", { algorithm, key }),

    /** Makes the working keys that a sign-on hands out. */
    newWorkingKeys(masterKey: KeyBlock): WorkingKeys {
      const { algorithm, key: master } = clearKey("terminalMaster", masterKey)
      const fresh = () => (algorithm === "3des" ? withOddParity(random(16)) : random(16))
      const [pin, mac] = [fresh(), fresh()]
      const exported = (key: Uint8Array) =>
        concat(blockEncrypt(algorithm, master, key), keyCheckValue(algorithm, key, 4))
      return {
        pinKey: wrap("pin", { algorithm, key: pin }),
        macKey: wrap("mac", { algorithm, key: mac }),
        forTerminal: concat(exported(pin), exported(mac)),
      }
    },

    /** The MAC of a message to a terminal, 8 bytes. @param input the message up to its MAC */
    lineMac: (macKey: KeyBlock, method: LineMacMethod, input: Uint8Array): Uint8Array =>
      lineMacs(method, macKey)(input),

    isLineMac: (macKey: KeyBlock, method: LineMacMethod, input: Uint8Array, mac: Uint8Array): boolean =>
      constantTimeEqual(lineMacs(method, macKey)(input), mac),

    /** Checks a PIN; `undecodable` when its block does not hold one (answer code 99). A card without a PIN has no right one. */
    checkPin(pin: EncipheredPin, verifier: Uint8Array | null): "right" | "wrong" | "undecodable" {
      const digits = clearPin(pin)
      if (digits === undefined) return "undecodable"
      return verifier && isPin(keys.pinVerificationKey, pin.pan, digits, verifier) ? "right" : "wrong"
    },

    /** Makes the verifier of a new PIN; `forbidden` when it is too simple (host-iso8583 §11.6). */
    newPinVerifier(pin: EncipheredPin): Uint8Array | "undecodable" | "forbidden" {
      const digits = clearPin(pin)
      if (digits === undefined) return "undecodable"
      if (!isAllowedPin(digits)) return "forbidden"
      return pinVerifier(keys.pinVerificationKey, pin.pan, digits, newSalt(random))
    },

    /** The verifier of a PIN that was issued with the card, as personalisation hands it over. */
    issuedPinVerifier: (pan: string, pin: string): Uint8Array =>
      pinVerifier(keys.pinVerificationKey, pan, pin, newSalt(random)),

    /** True when the HSM has the keys of such a card. */
    hasCardKeys: (card: CardKeyReference): boolean => cards.udk(card, "ac") !== undefined,

    /** Compares an application cryptogram in constant time. @param data what the cryptogram version covers */
    isCryptogram(card: CardKeyReference, atc: Uint8Array, data: Uint8Array, cryptogram: Uint8Array): boolean {
      const expected = applicationCryptogram(card.algorithm, sessionKey(card, "ac", atc), data)
      return constantTimeEqual(expected, cryptogram)
    },

    /** ARPC, 8 bytes. @param arc two ASCII bytes */
    answerCryptogram: (card: CardKeyReference, atc: Uint8Array, arqc: Uint8Array, arc: Uint8Array): Uint8Array =>
      arpcMethod1(card.algorithm, sessionKey(card, "ac", atc), arqc, arc),

    /** APPLICATION UNBLOCK for this card and anchor (financial-emv §22, §28). */
    unblockCommand(card: CardKeyReference, atc: Uint8Array, anchor: Uint8Array): Uint8Array {
      const mac = scriptMac(card.algorithm, sessionKey(card, "mac", atc), UNBLOCK_HEADER, atc, anchor)
      return concat(UNBLOCK_HEADER, mac)
    },

    /** PIN CHANGE/UNBLOCK with the PIN of a message, re-enciphered for the card. @throws {ShebaoError} when there is none in it */
    changePinCommand(card: CardKeyReference, atc: Uint8Array, anchor: Uint8Array, pin: EncipheredPin): Uint8Array {
      const digits = clearPin(pin)
      const udkAc = cards.udk(card, "ac")
      if (digits === undefined || !udkAc) throw new ShebaoError("PIN_UNREADABLE", "The PIN block holds no PIN.")
      const data = scriptPinBlock(card.algorithm, sessionKey(card, "enc", atc), udkAc, digits)
      const mac = scriptMac(card.algorithm, sessionKey(card, "mac", atc), CHANGE_PIN_HEADER, atc, anchor, data)
      return concat(CHANGE_PIN_HEADER, data, mac)
    },
  }
}
