import { bcdLeft, hex, InputError } from "../../../apdu/index.js"
import type { CardSpec, DirectorySpec, FileSpec } from "../../specification.js"
import { profileAtr } from "../atr.js"
import type { IsoDirectory, IsoFile, IsoProfile } from "./schema.js"

/**
 * The ISO 7816-4 card that a profile asks for.
 *
 * @throws {InputError} naming the directory and file that do not fit
 */
export function isoSpec(profile: IsoProfile): CardSpec {
  return {
    name: profile.name,
    atr: profileAtr(profile),
    algorithm: profile.algorithm,
    options: profile.options,
    operatingSystem: "iso",
    root: directorySpec(profile.root, "root"),
  }
}

function directorySpec(directory: IsoDirectory, path: string): DirectorySpec {
  const { name, environment, pin } = directory
  const fid = directory.fid === undefined ? undefined : hex(directory.fid, `${path}.fid`)
  const aid = directory.aid === undefined ? undefined : hex(directory.aid, `${path}.aid`)
  return {
    name,
    ...(fid && { fid: numberOf(fid) }),
    ...(aid && { aid }),
    fci: hex(directory.fci ?? "", `${path}.fci`),
    ...(environment !== undefined && { environment }),
    ...(pin && {
      pin: {
        value: bcdLeft(pin.value, Math.ceil(pin.value.length / 2), `${path}.pin.value`),
        tries: pin.tries,
        triesLeft: pin.triesLeft ?? pin.tries,
      },
    }),
    keys: directory.keys.map((key, index) => ({
      name: key.name,
      id: Number.parseInt(key.id, 16),
      value: hex(key.value, `${path}.keys[${index}].value`),
      use: key.use,
      tries: key.tries,
      triesLeft: key.triesLeft ?? key.tries,
    })),
    objects: directory.objects.map((object, index) => ({
      tag: Number.parseInt(object.tag, 16),
      value: hex(object.value, `${path}.objects[${index}].value`),
      ...(object.room !== undefined && { room: object.room }),
      read: object.read,
      write: object.write,
    })),
    files: directory.files.map((file, index) => fileSpec(file, `${path}.files[${index}]`)),
    directories: directory.directories.map((child, index) => directorySpec(child, `${path}.directories[${index}]`)),
  }
}

function fileSpec(file: IsoFile, path: string): FileSpec {
  const base = {
    name: file.name,
    ...(file.fid !== undefined && { fid: Number.parseInt(file.fid, 16) }),
    ...(file.sfi !== undefined && { sfi: file.sfi }),
    read: file.read,
    write: file.write,
  }
  switch (file.structure) {
    case "transparent":
      return { ...base, structure: "transparent", content: contentOf(file, path) }
    case "variable":
      return {
        ...base,
        structure: "variable",
        records: recordsOf(file, path).map((content) => ({
          content,
          ...(file.room !== undefined && { room: file.room }),
        })),
        spare: file.spare,
      }
    default: {
      const { structure, recordLength, recordCount } = file
      return { ...base, structure, recordLength, recordCount, records: recordsOf(file, path) }
    }
  }
}

function contentOf(file: Extract<IsoFile, { structure: "transparent" }>, path: string): Uint8Array {
  const given = hex(file.content ?? "", `${path}.content`)
  const { size = given.length } = file
  if (size === 0) throw new InputError(path, "expected size or content")
  if (given.length > size)
    throw new InputError(`${path}.content`, `expected at most ${size} bytes, got ${given.length}`)
  const content = new Uint8Array(size)
  content.set(given)
  return content
}

const recordsOf = ({ records }: { readonly records: readonly string[] }, path: string) =>
  records.map((record, index) => hex(record, `${path}.records[${index}]`))

const numberOf = (bytes: Uint8Array) => (bytes[0]! << 8) | bytes[1]!
