import fc from "fast-check"
import { expect } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { type Card, cardFromLayout, differences, type Layout } from "../../src/card/index.js"

const LONGEST = 65_600

/** Which template, what is wrong, where, with which value, and how long. */
type Mutation = [template: number, kind: number, position: number, value: number, size: number]

/** A command made from a template: unchanged every other time, else with one thing wrong; now and then very long. */
function mutate(templates: readonly Uint8Array[], [template, kind, position, value, size]: Mutation): Uint8Array {
  const bytes = [...templates[template]!]
  const at = position % bytes.length
  switch (kind) {
    case 0:
      bytes[at] = value
      break
    case 1:
      bytes.splice(at)
      break
    case 2:
      bytes.splice(at, 0, value)
      break
    case 3:
      bytes.splice(at, 1)
      break
    case 4:
      if (bytes.length > 4) bytes[4] = value
      break
    case 5:
      return size % 16 === 0
        ? long(bytes, size)
        : Uint8Array.from(bytes.slice(0, 2 + (size % 3)).concat(value, size & 0xff))
    default:
  }
  return Uint8Array.from(bytes)
}

/** The header with an extended Lc and that many bytes, or almost. */
function long(bytes: number[], size: number): Uint8Array {
  const length = (size >>> 4) % LONGEST
  const command = new Uint8Array(length).fill(size & 0xff)
  command.set(bytes.slice(0, Math.min(4, length)))
  const lc = length - 7
  if (lc > 0 && lc <= 0xffff && size % 3 !== 0) command.set([0, lc >> 8, lc & 0xff], 4)
  return command
}

const isSuccess = (sw1: number) => sw1 === 0x90 || sw1 === 0x61 || sw1 === 0x62

/** What came of {@link sendAnything}. */
export interface Anything {
  readonly answered: number
  readonly succeeded: number
  /** Refused commands that wrote: a retry counter. */
  readonly refusedWrites: number
}

/**
 * Sends right and wrong commands in random order to cards of the layouts. Each must be answered with a status word; data come
 * with success only; a refused command changes nothing but takes a retry counter down; no handler throws.
 *
 * @param templates commands in hex that are right somewhere on the card
 */
export function sendAnything(
  layouts: readonly Layout[],
  templates: readonly string[],
  runs: number,
  commands: number,
): Anything {
  const bytes = templates.map((text) => hex(text))
  const mutation = fc.tuple(
    fc.nat(bytes.length - 1),
    fc.nat(9),
    fc.nat(40),
    fc.integer({ min: 0, max: 255 }),
    fc.nat(0xffff_ffff),
  )
  let [answered, succeeded, refusedWrites] = [0, 0, 0]
  const run = (layout: Layout, mutations: Mutation[]) => {
    const faults: unknown[] = []
    const card = cardFromLayout(layout, { seed: "any", onFault: (error) => faults.push(error) })
    card.powerOn()
    let cells = card.memory.pages.snapshot()
    for (const step of mutations) {
      const command = mutate(bytes, step)
      const generation = card.memory.pages.generation
      const answer = card.process(command)
      answered++
      const sw1 = answer.at(-2)!
      expect(answer.length).toBeGreaterThanOrEqual(2)
      if (!(sw1 >= 0x61 && sw1 <= 0x6f) && sw1 !== 0x90) expect.fail(`${toHex(command)}: answered ${toHex(answer)}`)
      if (isSuccess(sw1)) succeeded++
      else if (answer.length > 2) expect.fail(`${toHex(command)}: data with an error, ${toHex(answer)}`)
      if (card.memory.pages.generation === generation) continue
      const now = card.memory.pages.snapshot()
      if (!isSuccess(sw1)) {
        refusedWrites++
        onlyCounters(card, cells, now, command)
      }
      cells = now
    }
    expect(faults.map((error) => (error as Error).message).filter((text) => text !== "bug in a handler")).toEqual([])
  }
  fc.assert(
    fc.property(
      fc.constantFrom(...layouts),
      fc.array(mutation, { minLength: commands, maxLength: commands, size: "max" }),
      run,
    ),
    { numRuns: runs },
  )
  return { answered, succeeded, refusedWrites }
}

function onlyCounters(card: Card, before: Uint8Array, after: Uint8Array, command: Uint8Array): void {
  for (const { place, before: was, after: is } of differences(card.layout, before, after))
    if (!place.endsWith(" tries") || is[0] !== was[0]! - 1)
      expect.fail(`${toHex(command.subarray(0, 40))}: refused, but changed ${place}`)
}
