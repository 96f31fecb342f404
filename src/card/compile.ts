import { equalBytes, InputError, toHex } from "../apdu/index.js"
import type { Application, CommandTable } from "./application.js"
import { protocolOfAtr } from "./atr.js"
import { codedClasses, MAXIMUM_CHANNELS } from "./class.js"
import { checkNumber, checkUnique, compileFile, largestWrite, shortIdentifiers } from "./compile-file.js"
import { compileObjects } from "./compile-objects.js"
import { compileKeys, compilePin } from "./compile-secrets.js"
import { CARD_STATE } from "./context.js"
import { directoryControl, fileControl } from "./control-information.js"
import { compileDispatch, type Dispatch } from "./dispatch.js"
import { ImageBuilder } from "./image.js"
import type { Directory, ElementaryFile, ElementRegion, Layout, Secret } from "./layout.js"
import { operatingSystems } from "./operating-system.js"
import type { CardOptions, CardSpec, DirectorySpec } from "./specification.js"

const DEFAULT_OPTIONS: Required<CardOptions> = {
  shortLe: "6c",
  case4WithLe: "61",
  emptyRecords: "padded",
  externalAuthP2Zero: true,
  externalAuthOrder: "AX",
  sm4Mac: "xor4",
  pinMessageKey: "STK",
  reload84D4: false,
  contactless: "open",
  channels: 1,
  chaining: 0,
  extendedLength: true,
}

/** A chain may bring as much as one command of extended length. */
const LONGEST_CHAIN = 0xffff

/** A directory while its parts are still being added. */
type Draft = { -readonly [K in keyof Directory]: Directory[K] } & {
  directories: Draft[]
  files: ElementaryFile[]
  filesBySfi: (ElementaryFile | undefined)[]
  keys: Secret[]
}

/**
 * Compiles what a profile asks for into an immutable layout with the memory image of a new card. All cards of the profile
 * share it.
 *
 * @throws {InputError} naming directory, file and rule: unknown key names, fields that do not fit, identifiers given twice
 */
export function compileLayout(spec: CardSpec): Layout {
  if (spec.atr.length < 2 || spec.atr.length > 33)
    throw new InputError("atr", `expected 2 to 33 bytes (ISO 7816-3 §8.1), got ${spec.atr.length}`)
  const { operatingSystem = "socialSecurity" } = spec
  const options = { ...DEFAULT_OPTIONS, ...spec.options }
  checkNumber("options.channels", options.channels, 1, MAXIMUM_CHANNELS)
  checkNumber("options.chaining", options.chaining, 0, LONGEST_CHAIN)
  const compiler: Compiler = {
    system: operatingSystems[operatingSystem],
    tellsControl: operatingSystem === "iso",
    isOpen: options.contactless === "open",
    image: new ImageBuilder(),
    all: [],
    dispatches: new Map(),
    largest: 0,
    elements: 0,
    objects: 0,
  }
  const root = compileDirectory(spec.root, undefined, compiler)
  checkCard(compiler.all)
  for (const directory of compiler.all) directory.directoriesByFid = reachable(directory, root)
  const secrets = compiler.all.reduce((count, { keys }) => count + keys.length, 0)
  return {
    name: spec.name,
    atr: spec.atr,
    protocol: protocolOfAtr(spec.atr),
    algorithm: spec.algorithm,
    options,
    codedClasses: codedClasses(options.channels, options.chaining > 0),
    root,
    cardStateOffset: root.elements[CARD_STATE]?.offset ?? -1,
    applications: compiler.all.filter(({ aid }) => aid !== undefined),
    ...compiler.image.finish(compiler.largest + compiler.elements + secrets, 16 + compiler.objects),
  }
}

interface Compiler {
  readonly system: CommandTable
  /** True where SELECT tells FCI, FCP and FMD of every file. */
  readonly tellsControl: boolean
  /** True where no interface is refused anything. */
  readonly isOpen: boolean
  readonly image: ImageBuilder
  readonly all: Draft[]
  readonly dispatches: Map<Application | undefined, Dispatch>
  /** Bytes of the largest single write to a file, and of the elements and data objects of the richest directory. */
  largest: number
  elements: number
  /** Most data objects of a directory. */
  objects: number
}

function compileDirectory(spec: DirectorySpec, parent: Draft | undefined, compiler: Compiler): Draft {
  const { image } = compiler
  const { name, application } = spec
  if (spec.fid !== undefined) checkNumber(`${name}.fid`, spec.fid, 0, 0xffff)
  if (spec.aid !== undefined) checkNumber(`${name}.aid.length`, spec.aid.length, 1, 16)
  checkNumber(`${name}.fci.length`, spec.fci.length, 0, 255)
  const owns = parent === undefined || spec.environment === true || spec.pin !== undefined
  const directory = {
    name,
    fid: spec.fid ?? -1,
    aid: spec.aid,
    fci: spec.fci,
    control: compiler.tellsControl ? directoryControl(spec.fid ?? -1, spec.aid, spec.fci) : undefined,
    parent,
    directories: [],
    files: [],
    filesBySfi: [],
    pin: spec.pin && compilePin(spec.pin, name, image),
    keys: [],
    elements: {},
    objects: new Map(),
    application,
    quietOffset: -1,
    filesByFid: new Map(),
    directoriesByFid: new Map(),
    dispatch: dispatchOf(application, compiler),
  } as unknown as Draft
  directory.environment = owns ? directory : parent!.environment
  compiler.all.push(directory)
  directory.keys = compileKeys(spec.keys ?? [], owns, name, image)
  compileElements(spec, directory, compiler)
  if (application?.quietWhileZero !== undefined && compiler.isOpen)
    directory.quietOffset = directory.environment.elements[application.quietWhileZero]?.offset ?? -1
  const files = spec.files ?? []
  const sfis = shortIdentifiers(files, name)
  for (const [index, file] of files.entries()) {
    const placed = compileFile(file, sfis[index]!, directory, image)
    const compiled = compiler.tellsControl ? { ...placed, control: fileControl(placed) } : placed
    directory.files.push(compiled)
    if (compiled.sfi > 0) directory.filesBySfi[compiled.sfi] = compiled
    compiler.largest = Math.max(compiler.largest, largestWrite(compiled))
  }
  for (let sfi = 0; sfi < 32; sfi++) directory.filesBySfi[sfi] ??= undefined
  directory.filesByFid = new Map(directory.files.filter(({ fid }) => fid >= 0).map((file) => [file.fid, file]))
  directory.directories = (spec.directories ?? []).map((child) => compileDirectory(child, directory, compiler))
  checkUnique(name, [...directory.files, ...directory.directories])
  return directory
}

function dispatchOf(application: Application | undefined, { system, dispatches }: Compiler): Dispatch {
  const dispatch = dispatches.get(application) ?? compileDispatch(system, application)
  dispatches.set(application, dispatch)
  return dispatch
}

function compileElements(spec: DirectorySpec, directory: Draft, compiler: Compiler): void {
  const elements: Record<string, ElementRegion> = {}
  let saved = 0
  for (const { id, initial, secret } of spec.elements ?? []) {
    if (id in elements) throw new InputError(`${spec.name}.${id}`, "expected one element of this id")
    const region = compiler.image.place(initial)
    elements[id] = secret ? { ...region, secret } : region
    saved += initial.length
  }
  directory.elements = elements
  directory.objects = compileObjects(spec.objects ?? [], directory, compiler.image)
  for (const { region } of directory.objects.values()) saved += region.length
  compiler.elements = Math.max(compiler.elements, saved)
  compiler.objects = Math.max(compiler.objects, directory.objects.size)
}

function checkCard(all: readonly Draft[]): void {
  for (const [index, { name, aid }] of all.entries()) {
    for (const other of all.slice(0, index)) {
      if (other.name === name) throw new InputError(name, "expected one directory of this name")
      if (aid && other.aid && equalBytes(aid, other.aid))
        throw new InputError(`${name}.aid`, `expected an AID of its own, ${other.name} has ${toHex(aid)} too`)
    }
  }
}

/**
 * Search order of SELECT by FID (card-commands §3): below the current directory; itself; its siblings; its parent; the
 * MF; then the directories below the MF from anywhere (DDF1).
 */
function reachable(directory: Draft, root: Draft): ReadonlyMap<number, Directory> {
  const found = new Map<number, Directory>()
  const { parent } = directory
  const order = [directory.directories, [directory], parent?.directories, parent && [parent], [root], root.directories]
  for (const candidates of order)
    for (const candidate of candidates ?? [])
      if (candidate.fid >= 0 && !found.has(candidate.fid)) found.set(candidate.fid, candidate)
  return found
}
