import {
  type CommandApdu,
  concat,
  findTlv,
  hex,
  parseCommand,
  parseTlv,
  type StatusWord,
  SW,
  toHex,
} from "../../apdu/index.js"
import {
  type DirectoryDefinition,
  type FileDefinition,
  type Label,
  pkiApplication,
  pkiEnvironment,
  splitRecord,
} from "../../dictionary/index.js"
import { type CardTraits, localTablesOf, tablesOf } from "../clients/card-tables.js"

/** Where a card stands, as far as one can tell from what went over the line. */
export interface CardView {
  readonly directory: DirectoryView
  /** The current elementary file, where the tables know it. */
  readonly file: FileDefinition | undefined
  /** Lists of the selected payment application, as its FCI and records gave them. */
  readonly dols: Readonly<Partial<Record<"pdol" | "cdol1" | "cdol2", Uint8Array>>>
  /** GENERATE AC of this payment transaction so far. */
  readonly cryptograms: number
  /** What the card told of itself: which tables explain it. */
  readonly traits: CardTraits
  /** T=0: a command whose answer waits for GET RESPONSE, and what came of it so far. */
  readonly pending: { readonly command: Uint8Array; readonly data: Uint8Array } | undefined
}

export type DirectoryView =
  | { readonly kind: "social"; readonly label: Label; readonly directory: DirectoryDefinition }
  | { readonly kind: "pki"; readonly label: Label; readonly files: readonly FileDefinition[] }
  | { readonly kind: "payment" | "other"; readonly label: Label }

/** An exchange in the terms of the application: over T=0 a GET RESPONSE belongs to the command before it. */
export interface Answer {
  readonly command: Uint8Array
  readonly apdu: CommandApdu | undefined
  readonly data: Uint8Array
  readonly statusWord: StatusWord
}

const masterFile: DirectoryView = { kind: "other", label: { zh: "主文件MF", en: "master file MF" } }

const NO_TRAITS: CardTraits = { version: undefined }

/** The tables of a card with what its province may have added (card-structure §11, §13, §14). */
const tablesFor = ({ traits }: Pick<CardView, "traits">): readonly DirectoryDefinition[] =>
  localTablesOf(traits) ?? tablesOf(traits)

/** Directories that are selected by name, besides those of the social security tables. */
const NAMED: readonly (readonly [name: Uint8Array, directory: DirectoryView])[] = [
  [
    hex("315041592E5359532E4444463031"),
    { kind: "payment", label: { zh: "支付系统环境PSE", en: "payment system environment" } },
  ],
  [
    hex("325041592E5359532E4444463031"),
    { kind: "payment", label: { zh: "近距离支付系统环境PPSE", en: "proximity payment environment" } },
  ],
  [hex("A000000333"), { kind: "payment", label: { zh: "PBOC借贷记", en: "PBOC debit/credit" } }],
  [pkiEnvironment.aid, { kind: "pki", ...pkiEnvironment }],
  [pkiApplication.aid, { kind: "pki", ...pkiApplication }],
]

/** A card that was just powered on or reset (card-commands §8): the MF is current. */
export const freshView: CardView = {
  directory: masterFile,
  file: undefined,
  dols: {},
  cryptograms: 0,
  traits: NO_TRAITS,
  pending: undefined,
}

/**
 * Takes one exchange into account: selections, short file identifiers, the lists of a payment application.
 *
 * @returns the view after it, and the exchange as the application sees it
 */
export function follow(
  before: CardView,
  command: Uint8Array,
  response: Uint8Array,
): { view: CardView; answer: Answer } {
  const answer = logicalAnswer(before, command, response)
  const isFirstPart = command === answer.command
  const sw1 = answer.statusWord >> 8
  const pending =
    sw1 === 0x61 || (sw1 === 0x6c && !isFirstPart) ? { command: answer.command, data: answer.data } : undefined
  const view: CardView = { ...before, pending }
  if (!answer.apdu || !isDone(answer.statusWord)) return { view, answer }
  return { view: afterCommand(view, answer.apdu, answer.data, isFirstPart), answer }
}

/** The card did what it was told: 9000, 61xx, or a warning (ISO 7816-4 §5.6). */
export function isDone(statusWord: StatusWord): boolean {
  const sw1 = statusWord >> 8
  return statusWord === SW.OK || (sw1 >= 0x61 && sw1 <= 0x63)
}

function logicalAnswer({ pending }: CardView, command: Uint8Array, response: Uint8Array): Answer {
  const data = response.subarray(0, -2)
  const statusWord = (response.at(-2)! << 8) | response.at(-1)!
  const isContinued = pending && command[1] === 0xc0
  const own = isContinued ? pending.command : command
  return {
    command: own,
    apdu: parseCommand(own),
    data: isContinued ? concat(pending.data, data) : data,
    statusWord,
  }
}

function afterCommand(view: CardView, apdu: CommandApdu, data: Uint8Array, isFirstPart: boolean): CardView {
  switch (apdu.ins) {
    case 0xa4:
      return afterSelect(view, apdu, data)
    case 0xb2:
    case 0xdc:
      return afterRecord(bySfi(view, apdu.p2 >> 3), data)
    case 0xb0:
    case 0xd6:
      return (apdu.cla & ~0x84) === 0 && apdu.p1 & 0x80 ? bySfi(view, apdu.p1 & 0x1f) : view
    case 0xa8:
      return isFirstPart ? { ...view, cryptograms: 0 } : view
    case 0xae:
      return isFirstPart ? { ...view, cryptograms: view.cryptograms + 1 } : view
    default:
      return view
  }
}

function afterSelect(view: CardView, apdu: CommandApdu, data: Uint8Array): CardView {
  if (apdu.p1 === 0x04) return inDirectory(view, directoryByName(view, apdu.data), data)
  if (apdu.p1 === 0x03) return inDirectory(view, parentOf(view), data)
  if (apdu.data.length === 0) return inDirectory(view, masterFile, data)
  if (apdu.data.length !== 2) return view
  const fid = (apdu.data[0]! << 8) | apdu.data[1]!
  const files = filesBelow(view)
  const file = files.find((candidate) => candidate.fid === fid)
  if (file || apdu.data[0] === 0xef || apdu.p1 === 0x02) return { ...view, file }
  return inDirectory(view, directoryByFid(view, fid), data)
}

function inDirectory(view: CardView, directory: DirectoryView, fci: Uint8Array): CardView {
  const pdol = directory.kind === "payment" ? findTlv(parseTlv(fci, { mode: "lenient" }), 0x9f38)?.value : undefined
  return { ...view, directory, file: undefined, dols: pdol ? { pdol } : {}, cryptograms: 0 }
}

function directoryByName(view: CardView, name: Uint8Array): DirectoryView {
  const wanted = toHex(name)
  const known = tablesFor(view).find(({ aid }) => isPrefix(wanted, toHex(aid)))
  if (known) return { kind: "social", label: known.label, directory: known }
  // A partial name of at least five bytes selects as well; so does a longer AID below a known provider.
  const named = NAMED.find(([other]) => isPrefix(wanted, toHex(other)) || wanted.startsWith(toHex(other)))
  return named?.[1] ?? { kind: "other", label: { zh: "未知应用", en: "unknown application" } }
}

function isPrefix(wanted: string, name: string): boolean {
  return wanted.length >= 10 && name.startsWith(wanted)
}

function directoryByFid(view: CardView, fid: number): DirectoryView {
  if (fid === 0x3f00) return masterFile
  const known = tablesFor(view).find((candidate) => candidate.fid === fid)
  return known
    ? { kind: "social", label: known.label, directory: known }
    : { kind: "other", label: { zh: "未知文件", en: "unknown file" } }
}

function parentOf(view: CardView): DirectoryView {
  const { directory } = view
  return directory.kind === "social" && directory.directory.name !== "SSSE" ? directoryByFid(view, 0xddf1) : masterFile
}

/** Files of the current directory; the SSSE may sit in the MF itself (card-structure §4.1). */
function filesBelow(view: CardView): readonly FileDefinition[] {
  const { directory } = view
  const tables = tablesFor(view)
  if (directory === masterFile) return tables[0]!.files
  if (directory.kind === "pki") return directory.files
  if (directory.kind !== "social") return []
  // The card may have told what it is since the directory was selected: the same tags mean other things then.
  return tables.find(({ name }) => name === directory.directory.name)?.files ?? []
}

function bySfi(view: CardView, sfi: number): CardView {
  if (sfi === 0) return view
  return { ...view, file: filesBelow(view).find((file) => file.sfi === sfi) }
}

function afterRecord(view: CardView, data: Uint8Array): CardView {
  if (view.directory.kind === "payment") {
    const objects = parseTlv(data, { mode: "lenient" })
    const cdol1 = findTlv(objects, 0x8c)?.value
    const cdol2 = findTlv(objects, 0x8d)?.value
    return { ...view, dols: { ...view.dols, ...(cdol1 && { cdol1 }), ...(cdol2 && { cdol2 }) } }
  }
  const record = splitRecord(data)
  const field = view.file?.id === "issuer" ? record && TRAITS[record.tag] : undefined
  if (!record || !field) return view
  const text = field === "region" ? toHex(record.value.subarray(0, 3)) : String.fromCharCode(...record.value)
  return { ...view, traits: { ...view.traits, [field]: text } }
}

/** Records of the issuer file that tell which tables explain the card, by tag (card-structure §5.1). */
const TRAITS: Readonly<Record<number, keyof CardTraits>> = { 1: "region", 2: "cardClass", 3: "version" }
