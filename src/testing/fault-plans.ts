import { assertInteger, ShebaoError, type StatusWord, uint16 } from "../apdu/index.js"
import type { FaultPlan } from "../terminal/index.js"

/** Which commands a plan is about. */
export type CommandFilter = (command: Uint8Array) => boolean

/** Commands with one of these instruction bytes. @example wrongStatus(0x6581, withInstruction(0xdc)) */
export function withInstruction(...instructions: number[]): CommandFilter {
  return (command) => instructions.includes(command[1]!)
}

const everyCommand: CommandFilter = () => true

/**
 * Answers come late.
 *
 * @param milliseconds how late
 */
export function slow(milliseconds: number, filter: CommandFilter = everyCommand): FaultPlan {
  assertInteger("milliseconds", milliseconds, 0, 0x7fff_ffff)
  return (command) => (filter(command) ? { kind: "delay", milliseconds } : undefined)
}

/**
 * Noise on the line: every n-th command fails with `COMMUNICATION` before it reaches the card; the card stays.
 *
 * @param every 1 makes every command fail
 */
export function intermittent(every: number): FaultPlan {
  assertInteger("every", every, 1, Number.MAX_SAFE_INTEGER)
  const error = new ShebaoError("COMMUNICATION", "The reader and the card did not understand each other.", {
    messageZh: "读卡器与卡片通信出错。",
  })
  return (_, number) => (number % every === 0 ? { kind: "fail", error } : undefined)
}

/**
 * The card vanishes after a number of exchanges, before the next command reaches it.
 *
 * @param exchanges how many go well, 0 upwards
 */
export function diesAfter(exchanges: number): FaultPlan {
  assertInteger("exchanges", exchanges, 0, Number.MAX_SAFE_INTEGER)
  return (_, number) => (number > exchanges ? { kind: "remove" } : undefined)
}

/**
 * The card runs one exchange but vanishes before its answer arrives: the terminal cannot know what happened.
 *
 * @param exchange 1 for the first
 */
export function losesAnswer(exchange: number): FaultPlan {
  assertInteger("exchange", exchange, 1, Number.MAX_SAFE_INTEGER)
  return (_, number) => (number === exchange ? { kind: "lose-answer" } : undefined)
}

/** The card never sees these commands; this status word comes instead. */
export function wrongStatus(statusWord: StatusWord, filter: CommandFilter = everyCommand): FaultPlan {
  const response = uint16(statusWord)
  return (command) => (filter(command) ? { kind: "answer", response } : undefined)
}

/** A card whose power can be cut at a write: the emulated card of `shebao/card`. */
export interface PowerCuttable {
  /** Lets `writes` physical writes happen, then cuts the power. */
  cutPowerAfter(writes: number): void
}

/**
 * Cuts the power at one physical write of the first command that passes the filter. The memory reader then shows the
 * slot as empty; insert the card again to see what it became.
 *
 * @param write 1 for the first write: it does not happen any more
 * @example openCard(reader, { line: (line) => faultTransport(line, powerCutAtWrite(card, 3, withInstruction(0xdc))) })
 */
export function powerCutAtWrite(card: PowerCuttable, write: number, filter: CommandFilter = everyCommand): FaultPlan {
  assertInteger("write", write, 1, Number.MAX_SAFE_INTEGER)
  let armed = false
  return (command) => {
    if (!armed && filter(command)) {
      armed = true
      card.cutPowerAfter(write - 1)
    }
    return undefined
  }
}

/** Several plans in one: the first that has a fault for a command decides. */
export function firstOf(...plans: FaultPlan[]): FaultPlan {
  return (command, number) => {
    for (const plan of plans) {
      const fault = plan(command, number)
      if (fault) return fault
    }
    return undefined
  }
}
