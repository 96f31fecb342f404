import { describe, expect, it } from "vitest"
import { CardRemovedError, TimeoutError } from "../../../src/apdu/index.js"
import { pcscMiniBinding } from "../../../src/terminal/pcsc/bindings/pcsc-mini.js"
import { pcscliteBinding } from "../../../src/terminal/pcsc/bindings/pcsclite.js"
import { smartcardBinding } from "../../../src/terminal/pcsc/bindings/smartcard.js"
import { isPcscError, pcscError } from "../../../src/terminal/pcsc/errors.js"

/** Every row of readers §7.1: number, name, text of `smartcard`, code of `pcsc-mini`, ours. */
const ROWS: [number, string, string | undefined, string, string][] = [
  [0x80100001, "F_INTERNAL_ERROR", "Internal error", "InternalError", "PCSC_ERROR"],
  [0x80100002, "E_CANCELLED", "Operation cancelled", "Cancelled", "CANCELLED"],
  [0x80100003, "E_INVALID_HANDLE", "Invalid handle", "InvalidHandle", "CONNECTION_CLOSED"],
  [0x80100004, "E_INVALID_PARAMETER", "Invalid parameter", "InvalidParameter", "PCSC_ERROR"],
  [0x80100006, "E_NO_MEMORY", "Not enough memory", "NoMemory", "PCSC_ERROR"],
  [0x80100007, "F_WAITED_TOO_LONG", undefined, "WaitedTooLong", "TIMEOUT"],
  [0x80100008, "E_INSUFFICIENT_BUFFER", "Insufficient buffer", "InsufficientBuffer", "BUFFER_TOO_SMALL"],
  [0x80100009, "E_UNKNOWN_READER", "Unknown reader", "UnknownReader", "READER_GONE"],
  [0x8010000a, "E_TIMEOUT", "Operation timed out", "Timeout", "TIMEOUT"],
  [0x8010000b, "E_SHARING_VIOLATION", "Sharing violation", "SharingViolation", "SHARING_VIOLATION"],
  [0x8010000c, "E_NO_SMARTCARD", "No smart card present", "NoSmartCard", "NO_CARD"],
  [0x8010000f, "E_PROTO_MISMATCH", "Protocol mismatch", "ProtoMismatch", "PROTOCOL_MISMATCH"],
  [0x80100010, "E_NOT_READY", "Reader not ready", "NotReady", "READER_NOT_READY"],
  [0x80100013, "F_COMM_ERROR", "Communication error", "CommError", "COMMUNICATION"],
  [0x80100015, "E_INVALID_ATR", "Invalid ATR", "InvalidAtr", "CARD_MUTE"],
  [0x80100016, "E_NOT_TRANSACTED", "Transaction failed", "NotTransacted", "CARD_REMOVED"],
  [0x80100017, "E_READER_UNAVAILABLE", "Reader unavailable", "ReaderUnavailable", "READER_GONE"],
  [0x8010001d, "E_NO_SERVICE", "PC/SC service not running", "NoService", "NO_SERVICE"],
  [0x8010001e, "E_SERVICE_STOPPED", "PC/SC service stopped", "ServiceStopped", "NO_SERVICE"],
  [0x8010001f, "E_UNSUPPORTED_FEATURE", undefined, "UnsupportedFeature", "NOT_SUPPORTED"],
  [0x8010002e, "E_NO_READERS_AVAILABLE", "No readers available", "NoReadersAvailable", "NO_READER"],
  [0x80100065, "W_UNSUPPORTED_CARD", "Card is not supported", "UnsupportedCard", "CARD_MUTE"],
  [0x80100066, "W_UNRESPONSIVE_CARD", "Card is unresponsive", "UnresponsiveCard", "CARD_MUTE"],
  [0x80100067, "W_UNPOWERED_CARD", "Card is unpowered", "UnpoweredCard", "CARD_MUTE"],
  [0x80100068, "W_RESET_CARD", "Card was reset", "ResetCard", "CARD_RESET"],
  [0x80100069, "W_REMOVED_CARD", "Card was removed", "RemovedCard", "CARD_REMOVED"],
  [0x8010006a, "W_SECURITY_VIOLATION", undefined, "SecurityViolation", "ACCESS_DENIED"],
]

const READER = "Some Reader 00 00"

/** Each binding's way to report an error, on the way to a connection that transmits. */
const smartcard = (text: string) => {
  const card = { protocol: 1, atr: null, transmit: () => Promise.reject(new Error(text)) }
  const reader = { name: READER, state: 0x22, atr: null, connect: async () => card }
  class Context {
    listReaders = () => [reader]
    close() {}
  }
  return smartcardBinding({ Context } as never)
}
const pcsclite = (number: number) => {
  class Device {
    name = READER
    listeners: Record<string, (argument?: unknown) => void> = {}
    on(event: string, listener: () => void) {
      this.listeners[event] = listener
    }
    connect(_how: unknown, done: (error: unknown, protocol: number) => void) {
      done(null, 1)
    }
    transmit(_command: unknown, _length: number, _protocol: number, done: (error: unknown) => void) {
      const digits = (BigInt(number) + 0xffff_ffff_0000_0000n).toString(16)
      done(new Error(`SCardTransmit error: Some text.(0x${digits})`))
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
        device.listeners.status!({ state: 0x22, atr: Uint8Array.of(0x3b, 0) })
      },
      close() {},
    }
    setImmediate(() => monitor.start(() => {}))
    return monitor
  }) as never)
}
const mini = (code: string) => {
  const fail = () => Promise.reject(Object.assign(new Error("[ x ]"), { code }))
  const reader = {
    name: () => READER,
    on: (event: string, listener: (status: object, atr: Uint8Array) => void) =>
      event === "change" && listener({ raw: 0x22 }, Uint8Array.of(0x3b, 0)),
    connect: async () => ({ protocol: () => 1, transmit: fail }),
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

const failureOf = async (binding: ReturnType<typeof mini>) => {
  const context = await binding.open()
  const card = await context.connect(READER, 2, 3)
  const error = await card.transmit(Uint8Array.of(0, 0xb0, 0, 0)).catch((failure: unknown) => failure)
  await context.close()
  if (!isPcscError(error)) throw new Error(`no PC/SC error: ${error}`)
  return error
}

describe("9.2.17 every row of readers §7.1 has its code", () => {
  it.each(ROWS)("%i %s", async (number, name, text, code, ours) => {
    const expected = { code: ours, pcscCode: number, pcscName: `SCARD_${name}`, reader: READER }
    expect(pcscError(number, { operation: "transmit", reader: READER })).toMatchObject(expected)
    expect(pcscError(number | 0, { operation: "transmit", reader: READER })).toMatchObject(expected)
    expect(await failureOf(pcsclite(number))).toMatchObject(expected)
    expect(await failureOf(mini(code))).toMatchObject(expected)
    if (text) expect(await failureOf(smartcard(text))).toMatchObject(expected)
  })

  it("Windows' number for an unsupported feature is NOT_SUPPORTED", () => {
    expect(pcscError(0x80100022, { operation: "control" })).toMatchObject({
      code: "NOT_SUPPORTED",
      pcscCode: 0x80100022,
    })
  })

  it("unknown numbers are PCSC_ERROR and are kept", () => {
    expect(pcscError(0x801000ff, { operation: "connect" })).toMatchObject({
      code: "PCSC_ERROR",
      pcscCode: 0x801000ff,
      pcscName: "0x801000FF",
      message: expect.stringContaining("801000FF"),
    })
  })

  it("a failed transaction is a removed card on transmit only", () => {
    expect(pcscError(0x80100016, { operation: "transmit" }).code).toBe("CARD_REMOVED")
    expect(pcscError(0x80100016, { operation: "connect" })).toMatchObject({
      code: "COMMUNICATION",
      pcscCode: 0x80100016,
    })
  })

  it("removal and timeout have their own types", () => {
    expect(pcscError(0x80100069, { operation: "transmit" })).toBeInstanceOf(CardRemovedError)
    expect(pcscError(0x8010000a, { operation: "connect" })).toBeInstanceOf(TimeoutError)
  })

  it("says everything in both languages, and names the reader", () => {
    for (const [number] of ROWS) {
      const error = pcscError(number, { operation: "connect", reader: READER })
      expect(error.message).toContain(READER)
      expect(error.message).toMatch(/^[\x20-\x7e]+$/)
      expect(error.messageZh).toMatch(/[\u4e00-\u9fff]/)
    }
  })
})

describe("what only a binding knows", () => {
  it.each([
    ["CardIsBusy", "BUSY"],
    ["TransactionAlreadyInProgress", "BUSY"],
    ["NoCardConnection", "CONNECTION_CLOSED"],
    ["TooManyCardConnections", "PCSC_ERROR"],
  ])("pcsc-mini's %s is %s", async (code, ours) => {
    expect(await failureOf(mini(code))).toMatchObject({ code: ours, pcscCode: undefined, pcscName: code })
  })

  it("smartcard's unknown error is a refusal by polkit when a context is opened, and nothing else", async () => {
    class Context {
      constructor() {
        throw new Error("Unknown PC/SC error")
      }
    }
    await expect(smartcardBinding({ Context } as never).open()).rejects.toMatchObject({ code: "ACCESS_DENIED" })
    expect(await failureOf(smartcard("Unknown PC/SC error"))).toMatchObject({ code: "PCSC_ERROR", pcscCode: undefined })
  })

  it("smartcard's closed card is CONNECTION_CLOSED", async () => {
    expect(await failureOf(smartcard("Card is not connected"))).toMatchObject({ code: "CONNECTION_CLOSED" })
  })
})
