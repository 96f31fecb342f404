import { commandApdu, hex, hexNumber, uint16 } from "../../apdu/index.js"
import { type DirectoryDefinition, socialSecurityTables } from "../../dictionary/index.js"
import { inputError } from "../input-error.js"

const tables = socialSecurityTables("2.00")
const environment = tables[0]!

/** Names that people call directories by, and what selects them. */
const NAMES: Readonly<Record<string, Uint8Array>> = {
  SSSE: environment.aid,
  PSE: hex("315041592E5359532E4444463031"),
  PPSE: hex("325041592E5359532E4444463031"),
  PBOC: hex("A000000333010101"),
  PKI: hex("504B492EC9E7BBE1B1A3D5CF"),
  CERT: hex("53532E434552542E41444631"),
  PSAM: hex("D15600000590"),
}

/** Every directory that can be selected by a name of its own. */
export const DIRECTORY_NAMES: readonly string[] = [
  "MF",
  ...Object.keys(NAMES),
  "DF01",
  "DF02",
  "DF03",
  "DF04",
  "DF05",
  "DF06",
  "DF07",
]

/** The directory of the tables with this name, or undefined. */
export function tableDirectory(name: string): DirectoryDefinition | undefined {
  return tables.find((directory) => directory.name === name.toUpperCase())
}

/** Names of the files in a directory: FID and what the tables call it. */
export function fileNames(directory: string): string[] {
  const files = tableDirectory(directory)?.files ?? []
  return files.flatMap(({ fid, id }) => [hexNumber(fid, 4), id])
}

/**
 * The commands that select a path such as `SSSE/EF05`, `DF04/EF08`, `MF`, `EF06`, `holder`, `..` or an AID in hex.
 *
 * @param current the directory that is selected, for files by name
 * @throws {InputError} for a part that names nothing
 */
export function selectionOf(path: string, current: string): Uint8Array[] {
  let directory = current
  return path
    .split("/")
    .filter((part) => part !== "")
    .map((part) => {
      const { command, enters } = selectPart(part, directory)
      if (enters !== undefined) directory = enters
      return command
    })
}

function selectPart(part: string, directory: string): { command: Uint8Array; enters?: string } {
  const name = part.toUpperCase()
  if (name === "..") return { command: commandApdu(0x00, 0xa4, 0x03, 0x00, undefined, 256), enters: "" }
  if (name === "MF") return { command: byFid(0x3f00, 0x00), enters: "MF" }
  const aid = NAMES[name]
  if (aid) return { command: byName(aid), enters: name }
  if (/^DF[0-9A-F]{2}$/.test(name)) return { command: byFid(Number.parseInt(name, 16), 0x00), enters: name }
  if (/^EF[0-9A-F]{2}$/.test(name)) return { command: byFid(Number.parseInt(name, 16), 0x02) }
  const named = tableDirectory(directory)?.files.find(({ id }) => id.toLowerCase() === part.toLowerCase())
  if (named) return { command: byFid(named.fid, 0x02) }
  if (/^[0-9A-F]{4}$/.test(name)) return { command: byFid(Number.parseInt(name, 16), 0x00), enters: "" }
  if (/^([0-9A-F]{2}){5,16}$/.test(name)) return { command: byName(hex(name)), enters: "" }
  throw inputError("select", {
    en: `expected a directory, a file or an AID, got ${JSON.stringify(part)}`,
    zh: `应为目录、文件或 AID,收到 ${JSON.stringify(part)}`,
  })
}

const byName = (name: Uint8Array) => commandApdu(0x00, 0xa4, 0x04, 0x00, name, 256)
const byFid = (fid: number, p1: number) => commandApdu(0x00, 0xa4, p1, 0x00, uint16(fid), 256)
