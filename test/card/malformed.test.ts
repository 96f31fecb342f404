import { describe, expect, it } from "vitest"
import type { Card } from "../../src/card/index.js"
import { expectRefused } from "../support/card-state.js"
import { exchange, exchangeAll } from "../support/exchange.js"
import { isoCard, PIN } from "../support/iso-card.js"

/** Commands that work on the card as it is prepared; those with data in one that has an Lc. */
const WITHOUT_DATA = ["00B0870010", "00B2011C00", "00B2011D00", "00CA5F2000", "0084000008", "00A4030C", "000E8700"]
const WITH_DATA = [
  "00A4020C020003",
  "0020000003123456",
  "00D6870004AABBCCDD",
  "00D0870004AABBCCDD",
  "00D7000708540201005302AABB",
  "00DC011C032E0158",
  "00D2011C03000080",
  "00E2001803310159",
  "00A20124023030",
  "00B1000703540110",
  "00CB3FFF025C00",
  "00DADF0202AABB",
  "00DB3FFF03DF0200",
  "805E010007123456FF654321",
  `0088000010${"11".repeat(16)}`,
]

/** LOANS with its PIN shown, NOTES current, another channel open, and a challenge drawn. */
function prepared(): Card {
  const card = isoCard()
  exchangeAll(card, [PIN, "00A4020C020003", "00700001 < 9000", "0084000008"])
  return card
}

describe("a malformed command changes nothing, whatever command it is", () => {
  it.each([...WITHOUT_DATA, ...WITH_DATA])("%s works as it is", (command) => {
    const answer = exchange(prepared(), command)
    expect(answer).toMatch(/9000$/)
  })

  it.each([...WITHOUT_DATA, ...WITH_DATA])("%s cut anywhere in its header", (command) => {
    const card = prepared()
    for (const bytes of [0, 1, 2, 3]) expectRefused(card, command.slice(0, 2 * bytes), "6700")
  })

  it.each(WITH_DATA)("%s with a byte missing, or two too many", (command) => {
    const card = prepared()
    expectRefused(card, `${command}0000`, "6700")
    for (let bytes = 6; bytes < command.length / 2; bytes++) {
      const rest = command.length / 2 - bytes
      if (rest > 0) expectRefused(card, command.slice(0, 2 * bytes), "6700")
    }
  })

  it.each(WITH_DATA)("%s with a wrong Lc", (command) => {
    const card = prepared()
    const lc = Number.parseInt(command.slice(8, 10), 16)
    for (const wrong of [lc + 1, lc + 7, 0xff, ...(lc > 2 ? [lc - 2] : [])])
      expectRefused(card, command.slice(0, 8) + wrong.toString(16).padStart(2, "0") + command.slice(10), "6700")
  })

  it.each(WITHOUT_DATA.filter((command) => !command.startsWith("00A4") && !command.startsWith("000E")))(
    "%s with data",
    (command) => {
      expectRefused(prepared(), `${command.slice(0, 8)}03AABBCC`, "6700")
    },
  )

  it.each([...WITHOUT_DATA, ...WITH_DATA])("%s in a wrong class", (command) => {
    const card = prepared()
    const body = command.slice(2)
    const isProprietary = command.startsWith("80")
    for (const cla of ["20", "3F", "A0", "B0", "C0", "FF"]) expectRefused(card, cla + body, "6E00")
    for (const cla of ["02", "03", "40", "4F", "5F"]) expectRefused(card, cla + body, "6881")
    expectRefused(card, `04${body}`, isProprietary ? "6D00" : "6882")
    expectRefused(card, (isProprietary ? "00" : "80") + body, "6D00")
    expectRefused(card, (isProprietary ? "01" : "81") + body, "6D00")
  })

  it.each([...WITHOUT_DATA, ...WITH_DATA])("%s in the middle of a chain", (command) => {
    const card = prepared()
    exchangeAll(card, ["10D6870002AABB < 9000"])
    if (command.startsWith("00D68700")) return
    expectRefused(card, command, "6883")
  })

  it.each([...WITHOUT_DATA, ...WITH_DATA])("%s with reserved parameters", (command) => {
    const card = prepared()
    const ins = command.slice(2, 4)
    const wrong: Record<string, [parameters: string, status: string]> = {
      B0: ["9F00", "6A86"],
      B2: ["01FF", "6A86"],
      CA: ["0001", "6A86"],
      "84": ["0100", "6A86"],
      A4: ["0700", "6A86"],
      "0E": ["8000", "6A86"],
      "20": ["0001", "6A86"],
      D6: ["9F00", "6A86"],
      D0: ["9F00", "6A86"],
      D7: ["1234", "6A82"],
      DC: ["01FF", "6A86"],
      D2: ["01FF", "6A86"],
      E2: ["0118", "6A86"],
      A2: ["0127", "6A86"],
      B1: ["1234", "6A82"],
      CB: ["1234", "6A82"],
      DA: ["0001", "6A86"],
      DB: ["1234", "6A82"],
      "5E": ["0000", "6A86"],
      "88": ["0001", "6A86"],
    }
    const [parameters, status] = wrong[ins]!
    expectRefused(card, command.slice(0, 4) + parameters + command.slice(8), status)
  })
})
