import { readFileSync } from "node:fs"

const ESTABLISHED = "01"
/** The card hung up; the driver has not looked since. */
const CLOSE_WAIT = "08"

/**
 * True when another card's connection holds the driver's slot, by the kernel's table of TCP connections. Always false
 * where that cannot be read.
 */
export function isSlotTaken(port: number, table: string = readTable()): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  return table.split("\n").some((line) => {
    const [, local, , state] = line.trim().split(/\s+/)
    return local?.endsWith(suffix) && (state === ESTABLISHED || state === CLOSE_WAIT)
  })
}

function readTable(): string {
  try {
    return readFileSync("/proc/net/tcp", "utf8")
  } catch {
    return ""
  }
}
