import { describe, expect, it } from "vitest"
import { CardRemovedError, concat, hex, responseData, statusWord, toHex } from "../../src/apdu/index.js"
import { cardSlot, type SlotWarning } from "../../src/virtual-reader/slot.js"
import { type TestCard, testCard, USER_ATR } from "./test-card.js"

const VERIFY = "0020000003123456"
const SELECT = "00A4040000"
const READ = "00B0000002"

function poweredSlot(card: TestCard = testCard()) {
  const warnings: SlotWarning[] = []
  const slot = cardSlot(card, (warning) => warnings.push(warning))
  const send = (message: string) => {
    const answer = slot.answer(hex(message))
    return answer && toHex(answer)
  }
  send("01")
  return { card, slot, send, warnings }
}

describe("9.1.4 the card always answers", () => {
  it("6F00 when the card throws, and says so once without card data", () => {
    const { send, warnings } = poweredSlot()
    expect(send("00EE0000")).toBe("6F00")
    expect(send("00EE0000")).toBe("6F00")
    expect(warnings.map(({ code }) => code)).toEqual(["CARD_FAILED"])
    expect(warnings[0]!.message).not.toContain("a fault of the card")
  })

  it("6F00 when the card answers fewer than two bytes", () => {
    const { send } = poweredSlot()
    expect(send("00EF0000")).toBe("6F00")
  })

  it("a card that lost its power in the middle is removed, not answered for", () => {
    const { slot } = poweredSlot()
    expect(() => slot.answer(hex("00ED0000"))).toThrow(CardRemovedError)
  })
})

describe("9.1.5 careless clients", () => {
  it.each(["B0", "05", "FF", "03"])("6700 to the unknown control byte %s", (byte) => {
    expect(poweredSlot().send(byte)).toBe("6700")
  })
  it.each(["", "00B0", "00B000"])("6700 to an APDU of %s", (command) => {
    const { send, card } = poweredSlot()
    expect(send(command)).toBe("6700")
    expect(card.calls).not.toContain("process")
  })
})

describe("9.1.6 GET ATR", () => {
  it("is answered in every power state", () => {
    const { send } = poweredSlot()
    for (const state of ["01", "00", "02", "00"]) {
      send(state)
      expect(send("04")).toBe(toHex(USER_ATR))
    }
  })

  it("a thousand times between VERIFY and READ changes nothing", () => {
    const { send, card } = poweredSlot()
    send(VERIFY)
    send(SELECT)
    const before = card.calls.length
    for (let i = 0; i < 1000; i++) send("04")
    expect(card.calls).toHaveLength(before)
    expect(send(READ)).toBe("00019000")
  })
})

describe("9.1.7 power and reset end the session", () => {
  it.each([
    ["OFF", ["00", "01"]],
    ["RESET", ["02"]],
    ["ON while on", ["01"]],
    ["RESET while off", ["00", "02"]],
  ])("%s: PIN state and selection are gone, memory stays", (_, messages) => {
    const { send } = poweredSlot()
    expect(send("00D6000001AA")).toBe("9000")
    send(VERIFY)
    send(SELECT)
    expect(send(READ)).toBe("AA019000")
    for (const message of messages) expect(send(message)).toBeUndefined()
    expect(send(READ)).toBe("6982")
    send(VERIFY)
    expect(send(READ)).toBe("6986")
    send(SELECT)
    expect(send(READ)).toBe("AA019000")
  })

  it.each([["00"], ["01"], ["02"]])("control byte %s rolls an open card transaction back", (message) => {
    const { send, card } = poweredSlot()
    send("00E00000")
    send("00D6000001AA")
    expect(card.memory[0]).toBe(0xaa)
    send(message)
    expect(card.memory[0]).toBe(0)
  })

  it("a command while off is refused with 6F00, said once, and does not reach the card", () => {
    const { send, card, warnings } = poweredSlot()
    send("00")
    expect(send(SELECT)).toBe("6F00")
    expect(send(SELECT)).toBe("6F00")
    expect(card.calls).not.toContain("process")
    expect(warnings.map(({ code }) => code)).toEqual(["APDU_WHILE_OFF"])
  })

  it("is powered off once, whoever asks", () => {
    const { slot, card } = poweredSlot()
    slot.powerOff()
    slot.powerOff()
    slot.answer(hex("00"))
    expect(card.calls).toEqual(["on", "off"])
  })
})

describe("9.1.9 capacity", () => {
  it("accepts commands of 65,535 bytes", () => {
    const { slot } = poweredSlot()
    const command = new Uint8Array(65_535)
    command.set(hex("00EC000000FFF8"))
    expect(slot.answer(command)).toEqual(concat(command.subarray(5), hex("9000")))
  })

  it("an answer of 65,533 data bytes passes whole", () => {
    const { slot } = poweredSlot()
    const answer = slot.answer(hex("00CAFFFD00"))!
    expect(answer).toHaveLength(65_535)
    expect(statusWord(answer)).toBe(0x9000)
  })

  it.each([
    [1, "00CAFFFE00", 0x6101],
    [3, "00CAFFFF01", 0x6103],
    [255, "00CAFFFFFD", 0x61ff],
  ])("one with %d bytes more is cut and continued", (rest, command, status) => {
    const { slot, card } = poweredSlot()
    const first = slot.answer(hex(command))!
    expect(first).toHaveLength(65_535)
    expect(statusWord(first)).toBe(status)
    const second = slot.answer(Uint8Array.of(0, 0xc0, 0, 0, rest))!
    expect(statusWord(second)).toBe(0x9000)
    const whole = card.process(hex(command))
    expect(concat(responseData(first), second)).toEqual(whole)
  })

  it("the rest can be fetched in pieces; a wrong length is corrected; another command drops it", () => {
    const { slot, send } = poweredSlot()
    const first = slot.answer(hex("00CAFFFFFD"))!
    expect(send("00C00000")).toBe("6700")
    const a = slot.answer(hex("00C00000FE"))!
    expect(statusWord(a)).toBe(0x6101)
    expect(send("00C0000002")).toBe("6C01")
    const b = slot.answer(hex("00C0000001"))!
    expect(statusWord(b)).toBe(0x9000)
    expect(responseData(first).length + responseData(a).length + responseData(b).length).toBe(65_535 + 253)
    slot.answer(hex("00CAFFFF01"))
    send(SELECT)
    expect(send("00C0000001")).toBe("6D00")
  })
})
