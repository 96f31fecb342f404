import { InputError } from "../apdu/index.js"
import type { Profile } from "../card/index.js"
import type { CardSession, OpenCardOptions, ReaderSystem } from "../terminal/index.js"
import type { CardArguments } from "./options.js"
import type { Output } from "./output.js"
import { openTrace, type TraceSink } from "./trace-sink.js"

/** A card that a command works on, wherever it is. */
export interface OpenedCard {
  readonly kind: "card" | "profile" | "reader"
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
 * Opens the card that `--card`, `--profile` or `--reader` names; the three work alike from here on.
 *
 * @throws {InputError} when none or several are given, or the file or profile is wrong
 * @throws {ShebaoError} when there is no reader, no card, or no PC/SC module
 */
export async function openCardSource(
  args: CardArguments,
  output: Output,
  options: Pick<OpenCardOptions, "dump"> = {},
): Promise<OpenedCard> {
  const kind = sourceKind(args)
  const slot = kind === "reader" ? await pcscSlot(args) : await emulatedSlot(args, output)
  const trace = openTrace(args, output)
  const { openCard } = await import("../terminal/index.js")
  try {
    const session = await openCard(slot.readers, {
      ...options,
      ...(slot.reader !== undefined && { reader: slot.reader }),
      ...(args.timeout !== undefined && { timeout: seconds(args.timeout) }),
      ...(trace && { trace: trace.card, unsafeTrace: args.unsafeTrace ?? false }),
    })
    return {
      kind,
      session,
      profile: slot.profile,
      trace,
      async close() {
        await session.close()
        await slot.close()
        trace?.close()
      },
    }
  } catch (error) {
    await slot.close()
    trace?.close()
    throw error
  }
}

/** Runs a body with the card and closes it whatever happens. */
export async function withCard<T>(
  args: CardArguments,
  output: Output,
  body: (card: OpenedCard) => Promise<T>,
): Promise<T> {
  const card = await openCardSource(args, output)
  try {
    return await body(card)
  } finally {
    await card.close()
  }
}

function sourceKind(args: CardArguments): OpenedCard["kind"] {
  const given = (["card", "profile", "reader"] as const).filter((kind) => args[kind] !== undefined)
  if (given.length === 1) return given[0]!
  throw new InputError(
    "card",
    given.length === 0
      ? "say where the card is: --profile NAME, --card FILE or --reader NAME"
      : `expected one of --card, --profile and --reader, got ${given.map((kind) => `--${kind}`).join(" and ")}`,
    {
      messageZh:
        given.length === 0
          ? "请指明卡片:--profile 名称、--card 文件或 --reader 读卡器"
          : "只能指定 --card、--profile、--reader 之一",
    },
  )
}

function seconds(value: number): number {
  if (!(value > 0 && value <= 3600)) throw new InputError("timeout", `expected seconds in 0..3600, got ${value}`)
  return Math.round(value * 1000)
}

async function emulatedSlot(args: CardArguments, output: Output): Promise<Slot> {
  const [{ createCard, loadProfile, openCardFile }, { memoryReader }] = await Promise.all([
    import("../card/index.js"),
    import("../terminal/index.js"),
  ])
  if (args.card !== undefined) {
    const file = openCardFile(args.card)
    for (const warning of file.warnings) output.remark(output.say(warning))
    const readers = memoryReader(file.card)
    return {
      readers,
      reader: undefined,
      profile: file.profile,
      async close() {
        await readers.close()
        file.close()
      },
    }
  }
  const profile = loadProfile(args.profile!)
  const readers = memoryReader(createCard({ profile }))
  return { readers, reader: undefined, profile, close: () => readers.close() }
}

async function pcscSlot(args: CardArguments): Promise<Slot> {
  const { pcscReaders } = await import("../terminal/index.js")
  const binding = args.binding as "smartcard" | "pcsclite" | "pcsc-mini" | undefined
  const readers = await pcscReaders(binding ? { binding } : {})
  const wish = args.reader!
  return { readers, reader: /^\d+$/.test(wish) ? Number(wish) : wish, profile: undefined, close: () => readers.close() }
}
