import { describe, expect, it } from "vitest"
import { expectRefused } from "../../support/card-state.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { isoCard } from "../../support/iso-card.js"

/** NOTES of the MF: 64 bytes 11, free. */
function card() {
  const made = isoCard()
  exchangeAll(made, ["00A4000C023F00", `00D6850040${"11".repeat(64)} < 9000`])
  return made
}

const FULL = "11".repeat(64)
const filled = (from: number, to: number) => `${"11".repeat(from)}${"00".repeat(to - from)}${"11".repeat(64 - to)}9000`

describe("ERASE BINARY (ISO 7816-4 §11.2.7)", () => {
  it.each<[string, string, number, number]>([
    ["the whole file", "000E0000", 0, 64],
    ["from an offset to the end", "000E0010", 16, 64],
    ["between two offsets", "000E0010020012", 16, 18],
    ["up to the end, told", "000E003F020040", 63, 64],
    ["by SFI", "000E8508020010", 8, 16],
    ["with data objects: everything", "000F0005", 0, 64],
    ["with data objects: from an offset", "000F000503540120", 32, 64],
    ["with data objects: between two", "000F2F0507540120 54020021", 32, 33],
  ])("erases %s", (_, command, from, to) => {
    const made = card()
    exchangeAll(made, [`${command} < 9000`, `00B0000040 < ${filled(from, to)}`])
  })

  it.each([
    ["one byte of end", "000E00000110", "6700"],
    ["three bytes of end", "000E000003000010", "6700"],
    ["SFI 0", "000E8000", "6A86"],
    ["SFI 31", "000E9F00", "6A86"],
    ["an SFI that is not there", "000E8700", "6A82"],
    ["an identifier that is not there", "000F1234", "6A82"],
    ["an offset behind the end", "000E0040", "6B00"],
    ["an end behind the end", "000E0000020041", "6B00"],
    ["an end that is not behind the offset", "000E0010020010", "6A80"],
    ["three data objects", "000F000509540100540101540102", "6A80"],
    ["another data object", "000F000503530100", "6A80"],
    ["broken data objects", "000F0005025401", "6A80"],
    ["an offset object behind the end", "000F000503540140", "6B00"],
  ])("refuses %s; nothing is erased", (_, command, expected) => {
    const made = card()
    expectRefused(made, command, expected)
    expect(exchange(made, "00B0850040")).toBe(`${FULL}9000`)
  })

  it.each([
    ["without a current file", "00A4000C024F00", "000E0000", "6986"],
    ["without a current file, with data objects", "00A4000C024F00", "000F0000", "6986"],
    ["in a file of records", "00A4080C044F000003", "000E0000", "6981"],
    ["in a file that is closed for writing", "00A4080C022F00", "000E0000", "6982"],
    ["in a file that is closed for writing, with data objects", "00A4080C022F00", "000F0000", "6982"],
  ])("is refused %s", (_, before, command, expected) => {
    const made = card()
    exchangeAll(made, [`${before} < 9000`])
    expectRefused(made, command, expected)
  })
})
