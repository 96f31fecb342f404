import { ShebaoError } from "../apdu/index.js"
import type { Profile } from "../card/index.js"
import { findSamReader, pcscReaders } from "../terminal/index.js"
import { type OpenedCard, openCardSource } from "./card-source.js"
import { inputError } from "./input-error.js"
import type { CardArguments } from "./options.js"
import type { Output } from "./output.js"
import { openTrace } from "./trace-sink.js"

/** Where the SAM is: at most one of the three. */
export interface SamArguments {
  readonly samProfile?: string
  readonly samCard?: string
  readonly samReader?: string
}

/** The option that says where the SAM is, if any. @throws {InputError} when several do */
export function samOption({ samProfile, samCard, samReader }: SamArguments): string | undefined {
  const given = Object.entries({ samProfile, samCard, samReader }).filter(([, value]) => value !== undefined)
  if (given.length < 2) return given[0]?.[0]
  throw inputError("sam", {
    en: "expected one of --sam-profile, --sam-card and --sam-reader",
    zh: "--sam-profile、--sam-card、--sam-reader 只能指定一个",
  })
}

/**
 * Opens a SAM: an emulated one, one in a file, or one in a reader. Where nothing says which: beside an emulated card a
 * fresh SAM of the card's algorithm, else the PC/SC reader whose card looks like a SAM.
 *
 * @param card the user card beside it, if any
 * @throws {ShebaoError} `NO_SAM` when no reader holds one
 */
export async function openSam(
  args: SamArguments & CardArguments,
  card: OpenedCard | undefined,
  output: Output,
): Promise<OpenedCard> {
  const source = samOption(args)
    ? args
    : card === undefined || card.kind === "reader"
      ? { samReader: await readerOfSam(args, card?.session.reader) }
      : { samProfile: samProfileFor(card.profile?.algorithm) }
  const { samProfile, samCard, samReader } = source
  const { binding, timeout, unsafeTrace = false } = args
  const sink = card ? card.trace : openTrace(args, output)
  const sam = await openCardSource(
    {
      ...(samProfile !== undefined && { profile: samProfile }),
      ...(samCard !== undefined && { card: samCard }),
      ...(samReader !== undefined && { reader: samReader }),
      ...(binding !== undefined && { binding }),
      ...(timeout !== undefined && { timeout }),
    },
    output,
    sink ? { trace: sink.sam, unsafeTrace } : {},
  )
  const close = async () => {
    await sam.close()
    if (!card) sink?.close()
  }
  try {
    if (sam.profile) assertSamProfile(sam.profile)
    return { ...sam, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The bundled SAM for cards of an algorithm. */
export const samProfileFor = (algorithm: "3des" | "sm4" = "3des") => (algorithm === "sm4" ? "psam-sm4" : "psam")

/** @throws {InputError} when a profile is that of another card */
export function assertSamProfile({ card, name }: Profile): void {
  if (card === "sam") return
  throw inputError("sam", {
    en: `expected the profile of a SAM, got ${name} of kind ${card}`,
    zh: `应为SAM卡模板,${name} 的类型是 ${card}`,
  })
}

async function readerOfSam({ binding }: CardArguments, userReader: string | undefined): Promise<string> {
  const system = await pcscReaders(binding === undefined ? {} : { binding })
  try {
    const found = await findSamReader(system, userReader)
    if (found !== undefined) return found
  } finally {
    await system.close()
  }
  throw new ShebaoError("NO_SAM", "No reader holds a card that looks like a SAM. Name it: --sam-reader", {
    messageZh: "没有读卡器内有SAM卡。请用 --sam-reader 指定",
  })
}
