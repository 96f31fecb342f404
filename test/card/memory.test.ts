import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CardMemory } from "../../src/card/memory.js"
import { PAGE_SIZE, PowerCut } from "../../src/card/pages.js"

const SIZE = 1024
const JOURNAL = { offset: 512, length: 512 }

function newMemory(image = numbered()): CardMemory {
  return new CardMemory(image, JOURNAL)
}

/** Bytes 0..511 = low byte of their offset, the journal empty. */
function numbered(): Uint8Array {
  return new Uint8Array(SIZE).map((_, i) => (i < JOURNAL.offset ? i & 0xff : 0))
}

const contents = (memory: CardMemory) => memory.read({ offset: 0, length: JOURNAL.offset })

/** Runs until the fault plan strikes. */
function strike(body: () => void): boolean {
  try {
    body()
    return false
  } catch (error) {
    if (error instanceof PowerCut) return true
    throw error
  }
}

describe("reading and writing", () => {
  it("reads the shared image until a page is written, and leaves the image alone", () => {
    const image = numbered()
    const [first, second] = [newMemory(image), newMemory(image)]
    first.write(100, Uint8Array.of(1, 2, 3))
    expect(first.read({ offset: 99, length: 5 })).toEqual(Uint8Array.of(99, 1, 2, 3, 103))
    expect(second.read({ offset: 99, length: 5 })).toEqual(Uint8Array.of(99, 100, 101, 102, 103))
    expect(image).toEqual(numbered())
  })

  it("reads numbers big endian", () => {
    const memory = newMemory()
    memory.write(62, Uint8Array.of(0xfe, 0xdc, 0xba, 0x98))
    expect(memory.readUint16({ offset: 62, length: 2 })).toBe(0xfedc)
    expect(memory.readUint32({ offset: 62, length: 4 })).toBe(0xfedcba98)
  })

  it("refuses to read or write outside the memory", () => {
    const memory = newMemory()
    expect(() => memory.read({ offset: SIZE - 1, length: 2 })).toThrow(RangeError)
    expect(() => memory.write(SIZE - 1, new Uint8Array(2))).toThrow(RangeError)
    expect(() => memory.writeByte(SIZE, 0)).toThrow(RangeError)
    expect(() => memory.write(-1, new Uint8Array(2))).toThrow(RangeError)
    expect(memory.pages.snapshot().subarray(0, JOURNAL.offset)).toEqual(numbered().subarray(0, JOURNAL.offset))
  })

  it("keeps what a plain array keeps, over any sequence of writes and reads", () => {
    const write = fc
      .nat(JOURNAL.offset - 1)
      .chain((offset) =>
        fc.tuple(
          fc.constant(offset),
          fc.uint8Array({ minLength: 1, maxLength: Math.min(200, JOURNAL.offset - offset) }),
        ),
      )
    fc.assert(
      fc.property(fc.array(write, { maxLength: 20 }), (writes) => {
        const [memory, model] = [newMemory(), numbered()]
        for (const [offset, bytes] of writes) {
          memory.write(offset, bytes)
          model.set(bytes, offset)
          expect(memory.read({ offset, length: bytes.length })).toEqual(bytes)
        }
        expect(contents(memory)).toEqual(model.subarray(0, JOURNAL.offset))
        for (let i = 0; i < JOURNAL.offset; i += 17) expect(memory.readByte(i)).toBe(model[i])
      }),
    )
  })
})

describe("transactions", () => {
  it("undoes everything when the body throws, and passes the error on", () => {
    const memory = newMemory()
    const failure = new Error("handler failed")
    expect(() =>
      memory.transaction(() => {
        memory.write(10, new Uint8Array(100))
        memory.writeByte(10, 7)
        memory.write(60, Uint8Array.of(9, 9))
        throw failure
      }),
    ).toThrow(failure)
    expect(contents(memory)).toEqual(numbered().subarray(0, JOURNAL.offset))
  })

  it("joins an inner transaction to the outer one", () => {
    const memory = newMemory()
    expect(() =>
      memory.transaction(() => {
        memory.transaction(() => memory.write(10, Uint8Array.of(1, 2)))
        throw new Error("after the inner one")
      }),
    ).toThrow()
    expect(memory.readByte(10)).toBe(10)
    memory.transaction(() => memory.transaction(() => memory.write(10, Uint8Array.of(1, 2))))
    expect(memory.readByte(10)).toBe(1)
  })

  it("undoes a transaction that the journal has no room for", () => {
    const memory = newMemory()
    expect(() =>
      memory.transaction(() => {
        memory.write(0, new Uint8Array(300))
        memory.write(300, new Uint8Array(210))
      }),
    ).toThrow(/^length: the journal/)
    expect(contents(memory)).toEqual(numbered().subarray(0, JOURNAL.offset))
    memory.write(0, new Uint8Array(300))
    expect(memory.readByte(299)).toBe(0)
  })

  it("takes one physical write for one byte outside a transaction", () => {
    const memory = newMemory()
    memory.pages.cutPowerAfter(1, false)
    memory.writeByte(5, 77)
    expect(strike(() => memory.writeByte(6, 77))).toBe(true)
    memory.powerOn()
    expect([memory.readByte(5), memory.readByte(6)]).toEqual([77, 6])
  })
})

describe("power cuts", () => {
  const step = fc.record({ offset: fc.nat(300), bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }) })
  const transactions = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })

  it("leave the state before or after the transaction they hit, wherever they strike, torn or clean", () => {
    fc.assert(
      fc.property(
        transactions,
        fc.nat(40),
        fc.boolean(),
        fc.array(fc.nat(6), { maxLength: 3 }),
        (plan, after, torn, again) => {
          const memory = newMemory()
          const model = numbered()
          let before = model.slice()
          memory.pages.cutPowerAfter(after, torn)
          const cut = strike(() => {
            for (const steps of plan) {
              before = model.slice()
              for (const { offset, bytes } of steps) model.set(bytes, offset)
              memory.transaction(() => {
                for (const { offset, bytes } of steps) memory.write(offset, bytes)
              })
            }
          })
          memory.pages.cutPowerAfter(Number.POSITIVE_INFINITY, false)
          for (const writes of again) {
            memory.pages.cutPowerAfter(writes, torn)
            strike(() => memory.powerOn())
          }
          memory.pages.cutPowerAfter(Number.POSITIVE_INFINITY, false)
          memory.powerOn()
          expect(memory.damaged).toBe(false)
          expect(memory.readByte(JOURNAL.offset)).toBe(0)
          const now = contents(memory)
          if (cut) expect([before, model].some((state) => equal(now, state))).toBe(true)
          else expect(equal(now, model)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  it("stop every later write until power is on again", () => {
    const memory = newMemory()
    memory.pages.cutPowerAfter(0, false)
    expect(strike(() => memory.writeByte(0, 1))).toBe(true)
    expect(strike(() => memory.writeByte(0, 1))).toBe(true)
    expect(strike(() => memory.write(0, Uint8Array.of(1, 1)))).toBe(true)
    memory.powerOn()
    memory.writeByte(0, 1)
    expect(memory.readByte(0)).toBe(1)
  })

  it("are taken back by Infinity", () => {
    const memory = newMemory()
    memory.pages.cutPowerAfter(0, true)
    memory.pages.cutPowerAfter(Number.POSITIVE_INFINITY, false)
    memory.write(0, new Uint8Array(200))
    expect(memory.readByte(199)).toBe(0)
  })

  it("notice a journal that is not what was written", () => {
    const memory = newMemory()
    memory.pages.cutPowerAfter(2, false)
    expect(strike(() => memory.write(0, Uint8Array.of(9, 9)))).toBe(true)
    const cells = memory.pages.snapshot()
    cells[JOURNAL.offset + 6]! ^= 1
    memory.pages.restore(cells)
    memory.powerOn()
    expect(memory.damaged).toBe(true)
  })

  function equal(now: Uint8Array, state: Uint8Array): boolean {
    return now.every((byte, i) => byte === state[i])
  }
})

describe("snapshots and changes", () => {
  it("restores a snapshot", () => {
    const memory = newMemory()
    memory.write(50, Uint8Array.of(1, 2, 3))
    const snapshot = memory.pages.snapshot()
    memory.write(50, new Uint8Array(200))
    memory.pages.restore(snapshot)
    expect(memory.pages.snapshot()).toEqual(snapshot)
  })

  it("refuses a snapshot of another size", () => {
    expect(() => newMemory().pages.restore(new Uint8Array(SIZE - PAGE_SIZE))).toThrow(RangeError)
  })

  it("tells the pages written since a generation", () => {
    const memory = newMemory()
    expect(memory.pages.changed(0)).toEqual([])
    memory.writeByte(200, 1)
    const mark = memory.pages.generation
    expect(memory.pages.changed(0)).toEqual([3])
    memory.writeByte(10, 1)
    expect(memory.pages.changed(mark)).toEqual([0])
    expect(memory.pages.changed(memory.pages.generation)).toEqual([])
  })

  it("counts a restored page as changed only when it differs", () => {
    const memory = newMemory()
    const snapshot = memory.pages.snapshot()
    memory.writeByte(200, 1)
    const mark = memory.pages.generation
    memory.pages.restore(snapshot)
    expect(memory.pages.changed(mark)).toEqual([3])
  })
})
