import { ShebaoError } from "../../apdu/index.js"
import { openCard } from "../card-session.js"
import { samClient } from "../clients/sam.js"
import { chooseSamReader } from "../readers/choose.js"
import type { ReaderSystem } from "../readers/reader.js"

/**
 * Finds the reader of the SAM: the one that is named, else the one whose card's answer to reset is that of a SAM, else the
 * first whose card has the directories of one (readers §4). Cards are asked in a transaction, one after the other; the
 * user card never is.
 *
 * @param userReader name of the user card's reader
 * @returns its name, or undefined
 * @throws {InputError} as `chooseReader`, for a named one
 * @example const sam = await openCard(readers, { reader: await findSamReader(readers, card.reader) })
 */
export async function findSamReader(
  system: ReaderSystem,
  userReader: string | undefined,
  wish?: string,
): Promise<string | undefined> {
  const readers = await system.readers()
  const chosen = chooseSamReader(readers, userReader, wish)
  if (chosen) return chosen.name
  for (const { name, present, mute, exclusive } of readers)
    if (name !== userReader && present && !mute && !exclusive && (await holdsSam(system, name))) return name
  return undefined
}

async function holdsSam(system: ReaderSystem, reader: string): Promise<boolean> {
  try {
    const card = await openCard(system, { reader })
    try {
      const client = samClient(card)
      return await card.transaction(async () => {
        for (const algorithm of ["3des", "sm4"] as const)
          if ((await client.selectApplication(algorithm)).ok) return true
        return false
      })
    } finally {
      await card.close()
    }
  } catch (error) {
    // Somebody else's card: whatever keeps us from it, it is no SAM of ours.
    if (error instanceof ShebaoError) return false
    throw error
  }
}
