import { parseCommand, ShebaoError, type Transport } from "../../apdu/index.js"
import { fetchWaitingData } from "./get-response.js"

/**
 * Presents a T=0 card as one that answers at once: sends case 4 commands without Le, follows 61xx with GET RESPONSE
 * and repeats a case 2 command once with the length that 6Cxx names (ISO 7816-3 §12.2; readers §6.5).
 *
 * Extended commands go out in their short form when they have one. Bytes that are no command APDU pass unchanged.
 *
 * @throws {ShebaoError} `T0_NO_PROGRESS` when the card promises data for ever; `T0_LENGTH` for more than 255 data bytes
 * @example t0Transport(connection).transmit(hex("00A4040005D15600000500")) // FCI and 9000 instead of 6108
 */
export function t0Transport(transport: Transport): Transport {
  return {
    async transmit(command) {
      const { bytes, readsOnly, limit } = present(command)
      let answer = await transport.transmit(bytes)
      if (readsOnly && sw1(answer) === 0x6c) {
        const corrected = bytes.slice()
        corrected[4] = answer[answer.length - 1]!
        answer = await transport.transmit(corrected)
      }
      return sw1(answer) === 0x61 ? fetchWaitingData(transport, command[0]!, answer, limit) : answer
    },
    close: () => transport.close(),
  }
}

/**
 * The T=1 counterpart: commands and 6Cxx pass unchanged, and only data chained behind 61xx is fetched (readers §6.5).
 */
export function t1Transport(transport: Transport): Transport {
  return {
    async transmit(command) {
      const answer = await transport.transmit(command)
      return sw1(answer) === 0x61 ? fetchWaitingData(transport, command[0]!, answer) : answer
    },
    close: () => transport.close(),
  }
}

interface Presentation {
  bytes: Uint8Array
  /** Case 2: the fifth byte is Le and 6Cxx may correct it. */
  readsOnly?: boolean
  /** Most bytes that the caller asked for, where that bounds GET RESPONSE. */
  limit?: number
}

function present(command: Uint8Array): Presentation {
  if (command.length === 4) return { bytes: command }
  if (command.length === 5) return { bytes: command, readsOnly: true }
  const lc = command[4]
  if (lc !== 0 && command.length === 5 + lc!) return { bytes: command }
  if (lc !== 0 && command.length === 6 + lc!)
    return { bytes: command.subarray(0, -1), limit: command[command.length - 1] || 256 }
  return presentExtended(command)
}

function presentExtended(command: Uint8Array): Presentation {
  const apdu = parseCommand(command)
  if (!apdu?.extended) return { bytes: command }
  const { cla, ins, p1, p2, data, le } = apdu
  if (data.length > 255)
    throw new ShebaoError("T0_LENGTH", `T=0 carries at most 255 data bytes in a command, got ${data.length}.`, {
      messageZh: "T=0协议的命令数据最多255字节。",
    })
  if (data.length === 0)
    return { bytes: Uint8Array.of(cla, ins, p1, p2, Math.min(le ?? 256, 256) & 0xff), readsOnly: true }
  return { bytes: Uint8Array.of(cla, ins, p1, p2, data.length, ...data), limit: le }
}

function sw1(answer: Uint8Array): number | undefined {
  return answer[answer.length - 2]
}
