import { type StatusWord, SW } from "../../../apdu/index.js"
import { deriveCardKey } from "../../../crypto/index.js"
import type { Context } from "../../context.js"
import type { SamApplication } from "./application.js"

export const FACTOR = 8
export const MAXIMUM_LEVELS = 3

/** The place of a key, or why it cannot be used: 6A88 no such identifier, 6985 it has another usage (card-commands §11.2). */
export function findKey(
  { directory }: Context,
  usage: number,
  id: number,
): { readonly place: number } | { readonly refusal: StatusWord } {
  const { keyPlaces, keyIds } = directory.application as SamApplication
  const place = keyPlaces.get(usage * 256 + id)
  if (place !== undefined) return { place }
  return { refusal: keyIds.has(id) ? SW.CONDITIONS_NOT_SATISFIED : SW.REFERENCED_DATA_NOT_FOUND }
}

/**
 * A card key: a key of the store, diversified (card-commands §9.1).
 *
 * @param factors 8 bytes each, in the order of the command
 * @returns 16 bytes
 */
export function deriveKey({ directory, memory }: Context, place: number, factors: Uint8Array): Uint8Array {
  const { algorithm, options } = directory.application as SamApplication
  const list = Array.from({ length: factors.length / FACTOR }, (_, i) => factors.slice(i * FACTOR, (i + 1) * FACTOR))
  if (options.factorOrder === "cardFirst") list.reverse()
  return deriveCardKey(algorithm, memory.read(directory.keys[place]!.value), list)
}
