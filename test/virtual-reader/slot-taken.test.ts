import { describe, expect, it } from "vitest"
import { isSlotTaken } from "../../src/virtual-reader/slot-taken.js"

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
const line = (local: string, remote: string, state: string) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 13772 1 0000 100 0 0 10 0`
const table = (...lines: string[]) => [HEAD, ...lines, ""].join("\n")

describe("whether a card holds the driver's slot, by the kernel's table", () => {
  it.each([
    ["only listening", table(line("00000000:8C7B", "00000000:0000", "0A")), false],
    ["a card is in", table(line("0100007F:8C7B", "0100007F:E000", "01")), true],
    ["a card hung up and the driver has not looked", table(line("0100007F:8C7B", "0100007F:E000", "08")), true],
    ["the card's own end", table(line("0100007F:E000", "0100007F:8C7B", "01")), false],
    ["the other slot", table(line("0100007F:8C7C", "0100007F:E000", "01")), false],
    ["gone", table(line("0100007F:8C7B", "0100007F:E000", "06")), false],
    ["an unreadable table", "", false],
  ])("%s", (_, text, taken) => {
    expect(isSlotTaken(35963, text)).toBe(taken)
  })
})
