import { describe, expect, it } from "vitest"
import { concat, hexNumber, toHex, triesLeft } from "../../../../src/apdu/index.js"
import { type Card, compileProfile, createCard, type Directory, loadProfile } from "../../../../src/card/index.js"
import { encipherKeyBlock, secureCommandApdu } from "../../../../src/crypto/index.js"
import { type KeyDefinition, socialSecurityKeys } from "../../../../src/dictionary/index.js"
import { exchangeAll } from "../../../support/exchange.js"
import { SELECT_SSSE } from "../../../support/social-security-card.js"
import { authenticationCommand, keyOf } from "../../../support/terminal.js"

/** Profiles that together hold every key of the tables, by algorithm and region. */
const PROFILES = ["employee", "employee-jiangsu", "employee-v3"]

const EXTERNAL = ["read", "update", "unblock"]

function directoriesOf(profile: string): ReadonlyMap<string, Directory> {
  const all = (directory: Directory): Directory[] => [directory, ...directory.directories.flatMap(all)]
  return new Map(all(compileProfile(loadProfile(profile)).root).map((directory) => [directory.name, directory]))
}

/** The keys of the tables that a card of the profile has. */
function rowsOf(profile: string): KeyDefinition[] {
  const directories = directoriesOf(profile)
  return socialSecurityKeys.filter(({ directory, name }) =>
    directories.get(directory)?.keys.some((key) => key.name === name),
  )
}

const ROWS = PROFILES.map((profile) => [profile, rowsOf(profile)] as const)

/** The key's directory is current. */
function cardAt(profile: string, { directory }: KeyDefinition): Card {
  const card = createCard({ profile, seed: "every key" })
  card.powerOn()
  exchangeAll(card, directory === "SSSE" ? [SELECT_SSSE] : [SELECT_SSSE, `00A4000002${directory}`])
  return card
}

const triesOf = (card: Card, name: string) => card.memory.readByte(keyOf(card, name).triesOffset)

describe("every key of the tables (card-structure §16.3, §16.4)", () => {
  it("is on one of the cards", () => {
    const held = new Set(ROWS.flatMap(([, rows]) => rows))
    expect(socialSecurityKeys.filter((key) => !held.has(key)).map(({ name }) => name)).toEqual([])
  })

  describe.each(ROWS)("of %s", (profile, rows) => {
    it.each(rows.map((row) => [row.name, hexNumber(row.cardId), row] as const))(
      "%s (%s) authenticates as its role allows, with a counter of its own",
      (name, id, row) => {
        const card = cardAt(profile, row)
        if (!EXTERNAL.includes(row.role)) {
          const length = card.layout.algorithm === "3des" ? "10" : "18"
          // P2 = 00 means UKssse where nothing was refused (card-commands §6.3).
          const expected = row.cardId === 0 ? "6984" : "6A88"
          exchangeAll(card, [`008200${id}${length}${"00".repeat(Number.parseInt(length, 16))} < ${expected}`])
          return
        }
        const before = card.memory.pages.snapshot()
        const wrong = () => {
          const command = authenticationCommand(card, name)
          command[5]! ^= 1
          return toHex(command)
        }
        const right = () => toHex(authenticationCommand(card, name))
        exchangeAll(card, [() => `${wrong()} < 63C2`, () => `${right()} < 9000`])
        expect(triesOf(card, name)).toBe(3)
        for (const left of [2, 1, 0]) exchangeAll(card, [() => `${wrong()} < ${hexNumber(triesLeft(left), 4)}`])
        exchangeAll(card, [() => `${right()} < 6983`])
        const after = card.memory.pages.snapshot()
        const changed = [...after.keys()].filter((at) => after[at] !== before[at])
        expect(changed).toEqual([keyOf(card, name).triesOffset])
      },
    )

    it.each(rows.map((row) => [row.name, hexNumber(row.cardId), row] as const))(
      "%s (%s) is written under the master key of its directory",
      (name, _, row) => {
        const card = cardAt(profile, row)
        const { algorithm } = card.layout
        const master = card.memory.read(keyOf(card, row.directory === "SSSE" ? "MKssse" : `MK${row.directory}`).value)
        const key = new Uint8Array(16).fill(0x5c)
        const data = encipherKeyBlock(algorithm, master, { usage: row.psamUsage ?? 0x40, keyNumber: row.cardId, key })
        const challenge = card.process(Uint8Array.of(0x00, 0x84, 0, 0, 8)).subarray(0, 8)
        const header = concat(0x84, 0xd4, algorithm === "3des" ? 0 : 1, row.cardId)
        expect(toHex(card.process(secureCommandApdu(algorithm, master, challenge, header, data)))).toBe("9000")
        expect(card.memory.read(keyOf(card, name).value)).toEqual(key)
      },
    )
  })
})
