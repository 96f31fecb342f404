import type { CardPort } from "../apdu/index.js"
import { createCard, loadProfile, openCardFile, type Profile } from "../card/index.js"
import {
  type CardSession,
  memoryReader,
  type OpenCardOptions,
  openCard,
  pcscReaders,
  type ReaderSystem,
  replayCard,
} from "../terminal/index.js"
import { readText } from "./files.js"
import { inputError } from "./input-error.js"
import type { CardArguments } from "./options.js"
import type { Output } from "./output.js"
import { openTrace, type TraceSink } from "./trace-sink.js"

/** The options that say where the card is. */
const SOURCES = ["card", "profile", "reader", "replay"] as const
type SourceKind = (typeof SOURCES)[number]

/** A card that a command works on, wherever it is. */
export interface OpenedCard {
  readonly kind: SourceKind
  readonly session: CardSession
  /** What an emulated card was made of. */
  readonly profile: Profile | undefined
  readonly trace: TraceSink | undefined
  /** Leaves the card and saves what is kept in a file. */
  close(): Promise<void>
}

interface Slot {
  readonly readers: ReaderSystem
  readonly reader: string | number | undefined
  readonly profile: Profile | undefined
  close(): Promise<void>
}

/**
 * Opens the card that `--card`, `--profile`, `--reader` or `--replay` names; they work alike from here on.
 *
 * @throws {InputError} when none or several are given, or the file or profile is wrong
 * @throws {ShebaoError} when there is no reader, no card, or no PC/SC module
 */
export async function openCardSource(
  args: CardArguments,
  output: Output,
  options: Pick<OpenCardOptions, "dump" | "trace" | "unsafeTrace"> = {},
): Promise<OpenedCard> {
  const kind = sourceKind(args)
  const timeout = args.timeout === undefined ? undefined : milliseconds(args.timeout)
  const trace = openTrace(args, output)
  let slot: Slot | undefined
  try {
    slot = await openSlot(kind, args, output)
    const { readers, reader, profile, close } = slot
    const session = await openCard(readers, {
      ...options,
      ...(reader !== undefined && { reader }),
      ...(timeout !== undefined && { timeout }),
      ...(trace && { trace: trace.card, unsafeTrace: args.unsafeTrace ?? false }),
    })
    return {
      kind,
      session,
      profile,
      trace,
      async close() {
        try {
          await session.close()
        } finally {
          await close()
          trace?.close()
        }
      },
    }
  } catch (error) {
    await slot?.close()
    trace?.close()
    throw error
  }
}

/** Runs a body with the card and closes it whatever happens. */
export async function withCard<T>(
  args: CardArguments,
  output: Output,
  body: (card: OpenedCard) => Promise<T>,
  options: Pick<OpenCardOptions, "dump"> = {},
): Promise<T> {
  const card = await openCardSource(args, output, options)
  try {
    return await body(card)
  } finally {
    await card.close()
  }
}

function sourceKind(args: CardArguments): SourceKind {
  const given = SOURCES.filter((kind) => args[kind] !== undefined)
  if (given.length === 1) return given[0]!
  const options = given.map((kind) => `--${kind}`)
  throw given.length === 0
    ? inputError("card", {
        en: "say where the card is: --profile NAME, --card FILE, --reader NAME or --replay FILE",
        zh: "请指明卡片:--profile 名称、--card 文件、--reader 读卡器 或 --replay 记录文件",
      })
    : inputError("card", {
        en: `expected one card, got ${options.join(" and ")}`,
        zh: `只能指定一张卡片,收到 ${options.join(" 和 ")}`,
      })
}

/** A deadline, in seconds as a person gives it. */
function milliseconds(text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= 3600) return Math.ceil(seconds * 1000)
  throw inputError("timeout", {
    en: `expected seconds in 0..3600, got ${JSON.stringify(text)}`,
    zh: `应为 0 至 3600 秒,收到 ${JSON.stringify(text)}`,
  })
}

function openSlot(kind: SourceKind, args: CardArguments, output: Output): Promise<Slot> | Slot {
  switch (kind) {
    case "card":
      return fileSlot(args.card!, output)
    case "profile": {
      const profile = loadProfile(args.profile!)
      return memorySlot(createCard({ profile }), profile)
    }
    case "replay":
      return memorySlot(replayCard(readText(args.replay!, "replay")), undefined)
    case "reader":
      return pcscSlot(args)
  }
}

function memorySlot(card: CardPort, profile: Profile | undefined): Slot {
  const readers = memoryReader(card)
  return { readers, reader: undefined, profile, close: () => readers.close() }
}

function fileSlot(path: string, output: Output): Slot {
  const file = openCardFile(path)
  for (const warning of file.warnings) output.remark(output.say(warning))
  const slot = memorySlot(file.card, file.profile)
  return {
    ...slot,
    async close() {
      await slot.close()
      file.close()
    },
  }
}

async function pcscSlot({ binding, reader }: CardArguments): Promise<Slot> {
  const readers = await pcscReaders(binding === undefined ? {} : { binding })
  return { readers, reader, profile: undefined, close: () => readers.close() }
}
