import { assertBytes, InputError } from "../../apdu/index.js"
import { type Algorithm, type LineMacMethod, testTerminalKeys } from "../../crypto/index.js"
import type { Hsm } from "../hsm/hsm.js"
import type { KeyBlock } from "../hsm/key-block.js"
import { type Fen, toFen } from "./fen.js"

/** `atm`: pays out, and takes cash in where it can. `kiosk`: no cash, or cash-in. `teller`: a counter. `pos`: a merchant's. */
export type TerminalKind = "atm" | "kiosk" | "teller" | "pos"

/** A terminal that may talk to the bank. */
export interface TerminalOptions {
  /** DE41, 8 characters. */
  readonly id: string
  readonly kind: TerminalKind
  /** DE42; default SHEBAO000000001. */
  readonly merchant?: string
  /** DE32; default 00010000, ourselves. */
  readonly acquirer?: string
  /** Terminal master key, 16 bytes; default the published test key. */
  readonly masterKey?: Uint8Array
  readonly algorithm?: Algorithm
  /** How its messages are protected; default `ecb`, `sm4ecb` with SM4. */
  readonly mac?: Exclude<LineMacMethod, "x99">
  /** Cash it is loaded or supplied with when the bank is opened for the first time; default 1,000,000.00, kiosk and merchant 0. */
  readonly cashFen?: Fen
  /** It has a cash-in module; default for ATMs. A kiosk also needs `bank.cashInAtKiosk` of its region. */
  readonly takesCash?: boolean
}

export interface Terminal {
  readonly id: string
  readonly kind: TerminalKind
  readonly merchant: string
  readonly acquirer: string
  readonly masterKey: KeyBlock
  readonly algorithm: Algorithm
  readonly mac: LineMacMethod
  readonly cashFen: bigint
  readonly takesCash: boolean
}

export const OWN_ACQUIRER = "00010000"
export const DEFAULT_MERCHANT = "SHEBAO000000001"

/** One machine, one kiosk, one counter and one merchant. */
export const DEFAULT_TERMINALS: readonly TerminalOptions[] = [
  { id: "ATM00001", kind: "atm" },
  { id: "KSK00001", kind: "kiosk" },
  { id: "TLR00001", kind: "teller" },
  { id: "POS00001", kind: "pos" },
]

const DEFAULT_CASH_FEN = 100_000_000n

/** @throws {InputError} when an id is no DE41; @throws {RangeError} when a key is not 16 bytes */
export function terminalOf(options: TerminalOptions, hsm: Hsm): Terminal {
  if (!/^[ -~]{1,8}$/.test(options.id)) throw new InputError("terminals.id", "expected 1 to 8 printable characters")
  const { kind, algorithm = "3des" } = options
  const masterKey = options.masterKey ?? testTerminalKeys().tmk
  assertBytes("masterKey", masterKey, 16)
  return {
    id: options.id,
    kind,
    merchant: options.merchant ?? DEFAULT_MERCHANT,
    acquirer: options.acquirer ?? OWN_ACQUIRER,
    masterKey: hsm.loadTerminalMasterKey(algorithm, masterKey),
    algorithm,
    mac: options.mac ?? (algorithm === "sm4" ? "sm4ecb" : "ecb"),
    cashFen: toFen("cashFen", options.cashFen ?? (kind === "kiosk" || kind === "pos" ? 0n : DEFAULT_CASH_FEN)),
    takesCash: options.takesCash ?? (kind === "atm" || kind === "kiosk"),
  }
}
