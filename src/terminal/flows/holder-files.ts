import { SW } from "../../apdu/index.js"
import { findFile } from "../../dictionary/index.js"
import { tablesOf } from "../clients/card-tables.js"
import { type SocialSecurityClient, socialSecurityClient } from "../clients/index.js"
import { fileOpener } from "./file-opener.js"
import { type FlowCard, runFlow } from "./flow.js"
import { type KeyedOptions, meetCard } from "./keyed.js"
import { cardRefused, type FlowRefusal } from "./refusal.js"
import { type CardWritten, type WriteRefusal, writeCard } from "./write-card.js"

/** Photo or fingerprint of the holder. */
export type HolderFile = "photo" | "fingerprint"

/** What was in the file, without padding. */
export interface HolderFileReading {
  readonly ok: true
  /** `undefined` when nothing was written. */
  readonly content: Uint8Array | undefined
}

const FIDS: Readonly<Record<HolderFile, number>> = { fingerprint: 0xef07, photo: 0xef08 }

/** Reads photo (a JPEG picture) or fingerprint under RKssse (card-structure §5.3). */
export async function readHolderFile(
  card: FlowCard,
  which: HolderFile,
  options: KeyedOptions,
): Promise<HolderFileReading | FlowRefusal> {
  return runFlow(card, options, async (report) => {
    const found = await meetCard(card, options, report)
    if (!found.ok) return found
    const rule = findFile(tablesOf(found.identity), "SSSE", FIDS[which])?.read ?? "RKssse"
    const { satisfied, uses } = await fileOpener(card, { ...found, keys: options.keys }, report).open(rule)
    const refusal = uses.find((use) => use.refusal)?.refusal
    if (!satisfied && refusal) return refusal
    return readContent(socialSecurityClient(card), FIDS[which])
  })
}

async function readContent(client: SocialSecurityClient, fid: number): Promise<HolderFileReading | FlowRefusal> {
  const selected = await client.selectFile(fid)
  if (!selected.ok) return cardRefused(selected.statusWord)
  const read = await client.readBinary()
  // A file without a byte in it is as good as none.
  if (!read.ok)
    return read.statusWord === SW.WRONG_OFFSET ? { ok: true, content: undefined } : cardRefused(read.statusWord)
  return { ok: true, content: withoutPadding(read.content) }
}

/** Writes photo or fingerprint under UKssse. @throws {InputError} when it is larger than the file of the tables */
export function writeHolderFile(
  card: FlowCard,
  which: HolderFile,
  { content, ...options }: KeyedOptions & { readonly content: Uint8Array },
): Promise<CardWritten | WriteRefusal> {
  return writeCard(card, { ...options, writes: [{ directory: "SSSE", fid: FIDS[which], content }] })
}

/** The content of a transparent file up to its padding of 00; undefined when nothing was written to it. */
export function withoutPadding(content: Uint8Array): Uint8Array | undefined {
  if (content.every((byte) => byte === 0xff)) return undefined
  const last = content.findLastIndex((byte) => byte !== 0x00)
  return last < 0 ? undefined : content.subarray(0, last + 1)
}
