import { describe, expect, it } from "vitest"
import { concat, findTlv, parseTlv, toHex, uint32 } from "../../../src/apdu/index.js"
import { createBank } from "../../../src/host/index.js"
import { CARD, PAN, PIN } from "../test-terminal.js"
import { openWorld, violations } from "../world.js"

describe("a card issued again with the same PAN", () => {
  it("counts from the beginning; its account keeps its money", async () => {
    const { bank, terminal } = await openWorld()
    for (let i = 0; i < 3; i++) await terminal.sendMessage(terminal.withdrawal(10_000))
    const before = await bank.account(PAN)

    terminal.setAtc(0)
    expect((await terminal.sendMessage(terminal.withdrawal(10_000))).code).toBe("59")
    expect(await bank.reissue({ ...CARD, openingBalanceFen: 99 })).toBe(false)
    terminal.setAtc(0)
    expect((await terminal.sendMessage(terminal.withdrawal(10_000))).code).toBe("00")

    const { accountNumber, accountClass } = before!
    expect(await bank.account(PAN)).toMatchObject({ accountNumber, accountClass })
    expect((await bank.ledger.summary()).customersFen).toBe(960_000n)
    expect(await violations(bank)).toEqual([])
  })

  it("has state, PIN and tries as it is issued, and is off the stop list", async () => {
    const { bank, terminal } = await openWorld()
    await terminal.sendMessage(terminal.inquiry({ pin: "999999" }))
    await bank.listCard(PAN, "41")
    await bank.reissue({ ...CARD, pin: "135790" })
    expect(await bank.account(PAN)).toMatchObject({ state: "active", pinTriesLeft: 3 })
    expect((await terminal.sendMessage(terminal.inquiry({ pin: PIN }))).code).toBe("55")
    expect((await terminal.sendMessage(terminal.inquiry({ pin: "135790" }))).code).toBe("00")

    await bank.reissue({ ...CARD, state: "notActivated" })
    expect((await terminal.sendMessage(terminal.inquiry({ pin: PIN }))).code).toBe("21")
  })

  it("does not take the PIN of a script that the chip before it ran", async () => {
    const { bank, terminal, connect } = await openWorld({ terminal: "TLR00001", card: { state: "notActivated" } })
    const request = terminal.request("920000", {
      pin: "246810",
      data: {
        atc: new Uint8Array(2),
        challenge: new Uint8Array(8),
        documentType: "00",
        identityNumber: CARD.idNumber,
        name: CARD.holderName,
        teller: "T001",
      },
      fields: { 18: "6010", 35: undefined, 55: undefined },
    })
    const { fields } = await terminal.sendMessage(request)
    const id = findTlv(parseTlv(fields[55]!), 0x9f18)!.value
    await bank.reissue(CARD)
    const report = terminal.scriptResult(request, concat(0x20, uint32(Number.parseInt(toHex(id), 16))))
    await terminal.sendMessage(report)
    const machine = await connect("ATM00001")
    expect((await machine.sendMessage(machine.inquiry({ pin: PIN }))).code).toBe("00")
  })

  it("is enrolled when its PAN is new, with its opening balance", async () => {
    const bank = createBank()
    expect(await bank.reissue(CARD)).toBe(true)
    expect(await bank.account(PAN)).toMatchObject({ state: "active", balanceFen: 1_000_000n })
  })

  it("is refused when it is described wrongly, and nothing changes", async () => {
    const { bank } = await openWorld()
    await expect(bank.reissue({ ...CARD, expiry: "9913" })).rejects.toMatchObject({ field: "expiry" })
    expect(await bank.account(PAN)).toMatchObject({ state: "active" })
  })
})
