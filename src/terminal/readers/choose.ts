import { equalBytes, InputError, ShebaoError, toHex } from "../../apdu/index.js"
import type { ReaderSnapshot } from "./reader.js"

/**
 * Which reader somebody means: its name, a part of its name, its index (a number, or digits that are no name), or the
 * answer to reset of the card in it; without a wish, the only one with a card.
 */
export type ReaderWish = string | number | { readonly atr: Uint8Array } | undefined

/**
 * Chooses a reader. Pure: it looks at nothing but the snapshots.
 *
 * @throws {ShebaoError} `NO_READER` when there is none at all
 * @throws {InputError} field `reader`, code `READER_NOT_FOUND` or `READER_AMBIGUOUS`, listing every reader
 * @example chooseReader(await system.readers(), "00 01").name // "Virtual PCD 00 01"
 */
export function chooseReader(readers: readonly ReaderSnapshot[], wish?: ReaderWish): ReaderSnapshot {
  if (readers.length === 0) throw new ShebaoError("NO_READER", "No reader found.", { messageZh: "未找到读卡器。" })
  if (wish === undefined) {
    const withCard = readers.filter(({ present }) => present)
    return one(readers, withCard.length > 0 ? withCard : readers, "none was named")
  }
  if (typeof wish === "object") {
    const found = readers.filter(({ atr }) => atr !== undefined && equalBytes(atr, wish.atr))
    return one(readers, found, `ATR ${toHex(wish.atr)}`)
  }
  if (typeof wish === "number") return one(readers, readers.slice(wish, wish + 1), `index ${wish}`)
  const exact = readers.filter(({ name }) => name === wish)
  if (exact.length > 0) return exact[0]!
  if (/^\d{1,4}$/.test(wish)) return chooseReader(readers, Number(wish))
  const part = wish.toLowerCase()
  return one(
    readers,
    readers.filter(({ name }) => name.toLowerCase().includes(part)),
    JSON.stringify(wish),
  )
}

/** First bytes of the answer to reset of a SAM: TS, and T0 with 13 historical bytes after TA1, TB1 and TC1 (readers §4). */
const SAM = [0x3b, 0x7d]

/**
 * Chooses the reader of the SAM: the one that is named, else the one whose card's answer to reset is that of a SAM.
 *
 * @param userReader the user card's reader, never chosen
 * @returns undefined when none is named and no card looks like a SAM
 * @throws {InputError} as {@link chooseReader}, for a named one
 */
export function chooseSamReader(
  readers: readonly ReaderSnapshot[],
  userReader: string | undefined,
  wish?: string,
): ReaderSnapshot | undefined {
  const others = readers.filter(({ name }) => name !== userReader)
  if (wish !== undefined) return chooseReader(others, wish)
  return others.find(({ atr }) => atr !== undefined && SAM.every((byte, at) => atr[at] === byte))
}

function one(all: readonly ReaderSnapshot[], found: readonly ReaderSnapshot[], wish: string): ReaderSnapshot {
  if (found.length === 1) return found[0]!
  const listed = (found.length > 0 ? found : all).map((reader) => `${all.indexOf(reader)}: ${reader.name}`).join("; ")
  if (found.length === 0)
    throw new InputError("reader", `no such reader (${wish}); there are ${listed}`, {
      code: "READER_NOT_FOUND",
      messageZh: `没有此读卡器(${wish});现有 ${listed}`,
    })
  throw new InputError("reader", `more than one reader fits (${wish}): ${listed}`, {
    code: "READER_AMBIGUOUS",
    messageZh: `多个读卡器符合(${wish}):${listed}`,
  })
}
