import { assertBytes } from "../apdu/index.js"
import { type BlockFunction, cbcMac } from "./block-cipher.js"
import { desCbcLast, desSchedule, tripleDesSchedule } from "./des-cipher.js"
import { desCbcMac, padZero, retailMac } from "./mac.js"

/** How a message to the bank is protected (host-iso8583 §9). */
export type LineMacMethod = "ecb" | "x99" | "x919" | "sm4ecb"

/**
 * The MAC of an ISO 8583 message as it stands in DE64 or DE128 (host-iso8583 §9).
 *
 * @param key TAK: 8 or 16 bytes for `ecb`, 8 for `x99`, 16 for `x919` and `sm4ecb`
 * @param message from the MTI to the last field before the MAC, the MAC's bitmap bit set
 * @returns 8 bytes: hex characters for `ecb` and `sm4ecb`, binary for the others
 * @throws {RangeError} when the key's length does not fit
 */
export function lineMac(method: LineMacMethod, key: Uint8Array, message: Uint8Array): Uint8Array {
  return lineMacUnder(method, key)(message)
}

/**
 * {@link lineMac} for many messages under one key: `ecb` and `sm4ecb` set their cipher up once.
 *
 * @throws {RangeError} when the key's length does not fit; for `x99` and `x919` at the first message
 * @example const mac = lineMacUnder("ecb", tak); mac(request); mac(answer)
 */
export function lineMacUnder(method: LineMacMethod, key: Uint8Array): (message: Uint8Array) => Uint8Array {
  switch (method) {
    case "x99":
      return (message) => desCbcMac(key, padZero(message, 8))
    case "x919":
      return (message) => retailMac(key, padZero(message, 8))
    case "ecb": {
      assertBytes("key", key, 8, 16)
      const schedule = key.length === 8 ? desSchedule(key) : tripleDesSchedule(key)
      return (message) => foldedHexMac(message, 8, (text) => desCbcLast(schedule, text))
    }
    case "sm4ecb": {
      assertBytes("key", key, 16)
      const chain = cbcMac("sm4-cbc", key, 16)
      return (message) => foldedHexMac(message, 16, chain)
    }
  }
}

/** The message folded to one block, written in hex, and its two halves enciphered in a chain. */
function foldedHexMac(message: Uint8Array, size: 8 | 16, chain: BlockFunction): Uint8Array {
  return asciiHex(chain(asciiHex(foldBlocks(message, size)))).slice(0, 8)
}

/** Exclusive or of all blocks of a message, the last filled up with zeros. */
export function foldBlocks(message: Uint8Array, size: 8 | 16): Uint8Array {
  const folded = new Uint8Array(size)
  const lastPlace = size - 1
  for (let i = 0; i < message.length; i++) folded[i & lastPlace]! ^= message[i]!
  return folded
}

function asciiHex(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(2 * bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    text[2 * i] = asciiDigit(bytes[i]! >> 4)
    text[2 * i + 1] = asciiDigit(bytes[i]! & 15)
  }
  return text
}

const asciiDigit = (nibble: number): number => nibble + (nibble < 10 ? 0x30 : 0x37)
