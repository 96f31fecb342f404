import {
  commandApdu,
  equalBytes,
  findTlv,
  hex,
  parseTlv,
  responseData,
  type StatusWord,
  SW,
  statusWord,
  type Tlv,
  type Transport,
} from "../../apdu/index.js"

/** What a SELECT by name answered. */
export interface SelectAnswer {
  readonly statusWord: StatusWord
  /** Undefined when the card gave none, or none that can be read. */
  readonly fci: FileControlInformation | undefined
}

/** The parts of an application's FCI that a terminal uses (financial-emv §14). */
export interface FileControlInformation {
  /** Tag 84, 5 to 16 bytes. */
  readonly name: Uint8Array
  /** Values of the FCI by tag: 50, 87, 9F38, 5F2D, 9F11, 9F12, 9F4D, DF4D, 88. */
  readonly values: ReadonlyMap<number, Uint8Array>
}

/** An application that card and terminal both know. */
export interface Candidate {
  /** Name to select it by. */
  readonly aid: Uint8Array
  /** 1 highest to 15; 16 for none. */
  readonly priority: number
  /** Tag 87 b8: not to be taken unless the holder says so. */
  readonly needsConfirmation: boolean
  /** Tags 50 and 9F12, as the card wrote them. */
  readonly label: Uint8Array | undefined
  readonly preferredName: Uint8Array | undefined
}

/** What building the list of candidates came to. */
export interface Candidates {
  readonly found: readonly Candidate[]
  /** Names of applications that both know but that are blocked or not yet active (6283). */
  readonly blocked: readonly Uint8Array[]
  /** Every SELECT is refused with 6A81. */
  readonly cardBlocked: boolean
}

const PSE = hex("315041592E5359532E4444463031")
const FCI_TAGS: ReadonlySet<number> = new Set([0x50, 0x87, 0x88, 0x9f38, 0x5f2d, 0x9f11, 0x9f12, 0x9f4d, 0xdf4d])
/** A directory has at most ten files, but nothing bounds its records; a longer one is a card that plays with us. */
const MAXIMUM_DIRECTORY_RECORDS = 32
const MAXIMUM_OCCURRENCES = 16

/**
 * Selects an application by its name.
 *
 * @param name 5 to 16 bytes, whole or the first part
 * @param next the next application with that first part instead of the first one
 */
export async function selectByName(card: Transport, name: Uint8Array, next = false): Promise<SelectAnswer> {
  const response = await card.transmit(commandApdu(0x00, 0xa4, 0x04, next ? 0x02 : 0x00, name, 256))
  const answer = statusWord(response)
  const hasFci = answer === SW.OK || answer === SW.FILE_INVALIDATED
  return { statusWord: answer, fci: hasFci ? parseFci(responseData(response)) : undefined }
}

function parseFci(data: Uint8Array): FileControlInformation | undefined {
  const template = parseTlv(data, { mode: "lenient" }).find((object) => object.tag === 0x6f)
  const name = template?.children?.find((object) => object.tag === 0x84)?.value
  if (!name || name.length < 5 || name.length > 16) return undefined
  const values = new Map<number, Uint8Array>()
  collect(template.children!, values)
  return { name, values }
}

function collect(objects: readonly Tlv[], values: Map<number, Uint8Array>): void {
  for (const { tag, value, children } of objects) {
    if (children) collect(children, values)
    else if (FCI_TAGS.has(tag)) values.set(tag, value)
  }
}

/**
 * Builds the list of candidates: from the payment system environment, or by trying the terminal's names one by one
 * when the card has none (EMV Book 1 §12.3).
 *
 * @returns candidates by priority, those without one last
 */
export async function findCandidates(card: Transport, aids: readonly Uint8Array[]): Promise<Candidates> {
  const directory = await selectByName(card, PSE)
  if (directory.statusWord === SW.FUNCTION_NOT_SUPPORTED) return { found: [], blocked: [], cardBlocked: true }
  if (directory.statusWord === SW.OK) {
    const listed = await readDirectory(card, aids, directory.fci?.values.get(0x88)?.[0] ?? 0)
    if (listed.length > 0) return { found: byPriority(listed), blocked: [], cardBlocked: false }
  }
  return tryNames(card, aids)
}

async function readDirectory(card: Transport, aids: readonly Uint8Array[], sfi: number): Promise<Candidate[]> {
  const candidates: Candidate[] = []
  if (sfi < 1 || sfi > 10) return candidates
  for (let record = 1; record <= MAXIMUM_DIRECTORY_RECORDS; record++) {
    const response = await card.transmit(commandApdu(0x00, 0xb2, record, (sfi << 3) | 4, undefined, 256))
    // 6A83 ends the directory; with anything else it cannot be trusted to be whole (EMV Book 1 §12.3.2).
    if (statusWord(response) === SW.RECORD_NOT_FOUND) return candidates
    if (statusWord(response) !== SW.OK) return []
    const template = parseTlv(responseData(response), { mode: "lenient" }).find((object) => object.tag === 0x70)
    for (const entry of template?.children ?? []) {
      const aid = entry.tag === 0x61 && entry.children ? findTlv(entry.children, 0x4f)?.value : undefined
      const isKnown = candidates.some((candidate) => aid && equalBytes(candidate.aid, aid))
      if (aid && isName(aid) && !isKnown && aids.some((prefix) => startsWith(aid, prefix)))
        candidates.push(candidateOf(aid, (tag) => findTlv(entry.children!, tag)?.value))
    }
  }
  return candidates
}

async function tryNames(card: Transport, aids: readonly Uint8Array[]): Promise<Candidates> {
  const found: Candidate[] = []
  const blocked: Uint8Array[] = []
  for (const aid of aids) {
    let next = false
    for (let tries = 0; tries < MAXIMUM_OCCURRENCES; tries++) {
      const { statusWord: answer, fci } = await selectByName(card, aid, next)
      if (answer === SW.FUNCTION_NOT_SUPPORTED && found.length === 0 && blocked.length === 0 && aid === aids[0])
        return { found, blocked, cardBlocked: true }
      if (!fci || !startsWith(fci.name, aid)) break
      const known = [...found.map((candidate) => candidate.aid), ...blocked]
      if (known.some((name) => equalBytes(name, fci.name))) break
      if (answer === SW.FILE_INVALIDATED) blocked.push(fci.name)
      else found.push(candidateOf(fci.name, (tag) => fci.values.get(tag)))
      next = true
    }
  }
  return { found: byPriority(found), blocked, cardBlocked: false }
}

function candidateOf(aid: Uint8Array, get: (tag: number) => Uint8Array | undefined): Candidate {
  const indicator = get(0x87)
  return {
    aid,
    priority: priorityOf(indicator),
    needsConfirmation: ((indicator?.[0] ?? 0) & NEEDS_CONFIRMATION) !== 0,
    label: get(0x50),
    preferredName: get(0x9f12),
  }
}

const NEEDS_CONFIRMATION = 0x80

function byPriority(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort((a, b) => a.priority - b.priority)
}

/** Low nibble of tag 87; 0 and absence mean none (EMV Book 1 §12.2.3). */
function priorityOf(value: Uint8Array | undefined): number {
  return (value?.[0] ?? 0) & 0x0f || 16
}

function isName(aid: Uint8Array): boolean {
  return aid.length >= 5 && aid.length <= 16
}

function startsWith(name: Uint8Array, prefix: Uint8Array): boolean {
  return name.length >= prefix.length && equalBytes(name.subarray(0, prefix.length), prefix)
}
