import { type CardPort, CardRemovedError, equalBytes, hex, readUint16, toHex, uint16 } from "../../src/apdu/index.js"

/** The user card's answer to reset with a synthetic serial (readers §2.3 W1). */
export const USER_ATR = hex("3B6D00000081543100866011081600 0000")
/** A SAM's answer to reset (readers §4). */
export const SAM_ATR = hex("3B7D94000000815431008660110816000000")

const PIN = hex("123456")

/** A card small enough to read at a glance: one binary file behind a PIN, and commands that misbehave on purpose. */
export interface TestCard extends CardPort {
  readonly memory: Uint8Array
  /** Every call that reached the card, in order. */
  readonly calls: string[]
  /** Every command, in hex. */
  readonly commands: string[]
}

/**
 * Commands: 20 VERIFY 123456 · A4 selects the file · B0 READ (verified, selected) · D6 UPDATE, one byte at P2 ·
 * E0 opens a transaction, E2 commits it · CA answers P1P2 bytes of data · EC echoes its data · EE throws · EF answers one
 * byte · ED loses its power.
 */
export function testCard(atr: Uint8Array = USER_ATR): TestCard {
  const memory = Uint8Array.from({ length: 256 }, (_, i) => i)
  const calls: string[] = []
  const commands: string[] = []
  let verified = false
  let selected = false
  let before: Uint8Array | undefined
  const endSession = (call: string) => {
    calls.push(call)
    if (before) memory.set(before)
    before = undefined
    verified = false
    selected = false
  }
  const ok = (...data: number[]) => Uint8Array.from([...data, 0x90, 0])
  return {
    protocol: "T=0",
    atr,
    memory,
    calls,
    commands,
    powerOn() {
      endSession("on")
      return atr
    },
    reset() {
      endSession("reset")
      return atr
    },
    powerOff: () => endSession("off"),
    process(command) {
      calls.push("process")
      commands.push(toHex(command))
      const p1p2 = readUint16(command, 2)
      switch (command[1]) {
        case 0x20:
          verified = equalBytes(command.subarray(5), PIN)
          return verified ? ok() : uint16(0x6300)
        case 0xa4:
          selected = true
          return ok()
        case 0xb0:
          if (!verified) return uint16(0x6982)
          return selected ? ok(...memory.subarray(p1p2, p1p2 + command[4]!)) : uint16(0x6986)
        case 0xd6:
          memory[p1p2] = command[5]!
          return ok()
        case 0xe0:
          before = memory.slice()
          return ok()
        case 0xe2:
          before = undefined
          return ok()
        case 0xca: {
          const response = new Uint8Array(p1p2 + (command[4] ?? 0) + 2).map((_, i) => i)
          response.set([0x90, 0], response.length - 2)
          return response
        }
        case 0xec:
          return ok(...command.subarray(5))
        case 0xee:
          throw new Error("a fault of the card")
        case 0xef:
          return Uint8Array.of(0x90)
        case 0xed:
          throw new CardRemovedError()
        default:
          return uint16(0x6d00)
      }
    },
  }
}
