import { describe, expect, it } from "vitest"
import { medicalClient } from "../../../src/terminal/clients/index.js"
import { scriptedLine } from "../support/lines.js"

describe("medical account (card-commands §10.1, card-structure §9.3)", () => {
  it("selects the SSSE, then DF04", async () => {
    const line = scriptedLine(["9000", "9000"])
    expect(await medicalClient(line).select()).toMatchObject({ ok: true })
    expect(line.sent).toEqual(["00A404000F7378312E73682EC9E7BBE1B1A3D5CF00", "00A4000002DF0400"])
  })

  it("reads CIA, SPIP and SPFP in fen, with their year", async () => {
    const line = scriptedLine(["000027109000", "000003E820249000", "FFFFFFFF20249000"])
    expect(await medicalClient(line).getBalances()).toEqual({
      ok: true,
      personalBalanceFen: 10_000,
      ownPaymentsFen: 1_000,
      ownPaymentsYear: "2024",
      pooledPaymentsFen: 4_294_967_295,
      pooledPaymentsYear: "2024",
    })
    expect(line.sent).toEqual(["B026000104", "B026000206", "B026000306"])
  })

  it.each([1, 2, 3])("ends when the card refuses balance %i", async (at) => {
    const answers = ["000027109000", "000003E820249000", "000007D020249000"].slice(0, at - 1)
    const outcome = await medicalClient(scriptedLine([...answers, "6982"])).getBalances()
    expect(outcome).toEqual({ ok: false, statusWord: 0x6982 })
  })

  it("does not take an answer of another length for a balance", async () => {
    await expect(medicalClient(scriptedLine(["0000279000"])).getBalance("CIA")).rejects.toMatchObject({
      code: "CARD_DATA",
    })
  })

  it("reads transactions until there are no more", async () => {
    const debit = "000C353208000000012024031510153000000" + "3E8000007D0000036B0"
    const load = "00053132080000000120240315093000000013880000000000003A98"
    const line = scriptedLine(["9000", `${debit}9000`, `${load}9000`, "6A83"])
    const outcome = await medicalClient(line).readTransactions()
    expect(outcome).toEqual({
      ok: true,
      transactions: [
        {
          record: 1,
          number: 12,
          type: "5",
          terminalNumber: "320800000001",
          dateTime: "20240315101530",
          personalAmountFen: 1_000,
          pooledAmountFen: 2_000,
          balanceAfterFen: 14_000,
        },
        {
          record: 2,
          number: 5,
          type: "1",
          terminalNumber: "320800000001",
          dateTime: "20240315093000",
          personalAmountFen: 5_000,
          pooledAmountFen: 0,
          balanceAfterFen: 15_000,
        },
      ],
    })
    expect(line.sent).toEqual(["00A4020002EF0800", "00B2010400", "00B2020400", "00B2030400"])
  })

  it("says when the records may not be read", async () => {
    expect(await medicalClient(scriptedLine(["9000", "6982"])).readTransactions()).toEqual({
      ok: false,
      statusWord: 0x6982,
    })
  })
})
