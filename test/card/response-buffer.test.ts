import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { CardMemory } from "../../src/card/memory.js"
import { ResponseBuilder } from "../../src/card/response-buffer.js"

const memory = new CardMemory(
  Uint8Array.from({ length: 1024 }, (_, i) => i & 0xff),
  { offset: 960, length: 64 },
)
const stretch = (from: number, to: number) => toHex(memory.read({ offset: from, length: to - from }))

/** Answers everything that was appended. */
function answered(fill: (response: ResponseBuilder) => void, response = new ResponseBuilder()): string {
  response.clear()
  fill(response)
  return toHex(response.answer(response.length, 0x9000))
}

describe("the response buffer", () => {
  it.each([0, 1, 62, 63, 200, 900])("answers %i bytes of card memory", (length) => {
    expect(answered((response) => response.appendMemory(memory, 10, length))).toBe(`${stretch(10, 10 + length)}9000`)
  })

  it("joins bytes, memory and constants in the order they came", () => {
    expect(
      answered((response) => {
        response.appendMemory(memory, 1, 3)
        response.appendByte(0xaa)
        response.appendMemory(memory, 100, 70)
        response.append(hex("BBCC"))
      }),
    ).toBe(`010203AA${stretch(100, 170)}BBCC9000`)
    expect(
      answered((response) => {
        response.appendConstant(hex("0102"))
        response.append(hex("03"))
      }),
    ).toBe("0102039000")
  })

  it("refuses a constant behind other data", () => {
    const response = new ResponseBuilder()
    response.appendByte(1)
    expect(() => response.appendConstant(hex("02"))).toThrow(/^bytes:/)
  })

  it("keeps the rest of each kind for later", () => {
    for (const fill of [
      (response: ResponseBuilder) => response.append(hex("01020304")),
      (response: ResponseBuilder) => response.appendConstant(hex("01020304")),
      (response: ResponseBuilder) => response.appendMemory(memory, 1, 4),
    ]) {
      const response = new ResponseBuilder()
      fill(response)
      expect([toHex(response.rest(1)), toHex(response.rest(0))]).toEqual(["020304", "01020304"])
      expect(toHex(response.answer(2, 0x6102))).toBe("01026102")
    }
  })

  it("gives every answer bytes of its own, over many slabs", () => {
    const response = new ResponseBuilder()
    const answers: Uint8Array[] = []
    for (let i = 0; i < 1000; i++) {
      response.clear()
      response.append(new Uint8Array(200 + (i % 100)).fill(i))
      answers.push(response.answer(response.length, 0x9000))
    }
    for (const [i, answer] of answers.entries())
      expect(toHex(answer)).toBe(`${toHex(new Uint8Array(200 + (i % 100)).fill(i))}9000`)
  })
})
