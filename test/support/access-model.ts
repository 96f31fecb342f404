import { toHex } from "../../src/apdu/index.js"
import type { CardSpec, DataObjectSpec, DirectorySpec, FileSpec } from "../../src/card/index.js"

/**
 * A small model of who may read and write what, made from the specification of a card alone: it shares no code with the card.
 * Per channel it knows the directory, and the names of the PIN and the keys that were shown (card-commands §8).
 */
export class AccessModel {
  readonly directories: readonly ModelDirectory[]
  private readonly root: ModelDirectory
  private readonly tries = new Map<string, number>()
  private channels = new Map<number, Channel>()

  constructor({ root }: CardSpec) {
    const all: ModelDirectory[] = []
    const add = (spec: DirectorySpec, parent: ModelDirectory | undefined): void => {
      const owns = parent === undefined || spec.environment === true || spec.pin !== undefined
      const directory: ModelDirectory = {
        name: spec.name,
        spec,
        environment: owns ? spec : parent.environment,
        path: parent === undefined ? "" : parent.path + (spec.fid ?? 0).toString(16).padStart(4, "0"),
        places: [
          ...(spec.files ?? []).flatMap((file) => placesOf(spec.name, file, spec.files!)),
          ...(spec.objects ?? []).map((object) => objectPlace(spec.name, object)),
        ],
      }
      all.push(directory)
      for (const child of spec.directories ?? []) add(child, directory)
      for (const secret of secretsOf(spec)) this.tries.set(`${spec.name}.${secret.name}`, secret.triesLeft)
    }
    add(root, undefined)
    this.directories = all
    this.root = all[0]!
    this.reset()
  }

  reset(): void {
    this.channels = new Map([[0, { directory: this.root, shown: new Set() }]])
  }

  /** The directory of an open channel; undefined while it is closed. */
  directory(channel: number): ModelDirectory | undefined {
    return this.channels.get(channel)?.directory
  }

  open(channel: number, origin: number): void {
    const from = this.channels.get(origin)!
    const fresh = { directory: this.root, shown: new Set<string>() }
    this.channels.set(channel, origin === 0 ? fresh : { directory: from.directory, shown: new Set(from.shown) })
  }

  close(channel: number): void {
    this.channels.delete(channel)
  }

  select(channel: number, directory: ModelDirectory): void {
    const before = this.channels.get(channel)!
    const stays = before.directory.environment === directory.environment
    const shown = [...before.shown].filter((name) => stays && isOf(directory.environment, name))
    this.channels.set(channel, { directory, shown: new Set(shown) })
  }

  /** A secret that counts in the channel's directory: the environment's or the directory's own. */
  find(channel: number, name: string): ModelSecret | undefined {
    const { spec, environment } = this.directory(channel)!
    for (const owner of spec === environment ? [spec] : [spec, environment]) {
      const secret = secretsOf(owner).find((one) => one.name === name && (owner === environment) === one.global)
      if (secret) return { ...secret, place: `${owner.name}.${name}` }
    }
    return undefined
  }

  triesLeft({ place }: ModelSecret): number {
    return this.tries.get(place)!
  }

  /** What became of showing a PIN or key that is here and not locked. */
  show(channel: number, secret: ModelSecret, right: boolean): void {
    this.tries.set(secret.place, right ? secret.tries : this.triesLeft(secret) - 1)
    const { shown } = this.channels.get(channel)!
    if (right) shown.add(secret.name)
    else shown.delete(secret.name)
  }

  allows(channel: number, rule: string): boolean {
    if (rule === "free" || rule === "") return true
    if (rule === "never" || rule === "FF") return false
    const { shown } = this.channels.get(channel)!
    return rule.split("|").some((either) => either.split("+").every((name) => shown.has(name.trim())))
  }
}

interface Channel {
  readonly directory: ModelDirectory
  readonly shown: Set<string>
}

export interface ModelDirectory {
  readonly name: string
  readonly spec: DirectorySpec
  readonly environment: DirectorySpec
  /** Identifiers from the MF down, as SELECT by path takes them. */
  readonly path: string
  readonly places: readonly ModelPlace[]
}

/** A record, a transparent file or a data object. */
export interface ModelPlace {
  /** What `differences` calls it, or how that begins. */
  readonly name: string
  readonly structure: FileSpec["structure"] | "object"
  readonly sfi: number
  /** Record number, 0 of a transparent file, tag of a data object. */
  readonly number: number
  readonly read: string
  readonly write: string
  /** As it is now; changed by allowed writes. */
  content: string
}

export interface ModelSecret {
  readonly place: string
  readonly name: string
  /** Identifier of a key, -1 of the PIN. */
  readonly id: number
  readonly global: boolean
  readonly value: Uint8Array
  readonly tries: number
}

const isOf = (spec: DirectorySpec, name: string) => secretsOf(spec).some((one) => one.global && one.name === name)

function secretsOf({ pin, keys = [] }: DirectorySpec) {
  const external = keys.filter(({ use = "external" }) => use === "external")
  return [
    ...(pin ? [{ ...pin, name: "PIN", id: -1, global: true, triesLeft: pin.triesLeft ?? pin.tries }] : []),
    ...external.map((key) => ({ ...key, global: key.id < 0x80, triesLeft: key.triesLeft ?? key.tries })),
  ]
}

function placesOf(directory: string, file: FileSpec, files: readonly FileSpec[]): ModelPlace[] {
  const sfi = file.sfi ?? (file.fid ?? 0) & 0x1f
  const twice = files.some((other) => other !== file && (other.sfi ?? (other.fid ?? 0) & 0x1f) === sfi)
  if (sfi === 0 || sfi > 30 || twice) return []
  const { structure, read, write } = file
  const place = { name: `${directory}.${file.name}`, structure, sfi, read, write }
  switch (structure) {
    case "transparent":
      return [{ ...place, number: 0, content: toHex(file.content) }]
    case "variable":
      return file.records.map((record, index) => ({
        ...place,
        name: `${place.name} record ${index + 1}`,
        number: index + 1,
        read: record.read ?? read,
        content: toHex(record.content),
      }))
    default:
      return (file.records ?? []).map((record, index) => ({
        ...place,
        name: structure === "fixed" ? `${place.name} record ${index + 1}` : place.name,
        number: index + 1,
        content: toHex(record),
      }))
  }
}

function objectPlace(directory: string, { tag, value, read, write }: DataObjectSpec): ModelPlace {
  const name = `${directory}.object ${tag.toString(16).toUpperCase()}`
  return { name, structure: "object", sfi: 0, number: tag, read, write, content: toHex(value) }
}
