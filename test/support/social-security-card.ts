import { hex, toHex } from "../../src/apdu/index.js"
import {
  type Card,
  type CardRuntimeOptions,
  cardFromLayout,
  compileLayout,
  type Profile,
  parseProfile,
  profileToSpec,
} from "../../src/card/index.js"
import { type Algorithm, secureCommandApdu } from "../../src/crypto/index.js"
import { exchange } from "./exchange.js"
import { keyOf } from "./terminal.js"

export const SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
export const CHALLENGE = "0084000008"

export interface ScriptedChoices extends CardRuntimeOptions {
  /** What GET CHALLENGE gives, in order, in hex. */
  readonly challenges?: readonly string[]
}

/** A powered card of a profile; a handler that throws fails the test. */
export function cardOf(profile: Profile, { challenges, ...options }: ScriptedChoices = {}): Card {
  const left = challenges?.map((text) => hex(text))
  const card = cardFromLayout(compileLayout(profileToSpec(profile)), {
    seed: profile.name,
    ...(left && { random: () => left.shift()! }),
    ...options,
    onFault: (error) => {
      throw error
    },
  })
  card.powerOn()
  return card
}

export interface SocialSecurityChoices extends ScriptedChoices {
  readonly algorithm?: Algorithm
  /** Fields of the profile that differ from `employee`. */
  readonly changes?: object
}

/**
 * A powered card with the files of version 2.00 and the ATR, region and keys of the vectors in card-commands §9.4 and
 * §9.5, the SSSE selected.
 */
export function socialSecurityCard(choices: SocialSecurityChoices = {}): Card {
  const { algorithm = "3des", changes, ...options } = choices
  const card = cardOf({ ...parseProfile({ extends: "employee", ...changes }), algorithm }, options)
  exchange(card, SELECT_SSSE)
  return card
}

/** A command with the MAC of a key of the card, for a challenge that it draws; or for the one given. */
export function secured(
  card: Card,
  keyName: string,
  header: string,
  data = "",
  options: { readonly encipher?: boolean; readonly challenge?: string } = {},
): string {
  const { algorithm, options: cardOptions } = card.layout
  const challenge = options.challenge ?? exchange(card, CHALLENGE).slice(0, 16)
  const key = card.memory.read(keyOf(card, keyName).value)
  const command = secureCommandApdu(
    algorithm,
    key,
    hex(challenge),
    hex(header),
    hex(data),
    options.encipher,
    cardOptions.sm4Mac,
  )
  return toHex(command)
}

/** The same command with one bit of its MAC wrong. */
export function withWrongMac(command: string): string {
  const bytes = hex(command)
  bytes[bytes.length - 1]! ^= 1
  return toHex(bytes)
}

/** Tries left of a key, or of the PIN of the SSSE. */
export function triesOf(card: Card, name: string): number {
  const secret = name === "PIN" ? card.layout.root.directories[0]!.pin! : keyOf(card, name)
  return card.memory.readByte(secret.triesOffset)
}

/** What the card keeps besides retry counters, to compare. */
export function cellsWithoutCounters(card: Card): string {
  const cells = card.memory.pages.snapshot().subarray(0, card.layout.journal.offset)
  const clear = (directory: Card["layout"]["root"]) => {
    for (const { triesOffset } of directory.pin ? [directory.pin, ...directory.keys] : directory.keys)
      cells[triesOffset] = 0
    directory.directories.forEach(clear)
  }
  clear(card.layout.root)
  return toHex(cells)
}
