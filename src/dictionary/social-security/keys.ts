import { InputError } from "../../apdu/index.js"

/** Names of the directories of the social security application; cities number theirs beyond DF07. */
export type DirectoryName = "SSSE" | `DF${string}`

/**
 * What a key is for (card-structure §16.1). `internal` answers INTERNAL AUTHENTICATE; `master` updates keys; `maintenance`
 * makes the MACs of secure messaging; `unblock` precedes PIN reload and unblock; `read` and `update` open files; the
 * last four belong to the medical account.
 */
export type KeyRole =
  | "internal"
  | "master"
  | "maintenance"
  | "unblock"
  | "read"
  | "update"
  | "debit"
  | "load"
  | "tac"
  | "unload"

/** A key of the social security application (card-structure §16.3, §16.4). */
export interface KeyDefinition {
  readonly name: string
  readonly directory: DirectoryName
  readonly role: KeyRole
  /** Identifier on the card, P2 of EXTERNAL AUTHENTICATE; below 80 global, else of the current DF. */
  readonly cardId: number
  /** Usage byte in a PSAM: b8-b6 levels, b5-b1 type (card-structure §16.2); absent when a PSAM does not hold the key. */
  readonly psamUsage?: number
  /** Identifier in a PSAM. */
  readonly psamId?: number
  /** Address in a driver's key server. */
  readonly hsmAddress?: number
  /** Diversification levels: 2 = city, card; 3 = province, city, card. */
  readonly levels: 2 | 3
  /** Names the published test master key (card-structure §16.6). */
  readonly testId: string
}

type Row = readonly [
  name: string,
  role: KeyRole,
  psamUsage: number | undefined,
  psamId: number | undefined,
  cardId: number,
  hsmAddress?: number,
]

const hexId = (id: number) => id.toString(16).toUpperCase().padStart(2, "0")

const define = (directory: DirectoryName, rows: readonly Row[]): KeyDefinition[] =>
  rows.map(([name, role, psamUsage, psamId, cardId, hsmAddress]) => ({
    name,
    directory,
    role,
    cardId,
    ...(psamUsage !== undefined && { psamUsage }),
    ...(psamId !== undefined && { psamId }),
    ...(hsmAddress !== undefined && { hsmAddress }),
    levels: psamUsage !== undefined && psamUsage >> 5 === 3 ? 3 : 2,
    testId: psamId === undefined ? `${directory}.${role === "master" ? "MK" : "STK"}` : hexId(psamId),
  }))

/** Master and maintenance key of an application DF; their ids never vary (card-structure §16.3). */
const ofDirectory = (directory: DirectoryName): Row[] => [
  [`MK${directory}`, "master", undefined, undefined, 0x80],
  [`STK${directory}`, "maintenance", undefined, undefined, 0x81],
]

/**
 * Every key of the application, sorted by directory and card identifier; those of local variants (UKEF0D, DF05, DF06)
 * included.
 */
export const socialSecurityKeys: readonly KeyDefinition[] = [
  ...define("SSSE", [
    ["IRK", "internal", 0x67, 0x08, 0x00],
    ["MKssse", "master", undefined, undefined, 0x01],
    ["STKssse", "maintenance", 0x48, 0x09, 0x02],
    ["UKssse", "update", 0x48, 0x12, 0x04, 0x0094],
    ["PUK", "unblock", 0x48, 0x10, 0x06, 0x0090],
    ["RKssse", "read", 0x47, 0x0a, 0x0a, 0x004c],
    ["UKEF0D", "update", 0x48, 0x13, 0x0d, 0x0096],
  ]),
  ...define("DF01", [
    ...ofDirectory("DF01"),
    ["RK1DF01", "read", 0x47, 0x2e, 0x82, 0x004f],
    ["UK1DF01", "update", 0x48, 0x42, 0x83, 0x0097],
    ["UK2DF01", "update", 0x48, 0x43, 0x84, 0x009a],
    ["UK3DF01", "update", 0x47, 0x24, 0x85, 0x0176],
    ["UK4DF01", "update", 0x47, 0x25, 0x86, 0x0179],
    ["UK5DF01", "update", 0x48, 0x44, 0x87],
    ["UK6DF01", "update", 0x47, 0x2f, 0x89],
    ["UK7DF01", "update", 0x47, 0x30, 0x8a],
    ["UK8DF01", "update", 0x47, 0x31, 0x8b],
    ["UK9DF01", "update", 0x47, 0x32, 0x8c],
    ["UKADF01", "update", 0x47, 0x33, 0x8d],
    ["UKBDF01", "update", 0x47, 0x34, 0x8e],
  ]),
  ...define("DF02", [
    ...ofDirectory("DF02"),
    ["RK1DF02", "read", 0x47, 0x35, 0x82, 0x0064],
    ["UK1DF02", "update", 0x47, 0x26, 0x83],
    ["UK2DF02", "update", 0x48, 0x45, 0x84],
    ["UK3DF02", "update", 0x48, 0x46, 0x85],
    ["UK4DF02", "update", 0x47, 0x27, 0x86],
    ["UK5DF02", "update", 0x47, 0x28, 0x87],
    ["UK6DF02", "update", 0x47, 0x36, 0x89],
  ]),
  ...define("DF03", [
    ...ofDirectory("DF03"),
    ["RK1DF03", "read", 0x47, 0x2b, 0x82, 0x0193],
    ["RK2DF03", "read", 0x47, 0x2c, 0x83, 0x0196],
    ["UK1DF03", "update", 0x48, 0x47, 0x86],
    ["UK2DF03", "update", 0x47, 0x29, 0x87],
    ["UK3DF03", "update", 0x48, 0x48, 0x88],
    ["UK4DF03", "update", 0x47, 0x37, 0x89],
    ["UK5DF03", "update", 0x47, 0x38, 0x8a],
    ["UK6DF03", "update", 0x47, 0x39, 0x8b],
    ["UK7DF03", "update", 0x47, 0x3a, 0x8c],
    ["UK8DF03", "update", 0x47, 0x3b, 0x8d],
  ]),
  ...define("DF04", [
    ...ofDirectory("DF04"),
    ["RK1DF04", "read", 0x67, 0x2d, 0x84, 0x0182],
    ["UK1DF04", "update", 0x48, 0x49, 0x85],
    ["UK2DF04", "update", 0x47, 0x2a, 0x86],
    ["DPK", "debit", 0x42, 0x01, 0xa1],
    ["DLK", "load", undefined, 0x02, 0xa2],
    ["DTK", "tac", undefined, 0x03, 0xa3],
    ["DULK", "unload", undefined, 0x04, 0xa4],
  ]),
  ...define("DF05", [...ofDirectory("DF05"), ["UK1DF05", "update", 0x47, 0xb4, 0x83]]),
  ...define("DF06", [
    ...ofDirectory("DF06"),
    ["RK1DF06", "read", 0x48, 0x52, 0x83],
    ["UK1DF06", "update", 0x48, 0x53, 0x85],
    ["UK2DF06", "update", 0x48, 0x54, 0x86],
  ]),
  ...define("DF07", [
    ...ofDirectory("DF07"),
    ["RK1DF07", "read", 0x47, 0x3d, 0x83, 0x007a],
    ["RK2DF07", "read", 0x47, 0x3f, 0x84, 0x0080],
    ["RK3DF07", "read", 0x47, 0xb1, 0x85, 0x0086],
    ["UK1DF07", "update", 0x47, 0x3e, 0x86],
    ["UK2DF07", "update", 0x47, 0xb0, 0x87],
    ["UK3DF07", "update", 0x47, 0xb2, 0x88],
  ]),
]

const BY_NAME = new Map(socialSecurityKeys.map((key) => [key.name, key]))

/** A key by name, or undefined. */
export function findKey(name: string): KeyDefinition | undefined {
  return BY_NAME.get(name)
}

/** A key by name. @throws {InputError} when there is none of that name */
export function keyNamed(name: string): KeyDefinition {
  const key = BY_NAME.get(name)
  if (!key) throw new InputError("key", `expected the name of a key, got ${JSON.stringify(name)}`)
  return key
}

/** The keys that live in a directory. */
export function keysOf(directory: DirectoryName): readonly KeyDefinition[] {
  return socialSecurityKeys.filter((key) => key.directory === directory)
}

/**
 * The key that an identifier means while a directory is current: global below 80, local from 80 up.
 *
 * @example keyById("DF01", 0x83)?.name // "UK1DF01"
 */
export function keyById(directory: DirectoryName, cardId: number): KeyDefinition | undefined {
  const home = cardId < 0x80 ? "SSSE" : directory
  return socialSecurityKeys.find((key) => key.directory === home && key.cardId === cardId)
}
