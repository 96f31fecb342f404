import { describe, expect, it } from "vitest"
import { localCardsAreQuiet } from "../../src/terminal/pcsc/local-cards.js"
import { announceLocalCard } from "../../src/virtual-reader/local-cards.js"

describe("synchronous PC/SC calls beside a card of this process", () => {
  it("need not wait where there is none, or where it was looked at a moment ago", async () => {
    await localCardsAreQuiet()
    const withdraw = announceLocalCard(() => 20)
    await localCardsAreQuiet()
    withdraw()
  })

  it("wait until pcscd has looked at each", async () => {
    const ages = [20, 350]
    const withdraw = ages.map((_, i) => announceLocalCard(() => ages[i]!))
    let quiet = false
    const waiting = localCardsAreQuiet().then(() => (quiet = true))
    await new Promise(setImmediate)
    expect(quiet).toBe(false)
    ages[1] = 5
    await waiting
    for (const done of withdraw) done()
  })

  it("do not wait for a card that is out", async () => {
    announceLocalCard(() => 10_000)()
    await localCardsAreQuiet()
  })
})
