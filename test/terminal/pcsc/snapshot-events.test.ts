import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { snapshot } from "../../../src/terminal/pcsc/binding.js"
import { snapshotEvents } from "../../../src/terminal/pcsc/snapshot-events.js"

const A = hex("3B00")
const B = hex("3F00")
const at = (state: number, atr?: Uint8Array, name = "R") => snapshot(name, state, atr)
const brief = (...args: Parameters<typeof snapshotEvents>) =>
  snapshotEvents(...args).map((event) => `${event.type} ${event.reader}${"atr" in event ? ` ${event.atr.length}` : ""}`)

describe("reading a state of PC/SC (readers §6.1)", () => {
  it.each([
    [0x00000012, { present: false, mute: false, inUse: false, exclusive: false, events: 0 }],
    [0x00010022, { present: true, mute: false, inUse: false, exclusive: false, events: 1 }],
    [0x00030122, { present: true, mute: false, inUse: true, exclusive: false, events: 3 }],
    [0x000000a2, { present: true, mute: false, inUse: false, exclusive: true, events: 0 }],
    [0x00050222, { present: true, mute: true, inUse: false, exclusive: false, events: 5 }],
  ])("%s", (state, expected) => {
    expect(snapshot("R", state, A)).toMatchObject(expected)
  })
  it("has an ATR only where a card is present", () => {
    expect(at(0x22, A).atr).toEqual(A)
    expect(at(0x12, A).atr).toBeUndefined()
    expect(at(0x222, new Uint8Array(0)).atr).toBeUndefined()
  })
})

describe("9.2.14 what happened between two looks", () => {
  it("nothing", () => {
    expect(brief([at(0x10022, A)], [at(0x10122, A)])).toEqual([])
  })
  it("readers come with their cards and go with them", () => {
    expect(brief([], [at(0x10022, A), at(0x12, undefined, "S")])).toEqual([
      "reader-added R",
      "card-inserted R 2",
      "reader-added S",
    ])
    expect(brief([at(0x10022, A), at(0x12, undefined, "S")], [])).toEqual([
      "card-removed R",
      "reader-removed R",
      "reader-removed S",
    ])
  })
  it("a card comes, a card goes", () => {
    expect(brief([at(0x12)], [at(0x10022, A)])).toEqual(["card-inserted R 2"])
    expect(brief([at(0x10022, A)], [at(0x20012)])).toEqual(["card-removed R"])
  })
  it("a removal and insertion that nobody looked at shows in the event counter (readers §6.9)", () => {
    expect(brief([at(0x10022, A)], [at(0x30022, A)])).toEqual(["card-removed R", "card-inserted R 2"])
    expect(brief([at(0xffff0022, A)], [at(0x00010022, A)])).toEqual(["card-removed R", "card-inserted R 2"])
  })
  it("or in another answer to reset", () => {
    expect(brief([at(0x10022, A)], [at(0x10022, B)])).toEqual(["card-removed R", "card-inserted R 2"])
  })
  it("an answer to reset that becomes known later is no event", () => {
    expect(brief([at(0x10022)], [at(0x10022, A)])).toEqual([])
  })
  it("a mute card is inserted with an empty answer to reset, and is another when it speaks", () => {
    expect(brief([at(0x12)], [at(0x10222)])).toEqual(["card-inserted R 0"])
    expect(brief([at(0x10222)], [at(0x10022, A)])).toEqual(["card-removed R", "card-inserted R 2"])
  })
  it("readers are known by name, whatever their order", () => {
    const [r, s] = [at(0x10022, A), at(0x12, undefined, "S")]
    expect(brief([r, s], [s, r])).toEqual([])
  })
})
