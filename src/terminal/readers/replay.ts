import {
  type CardPort,
  type Dump,
  type DumpEntry,
  equalBytes,
  hex,
  maskCommand,
  parseCommand,
  parseDump,
  ShebaoError,
} from "../../apdu/index.js"
import { withoutSecrets } from "../transports/dump.js"
import { type MemoryReader, memoryReader } from "./memory.js"

export interface ReplayOptions {
  /** `exact`: the commands of the recording, one after the other. `skip`: recorded commands may be left out. */
  order?: "exact" | "skip"
}

/** TS and T0 without anything behind them: for a recording that does not tell its ATR. */
const BARE_ATR = hex("3B00")

/**
 * Presents a recording as a card: it answers what was recorded. Power on starts from the first exchange; a warm reset
 * leaves the place. PINs and keys are not in a recording and so do not matter; nor does the Le of a command with data,
 * which T=0 leaves out.
 *
 * `process` throws a {@link ShebaoError} with code `REPLAY_MISMATCH`, naming what was expected, for a command that the
 * recording does not hold at its place: a replayed session has gone another way.
 *
 * @param recording a dump, or the text of a dump file
 * @example memoryReader(replayCard(await readFile("session.dump", "utf8")))
 */
export function replayCard(recording: Dump | string, { order = "exact" }: ReplayOptions = {}): CardPort {
  const dump = typeof recording === "string" ? parseDump(recording) : recording
  const atr = dump.atr ?? BARE_ATR
  let next = 0

  function find(command: Uint8Array): number {
    const last = order === "skip" ? dump.entries.length : Math.min(next + 1, dump.entries.length)
    for (let at = next; at < last; at++) if (sameCommand(dump.entries[at]!, command)) return at
    throw mismatch(dump.entries[next], next + 1, command)
  }

  return {
    protocol: dump.protocol ?? "T=0",
    atr,
    powerOn() {
      next = 0
      return atr
    },
    reset: () => atr,
    powerOff() {},
    process(command) {
      const at = find(command)
      next = at + 1
      return dump.entries[at]!.response.slice()
    },
  }
}

/** A reader that holds a recorded card: {@link replayCard} in a {@link memoryReader}. */
export function replayReader(recording: Dump | string, options: ReplayOptions & { name?: string } = {}): MemoryReader {
  return memoryReader(replayCard(recording, options), { name: options.name ?? "Replay 00 00" })
}

function sameCommand(entry: DumpEntry, command: Uint8Array): boolean {
  return equalBytes(comparable(entry.command), comparable(command))
}

function comparable(command: Uint8Array): Uint8Array {
  const open = withoutSecrets(command)
  const apdu = parseCommand(open)
  return apdu?.case === 4 && !apdu.extended ? open.subarray(0, -1) : open
}

function mismatch(expected: DumpEntry | undefined, number: number, got: Uint8Array): ShebaoError {
  const wanted = expected ? `expected ${maskCommand(expected.command)}` : "expected nothing, the recording has ended"
  return new ShebaoError("REPLAY_MISMATCH", `exchange ${number}: ${wanted}, got ${maskCommand(got)}`)
}
