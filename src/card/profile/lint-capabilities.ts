import { equalBytes, findTlv, InputError, parseTlv, type Tlv, toHex } from "../../apdu/index.js"
import { cardCapabilities } from "../capabilities.js"
import type { CardSpec, FileSpec } from "../specification.js"
import { historicalBytes } from "./atr.js"
import { error, type Finding } from "./finding.js"

const EF_DIR = 0x2f00
const EF_ATR = 0x2f01

const SERVICE_DATA = 0x43
const CAPABILITIES = 0x47
const EXTENDED_LENGTH_INFORMATION = 0x7f66
/** In compact form: tag in the high nibble. */
const COMPACT_SERVICE_DATA = 3
const COMPACT_CAPABILITIES = 7

/** Applications by full and by partial name; the MF exists (ISO 7816-4 §12.1.1.8). */
const BY_NAME = 0xc0
const DIR_EXISTS = 0x20
const ATR_EXISTS = 0x10
/** EF.DIR and EF.ATR are read with READ BINARY; else with READ RECORD. */
const BY_READ_BINARY = 0x08

/**
 * Compares what a card announces with what it does: service data and card capabilities of the historical bytes and of
 * EF.ATR, where it has them (ISO 7816-4 §12.1.1, §12.2.1).
 */
export function lintCapabilities(spec: CardSpec): Finding[] {
  const files = spec.root.files ?? []
  const information = files.find(({ fid }) => fid === EF_ATR)
  const objects = information && objectsOf(information)
  if (information && objects === undefined)
    return [
      error(`root.${information.name}`, "EF.ATR应由BER-TLV数据对象组成", "EF.ATR must consist of BER-TLV data objects"),
    ]
  const informs = objects !== undefined && findTlv(objects, EXTENDED_LENGTH_INFORMATION) !== undefined
  const expected = {
    services: Uint8Array.of(cardServices(files)),
    capabilities: cardCapabilities(spec.options ?? {}, informs),
  }
  const compact = compactObjects(historicalBytes(spec.atr))
  return [
    ...compare("atr", compact.get(COMPACT_SERVICE_DATA), expected.services),
    ...compare("atr", compact.get(COMPACT_CAPABILITIES), expected.capabilities),
    ...(information && objects
      ? [
          ...compare(`root.${information.name}`, findTlv(objects, SERVICE_DATA)?.value, expected.services),
          ...compare(`root.${information.name}`, findTlv(objects, CAPABILITIES)?.value, expected.capabilities),
        ]
      : []),
  ]
}

function compare(field: string, announced: Uint8Array | undefined, expected: Uint8Array): Finding[] {
  if (announced === undefined || equalBytes(announced, expected.subarray(0, announced.length))) return []
  return [
    error(
      field,
      `声明的卡能力与模板不符,应为${toHex(expected)},实为${toHex(announced)}`,
      `announces other capabilities than the card has: expected ${toHex(expected)}, got ${toHex(announced)}`,
    ),
  ]
}

function cardServices(files: readonly FileSpec[]): number {
  const [directory, information] = [EF_DIR, EF_ATR].map((fid) => files.find((file) => file.fid === fid))
  const told = [directory, information].filter((file) => file !== undefined)
  const byReadBinary = told.length > 0 && told.every(({ structure }) => structure === "transparent")
  return BY_NAME | (directory ? DIR_EXISTS : 0) | (information ? ATR_EXISTS : 0) | (byReadBinary ? BY_READ_BINARY : 0)
}

function objectsOf(file: FileSpec): readonly Tlv[] | undefined {
  if (file.structure !== "transparent") return undefined
  try {
    return parseTlv(file.content)
  } catch (cause) {
    if (cause instanceof InputError) return undefined
    throw cause
  }
}

/** COMPACT-TLV data objects behind category byte 80 (ISO 7816-4 §12.1.1); none for other categories and broken ones. */
function compactObjects(historical: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const objects = new Map<number, Uint8Array>()
  if (historical[0] !== 0x80) return objects
  let at = 1
  while (at < historical.length) {
    const head = historical[at++]!
    const end = at + (head & 15)
    objects.set(head >> 4, historical.subarray(at, end))
    at = end
  }
  return at === historical.length ? objects : new Map()
}
