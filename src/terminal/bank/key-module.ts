import { assertBytes, ShebaoError } from "../../apdu/index.js"
import {
  type Algorithm,
  blockDecrypt,
  constantTimeEqual,
  encryptPinBlock,
  keyCheckValue,
  type LineMacMethod,
  lineMacUnder,
  type PreparedKey,
  prepareKey,
} from "../../crypto/index.js"
import { decodeWorkingKeys, type WorkingKeys, type WrappedKey } from "../../dictionary/index.js"

/** The terminal's secure part: working keys exist in the clear only inside it (host-iso8583 §7). */
export interface KeyModule {
  readonly algorithm: Algorithm
  /** Working keys are loaded. */
  readonly ready: boolean
  /**
   * Takes new working keys, DE62 of a sign-on answer. Keys whose check values are wrong replace nothing.
   *
   * @returns whether every check value agreed
   */
  load(wrapped: Uint8Array): boolean
  /** Forgets the working keys; the next transaction needs a sign-on. */
  forget(): void
  /** MAC of a message, 8 bytes as they stand in DE64. @throws {ShebaoError} `KEYS_MISSING` */
  mac(message: Uint8Array): Uint8Array
  /** Compares in constant time. @throws {ShebaoError} `KEYS_MISSING` */
  isMac(message: Uint8Array, mac: Uint8Array): boolean
  /** PIN block for DE52. @throws {ShebaoError} `KEYS_MISSING`, and `InputError` when PIN or PAN are malformed */
  pinBlock(pin: string, pan: string): Uint8Array
}

export interface KeyModuleOptions {
  /** Terminal master key, 16 bytes. */
  readonly tmk: Uint8Array
  /** Cipher of the line. Default `3des`. */
  readonly algorithm?: Algorithm
  /** Default `ecb`, or `sm4ecb` with SM4. */
  readonly macMethod?: LineMacMethod
}

const KEY_LENGTH = 16

/** A key module with its master key loaded by hand. @throws {RangeError} when that is not 16 bytes */
export function keyModule(options: KeyModuleOptions): KeyModule {
  const { algorithm = "3des", macMethod = algorithm === "sm4" ? "sm4ecb" : "ecb" } = options
  assertBytes("tmk", options.tmk, KEY_LENGTH)
  const tmk = options.tmk.slice()
  let keys: { readonly pin: PreparedKey; readonly mac: (message: Uint8Array) => Uint8Array } | undefined
  const loaded = () => {
    if (!keys) throw new ShebaoError("KEYS_MISSING", "The terminal has no working keys.", { messageZh: "终端未签到" })
    return keys
  }
  const mac = (message: Uint8Array) => loaded().mac(message)
  return {
    algorithm,
    get ready() {
      return keys !== undefined
    },
    load(wrapped) {
      const received = readKeys(wrapped)
      const pin = received && unwrap(algorithm, tmk, received.pinKey)
      const macKey = received && unwrap(algorithm, tmk, received.macKey)
      if (!pin || !macKey || pin.length !== KEY_LENGTH) return false
      keys = { pin: prepareKey(algorithm, pin), mac: lineMacUnder(macMethod, macKey) }
      return true
    },
    forget() {
      keys = undefined
    },
    mac,
    isMac: (message, received) => constantTimeEqual(mac(message), received),
    pinBlock: (pin, pan) => encryptPinBlock(algorithm, loaded().pin, pin, pan),
  }
}

function readKeys(bytes: Uint8Array): WorkingKeys | undefined {
  try {
    return decodeWorkingKeys(bytes)
  } catch {
    return undefined
  }
}

/** A single-length key has eight zero bytes behind it (host-iso8583 §7). */
function unwrap(algorithm: Algorithm, tmk: Uint8Array, { wrapped, checkValue }: WrappedKey): Uint8Array | undefined {
  const isSingle = algorithm === "3des" && wrapped.subarray(8).every((byte) => byte === 0)
  const key = blockDecrypt(algorithm, tmk, isSingle ? wrapped.subarray(0, 8) : wrapped)
  return constantTimeEqual(keyCheckValue(algorithm, key, checkValue.length), checkValue) ? key : undefined
}
