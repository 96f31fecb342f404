import { assertBytes, assertInteger, bcdRight, encodeText, hex } from "../../apdu/index.js"
import type { AuthorityKeys } from "./authority-keys.js"

/** Terminal action codes: 5 bytes each, laid out like the TVR. */
export interface ActionCodes {
  readonly denial: Uint8Array
  readonly online: Uint8Array
  readonly default: Uint8Array
}

/** Random selection for on-line processing (EMV Book 3 §10.6.2); percentages 0..99. */
export interface RandomSelection {
  readonly targetPercent: number
  readonly maximumPercent: number
  readonly thresholdFen: number
}

/** What stays the same for every transaction of a terminal (financial-emv §26). */
export interface TerminalConfiguration {
  /** Tag 9F35 as its two hex digits read: 0x14 bank, unattended, on-line only. */
  readonly terminalType: number
  /** Tag 9F33, 3 bytes. */
  readonly capabilities: Uint8Array
  /** Tag 9F40, 5 bytes. */
  readonly additionalCapabilities: Uint8Array
  /** Application identifiers that the terminal supports; a card's longer name that begins with one matches. */
  readonly aids: readonly Uint8Array[]
  readonly floorLimitFen: number
  readonly actionCodes: ActionCodes
  /** Undefined: no random selection. */
  readonly randomSelection: RandomSelection | undefined
  /** Consecutive offline limits 9F14 and 9F23 are checked. */
  readonly velocityChecking: boolean
  /** Keys for offline data authentication; undefined: none is performed. */
  readonly authorityKeys: AuthorityKeys | undefined
  /** Tags that never change, ready for DOLs and messages. */
  readonly constants: ReadonlyMap<number, Uint8Array>
}

/** What differs from terminal to terminal. A text that does not fit its length is refused, not cut. */
export interface TerminalOptions {
  /** Tag 9F1C, 8 characters, for example `ATM00001`. */
  terminalId?: string
  /** Tag 9F16, 15 characters. */
  merchantId?: string
  /** Tag 9F1E, 8 characters. */
  serialNumber?: string
  /** Tag 9F4E, at most 20 characters. */
  merchantName?: string
  /** Tag 9F15, 4 digits. */
  merchantCategory?: string
  terminalType?: number
  capabilities?: Uint8Array
  additionalCapabilities?: Uint8Array
  aids?: readonly Uint8Array[]
  floorLimitFen?: number
  actionCodes?: ActionCodes
  randomSelection?: RandomSelection
  velocityChecking?: boolean
  /** Electronic cash supported, tag 9F7A. */
  electronicCash?: boolean
  /** Keys of certification authorities. Without them no offline data authentication is performed. */
  authorityKeys?: AuthorityKeys
}

/** All options decided. */
type Optional = "randomSelection" | "authorityKeys"
type Complete = Required<Omit<TerminalOptions, Optional>> & Pick<TerminalOptions, Optional>

const AIDS = ["A000000333010101", "A000000333010102", "A000000333010103", "A000000333010106"].map((aid) => hex(aid))

const ACTION_CODES: ActionCodes = {
  denial: hex("0010000000"),
  online: hex("D84004F800"),
  default: hex("D84000A800"),
}

const DEFAULTS: Complete = {
  terminalId: "ATM00001",
  merchantId: "SHEBAO000000001",
  serialNumber: "SHEBAO01",
  merchantName: "SHEBAO TEST ATM 0001",
  merchantCategory: "6011",
  terminalType: 0x14,
  capabilities: hex("6040C0"),
  additionalCapabilities: hex("8D80B05000"),
  aids: AIDS,
  floorLimitFen: 0,
  actionCodes: ACTION_CODES,
  randomSelection: undefined,
  velocityChecking: false,
  electronicCash: false,
}

function configuration(options: Complete): TerminalConfiguration {
  assertBytes("capabilities", options.capabilities, 3)
  assertBytes("additionalCapabilities", options.additionalCapabilities, 5)
  assertInteger("floorLimitFen", options.floorLimitFen, 0, 0xffff_ffff)
  const floorLimit = new Uint8Array(4)
  new DataView(floorLimit.buffer).setUint32(0, options.floorLimitFen)
  return {
    terminalType: options.terminalType,
    capabilities: options.capabilities,
    additionalCapabilities: options.additionalCapabilities,
    aids: options.aids,
    floorLimitFen: options.floorLimitFen,
    actionCodes: options.actionCodes,
    randomSelection: options.randomSelection,
    velocityChecking: options.velocityChecking,
    authorityKeys: options.authorityKeys,
    constants: new Map([
      [0x5f2a, hex("0156")],
      [0x5f36, hex("02")],
      [0x9f09, hex("0030")],
      [0x9f15, bcdRight(options.merchantCategory, 2, "merchantCategory")],
      [0x9f16, encodeText(options.merchantId, 15, { encoding: "ascii", pad: 0x20, field: "merchantId" })],
      [0x9f1a, hex("0156")],
      [0x9f1b, floorLimit],
      [0x9f1c, encodeText(options.terminalId, 8, { encoding: "ascii", pad: 0x20, field: "terminalId" })],
      [0x9f1e, encodeText(options.serialNumber, 8, { encoding: "ascii", pad: 0x20, field: "serialNumber" })],
      [0x9f33, options.capabilities],
      [0x9f35, Uint8Array.of(options.terminalType)],
      [0x9f40, options.additionalCapabilities],
      [0x9f4e, encodeText(options.merchantName, 20, { encoding: "ascii", pad: 0x20, field: "merchantName" })],
      [0x9f7a, Uint8Array.of(options.electronicCash ? 1 : 0)],
      [0xdf69, Uint8Array.of(options.authorityKeys?.hasSm2 ? 1 : 0)],
    ]),
  }
}

/**
 * An automatic teller machine: type 14, bank, unattended, on-line only (financial-emv §26).
 *
 * @example atmConfiguration({ terminalId: "ATM00007" })
 */
export function atmConfiguration(options: TerminalOptions = {}): TerminalConfiguration {
  return configuration({ ...DEFAULTS, ...options })
}

/**
 * A teller's terminal at a branch: type 11, bank, attended, on-line only. The parameters are those of the ATM apart
 * from type, category and names.
 */
export function counterConfiguration(options: TerminalOptions = {}): TerminalConfiguration {
  return configuration({
    ...DEFAULTS,
    terminalId: "CTR00001",
    serialNumber: "SHEBAO03",
    merchantName: "SHEBAO TEST BRANCH",
    merchantCategory: "6010",
    terminalType: 0x11,
    ...options,
  })
}

/** A merchant's terminal: type 22, attended, offline with on-line capability (financial-emv §26). */
export function posConfiguration(options: TerminalOptions = {}): TerminalConfiguration {
  return configuration({
    ...DEFAULTS,
    terminalId: "POS00001",
    serialNumber: "SHEBAO02",
    merchantName: "SHEBAO TEST POS 0001",
    merchantCategory: "5411",
    terminalType: 0x22,
    capabilities: hex("60E8C0"),
    additionalCapabilities: hex("6000F0B000"),
    velocityChecking: true,
    randomSelection: { targetPercent: 0, maximumPercent: 0, thresholdFen: 0 },
    electronicCash: true,
    ...options,
  })
}

/** On-line only: type x1 or x4 (EMV Book 4 annex A1). */
export function isOnlineOnly({ terminalType }: TerminalConfiguration): boolean {
  return (terminalType & 0x0f) === 1 || (terminalType & 0x0f) === 4
}

/** Offline only: type x3 or x6. */
export function isOfflineOnly({ terminalType }: TerminalConfiguration): boolean {
  return (terminalType & 0x0f) === 3 || (terminalType & 0x0f) === 6
}

/** Unattended: type x4, x5 or x6. */
export function isUnattended({ terminalType }: TerminalConfiguration): boolean {
  return (terminalType & 0x0f) >= 4
}

/** An ATM: a bank's unattended terminal that can hand out cash (EMV Book 4 annex A1). */
export function isAtm(configuration: TerminalConfiguration): boolean {
  const cash = (configuration.additionalCapabilities[0]! & 0x80) !== 0
  return configuration.terminalType >> 4 === 1 && isUnattended(configuration) && cash
}

/** The same terminal for transactions that ask for no PIN: it offers no verification but none at all (9F33 byte 2 b4). */
export function withoutPin(configuration: TerminalConfiguration): TerminalConfiguration {
  const capabilities = configuration.capabilities.slice()
  capabilities[1] = 0x08
  return { ...configuration, capabilities, constants: new Map([...configuration.constants, [0x9f33, capabilities]]) }
}
