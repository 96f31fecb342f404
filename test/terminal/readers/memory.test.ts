import { describe, expect, it } from "vitest"
import { CardRemovedError, toHex } from "../../../src/apdu/index.js"
import { memoryReader } from "../../../src/terminal/readers/memory.js"
import type { CardConnection, ConnectOptions, ReaderEvent } from "../../../src/terminal/readers/reader.js"
import { pinStatus, tinyCard, verify } from "../support/tiny-card.js"

const name = "Emulated Reader 00 00"
const ATR = "3B6D000000815431008660110816000001"
const send = async (card: CardConnection, command: Uint8Array) => toHex(await card.transmit(command))
const code = (wanted: string) => expect.objectContaining({ code: wanted })

async function connected(count: number, options?: ConnectOptions) {
  const card = tinyCard()
  const reader = memoryReader(card)
  const connections = []
  for (let i = 0; i < count; i++) connections.push(await reader.connect(name, options))
  return { card, reader, connections: connections as [CardConnection, CardConnection] }
}

describe("memory reader: what it shows", () => {
  it("shows an empty slot, a card, and an empty slot again", async () => {
    const reader = memoryReader()
    expect(await reader.readers()).toEqual([
      { name, present: false, mute: false, inUse: false, exclusive: false, events: 0 },
    ])
    const card = tinyCard()
    reader.insert(card)
    expect(await reader.readers()).toEqual([
      { name, present: true, mute: false, inUse: false, exclusive: false, atr: card.atr, events: 1 },
    ])
    expect(reader.pull()).toBe(card)
    expect((await reader.readers())[0]).toMatchObject({ present: false, events: 2 })
    expect(reader.pull()).toBeUndefined()
  })

  it("shows that the card is in use, and exclusively so", async () => {
    const reader = memoryReader(tinyCard())
    const connection = await reader.connect(name, { share: "exclusive" })
    expect((await reader.readers())[0]).toMatchObject({ inUse: true, exclusive: true })
    await connection.close()
    expect((await reader.readers())[0]).toMatchObject({ inUse: false, exclusive: false })
  })

  it("shows a card that does not answer to reset as mute", async () => {
    const reader = memoryReader(tinyCard({ mute: true }))
    const [slot] = await reader.readers()
    expect(slot).toMatchObject({ present: true, mute: true })
    expect(slot).not.toHaveProperty("atr")
    await expect(reader.connect(name)).rejects.toEqual(code("CARD_MUTE"))
  })

  it("reports what is there, then every change, until the watch ends", async () => {
    const reader = memoryReader(tinyCard(), { name: "Slot A" })
    const events: ReaderEvent[] = []
    const watch = await reader.watch((event) => events.push(event))
    const card = reader.pull()!
    reader.insert(card)
    await watch.close()
    reader.pull()
    expect(events.map((event) => event.type)).toEqual([
      "reader-added",
      "card-inserted",
      "card-removed",
      "card-inserted",
    ])
    expect(events[3]).toEqual({ type: "card-inserted", reader: "Slot A", atr: card.atr })
  })

  it("waits for a card to come and to go", async () => {
    const reader = memoryReader()
    const coming = reader.waitFor("card-inserted")
    reader.insert(tinyCard())
    await coming
    await reader.waitFor("card-inserted")
    const going = reader.waitFor("card-removed")
    reader.pull()
    await going
    const never = reader.waitFor("card-inserted")
    await reader.close()
    await expect(never).rejects.toEqual(code("READER_GONE"))
  })

  it("holds one card at a time", () => {
    const reader = memoryReader(tinyCard())
    expect(() => reader.insert(tinyCard())).toThrow(/^card: the slot of Emulated Reader 00 00 already holds a card/)
  })
})

describe("memory reader: connecting (readers §6.2)", () => {
  it("gives ATR and protocol of the card", async () => {
    const connection = await memoryReader(tinyCard({ protocol: "T=1" })).connect(name)
    expect(connection).toMatchObject({ reader: name, protocol: "T=1" })
    expect(toHex(connection.atr)).toBe(ATR)
  })

  it.each([
    ["shared", "shared", undefined],
    ["shared", "exclusive", "SHARING_VIOLATION"],
    ["exclusive", "shared", "SHARING_VIOLATION"],
    ["exclusive", "exclusive", "SHARING_VIOLATION"],
    ["exclusive", "direct", "SHARING_VIOLATION"],
  ] as const)("beside a %s connection, %s: %s", async (first, second, refusal) => {
    const reader = memoryReader(tinyCard())
    await reader.connect(name, { share: first })
    const attempt = reader.connect(name, { share: second })
    if (refusal) await expect(attempt).rejects.toEqual(code(refusal))
    else await expect(attempt).resolves.toBeDefined()
  })

  it.each([
    ["an empty slot", {}, "NO_CARD"],
    ["a protocol that the card does not speak", { protocol: "T=1" }, "PROTOCOL_MISMATCH"],
  ] as const)("refuses %s", async (what, options, refusal) => {
    const reader = memoryReader(what === "an empty slot" ? undefined : tinyCard())
    await expect(reader.connect(name, options)).rejects.toEqual(code(refusal))
  })

  it("knows no other reader, and none after it is closed", async () => {
    const reader = memoryReader(tinyCard())
    await expect(reader.connect("Other 00 00")).rejects.toEqual(code("READER_GONE"))
    await reader.close()
    await reader.close()
    await expect(reader.connect(name)).rejects.toEqual(code("READER_GONE"))
    expect(await reader.readers()).toEqual([])
  })

  it("lets a direct connection at the reader alone", async () => {
    const connection = await memoryReader().connect(name, { share: "direct" })
    await expect(connection.transmit(verify)).rejects.toEqual(code("NOT_SUPPORTED"))
  })

  it("refuses everything on a closed connection", async () => {
    const { connections } = await connected(1)
    await connections[0].close()
    await connections[0].close()
    await expect(connections[0].transmit(verify)).rejects.toEqual(code("CONNECTION_CLOSED"))
  })
})

describe("memory reader: the session of the card (readers §3.2, §6.4)", () => {
  it("lives as long as somebody is connected", async () => {
    const { card, reader, connections } = await connected(2)
    expect(await send(connections[0], verify)).toBe("9000")
    await connections[0].close()
    expect(await send(connections[1], pinStatus)).toBe("9000")
    await connections[1].close()
    expect(card.log.at(-1)).toBe("off")
    expect(await send(await reader.connect(name), pinStatus)).toBe("63C6")
  })

  it.each(["warm", "cold"] as const)("ends at a %s reset, which the others learn once", async (kind) => {
    const { connections } = await connected(2)
    await send(connections[0], verify)
    expect(toHex(await connections[0].reset(kind))).toBe(ATR)
    expect(await send(connections[0], pinStatus)).toBe("63C6")
    await expect(connections[1].transmit(pinStatus)).rejects.toEqual(code("CARD_RESET"))
    expect(await send(connections[1], pinStatus)).toBe("63C6")
  })

  it.each(["reset", "unpower"] as const)("ends at a disconnect with %s, which the others learn once", async (then) => {
    const { connections } = await connected(2)
    await send(connections[0], verify)
    await connections[0].disconnect(then)
    await expect(connections[1].transmit(pinStatus)).rejects.toEqual(code("CARD_RESET"))
    expect(await send(connections[1], pinStatus)).toBe("63C6")
  })
})

describe("memory reader: a card that goes (readers §6.6)", () => {
  it("is removed for every open connection, before and after it comes back", async () => {
    const { reader, connections } = await connected(2)
    const card = reader.pull()!
    for (const connection of connections)
      await expect(connection.transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
    reader.insert(card)
    for (const connection of connections)
      await expect(connection.transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
    expect(await send(await reader.connect(name), verify)).toBe("9000")
  })

  it("loses the answer when it is pulled while the command is on its way", async () => {
    const { card, reader, connections } = await connected(1)
    const answer = connections[0].transmit(verify)
    reader.pull()
    await expect(answer).rejects.toBeInstanceOf(CardRemovedError)
    expect(card.log.at(-1)).toBe("off")
  })

  it("loses the answer when it is pulled while it works", async () => {
    const { card, reader, connections } = await connected(1)
    card.during = () => reader.pull()
    await expect(connections[0].transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
  })

  it("has left the slot when its power was cut in the middle of a command", async () => {
    const { card, reader, connections } = await connected(1)
    const removed = reader.waitFor("card-removed")
    card.tearNext = true
    await expect(connections[0].transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
    await removed
    reader.insert(card)
    expect(await send(await reader.connect(name), verify)).toBe("9000")
  })

  it("never answers with fewer than two bytes", async () => {
    const card = { ...tinyCard(), process: () => Uint8Array.of(0x90) }
    const connection = await memoryReader(card).connect(name)
    await expect(connection.transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
  })

  it("closes without complaint", async () => {
    const { reader, connections } = await connected(1)
    reader.pull()
    await connections[0].disconnect("reset")
  })
})

describe("memory reader: transactions (readers §6.3)", () => {
  /** A transaction that stays open until the test ends it. */
  function openTransaction(connection: CardConnection) {
    let end = (): void => undefined
    let started = (): void => undefined
    const running = new Promise<void>((resolve) => {
      started = resolve
    })
    const done = connection.transaction(() => {
      started()
      return new Promise<void>((resolve) => {
        end = resolve
      })
    })
    return { running, done, end: () => end() }
  }

  it("makes others wait, and lets its own commands through", async () => {
    const { connections } = await connected(2)
    const order: string[] = []
    const open = openTransaction(connections[0])
    await open.running
    const other = connections[1].transmit(pinStatus).then(() => order.push("other"))
    await connections[0].transmit(verify)
    order.push("mine")
    open.end()
    await Promise.all([open.done, other])
    expect(order).toEqual(["mine", "other"])
  })

  it("lets one in after the other", async () => {
    const { connections } = await connected(2)
    const order: string[] = []
    const open = openTransaction(connections[0])
    await open.running
    const next = connections[1].transaction(async () => {
      order.push("second")
    })
    order.push("first")
    open.end()
    await Promise.all([open.done, next])
    expect(order).toEqual(["first", "second"])
  })

  it("lets in one at a time of several that wait", async () => {
    const { reader, connections } = await connected(2)
    const third = await reader.connect(name)
    const order: string[] = []
    const open = openTransaction(connections[0])
    await open.running
    const step = (who: string, connection: CardConnection) =>
      connection.transaction(async () => {
        order.push(`${who} in`)
        await connection.transmit(pinStatus)
        order.push(`${who} out`)
      })
    const others = [step("second", connections[1]), step("third", third)]
    open.end()
    await Promise.all([open.done, ...others])
    expect(order).toEqual(["second in", "second out", "third in", "third out"])
  })

  it("ends when the body throws", async () => {
    const { connections } = await connected(2)
    const body = connections[0].transaction(async () => {
      throw new Error("changed my mind")
    })
    await expect(body).rejects.toThrow("changed my mind")
    expect(await send(connections[1], verify)).toBe("9000")
  })

  it("refuses a transaction inside one with BUSY", async () => {
    const { connections } = await connected(1)
    const nested = connections[0].transaction(() => connections[0].transaction(async () => undefined))
    await expect(nested).rejects.toEqual(code("BUSY"))
    expect(await connections[0].transaction(async () => "again")).toBe("again")
  })

  it("gives the result of its body", async () => {
    const { connections } = await connected(1)
    expect(await connections[0].transaction(() => send(connections[0], verify))).toBe("9000")
  })

  it("ends for those that wait when the card is pulled", async () => {
    const { reader, connections } = await connected(2)
    const open = openTransaction(connections[0])
    await open.running
    const other = connections[1].transmit(pinStatus)
    reader.pull()
    await expect(other).rejects.toBeInstanceOf(CardRemovedError)
    open.end()
    await open.done
  })

  it("ends with its connection", async () => {
    const { connections } = await connected(2)
    const open = openTransaction(connections[0])
    await open.running
    await connections[0].close()
    expect(await send(connections[1], verify)).toBe("9000")
    open.end()
    await open.done
  })
})
