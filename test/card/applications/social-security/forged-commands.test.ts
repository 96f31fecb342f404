import { describe, expect, it } from "vitest"
import { hex, SW, toHex } from "../../../../src/apdu/index.js"
import { type Card, cardFromLayout, compileProfile, loadProfile } from "../../../../src/card/index.js"
import { encipherKeyBlock, secureCommandApdu } from "../../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import { CHALLENGE, cellsWithoutCounters, SELECT_SSSE, secured } from "../../../support/social-security-card.js"
import { authenticate, keyOf } from "../../../support/terminal.js"

type Make = (card: Card) => string

const EF06 = ["00A4020002EF06"]
const COMMANDS: readonly [name: string, prepare: readonly string[], make: Make][] = [
  ["PIN RELOAD", [], (card) => secured(card, "STKssse", "84240001", "03112233", { encipher: true })],
  ["PIN UNBLOCK", [], (card) => secured(card, "STKssse", "84240000")],
  ["APPLICATION BLOCK", [], (card) => secured(card, "STKssse", "841E0000")],
  ["CARD BLOCK", [], (card) => secured(card, "STKssse", "84160000")],
  ["UPDATE RECORD with MAC", EF06, (card) => secured(card, "STKssse", "04DC0404", "0A0132")],
  ["UPDATE RECORD, enciphered", EF06, (card) => secured(card, "STKssse", "84DC0404", "030A0132", { encipher: true })],
  ["UPDATE BINARY with MAC", [], (card) => secured(card, "STKssse", "04D68700", "A1A2A3")],
  ["WRITE KEY", [], writeKey],
]

function writeKey(card: Card): string {
  const { algorithm } = card.layout
  const master = card.memory.read(keyOf(card, "MKssse").value)
  const data = encipherKeyBlock(algorithm, master, { usage: 0x48, keyNumber: 4, key: new Uint8Array(16).fill(0x5c) })
  const challenge = hex(exchange(card, CHALLENGE).slice(0, 16))
  return toHex(
    secureCommandApdu(algorithm, master, challenge, hex(algorithm === "3des" ? "84D40004" : "84D40104"), data),
  )
}

/** All eight bits of the header bytes, one of each other byte. */
function forgeries(command: Uint8Array): Uint8Array[] {
  const bits = [...command.keys()].flatMap((at) =>
    (at < 5 ? [1, 2, 4, 8, 16, 32, 64, 128] : [1 << (at % 8)]).map((bit) => [at, bit] as const),
  )
  return bits.map(([at, bit]) => command.map((byte, i) => (i === at ? byte ^ bit : byte)))
}

describe.each(["employee", "employee-v3"])(
  "a command of %s with one bit changed on its way (card-commands §7.1)",
  (profile) => {
    const layout = compileProfile(loadProfile(profile))
    const prepared = (prepare: readonly string[]) => {
      const card = cardFromLayout(layout, { seed: "forged" })
      card.powerOn()
      exchange(card, SELECT_SSSE)
      authenticate(card, "PUK")
      exchangeAll(card, prepare)
      return card
    }

    it.each(COMMANDS)("%s is refused and changes nothing but counters", (name, prepare, make) => {
      const reference = prepared(prepare)
      const command = hex(make(reference))
      const untouched = cellsWithoutCounters(reference)
      expect(toHex(reference.process(command))).toBe("9000")
      const changes = cellsWithoutCounters(reference) !== untouched
      expect(changes).toBe(name !== "PIN UNBLOCK")
      for (const forged of forgeries(command)) {
        const card = prepared(prepare)
        make(card)
        const answer = card.process(forged)
        const status = (answer.at(-2)! << 8) | answer.at(-1)!
        // A changed header may be another command that is allowed, such as one that reads; none that writes.
        if (status === SW.OK || status >> 8 === 0x61) expect(forged[0]! & 0x04, toHex(forged)).toBe(0)
        expect(cellsWithoutCounters(card), toHex(forged)).toBe(untouched)
      }
    })
  },
)
