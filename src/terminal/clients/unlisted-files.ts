import { SW, type Transport } from "../../apdu/index.js"
import type { FileDefinition, Label } from "../../dictionary/index.js"
import { type FileReading, readFile } from "./file-reading.js"
import { readRecord, selectByFid } from "./files.js"

/** FIDs that files of the social security application have (card-structure §4.3: the SFI is the low five bits). */
const FIRST_FID = 0xef05
const LAST_FID = 0xef1a
const NAME: Label = { zh: "表外文件", en: "file outside the tables" }

/**
 * Reads the files of the current directory that the tables do not name: cities add some of their own
 * (card-structure §11). Their records are given as they are.
 *
 * @param known the files that the tables name here
 * @param local what is known of the files that a province may have here
 */
export async function readUnlistedFiles(
  card: Transport,
  known: readonly FileDefinition[],
  local: readonly FileDefinition[] = [],
): Promise<FileReading[]> {
  const readings: FileReading[] = []
  for (let fid = FIRST_FID; fid <= LAST_FID; fid++) {
    if (known.some((file) => file.fid === fid)) continue
    const definition = local.find((file) => file.fid === fid)
    const found = definition ? await readFile(card, definition) : await readUnlistedFile(card, fid)
    const reading = found?.refusal === undefined ? found : undefined
    if (reading) readings.push(reading)
  }
  return readings
}

/** Reads a file of the current directory, whatever it is; undefined where there is none. */
export async function readUnlistedFile(card: Transport, fid: number): Promise<FileReading | undefined> {
  const selected = await selectByFid(card, fid)
  if (!selected.ok) return undefined
  const common = {
    fid,
    sfi: fid & 0x1f,
    id: `unlisted${(fid & 0xff).toString(16).toUpperCase().padStart(2, "0")}`,
    name: NAME,
    read: "",
    write: "",
  }
  const first = await readRecord(card, 1)
  const isTransparent = !first.ok && first.statusWord === SW.INCOMPATIBLE_FILE_STRUCTURE
  const file: FileDefinition = isTransparent
    ? {
        ...common,
        structure: "transparent",
        size: 0,
        field: { id: common.id, length: 0, type: "B", name: { zh: "内容", en: "content" } },
      }
    : { ...common, structure: "variable", records: [] }
  if (!first.ok && first.statusWord !== SW.RECORD_NOT_FOUND && !isTransparent)
    return { file, unlisted: true, values: [], missing: [{ statusWord: first.statusWord }], unknown: [] }
  return { ...(await readFile(card, file)), unlisted: true }
}
