import { describe, expect, it } from "vitest"
import { hex, SW, toHex } from "../../src/apdu/index.js"
import { type Context, cardFromLayout, compileLayout } from "../../src/card/index.js"
import { exchange, exchangeAll } from "../support/exchange.js"
import { BANK_AID, SSSE_AID, TEST_ATR, testCard, testCardSpec } from "../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const BANK = `00A4040008${toHex(BANK_AID)}`

describe("power", () => {
  it("is off at first, and a card without power answers 6F00", () => {
    const card = cardFromLayout(compileLayout(testCardSpec()))
    expect(exchange(card, SSSE)).toBe("6F00")
    expect(card.powerOn()).toEqual(TEST_ATR)
    expect(exchange(card, SSSE)).toBe("6118")
    card.powerOff()
    expect(exchange(card, SSSE)).toBe("6F00")
  })

  it("gives the ATR without changing anything", () => {
    const card = testCard()
    exchange(card, SSSE)
    card.atr.fill(0)
    expect(card.atr).toEqual(TEST_ATR)
    expect(exchange(card, "00C0000018")).toMatch(/9000$/)
  })

  it("makes the MF current when it comes, and at every reset", () => {
    const card = testCard()
    exchange(card, SSSE)
    expect(card.reset()).toEqual(TEST_ATR)
    expect(card.session.directory.name).toBe("MF")
  })

  it("keeps what was written", () => {
    const card = testCard()
    exchangeAll(card, [BANK, "801E010000"])
    card.powerOff()
    card.powerOn()
    expect(exchange(card, BANK)).toBe("610C")
    expect(exchange(card, "00C000000C")).toMatch(/6283$/)
  })
})

describe("command APDUs (ISO 7816-4 §5.1)", () => {
  it.each([
    ["no byte", "", "6700"],
    ["one byte", "00", "6700"],
    ["three bytes", "00A400", "6700"],
    ["data missing", "00A4040005A0000000", "6700"],
    ["a byte too many", "00A4000002EF050000", "6700"],
    ["extended Lc of zero", "00A40000000000EF05", "6700"],
    ["extended Lc without its second byte", "00A404000000", "6700"],
    ["extended Lc, data missing", "00A4040000000FD156", "6700"],
    ["extended Lc, one byte of Le", "00A40400000002EF0500", "6700"],
    ["extended Lc", "00A40000000002DDF1", "6118"],
    ["extended Lc and Le", "00A40000000002DDF10000", "6118"],
    ["short Lc and Le", "00A4000002DDF100", "6118"],
  ])("%s", (_, command, expected) => {
    expect(exchange(testCard(), command)).toBe(expected)
  })

  it("of 65,600 bytes are refused or done, never a fault", () => {
    expect(toHex(testCard().process(new Uint8Array(65_600)))).toBe("6700")
    const longest = new Uint8Array(7 + 65_535)
    longest.set(hex("00D60000 00FFFF"))
    expect(toHex(testCard().process(longest))).toBe("6986")
  })
})

describe("classes (card-commands §1, ISO 7816-4 §5.4.1)", () => {
  it.each([
    ["an unknown instruction", "00FE0000", "6D00"],
    ["an unknown instruction of class 80", "80FE0000", "6D00"],
    ["logical channel 1", "01A4000002DDF1", "6881"],
    ["logical channel 3", "03A4000002DDF1", "6881"],
    ["logical channel 4", "40A4000002DDF1", "6881"],
    ["logical channel 19", "4FA4000002DDF1", "6881"],
    ["chaining", "10A4000002DDF1", "6884"],
    ["chaining on channel 1", "11A4000002DDF1", "6881"],
    ["secure messaging of a command that has none", "04A4000002DDF1", "6882"],
    ["secure messaging with the header", "0CA4000002DDF1", "6882"],
    ["secure messaging of an unknown instruction", "04FE0000", "6D00"],
    ["secure messaging of an unknown instruction of class 80", "84FE0000", "6D00"],
    ["a reserved class", "20A4000002DDF1", "6E00"],
    ["a class of another application", "B026000104", "6E00"],
    ["class FF", "FFA4000002DDF1", "6E00"],
    ["class 81", "81A4000002DDF1", "6E00"],
  ])("%s", (_, command, expected) => {
    expect(exchange(testCard(), command)).toBe(expected)
  })

  it("are known where an application brings them", () => {
    const card = testCard()
    expect(exchange(card, "D0EB000004")).toBe("6E00")
    expect(exchangeAll(card, [BANK, "D0EB000004"])).toMatch(/^[0-9A-F]{8}9000$/)
  })
})

describe("faults", () => {
  it("of a handler are 6F00; its transaction is undone and the error told to the hook", () => {
    const errors: unknown[] = []
    const card = testCard({ onFault: (error) => errors.push(error) })
    exchange(card, BANK)
    const before = card.memory.read({ offset: 0, length: card.layout.journal.offset })
    expect(exchange(card, "80EF0000")).toBe("6F00")
    expect(errors.map(String)).toEqual(["Error: bug in a handler"])
    expect(card.memory.read({ offset: 0, length: card.layout.journal.offset })).toEqual(before)
    expect(exchange(card, "80EE000001AA")).toBe("6101")
  })

  it("of a memory that cannot be recovered make every command 6581", () => {
    const card = testCard()
    const cells = card.memory.pages.snapshot()
    cells.set([1, 0, 0, 0, 0, 1, 0xaa, 0x00], card.layout.journal.offset)
    card.memory.pages.restore(cells)
    card.powerOn()
    expect(exchange(card, SSSE)).toBe("6581")
  })
})

describe("random numbers", () => {
  const draw = (options: Parameters<typeof testCard>[0]) => exchangeAll(testCard(options), [BANK, "D0EB000004"])

  it("repeat with the seed", () => {
    expect(draw({ seed: 1 })).toBe(draw({ seed: 1 }))
    expect(draw({ seed: 1 })).not.toBe(draw({ seed: 2 }))
    expect(draw({ seed: "a" })).not.toBe(draw({ seed: "b" }))
  })

  it("come from a given source, or the system", () => {
    expect(draw({ random: (length) => new Uint8Array(length).fill(7) })).toBe("070707079000")
    const card = cardFromLayout(compileLayout(testCardSpec()))
    const [first, second] = [card, card].map((one) => {
      one.powerOn()
      return exchangeAll(one, [BANK, "D0EB000004"])
    })
    expect(first).not.toBe(second)
  })
})

describe("cards of one layout", () => {
  it("share it, and nothing of what they write", () => {
    const layout = compileLayout(testCardSpec())
    const image = layout.image.slice()
    const [first, second] = [cardFromLayout(layout), cardFromLayout(layout)]
    first.powerOn()
    second.powerOn()
    exchangeAll(first, [BANK, "801E010000 < 9000"])
    expect(exchangeAll(second, [BANK, "80EE000001AA"])).toBe("6101")
    expect(layout.image).toEqual(image)
  })

  it("start from a snapshot of one another", () => {
    const layout = compileLayout(testCardSpec())
    const first = cardFromLayout(layout)
    first.powerOn()
    exchangeAll(first, [BANK, "801E010000 < 9000"])
    const second = cardFromLayout(layout, { memory: first.memory.pages.snapshot() })
    second.powerOn()
    expect(exchangeAll(second, [BANK, "80EE000001AA"])).toBe("6985")
    expect(() => cardFromLayout(layout, { memory: new Uint8Array(64) })).toThrow(/^cells:/)
  })
})

describe("power cuts", () => {
  it("throw CardRemovedError from the command, and the card is off until power comes", () => {
    const card = testCard()
    exchange(card, BANK)
    card.cutPowerAfter(0)
    expect(() => exchange(card, "801E010000")).toThrowError(expect.objectContaining({ code: "CARD_REMOVED" }))
    expect(exchange(card, BANK)).toBe("6F00")
    card.powerOn()
    expect(exchangeAll(card, [BANK, "80EE000001AA"])).toBe("6101")
  })

  it("can be taken back", () => {
    const card = testCard()
    exchange(card, BANK)
    card.cutPowerAfter(0)
    card.cutPowerAfter(Number.POSITIVE_INFINITY)
    expect(exchange(card, "801E010000")).toBe("9000")
  })

  it("take the card away even when a handler swallows the error", () => {
    const spec = testCardSpec()
    const commands = {
      "8001": ({ memory, directory }: Context) => {
        try {
          memory.writeByte(directory.pin!.triesOffset, 1)
        } catch {}
        return SW.OK
      },
    }
    const [ssse] = spec.root.directories!
    const directories = [{ ...ssse!, application: { name: "careless", commands } }]
    const card = cardFromLayout(compileLayout({ ...spec, root: { ...spec.root, directories } }))
    card.powerOn()
    exchange(card, SSSE)
    card.cutPowerAfter(0)
    expect(() => exchange(card, "80010000")).toThrowError(expect.objectContaining({ code: "CARD_REMOVED" }))
  })

  it("refuse a number of writes that is none", () => {
    expect(() => testCard().cutPowerAfter(-1)).toThrow(/^writes:/)
  })
})
