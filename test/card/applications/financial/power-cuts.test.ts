import { describe, expect, it } from "vitest"
import { concat, hex } from "../../../../src/apdu/index.js"
import type { Card } from "../../../../src/card/index.js"
import {
  activeCard,
  approve,
  CDOL_VALUES,
  challenge,
  externalAuthenticate,
  financialCard,
  GPO,
  generateAc,
  pinChange,
  scriptCommand,
  select,
  send,
  status,
} from "../../../support/financial-card.js"
import { sweepPowerCuts } from "../../../support/power-cuts.js"

const begin = (card: Card) => {
  select(card)
  send(card, GPO)
}
const generate = (kind: string, responseCode = "") => {
  const data = hex(responseCode + CDOL_VALUES)
  return concat(hex(`80AE${kind}00`), data.length, data)
}
const goOnline = (card: Card) => {
  begin(card)
  return generateAc(card, "80")
}

describe("a power cut at any physical write leaves the old state or the new one:", () => {
  it("GET PROCESSING OPTIONS", () => {
    expect(sweepPowerCuts(() => activeCard(), select, hex(GPO))).toBeGreaterThan(4)
  })

  it("GET PROCESSING OPTIONS with a carry", () => {
    const card = () => activeCard({ data: { "9F36": "00FF", "9F13": "0006" } })
    expect(sweepPowerCuts(card, select, hex(GPO))).toBeGreaterThan(4)
  })

  it("GENERATE AC with an ARQC", () => {
    expect(sweepPowerCuts(() => activeCard(), begin, generate("80"))).toBeGreaterThan(1)
  })

  it("GENERATE AC with an AAC that keeps a failed data authentication in mind", () => {
    const data = hex(CDOL_VALUES.replace("0000048000", "4800048000"))
    expect(sweepPowerCuts(() => activeCard(), begin, concat(hex("80AE000034"), data))).toBeGreaterThan(4)
  })

  it("GENERATE AC with a TC off-line: counters and log", () => {
    const data = { "9F36": "0006", "9F13": "0006", "9F58": "", "9F54": "", "9F59": "", "9F5C": "" }
    expect(sweepPowerCuts(() => activeCard({ data }), begin, generate("40"))).toBeGreaterThan(8)
  })

  it("second GENERATE AC with a TC: flags, counters, log", () => {
    const cuts = sweepPowerCuts(
      () => activeCard(),
      (card) => externalAuthenticate(card, goOnline(card)),
      generate("40", "3030"),
    )
    expect(cuts).toBeGreaterThan(12)
  })

  it("second GENERATE AC with a TC when the log is full", () => {
    const full = () => {
      const card = activeCard()
      for (let i = 0; i < 10; i++) approve(card)
      return card
    }
    sweepPowerCuts(full, (card) => externalAuthenticate(card, goOnline(card)), generate("40", "3030"))
  })

  it("second GENERATE AC without issuer authentication", () => {
    expect(sweepPowerCuts(() => activeCard(), goOnline, generate("40", "3030"))).toBeGreaterThan(1)
  })

  it("EXTERNAL AUTHENTICATE with a wrong cryptogram", () => {
    expect(sweepPowerCuts(() => activeCard(), goOnline, hex("008200000A00112233445566773030"))).toBeGreaterThan(1)
  })

  it.each(["26123456FFFFFFFF", "26999999FFFFFFFF"])("VERIFY %s", (block) => {
    expect(sweepPowerCuts(() => activeCard(), begin, hex(`0020008008${block}`))).toBeGreaterThan(1)
  })

  it.each(["26123456FFFFFFFF", "26999999FFFFFFFF"])("VERIFY %s on the last try of a card that then blocks", (block) => {
    const card = () =>
      activeCard({
        data: { "9F36": "0006", "9F13": "0006", "9F52": "C080" },
        offlinePin: { triesLeft: 1 },
      })
    const cuts = sweepPowerCuts(card, begin, hex(`0020008008${block}`), {
      // The last try counts, with the block that goes with it, before the comparison.
      also: (cells) => stateOf(card(), cells) === "blocked, 0 tries",
    })
    expect(cuts).toBeGreaterThan(4)
  })

  it.each(["841E0000", "841E0001", "84160000", "84240000"])("script %s", (header) => {
    const cuts = sweepPowerCuts(
      () => activeCard({ offlinePin: { triesLeft: 1 } }),
      () => undefined,
      (card) => hex(scriptCommand("0007", goOnline(card).cryptogram, header)),
    )
    expect(cuts).toBeGreaterThan(2)
  })

  it.each(["84240000", "84180000"])("script %s after the second GENERATE AC: its effect and its count", (header) => {
    const cuts = sweepPowerCuts(
      () => activeCard({ offlinePin: { triesLeft: 1 } }),
      () => undefined,
      (card) => {
        const arqc = goOnline(card)
        externalAuthenticate(card, arqc)
        generateAc(card, "40", "3030")
        return hex(scriptCommand("0007", arqc.cryptogram, header))
      },
    )
    expect(cuts).toBeGreaterThan(1)
  })

  it.each([
    ["PUT DATA of a balance, with its load log", "04DA9F79", "000000060000"],
    ["PUT DATA", "04DA9F58", "0A"],
    ["PUT DATA into a record", "04DA9F14", "05"],
    ["UPDATE RECORD", "04DC010C", "70165F200B43455348492F455248414F9F62010057020001"],
  ])("script %s before and after the second GENERATE AC", (_, header, data) => {
    for (const after of [false, true]) {
      const cuts = sweepPowerCuts(
        () => activeCard(),
        () => undefined,
        (card) => {
          const arqc = goOnline(card)
          if (after) {
            externalAuthenticate(card, arqc)
            generateAc(card, "40", "3030")
          }
          return hex(scriptCommand("0007", arqc.cryptogram, header, hex(data)))
        },
      )
      expect(cuts).toBeGreaterThan(1)
    }
  })

  it("CARD BLOCK of the whole card", () => {
    const cuts = sweepPowerCuts(
      () => activeCard({ cardBlockScope: "card" }),
      () => undefined,
      (card) => hex(scriptCommand("0007", goOnline(card).cryptogram, "84160000")),
    )
    expect(cuts).toBeGreaterThan(2)
  })

  it("a script with a wrong MAC", () => {
    expect(sweepPowerCuts(() => activeCard(), goOnline, hex("841E00000400000000"))).toBeGreaterThan(1)
  })

  it("APPLICATION UNBLOCK and PIN CHANGE of an activation", () => {
    for (const command of [
      (anchor: Uint8Array) => scriptCommand("0000", anchor, "84180000"),
      (anchor: Uint8Array) => pinChange("0000", anchor, "123456789012"),
    ]) {
      const cuts = sweepPowerCuts(
        () => financialCard(),
        (card) => select(card),
        (card) => hex(command(challenge(card))),
      )
      expect(cuts).toBeGreaterThan(1)
    }
  })
})

/** Where the application stands by its memory. */
function stateOf(card: Card, cells: Uint8Array): string {
  const { elements, pin } = card.layout.applications.find(({ name }) => name === "PBOC")!
  const lifecycle = ["inactive", "active", "blocked", "closed", "cardBlocked"][cells[elements.lifecycle!.offset]!]
  return `${lifecycle}, ${cells[pin!.triesOffset]} tries`
}

it("a transaction counter that was answered is never given again, whatever is cut", () => {
  const card = activeCard()
  let last = 6
  for (let writes = 0; writes < 12; writes++) {
    select(card)
    card.cutPowerAfter(writes, { torn: writes % 2 === 1 })
    let answered = false
    try {
      answered = status(card, GPO) === "9000"
    } catch {
      card.powerOn()
      select(card)
    }
    card.cutPowerAfter(Number.POSITIVE_INFINITY)
    const counter = Number.parseInt(send(card, "80CA9F3600").slice(6, 10), 16)
    expect(counter).toBeGreaterThanOrEqual(last)
    if (answered) expect(counter).toBe(last + 1)
    last = counter
    card.reset()
  }
  expect(last).toBeGreaterThan(6)
})
