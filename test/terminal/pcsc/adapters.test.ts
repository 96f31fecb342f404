import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import type { PcscBinding } from "../../../src/terminal/pcsc/binding.js"
import { pcscMiniBinding } from "../../../src/terminal/pcsc/bindings/pcsc-mini.js"
import { pcscliteBinding } from "../../../src/terminal/pcsc/bindings/pcsclite.js"
import { smartcardBinding } from "../../../src/terminal/pcsc/bindings/smartcard.js"
import { RESPONSE_BUFFER } from "../../../src/terminal/pcsc/constants.js"

const READER = "Some Reader 00 00"
const ATR = hex("3B00")

/** The three packages as recorders: every native call is written down with all its arguments. */
type Recorder = (calls: string[]) => PcscBinding

const smartcard: Recorder = (calls) => {
  const card = {
    protocol: 1,
    async transmit(command: Buffer, options: object) {
      calls.push(`transmit ${Buffer.isBuffer(command)} ${toHex(command)} ${JSON.stringify(options)}`)
      return Buffer.from("9000", "hex")
    },
    disconnect: (...args: unknown[]) => calls.push(`disconnect ${args}`),
    async reconnect(...args: unknown[]) {
      calls.push(`reconnect ${args}`)
      return 1
    },
  }
  const reader = {
    name: READER,
    state: 0x22,
    atr: Buffer.from(ATR),
    async connect(...args: unknown[]) {
      calls.push(`connect ${args}`)
      return card
    },
  }
  class Context {
    listReaders = () => [reader]
    close() {}
  }
  return smartcardBinding({ Context } as never)
}

const pcsclite: Recorder = (calls) => {
  class Device {
    name = READER
    listeners: Record<string, (argument?: unknown) => void> = {}
    on(event: string, listener: () => void) {
      this.listeners[event] = listener
    }
    connect(how: object, done: (error: null, protocol: number) => void) {
      calls.push(`connect ${JSON.stringify(how)}`)
      done(null, 1)
    }
    transmit(command: Buffer, length: number, protocol: number, done: (error: null, response: Buffer) => void) {
      calls.push(`transmit ${Buffer.isBuffer(command)} ${toHex(command)} ${length} ${protocol}`)
      done(null, Buffer.from("9000", "hex"))
    }
    disconnect(disposition: number, done: (error: null) => void) {
      calls.push(`disconnect ${disposition}`)
      done(null)
    }
    close() {}
  }
  return pcscliteBinding((() => {
    let onReader = (_: unknown) => {}
    const monitor = {
      on: (event: string, listener: () => void) => event === "reader" && (onReader = listener),
      start(told: (error: undefined, names: Uint8Array) => void) {
        const device = new Device()
        onReader(device)
        told(undefined, new Uint8Array(0))
        device.listeners.status!({ state: 0x22, atr: ATR })
      },
      close() {},
    }
    setImmediate(() => monitor.start(() => {}))
    return monitor
  }) as never)
}

const mini: Recorder = (calls) => {
  const card = {
    protocol: () => 1,
    async transmit(command: Uint8Array, output: ArrayBuffer) {
      calls.push(`transmit ${toHex(command)} ${output.byteLength}`)
      return new Uint8Array(output, 0, 2).fill(0x90)
    },
    async reconnect(...args: unknown[]) {
      calls.push(`reconnect ${args}`)
      return 1
    },
    async disconnect(...args: unknown[]) {
      calls.push(`disconnect ${args}`)
    },
  }
  const reader = {
    name: () => READER,
    on: (event: string, listener: (status: object, atr: Uint8Array) => void) =>
      event === "change" && listener({ raw: 0x22 }, ATR),
    async connect(...args: unknown[]) {
      calls.push(`connect ${args}`)
      return card
    },
  }
  class Client {
    listener = (_: unknown) => {}
    on(event: string, listener: () => void) {
      if (event === "reader") this.listener = listener
    }
    start = () => this.listener(reader)
    reader = () => reader
    stop() {}
  }
  return pcscMiniBinding({ Client } as never)
}

const connected = async (recorder: Recorder, share: number, protocol: number) => {
  const calls: string[] = []
  const context = await recorder(calls).open()
  const card = await context.connect(READER, share, protocol)
  await context.close()
  return { calls, card }
}

describe("9.3.3 share mode, protocol and disposition are never a binding's default", () => {
  it.each([
    [1, 1],
    [2, 3],
    [3, 0],
  ])("connecting with share %i and protocol %i", async (share, protocol) => {
    expect((await connected(smartcard, share, protocol)).calls).toEqual([`connect ${share},${protocol}`])
    expect((await connected(mini, share, protocol)).calls).toEqual([`connect ${share},${protocol}`])
    expect((await connected(pcsclite, share, protocol)).calls).toEqual([
      `connect {"share_mode":${share},"protocol":${protocol}}`,
    ])
  })

  it.each([0, 1, 2])("disconnecting with %i", async (disposition) => {
    for (const recorder of [smartcard, pcsclite, mini]) {
      const { card, calls } = await connected(recorder, 2, 3)
      calls.length = 0
      await card.disconnect(disposition)
      // smartcard's disconnect is synchronous: a reset goes by reconnecting, which is not (readers §6.8).
      const expected =
        recorder === smartcard && disposition > 0
          ? [`reconnect 2,3,${disposition}`, "disconnect 0"]
          : [`disconnect ${disposition}`]
      expect(calls).toEqual(expected)
    }
  })

  it("reconnecting", async () => {
    for (const [recorder, expected] of [
      [smartcard, "reconnect 1,2,1"],
      [mini, "reconnect 1,1"],
    ] as const) {
      const { card, calls } = await connected(recorder, 2, 3)
      await card.reconnect!(1, 2, 1)
      expect(calls.at(-1)).toBe(expected)
    }
    expect((await connected(pcsclite, 2, 3)).card.reconnect).toBeUndefined()
  })
})

describe("9.3.4 9.3.5 transmitting", () => {
  const view = Uint8Array.from(hex("FFFF 00B0000010 FFFF")).subarray(2, 7)

  it("has room for 65,538 bytes of response and sends a view with an offset as it is", async () => {
    expect(RESPONSE_BUFFER).toBe(65_538)
    for (const [recorder, expected] of [
      [smartcard, `transmit true 00B0000010 {"maxRecvLength":65538}`],
      [pcsclite, "transmit true 00B0000010 65538 1"],
      [mini, "transmit 00B0000010 65538"],
    ] as const) {
      const { card, calls } = await connected(recorder, 2, 3)
      const response = await card.transmit(view)
      expect(calls.at(-1)).toBe(expected)
      expect(Object.getPrototypeOf(response)).toBe(Uint8Array.prototype)
    }
  })

  it("an answer is the caller's own: the next one does not overwrite it", async () => {
    const { card } = await connected(mini, 2, 3)
    const first = await card.transmit(view)
    first.fill(0)
    expect(toHex(await card.transmit(view))).toBe("9090")
    expect(toHex(first)).toBe("0000")
  })
})

describe("9.2.14 a reader that is plugged in later, and pulled", () => {
  const seen = async (binding: PcscBinding, plug: () => void, pull: () => void) => {
    const context = await binding.open()
    const looks: string[][] = []
    const waiting = (wanted: string) => expect.poll(() => looks.at(-1)?.join()).toBe(wanted)
    const watch = context.watch(
      (readers) => looks.push(readers.map(({ name }) => name)),
      (error) => looks.push([error.code]),
    )
    await waiting("")
    plug()
    await waiting(READER)
    expect((await context.readers()).map(({ name }) => name)).toEqual([READER])
    pull()
    await waiting("")
    watch.close()
    await context.close()
  }

  it("over smartcard, whose readers are looked at", async () => {
    const readers: object[] = []
    class Context {
      listReaders = () => readers
      close() {}
    }
    const plug = () => readers.push({ name: READER, state: 0x12, atr: null })
    await seen(smartcardBinding({ Context } as never), plug, () => readers.pop())
  })

  it("over pcsclite, whose monitor tells the list and each reader its states", async () => {
    let onReader = (_: unknown) => {}
    let told = (_: undefined, __: Uint8Array) => {}
    const listeners: Record<string, (argument?: unknown) => void> = {}
    const device = {
      name: READER,
      on: (event: string, listener: () => void) => (listeners[event] = listener),
      close() {},
    }
    const monitor = {
      on: (event: string, listener: () => void) => event === "reader" && (onReader = listener),
      start: (callback: typeof told) => (told = callback),
      close() {},
    }
    const binding = pcscliteBinding((() => {
      setImmediate(() => {
        monitor.start(() => {})
        told(undefined, new Uint8Array(0))
      })
      return monitor
    }) as never)
    const plug = () => {
      onReader(device)
      told(undefined, new Uint8Array(0))
      listeners.status!({ state: 0x12 })
    }
    await seen(binding, plug, () => listeners.end!())
  })

  it("over pcsc-mini, which tells a reader and its states", async () => {
    const onClient: Record<string, (argument?: unknown) => void> = {}
    const onReader: Record<string, (...args: unknown[]) => void> = {}
    class Client {
      on = (event: string, listener: () => void) => (onClient[event] = listener)
      start() {}
      stop() {}
    }
    const device = { name: () => READER, on: (event: string, listener: () => void) => (onReader[event] = listener) }
    const plug = () => {
      onClient.reader!(device)
      onReader.change!({ raw: 0x12 }, new Uint8Array(0))
    }
    await seen(pcscMiniBinding({ Client } as never), plug, () => onReader.disconnect!())
  })
})
