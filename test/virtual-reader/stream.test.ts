import { describe, expect, it } from "vitest"
import { concat, hex, toHex, uint16 } from "../../src/apdu/index.js"
import { cardSlot } from "../../src/virtual-reader/slot.js"
import { framed, messageStream } from "../../src/virtual-reader/stream.js"
import { testCard } from "./test-card.js"

const USER_ATR = "3B6D00000081543100866011081600 0000".replaceAll(" ", "")
const READ = "0005 00B0000010"
const FILE = `${toHex(Uint8Array.from({ length: 16 }, (_, i) => i))}9000`

/** Feeds chunks to a card that is on, verified and selected; gives what it would write, frame by frame. */
function exchange(chunks: string[]): string[] {
  const card = testCard()
  const slot = cardSlot(card)
  for (const message of ["01", "0020000003123456", "00A4040000"]) slot.answer(hex(message))
  const written: string[] = []
  const receive = messageStream((message) => {
    const answer = slot.answer(message)
    if (answer) written.push(toHex(framed(answer)))
  })
  for (const chunk of chunks) receive(hex(chunk))
  return written
}

describe("9.1.1 the vectors of readers §2.3", () => {
  it.each([
    ["W1 get ATR", ["0001 04"], [`0011${USER_ATR}`]],
    ["W2 power on", ["0001 01"], []],
    ["W3 reset", ["0001 02"], []],
    ["W4 power off", ["0001 00"], []],
    ["W5 READ BINARY 16", [READ], [`0012${FILE}`]],
    ["W6 reset and get ATR in one chunk", ["0001 02 0001 04"], [`0011${USER_ATR}`]],
    ["W7 one APDU in two chunks", ["0005", "00B0000010"], [`0012${FILE}`]],
    ["W8 one APDU in three chunks", ["00", "0500", "B0000010"], [`0012${FILE}`]],
    ["W9 get ATR and an APDU in one chunk", [`0001 04 ${READ}`], [`0011${USER_ATR}`, `0012${FILE}`]],
  ])("%s", (_, chunks, answers) => {
    expect(exchange(chunks)).toEqual(answers)
  })

  it("every split of a stream of ten messages gives the same answers", () => {
    const messages = ["000104", READ, "000104", "0004 00FF0000", READ, "0005 00B0008001", "0006 00D600000155", READ]
    const stream = toHex(hex([...messages, "000104", READ].join("")))
    const whole = exchange([stream])
    expect(whole).toHaveLength(10)
    for (let at = 2; at < stream.length; at += 2)
      expect(exchange([stream.slice(0, at), stream.slice(at)])).toEqual(whole)
    expect(exchange(stream.match(/../g)!)).toEqual(whole)
  })
})

describe("the message stream", () => {
  it("tells whether a message is incomplete", () => {
    const receive = messageStream(() => {})
    expect(receive(hex("00"))).toBe(true)
    expect(receive(hex("0104"))).toBe(false)
    expect(receive(hex("000104 0005"))).toBe(true)
  })

  it("hands out plain bytes: the card may copy them with slice", () => {
    let message: Uint8Array | undefined
    messageStream((bytes) => (message = bytes))(Buffer.from(hex("0002 6700")))
    expect(Object.getPrototypeOf(message)).toBe(Uint8Array.prototype)
  })

  it("9.1.4 refuses to frame what the driver would wait for", () => {
    expect(() => framed(new Uint8Array(0))).toThrow(/^payload: expected 1..65535 bytes, got 0/)
    expect(() => framed(new Uint8Array(65_536))).toThrow(RangeError)
    expect(toHex(framed(hex("9000")))).toBe("00029000")
  })

  it("9.1.9 passes a message of 65,535 bytes in any pieces", () => {
    const body = Uint8Array.from({ length: 65_535 }, (_, i) => i)
    const bytes = concat(uint16(65_535), body)
    for (const size of [1, 7, 1460, 65_537]) {
      const seen: Uint8Array[] = []
      const receive = messageStream((message) => seen.push(message))
      if (size === 1) {
        receive(bytes.subarray(0, 1))
        receive(bytes.subarray(1))
      } else for (let at = 0; at < bytes.length; at += size) receive(bytes.subarray(at, at + size))
      expect(seen).toEqual([body])
    }
  })
})
