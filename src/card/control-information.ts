import { concat, encodeTlv, uint16 } from "../apdu/index.js"
import type { ControlInformation, ElementaryFile } from "./layout.js"

const FCI = 0x6f
const FCP = 0x62
const FMD = 0x64
const SIZE = 0x80
const DESCRIPTOR = 0x82
const FILE_IDENTIFIER = 0x83
const NAME = 0x84
const SHORT_IDENTIFIER = 0x88
const LIFE_CYCLE = 0x8a

const OPERATIONAL = encodeTlv(LIFE_CYCLE, Uint8Array.of(0x05))
const DIRECTORY = encodeTlv(DESCRIPTOR, Uint8Array.of(0x38))

/** Data coding byte: WRITE is an inclusive or, data units are bytes (ISO 7816-4 §12.1.1). */
export const DATA_CODING = 0x41

/** File descriptor bytes: working elementary files by structure (ISO 7816-4 §7.4.5). */
const STRUCTURES: Readonly<Record<ElementaryFile["structure"], number>> = {
  transparent: 0x01,
  fixed: 0x02,
  variable: 0x04,
  cyclic: 0x06,
}

/** FCI, FCP and FMD of an elementary file (ISO 7816-4 §7.4.3). */
export function fileControl(file: Omit<ElementaryFile, "control">): ControlInformation {
  const { structure, region, records, sfi } = file
  const longest = records.reduce((most, { length }) => Math.max(most, length), 0)
  const descriptor = concat(STRUCTURES[structure], DATA_CODING)
  return templates(
    [
      encodeTlv(SIZE, uint16(structure === "transparent" ? region.length : longest * records.length)),
      encodeTlv(DESCRIPTOR, records.length === 0 ? descriptor : concat(descriptor, uint16(longest), records.length)),
      ...identifier(file.fid),
      ...(sfi > 0 ? [encodeTlv(SHORT_IDENTIFIER, Uint8Array.of(sfi << 3))] : []),
      OPERATIONAL,
    ],
    [],
  )
}

/** FCI, FCP and FMD of a directory; `fci` as the profile has it, where it has one. */
export function directoryControl(fid: number, aid: Uint8Array | undefined, fci: Uint8Array): ControlInformation {
  const name = aid ? [encodeTlv(NAME, aid)] : []
  const control = templates([DIRECTORY, ...identifier(fid), ...name, OPERATIONAL], name)
  return fci.length === 0 ? control : { ...control, fci }
}

function templates(parameters: readonly Uint8Array[], management: readonly Uint8Array[]): ControlInformation {
  return { fci: encodeTlv(FCI, parameters), fcp: encodeTlv(FCP, parameters), fmd: encodeTlv(FMD, management) }
}

const identifier = (fid: number) => (fid < 0 ? [] : [encodeTlv(FILE_IDENTIFIER, uint16(fid))])
