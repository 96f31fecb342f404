import { decodeText, type StatusWord, type Transport, toHex } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"
import { normaliseVersion, regionOfCardId, splitRecord } from "../../dictionary/index.js"
import { type RecordOutcome, readRecord, selectByFid, selectByName } from "./files.js"
import { SSSE_NAME } from "./names.js"

/** What the keys of a card are found by. */
export interface SocialCardIdentity {
  readonly atr: Uint8Array
  /** Six digits: the first three bytes of the card identification code. */
  readonly region: string
  /** Card identification code, 16 bytes (card-structure §18.1). */
  readonly cardId: Uint8Array
  /** Text of the version record, for example `3.00`; undefined where the card does not give it. */
  readonly version: string | undefined
  /** Class of the card, `2` for an employer's; undefined where the card does not give it. */
  readonly cardClass: string | undefined
  readonly algorithm: Algorithm
}

/**
 * Why the keys of a card cannot be found: it refused SELECT of the SSSE, or its identification code; the code is no such
 * code; its algorithm is SSF33, which is not public (card-structure §2).
 */
export type NoIdentity =
  | { readonly ok: false; readonly why: "noEnvironment" | "cardIdRefused"; readonly statusWord: StatusWord }
  | { readonly ok: false; readonly why: "cardIdMalformed" | "ssf33" }

const CARD_ID_LENGTH = 16
const ALGORITHMS: Readonly<Record<number, Algorithm | "ssf33">> = { 1: "3des", 2: "ssf33", 3: "sm4" }

/**
 * Learns what the keys of a card are derived from: SELECT of the SSSE, then records 1 to 3 of EF05, of which every version
 * lets anybody read 1 and 3 (card-structure §5.1).
 *
 * @param atr answer to reset, whose last eight bytes are the card factor
 * @param algorithm where the caller knows better than the card tells
 */
export async function readIdentity(
  card: Transport,
  atr: Uint8Array,
  algorithm?: Algorithm,
): Promise<{ readonly ok: true; readonly identity: SocialCardIdentity } | NoIdentity> {
  const selected = await selectByName(card, SSSE_NAME)
  if (!selected.ok) return { ok: false, why: "noEnvironment", statusWord: selected.statusWord }
  const issuerFile = await selectByFid(card, 0xef05)
  if (!issuerFile.ok) return { ok: false, why: "cardIdRefused", statusWord: issuerFile.statusWord }
  const first = await readRecord(card, 1)
  if (!first.ok) return { ok: false, why: "cardIdRefused", statusWord: first.statusWord }
  const cardClass = textOf(await readRecord(card, 2))
  const version = textOf(await readRecord(card, 3))
  const cardId = splitRecord(first.record)?.value
  if (cardId?.length !== CARD_ID_LENGTH) return { ok: false, why: "cardIdMalformed" }
  const found = algorithm ?? algorithmOf(selected.fci, version)
  if (found === "ssf33") return { ok: false, why: "ssf33" }
  const region = regionOfCardId(cardId)
  return { ok: true, identity: { atr, region, cardId, version, cardClass, algorithm: found } }
}

function textOf(outcome: RecordOutcome): string | undefined {
  const value = outcome.ok ? splitRecord(outcome.record)?.value : undefined
  return value && (decodeText(value) || undefined)
}

/**
 * The algorithm that the FCI of the SSSE names behind `9F 0C 86`, found wherever it stands as terminals do; without it
 * version 3.00 means SM4, any other 3DES (card-structure §2, §4.2).
 *
 * @param versionText text of the version record
 */
export function algorithmOf(fci: Uint8Array, versionText: string | undefined): Algorithm | "ssf33" {
  const named = /^(?:..)*?9F0C86(..)/.exec(toHex(fci))?.[1]
  const algorithm = named === undefined ? undefined : ALGORITHMS[Number.parseInt(named, 16)]
  if (algorithm) return algorithm
  return versionText !== undefined && normaliseVersion(versionText) === "3.00" ? "sm4" : "3des"
}
