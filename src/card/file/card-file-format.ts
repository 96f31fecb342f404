import { createHash } from "node:crypto"
import { hex, InputError, toHex, wrongInput } from "../../apdu/index.js"
import { PAGE_SIZE } from "../pages.js"

/** Version of the file format. */
const VERSION = 1
const SUM_LENGTH = 32
const PAGE_NUMBER = /^\d{1,5}$/
const PAGE_CONTENT = new RegExp(`^[0-9A-F]{${2 * PAGE_SIZE}}$`)
const SUM = /,"sum":"([0-9a-f]{32})"\}$/

/** First line of a card file. */
export interface CardFileHeader {
  /** The whole profile of the card, `extends` resolved. */
  readonly profile: unknown
  /** SHA-256 of the memory image that the profile compiles to: pages mean nothing on another one. */
  readonly image: string
}

/** Pages of the memory as one change left them, by number. */
export type ChangedPages = ReadonlyMap<number, Uint8Array>

/** A line with the checksum that the next line's checksum starts from. */
export interface WrittenLine {
  readonly text: string
  readonly sum: string
}

/** Digest of a memory image. */
export function imageDigest(image: Uint8Array): string {
  return createHash("sha256").update(image).digest("hex")
}

/** Writes the header. */
export function headerLine({ profile, image }: CardFileHeader): WrittenLine {
  return sealed({ shebao: "card", version: VERSION, image, profile }, "")
}

/** Writes a change. @param number 1 upwards, without a gap @param previous checksum of the line before */
export function changeLine(number: number, pages: ChangedPages, previous: string): WrittenLine {
  const written = Object.fromEntries([...pages].map(([page, bytes]) => [page, toHex(bytes)]))
  return sealed({ n: number, pages: written }, previous)
}

function sealed(content: object, previous: string): WrittenLine {
  const body = JSON.stringify(content)
  const sum = checksum(previous, body)
  return { text: `${body.slice(0, -1)},"sum":"${sum}"}\n`, sum }
}

/** Every line's checksum covers the one before it: lines cannot be lost, doubled or exchanged unnoticed. */
function checksum(previous: string, body: string): string {
  return createHash("sha256").update(previous).update(body).digest("hex").slice(0, SUM_LENGTH)
}

/** What a card file holds, as far as its lines are whole. */
export interface CardFileContents {
  readonly header: CardFileHeader
  readonly changes: readonly ChangedPages[]
  /** Checksum of the last good line. */
  readonly sum: string
  /** Bytes of the good lines. */
  readonly goodLength: number
  /** What stands behind them: nothing, half a line as a kill leaves it, or damage with lines behind it. */
  readonly rest: "none" | "tornTail" | "damaged"
  /** Lines that are lost, the first bad one included. */
  readonly lostLines: number
}

/**
 * Reads a card file as far as it is whole.
 *
 * @returns `undefined` when the header itself is damaged
 * @throws {InputError} when the header is whole but of another program or a newer version
 */
export function parseCardFile(bytes: Uint8Array): CardFileContents | undefined {
  const text = new TextDecoder("utf-8")
  let at = lineEnd(bytes, 0)
  if (at < 0) return undefined
  const first = opened(text.decode(bytes.subarray(0, at)), "")
  if (!first) return undefined
  const header = checkHeader(first.content)
  let { sum } = first
  let goodLength = at + 1
  const changes: ChangedPages[] = []
  while (goodLength < bytes.length) {
    at = lineEnd(bytes, goodLength)
    const line = at < 0 ? undefined : opened(text.decode(bytes.subarray(goodLength, at)), sum)
    const pages = line && readPages(line.content, changes.length + 1)
    if (!pages) return { header, changes, sum, goodLength, ...restOf(bytes, goodLength) }
    changes.push(pages)
    sum = line.sum
    goodLength = at + 1
  }
  return { header, changes, sum, goodLength, rest: "none", lostLines: 0 }
}

function lineEnd(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(0x0a, from)
}

function restOf(bytes: Uint8Array, from: number): Pick<CardFileContents, "rest" | "lostLines"> {
  let lostLines = 0
  for (let at = from; at < bytes.length; lostLines++) {
    const end = lineEnd(bytes, at)
    if (end < 0) at = bytes.length
    else at = end + 1
  }
  const torn = lostLines === 1 && bytes[bytes.length - 1] !== 0x0a
  return { rest: torn ? "tornTail" : "damaged", lostLines }
}

function opened(line: string, previous: string): { content: Record<string, unknown>; sum: string } | undefined {
  const match = SUM.exec(line)
  if (!match) return undefined
  const body = `${line.slice(0, match.index)}}`
  if (checksum(previous, body) !== match[1]) return undefined
  return { content: JSON.parse(body) as Record<string, unknown>, sum: match[1]! }
}

function checkHeader(content: Record<string, unknown>): CardFileHeader {
  if (content.shebao !== "card" || typeof content.image !== "string")
    throw wrongInput("card", "应为 shebao 的卡文件", "expected a card file of shebao")
  if (content.version !== VERSION)
    throw new InputError("card", `expected a card file of version ${VERSION}, got version ${content.version}`, {
      messageZh: `card:应为版本 ${VERSION} 的卡文件,收到版本 ${content.version}`,
    })
  return { profile: content.profile, image: content.image }
}

function readPages(content: Record<string, unknown>, number: number): ChangedPages | undefined {
  if (content.n !== number || typeof content.pages !== "object" || content.pages === null) return undefined
  const pages = new Map<number, Uint8Array>()
  for (const [page, text] of Object.entries(content.pages)) {
    if (!PAGE_NUMBER.test(page) || typeof text !== "string" || !PAGE_CONTENT.test(text)) return undefined
    pages.set(Number(page), hex(text))
  }
  return pages
}
