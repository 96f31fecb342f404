import { describe, expect, it } from "vitest"
import { channelOf, codedClasses, isChained, plainClass } from "../../src/card/class.js"

describe("the class byte (ISO 7816-4 §5.4.1)", () => {
  it.each([
    [0x00, 0, false, 0x00],
    [0x03, 3, false, 0x00],
    [0x10, 0, true, 0x00],
    [0x13, 3, true, 0x00],
    [0x04, 0, false, 0x04],
    [0x0e, 2, false, 0x0c],
    [0x40, 4, false, 0x00],
    [0x4f, 19, false, 0x00],
    [0x50, 4, true, 0x00],
    [0x5f, 19, true, 0x00],
    [0x62, 6, false, 0x08],
    [0x72, 6, true, 0x08],
    [0x20, 0, false, 0x20],
    [0x80, 0, false, 0x80],
    [0x84, 0, false, 0x84],
    [0x81, 1, false, 0x80],
    [0x97, 3, true, 0x84],
    [0xb0, 0, false, 0xb0],
    [0xd0, 0, false, 0xd0],
    [0xff, 0, false, 0xff],
  ])("%i", (cla, channel, chained, plain) => {
    expect([channelOf(cla), isChained(cla), plainClass(cla)]).toEqual([channel, chained, plain])
  })

  it("is looked at only as far as the card offers something", () => {
    const count = (channels: number, chaining: boolean) =>
      codedClasses(channels, chaining).reduce((sum, coded) => sum + coded, 0)
    expect(count(1, false)).toBe(0)
    expect(count(20, true)).toBeGreaterThan(count(20, false))
    expect([...codedClasses(1, true)].flatMap((coded, cla) => (coded ? [cla] : []))).toEqual([
      0x10, 0x14, 0x18, 0x1c, 0x90, 0x94, 0x98, 0x9c,
    ])
  })
})
