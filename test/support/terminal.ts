import { concat, toHex } from "../../src/apdu/index.js"
import type { Card, Directory, Secret } from "../../src/card/index.js"
import { authenticationData, challengeSessionKey } from "../../src/crypto/index.js"

/** Finds a key of the card by its name. */
export function keyOf(card: Card, name: string): Secret {
  const search = (directory: Directory): Secret | undefined =>
    directory.keys.find((key) => key.name === name) ??
    directory.directories.map(search).find((key) => key !== undefined)
  return search(card.layout.root)!
}

/** Draws a challenge and makes the EXTERNAL AUTHENTICATE that answers it, as a terminal that has the key does. */
export function authenticationCommand(card: Card, keyName: string): Uint8Array {
  const key = keyOf(card, keyName)
  const { algorithm } = card.layout
  const challenge = card.process(Uint8Array.of(0x00, 0x84, 0, 0, 8)).subarray(0, 8)
  const original = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  const sessionKey = challengeSessionKey(algorithm, card.memory.read(key.value), challenge)
  const data = concat(authenticationData(algorithm, sessionKey, original), original)
  return concat(0x00, 0x82, 0x00, key.id, data.length, data)
}

/** Authenticates with a key of the card. Throws when the card refuses. */
export function authenticate(card: Card, keyName: string): void {
  const answer = card.process(authenticationCommand(card, keyName))
  if (toHex(answer) !== "9000") throw new Error(`EXTERNAL AUTHENTICATE ${keyName}: ${toHex(answer)}`)
}
