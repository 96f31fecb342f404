import { describe, expect, it } from "vitest"
import { CARD, PAN } from "../test-terminal.js"
import { openWorld } from "../world.js"

const HOLDER = { pan: PAN, identityNumber: CARD.idNumber, name: CARD.holderName }

describe("a report of loss", () => {
  it.each([
    ["tempLost", false],
    ["formallyLost", true],
  ])("makes the card %s, which is refused with 41", async (state, inWriting) => {
    const { bank, terminal } = await openWorld()
    expect(await bank.reportLoss({ ...HOLDER, inWriting })).toBe("reported")
    expect(await bank.account(PAN)).toMatchObject({ state, balanceFen: 1_000_000n })
    expect((await terminal.sendMessage(terminal.withdrawal(10_000))).code).toBe("41")
  })

  it("in writing stays so when it is repeated by telephone", async () => {
    const { bank } = await openWorld()
    await bank.reportLoss({ ...HOLDER, inWriting: true })
    expect(await bank.reportLoss(HOLDER)).toBe("reported")
    expect(await bank.account(PAN)).toMatchObject({ state: "formallyLost" })
  })

  it.each([
    ["notHolder", "the document is another", { identityNumber: "999999198506150028" }],
    ["notHolder", "the kind of document is another", { documentType: "02" }],
    ["notHolder", "the name is another", { name: "测试九号" }],
    ["unknown", "there is no such card", { pan: "6217998765432101232" }],
  ] as const)("changes nothing: %s when %s", async (outcome, _when, change) => {
    const { bank } = await openWorld()
    expect(await bank.reportLoss({ ...HOLDER, ...change })).toBe(outcome)
    expect(await bank.account(PAN)).toMatchObject({ state: "active" })
  })

  it("is not possible for a card that was replaced", async () => {
    const { bank } = await openWorld()
    await bank.setCardState(PAN, "reissued")
    expect(await bank.reportLoss(HOLDER)).toBe("notPossible")
  })
})
