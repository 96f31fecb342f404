import { encodeText, encodeTlv, hexNumber, uint32 } from "../../../apdu/index.js"
import type { Algorithm } from "../../../crypto/index.js"
import { SAM, samEnvironmentName } from "../../../dictionary/index.js"
import type { CardSpec, DirectorySpec, FileSpec } from "../../specification.js"
import { type SamKeyHeader, type SamOptions, samApplication, samEnvironment } from "./application.js"

/** A key in the store. */
export interface SamKeySpec extends SamKeyHeader {
  /** 16 bytes. */
  readonly value: Uint8Array
  /** Wrong MAC2 values that a debit key takes before it is locked, 1 to 15. */
  readonly tries: number
}

/** What a SAM is to be. */
export interface SamSpec {
  readonly name: string
  readonly atr: Uint8Array
  /** Contents of EF0016, 6 bytes. */
  readonly terminalNumber: Uint8Array
  /** Contents of EF0015, 14 bytes: serial 10, version 1, key type 1, FCI data 2. */
  readonly publicInformation: Uint8Array
  /** One or both environments with their keys. */
  readonly environments: readonly { readonly algorithm: Algorithm; readonly keys: readonly SamKeySpec[] }[]
  /** The terminal transaction number that the next purchase gets. */
  readonly nextSequence: number
  readonly options: SamOptions
}

/** The files of a SAM (card-commands §11.1). */
export function samCardSpec({ name, atr, environments, ...spec }: SamSpec): CardSpec {
  const applications = new Map(
    environments.map(({ algorithm, keys }, index) => [algorithm, applicationDirectory(algorithm, keys, index, spec)]),
  )
  const [first, second] = [applications.get("3des"), applications.get("sm4")]
  return {
    name,
    atr,
    algorithm: environments[0]!.algorithm,
    root: {
      name: "MF",
      fid: SAM.masterFile,
      aid: samEnvironmentName("3des"),
      fci: fciOf(samEnvironmentName("3des")),
      application: samEnvironment,
      files: [
        applicationList(),
        transparent("EF0015", SAM.publicInformation, spec.publicInformation),
        transparent("EF0016", SAM.terminalNumber, spec.terminalNumber),
      ],
      directories: [...(first ? [first] : []), ...(second ? [secondEnvironment(second)] : [])],
    },
  }
}

function secondEnvironment(application: DirectorySpec): DirectorySpec {
  return {
    name: "DDF1",
    fid: SAM.secondEnvironment,
    aid: samEnvironmentName("sm4"),
    fci: fciOf(samEnvironmentName("sm4")),
    application: samEnvironment,
    directories: [application],
  }
}

function applicationDirectory(
  algorithm: Algorithm,
  keys: readonly SamKeySpec[],
  index: number,
  { nextSequence, options }: Pick<SamSpec, "nextSequence" | "options">,
): DirectorySpec {
  return {
    // Names and AIDs are unique on a card; the application of a second environment is selected by its FID.
    name: index === 0 ? "DF01" : `DF01-${algorithm}`,
    fid: SAM.application,
    ...(index === 0 && { aid: SAM.aid }),
    fci: fciOf(SAM.aid),
    environment: true,
    application: samApplication(algorithm, keys, options),
    keys: keys.map(({ usage, id, value, tries }, place) => ({
      name: `${hexNumber(usage)}/${hexNumber(id)}`,
      id: place,
      value,
      tries,
      use: "transaction",
    })),
    elements: [{ id: "sequence", initial: uint32(nextSequence) }],
  }
}

/** EF DIR, readable as SFI 1 (card-commands §11.4). */
function applicationList(): FileSpec {
  const entry = encodeTlv(0x61, [encodeTlv(0x4f, SAM.aid), encodeTlv(0x50, encodeText("PSAM", undefined))])
  return {
    name: "DIR",
    structure: "variable",
    fid: 0x0001,
    sfi: 1,
    read: "free",
    write: "never",
    records: [{ content: entry }],
  }
}

const transparent = (name: string, fid: number, content: Uint8Array): FileSpec => ({
  name,
  structure: "transparent",
  fid,
  read: "free",
  write: "never",
  content,
})

function fciOf(name: Uint8Array): Uint8Array {
  return encodeTlv(0x6f, [encodeTlv(0x84, name), encodeTlv(0xa5, encodeTlv(0x88, Uint8Array.of(1)))])
}
