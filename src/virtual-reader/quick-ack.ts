import { createRequire } from "node:module"
import type { Socket } from "node:net"

const IPPROTO_TCP = 6
const TCP_QUICKACK = 12

/** Asks the kernel to acknowledge what comes next at once. Never throws. */
export type QuickAck = (socket: Socket) => void

type SetSocketOption = (fd: number, level: number, name: number, value: Uint8Array, length: number) => number

let loaded: { quickAck: QuickAck | undefined } | undefined

/**
 * The cure for the delay of the vpcd driver from before 2023 (readers §5.4), through the optional package koffi.
 * The option does not stick: it is set again after each incomplete message.
 *
 * @returns undefined outside Linux and where koffi cannot be loaded; the virtual reader works without, slower
 */
export function loadQuickAck(): QuickAck | undefined {
  loaded ??= { quickAck: load() }
  return loaded.quickAck
}

function load(): QuickAck | undefined {
  if (process.platform !== "linux") return undefined
  try {
    const koffi = createRequire(import.meta.url)("koffi")
    // The symbols of the running process, libc's among them.
    const setsockopt: SetSocketOption = koffi
      .load(null)
      .func("int setsockopt(int fd, int level, int name, const void *value, uint32_t length)")
    return quickAckBy(setsockopt)
  } catch {
    return undefined
  }
}

/** The cure over a given `setsockopt`: failures and sockets without a descriptor are ignored. */
export function quickAckBy(setsockopt: SetSocketOption): QuickAck {
  const one = new Uint8Array(Int32Array.of(1).buffer)
  return (socket) => {
    try {
      // Not public API of Node: undefined or negative once the socket is closed.
      const fd = (socket as { _handle?: { fd?: number } })._handle?.fd
      if (typeof fd === "number" && fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, one, 4)
    } catch {
      // Without the option the exchange is slow, not wrong.
    }
  }
}
