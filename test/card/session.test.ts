import { describe, expect, it } from "vitest"
import { toHex } from "../../src/apdu/index.js"
import type { Card, Context } from "../../src/card/index.js"
import { exchange, exchangeAll } from "../support/exchange.js"
import { isoCard } from "../support/iso-card.js"
import { authenticate } from "../support/terminal.js"
import { BANK_AID, SSSE_AID, testCard } from "../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const PIN = "0020000003123456"

/** SSSE with PIN, UKssse and RKssse satisfied, and two challenges drawn; then DF01 with RK1DF01 where asked. */
function opened(directory?: "DF01"): Card {
  const card = testCard()
  exchangeAll(card, [SSSE, `${PIN} < 9000`])
  authenticate(card, "UKssse")
  authenticate(card, "RKssse")
  if (directory) {
    exchangeAll(card, ["00A4000002DF01 < 610F"])
    authenticate(card, "RK1DF01")
  }
  exchangeAll(card, ["0084000008", "0084000008"])
  return card
}

const has = (card: Card) => ({
  pin: card.session.pinVerified,
  environmentKeys: (card.session.environmentBits & ~1) !== 0,
  localKeys: card.session.localBits !== 0,
  challenges: card.session.challenge !== undefined && card.session.previousChallenge !== undefined,
})

const NOTHING = { pin: false, environmentKeys: false, localKeys: false, challenges: false }
const ENVIRONMENT = { pin: true, environmentKeys: true, localKeys: false, challenges: true }
const ALL = { pin: true, environmentKeys: true, localKeys: true, challenges: true }

describe("the security state (card-commands §8)", () => {
  it("is complete before each of these", () => {
    expect(has(opened())).toEqual(ENVIRONMENT)
    expect(has(opened("DF01"))).toEqual(ALL)
  })

  it("is dropped by a reset, the MF is current", () => {
    const card = opened("DF01")
    card.reset()
    expect(has(card)).toEqual(NOTHING)
    expect(card.session.directory.name).toBe("MF")
  })

  it("is dropped by power off", () => {
    const card = opened("DF01")
    card.powerOff()
    card.powerOn()
    expect(has(card)).toEqual(NOTHING)
  })

  it.each([
    ["an EF: everything stays", "00A4000002EF05", ALL],
    ["an EF by SFI: everything stays", "00B2014C00", ALL],
    ["another DF below the same DDF: its local keys go", "00A4000002DF04", ENVIRONMENT],
    ["another DF by name: its local keys go", "00A4040006D15600000503", ENVIRONMENT],
    ["the same DF again: its local keys go", "00A4000002DF01", ENVIRONMENT],
    ["the DDF itself: its state stays", "00A4000002DDF1", ENVIRONMENT],
    ["the DDF by name: its state stays", SSSE, ENVIRONMENT],
    ["the parent: its state stays", "00A4030000", ENVIRONMENT],
    ["the MF: all goes", "00A40000023F00", NOTHING],
    ["another DDF: all goes", "00A4000002DDF2", NOTHING],
    ["a bank application: all goes", `00A4040008${toHex(BANK_AID)}`, NOTHING],
    ["a file that is not there: everything stays", "00A4000002EEEE", ALL],
    ["a name that is not there: everything stays", "00A4040005A000000099", ALL],
  ])("after selecting %s", (_, command, expected) => {
    const card = opened("DF01")
    exchange(card, command)
    expect(has(card)).toEqual(expected)
  })

  it("does not come back with the DDF", () => {
    const card = opened()
    exchangeAll(card, ["00A40000023F00", SSSE])
    expect(has(card)).toEqual(NOTHING)
  })

  it("loses the PIN with a wrong one, and only the PIN", () => {
    const card = opened("DF01")
    exchange(card, "0020000003999999")
    expect(has(card)).toEqual({ ...ALL, pin: false })
  })

  it("keeps the PIN when VERIFY was malformed", () => {
    const card = opened()
    exchange(card, "002000000199")
    expect(has(card)).toEqual(ENVIRONMENT)
  })

  it("loses a key with a failed authentication, and only that key", () => {
    const card = opened()
    const before = card.session.environmentBits
    const key = card.layout.root.directories[0]!.keys.find(({ name }) => name === "RKssse")!
    exchange(card, `0082000A10${"00".repeat(16)}`)
    expect(card.session.environmentBits).toBe(before & ~key.bit)
  })

  it("lets an issuer authenticate UKssse once and write EF06 and EF05", () => {
    const card = testCard()
    exchange(card, SSSE)
    authenticate(card, "UKssse")
    exchangeAll(card, ["00A4000002EF06", "00DC030403 0A0132 < 9000", "00A4000002EF05", "00DC020403 020132 < 9000"])
  })
})

describe("access rules", () => {
  it("free is open", () => {
    exchangeAll(testCard(), [SSSE, "00B2022C00 < 0201319000"])
  })

  it("PIN|key opens with the PIN", () => {
    exchangeAll(testCard(), [SSSE, "00A4000002DF01", "00B2012C00 < 6982", PIN, "00B2012C00 < 200231309000"])
  })

  it("PIN|key opens with the key", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002DF01"])
    authenticate(card, "RK1DF01")
    exchangeAll(card, ["00B2012C00 < 200231309000"])
  })

  it("PIN+key opens with both and with neither alone", () => {
    const card = testCard()
    const read = "00B2013400"
    exchangeAll(card, [SSSE, "00A4000002DF04", `${read} < 6982`, PIN, `${read} < 6982`])
    authenticate(card, "RK1DF04")
    exchangeAll(card, [`${read} < 9004616263649000`, "0020000003999999", `${read} < 6982`])
  })

  it("key|key opens for writing with either", () => {
    for (const key of ["UK4DF01", "UK1DF01"]) {
      const card = testCard()
      exchangeAll(card, [SSSE, "00A4000002DF01", "00DC013406 230441424344 < 6982"])
      authenticate(card, key)
      exchangeAll(card, ["00DC013406 230441424344 < 9000"])
    }
  })

  it("a key of one directory opens nothing in another that gives it the same bit", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002DF01"])
    authenticate(card, "RK1DF01")
    exchangeAll(card, ["00A4000002DF04", "00B2012C00 < 6982"])
  })

  it("the PIN of one environment opens nothing in another", () => {
    const card = testCard()
    exchangeAll(card, ["00A4000002DDF2 < 9000", "00200000029999 < 9000", SSSE, "00A4000002DF01", "00B2012C00 < 6982"])
  })
})

/** LOANS of an ISO card on channel 1, with PIN, ADMIN and CLERK shown there and two challenges drawn. */
function openedOnChannel(): Card {
  const card = isoCard()
  exchangeAll(card, ["00700001 < 9000", "01A4040C06F00000000001 < 9000", "0120000003123456 < 9000"])
  const onChannel = { ...channelOne(card), layout: card.layout, memory: card.memory } as unknown as Card
  for (const key of ["ADMIN", "CLERK"]) authenticate(onChannel, key)
  exchangeAll(card, ["0184000008", "0184000008"])
  return card
}

const channelOne = (card: Card) => ({
  process: (command: Uint8Array) => card.process(Uint8Array.of(command[0]! | 1, ...command.subarray(1))),
})

const stateOf = (card: Card, channel: number) => {
  const session = (card as unknown as Context).channels.session(channel)
  return session && has({ session } as unknown as Card)
}

describe("the security state of a logical channel (card-commands §8, ISO 7816-4 §5.4.2)", () => {
  it.each([
    ["an EF on it: everything stays", "01A4020C020001", ALL],
    ["an EF elsewhere by path: local keys go", "01A4080C064F004F010001", ENVIRONMENT],
    ["a directory below: local keys go", "01A4010C024F01", ENVIRONMENT],
    ["the parent: local keys go", "01A4030C", ENVIRONMENT],
    ["the same directory again: local keys go", "01A4040C06F00000000001", ENVIRONMENT],
    ["another environment: all goes", "01A4040C06F00000000002", NOTHING],
    ["what is not there: everything stays", "01A4080C044F001234", ALL],
    ["another directory on the basic channel: everything stays", "00A4040C06F00000000002", ALL],
    ["a wrong PIN: the PIN goes", "0120000003999999", { ...ALL, pin: false }],
    ["a wrong PIN on the basic channel: everything stays", "0020000003999999", ALL],
    ["a malformed VERIFY: everything stays", "012000000199", ALL],
    ["opening another channel from it: everything stays", "01700002", ALL],
    ["closing another channel: everything stays", "00708002", ALL],
    ["closing it: all goes", "00708001", undefined],
    ["closing it by itself: all goes", "01708000", undefined],
  ])("after %s", (_, command, expected) => {
    const card = openedOnChannel()
    expect(stateOf(card, 1)).toEqual(ALL)
    expect(stateOf(card, 0)).toEqual(NOTHING)
    exchange(card, command)
    expect(stateOf(card, 1)).toEqual(expected)
    expect(stateOf(card, 0)).toEqual(NOTHING)
  })

  it("goes to a channel opened from it but for challenges, and both are on their own then", () => {
    const card = openedOnChannel()
    exchange(card, "01700002")
    expect(stateOf(card, 2)).toEqual({ ...ALL, challenges: false })
    exchange(card, "0220000003999999")
    expect(stateOf(card, 1)).toEqual(ALL)
    expect(stateOf(card, 2)).toEqual({ ...ALL, challenges: false, pin: false })
  })

  it("is dropped by a reset, with the channel", () => {
    const card = openedOnChannel()
    card.reset()
    expect(stateOf(card, 1)).toBeUndefined()
    expect(stateOf(card, 0)).toEqual(NOTHING)
  })

  it("loses a key with a failed authentication, and only that key", () => {
    const card = openedOnChannel()
    const session = (card as unknown as Context).channels.session(1)!
    exchange(card, `0182008110${"00".repeat(16)}`)
    expect(session.localBits).toBe(0)
    expect(has({ session } as unknown as Card)).toMatchObject({ pin: true, environmentKeys: true })
  })
})
