import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hex, uint16 } from "../../../../src/apdu/index.js"
import { type Card, cardFromLayout } from "../../../../src/card/index.js"
import {
  amounts,
  enterAccount,
  exchange,
  initializeDebit,
  initializeTransfer,
  loadMoney,
  medicalCard,
  pay,
  settleDebit,
  settleTransfer,
  unloadMoney,
} from "../../../support/medical-card.js"
import { sweepPowerCuts } from "../../../support/power-cuts.js"

/** A card that draws these random numbers, in this order. */
const drawing = (...numbers: string[]) => {
  const left = numbers.map((text) => hex(text))
  return () => left.shift()!
}

describe("the three transactions of the vectors (card-commands §10.7)", () => {
  it.each([
    [
      "3DES",
      "3des",
      ["00002710000501015A6B7C8D3D19918C9000", "B02A00000B20240315093000967098F1", "378E4E829000"],
      ["00003A98000C00000001010F1E2D3C9000", "B02400000F0000000C202403151015304D47ACEE", "F9CAF4459DA0667A9000"],
      ["000036B00006010177665544B07550169000", "B03000000B2024031614000033A4AAA0", "48598AA79000"],
      ["9DA0667AF9CAF4459000", "48598AA713BD439D9000"],
    ],
    [
      "SM4",
      "sm4",
      ["00002710000501035A6B7C8DFA8FFD469000", "B02A00000B2024031509300016AAAEF9", "78F44BC69000"],
      ["00003A98000C00000001030F1E2D3C9000", "B02400000F0000000C2024031510153030D9CFD3", "37D9F19B07D3626F9000"],
      ["000036B000060103776655446B7AC3839000", "B03000000B20240316140000D09402CD", "E25EB45F9000"],
      ["07D3626F37D9F19B9000", "E25EB45F84F86F839000"],
    ],
  ] as const)("with %s", (_, algorithm, load, debit, unload, proofs) => {
    const card = medicalCard(
      { algorithm, medical: { onlineNumber: 5, offlineNumber: 12 } },
      { random: drawing("5A6B7C8D", "0F1E2D3C", "77665544") },
    )
    expect(exchange(card, "B02800010B0100001388320800000001")).toBe(load[0])
    expect(exchange(card, load[1])).toBe(load[2])
    expect(amounts(card)).toEqual(["00003A98", "000000002024", "000000002024"])

    expect(exchange(card, "B02200010F01000003E8000007D0320800000001")).toBe(debit[0])
    expect(exchange(card, debit[1])).toBe(debit[2])
    expect(amounts(card)).toEqual(["000036B0", "000003E82024", "000007D02024"])
    expect(exchange(card, "B02C003502000C")).toBe(proofs[0])
    expect(exchange(card, "B02C003502000B")).toBe("9406")
    expect(exchange(card, "B02C003102000C")).toBe("9406")

    expect(exchange(card, "B02E00010B01000036B0320800000001")).toBe(unload[0])
    expect(exchange(card, unload[1])).toBe(unload[2])
    expect(amounts(card)).toEqual(["00000000", "000003E82024", "000007D02024"])
    expect(exchange(card, "B02C0033020006")).toBe(proofs[1])

    exchange(card, "00A4000002EF08")
    expect(exchange(card, "00B201041C")).toBe("0006333208000000012024031614000000" + "0036B000000000000000009000")
    expect(exchange(card, "00B202041C")).toBe("000C3532080000000120240315101530000003E8000007D0000036B09000")
    expect(exchange(card, "00B203041C")).toBe("000531320800000001202403150930000000138800000000" + "00003A989000")
    expect(exchange(card, "00B204041C")).toBe("6A83")
  })

  it("under T=0 say how much there is to fetch", () => {
    const card = medicalCard()
    expect([...card.process(initializeTransfer("load", 1))]).toEqual([0x61, 0x10])
    expect([...card.process(initializeDebit(1, 0))]).toEqual([0x61, 0x0f])
  })
})

describe("what is checked (card-commands §10.3)", () => {
  const load = "B02800010B0100001388320800000001"
  const unload = "B02E00010B0100001388320800000001"
  const debit = "B02200010F01000003E8000007D0320800000001"

  it.each([
    ["load", load],
    ["unload", unload],
    ["debit", debit],
  ])("INITIALIZE FOR %s needs the PIN", (_, command) => {
    expect(exchange(medicalCard({}, { pin: false }), command)).toBe("6982")
    expect(exchange(medicalCard(), command)).toMatch(/9000$/)
  })

  it.each([
    ["P1 P2 of nothing", "B02801000B0100001388320800000001", "6A86"],
    ["another P2", "B02200020F01000003E8000007D0320800000001", "6A86"],
    ["a byte less", "B02800010A01000013883208000000", "6700"],
    ["a byte more", "B02E00010C010000138832080000000100", "6700"],
    ["no data", "B0220001", "6700"],
    ["key index 2", "B02800010B0200001388320800000001", "9403"],
    ["key index 0", "B02200010F00000003E8000007D0320800000001", "9403"],
    ["more than there is, unload", "B02E00010B0100002711320800000001", "9401"],
    ["more than there is, debit", "B02200010F010000271100000000320800000001", "9401"],
    ["no money, load", "B02800010B0100000000320800000001", "6A80"],
    ["no money, unload", "B02E00010B0100000000320800000001", "6A80"],
    ["no money, debit", "B02200010F010000000000000000320800000001", "6A80"],
  ])("%s is refused, and changes nothing", (_, command, answer) => {
    const card = medicalCard()
    const before = card.memory.pages.snapshot()
    expect(exchange(card, command)).toBe(answer)
    expect(card.memory.pages.snapshot()).toEqual(before)
  })

  it("all of the account may be paid, and the pooled fund alone", () => {
    const card = medicalCard()
    expect(pay(card, 0, 500)).toMatch(/9000$/)
    expect(pay(card, 10_000, 0)).toMatch(/9000$/)
    expect(amounts(card)).toEqual(["00000000", "000027102024", "000001F42024"])
  })

  it("a load over the limit of the profile is refused", () => {
    const card = medicalCard({ medical: { limit: "150.00" } })
    expect(exchange(card, initializeTransfer("load", 5001))).toBe("6985")
    expect(exchange(card, initializeTransfer("load", 5000))).toMatch(/9000$/)
    const full = medicalCard({ medical: { cia: "42949672.95" } })
    expect(exchange(full, initializeTransfer("load", 1))).toBe("6985")
  })

  it("a counter at its maximum is the end: 9402", () => {
    const online = medicalCard({ medical: { onlineNumber: 0xfffe, offlineNumber: 0xffff } })
    expect(exchange(online, debit)).toBe("9402")
    expect(loadMoney(online, 100)).toMatch(/9000$/)
    expect(exchange(online, load)).toBe("9402")
    expect(exchange(online, unload)).toBe("9402")
  })

  it.each([
    ["CREDIT FOR LOAD", "B02A00000B20240315093000967098F1"],
    ["DEBIT FOR UNLOAD", "B03000000B20240315093000967098F1"],
    ["DEBIT", "B02400000F0000000C202403151015304D47ACEE"],
  ])("%s without its INITIALIZE directly before is refused", (_, command) => {
    expect(exchange(medicalCard(), command)).toBe("6985")
    expect(exchange(medicalCard({ medical: { notInitialized: "6901" } }), command)).toBe("6901")
  })

  it("the second command of another transaction is refused, and ends the one that was begun", () => {
    const card = medicalCard()
    const answer = exchange(card, initializeTransfer("load", 100))
    expect(exchange(card, settleTransfer("unload", 100, answer))).toBe("6985")
    expect(exchange(card, settleTransfer("load", 100, answer))).toBe("6985")
  })

  it.each([
    ["GET BALANCE", "B026000104"],
    ["GET CHALLENGE", "0084000008"],
    ["SELECT of a file", "00A4000002EF05"],
    ["SELECT of DF04", "00A4000002DF04"],
    ["an instruction that does not exist", "B0FF0000"],
    ["a class that does not exist", "C0FF0000"],
    ["GET TRANSACTION PROVE", "B02C0031020000"],
    ["the second command with wrong P1", "B02A01000B20240315093000967098F1"],
    ["the second command with a wrong length", "B02A00000A20240315093000967098"],
  ])("%s in between ends what was begun (§10.4)", (_, command) => {
    const card = medicalCard()
    const answer = exchange(card, initializeTransfer("load", 100))
    exchange(card, command)
    expect(exchange(card, settleTransfer("load", 100, answer))).toBe("6985")
    expect(amounts(card)[0]).toBe("00002710")
  })

  it("GET RESPONSE ends nothing (§10.4)", () => {
    const card = medicalCard()
    const answer = exchange(card, initializeTransfer("load", 100))
    expect(exchange(card, "00C0000010")).toBe("6985")
    expect(exchange(card, settleTransfer("load", 100, answer))).toMatch(/9000$/)
  })

  it.each(["load", "unload"] as const)("a wrong MAC2 of a %s uses the INITIALIZE up", (kind) => {
    const card = medicalCard()
    const answer = exchange(card, initializeTransfer(kind, 100))
    const right = settleTransfer(kind, 100, answer)
    const wrong = right.slice()
    wrong[wrong.length - 1]! ^= 1
    expect(exchange(card, wrong)).toBe("9302")
    expect(exchange(card, right)).toBe("6985")
    expect(amounts(card)[0]).toBe("00002710")
  })

  it("a wrong MAC1 of a debit uses the INITIALIZE up", () => {
    const card = medicalCard()
    const right = settleDebit(100, 0, exchange(card, initializeDebit(100, 0)))
    const wrong = right.slice()
    wrong[wrong.length - 1]! ^= 1
    expect(exchange(card, wrong)).toBe("9302")
    expect(exchange(card, right)).toBe("6985")
    expect(amounts(card)).toEqual(["00002710", "000000002024", "000000002024"])
  })

  it("a MAC for another amount, terminal or time is wrong", () => {
    const card = medicalCard()
    const answer = exchange(card, initializeTransfer("load", 100))
    expect(exchange(card, settleTransfer("load", 101, answer))).toBe("9302")
    const again = exchange(card, initializeTransfer("load", 100))
    const moved = settleTransfer("load", 100, again)
    moved[11] = 0x01
    expect(exchange(card, moved)).toBe("9302")
  })

  it("a time that is no digits is refused and uses the INITIALIZE up", () => {
    const card = medicalCard()
    const dateTime = hex("2024031509300A")
    const answer = exchange(card, initializeTransfer("load", 100))
    expect(exchange(card, settleTransfer("load", 100, answer, { dateTime }))).toBe("6A80")
    expect(exchange(card, settleTransfer("load", 100, answer))).toBe("6985")
    const debit = exchange(card, initializeDebit(100, 0))
    expect(exchange(card, settleDebit(100, 0, debit, { dateTime }))).toBe("6A80")
  })

  it("a session key is good once: the answer to an old INITIALIZE is refused", () => {
    const card = medicalCard()
    const old = settleTransfer("load", 100, exchange(card, initializeTransfer("load", 100)))
    exchange(card, initializeTransfer("load", 100))
    expect(exchange(card, old)).toBe("9302")
  })
})

describe("the year of the totals (card-commands §10.4)", () => {
  const paidIn = (year: string) => {
    const card = medicalCard({ medical: { spip: "5.00", spfp: "7.00" } })
    expect(pay(card, 100, 200, hex(`${year}0101000000`))).toMatch(/9000$/)
    return amounts(card)
  }

  it("adds within the year", () => {
    expect(paidIn("2024")).toEqual(["000026AC", "000002582024", "000003842024"])
  })

  it("begins at zero in a later year", () => {
    expect(paidIn("2025")).toEqual(["000026AC", "000000642025", "000000C82025"])
  })

  it("leaves the totals alone for an earlier one", () => {
    expect(paidIn("2023")).toEqual(["000026AC", "000001F42024", "000002BC2024"])
  })

  it("does not change with load and unload", () => {
    const card = medicalCard({ medical: { spip: "5.00", spfp: "7.00" } })
    loadMoney(card, 100)
    unloadMoney(card, 50)
    expect(amounts(card)).toEqual(["00002742", "000001F42024", "000002BC2024"])
  })

  it("refuses what a total cannot hold, and changes nothing", () => {
    const card = medicalCard({ medical: { spfp: "42949672.95" } })
    expect(pay(card, 100, 1)).toBe("6985")
    expect(amounts(card)[0]).toBe("00002710")
  })
})

describe("power cuts (card-commands §10.5)", () => {
  const transactions: Record<string, { begin: Uint8Array; end: (answer: string) => Uint8Array; type: number }> = {
    load: {
      begin: initializeTransfer("load", 5000),
      end: (answer) => settleTransfer("load", 5000, answer),
      type: 0x31,
    },
    unload: {
      begin: initializeTransfer("unload", 10_000),
      end: (answer) => settleTransfer("unload", 10_000, answer),
      type: 0x33,
    },
    debit: { begin: initializeDebit(1000, 2000), end: (answer) => settleDebit(1000, 2000, answer), type: 0x35 },
  }

  describe.each(Object.entries(transactions))("in a %s", (name, { begin, end, type }) => {
    it("leave the account as it was or as it is to be", () => {
      const cuts = sweepPowerCuts(
        () => medicalCard(),
        () => {},
        (card) => end(exchange(card, begin)),
      )
      expect(cuts).toBeGreaterThan(20)
    })

    it("are told by GET TRANSACTION PROVE, without the PIN", () => {
      const whole = medicalCard()
      const start = amounts(whole)
      const number = uint16(0)
      const command = end(exchange(whole, begin))
      exchange(whole, command)
      const finished = amounts(whole)
      const outcomes = new Set<string>()
      for (let writes = 0; ; writes++) {
        const card = medicalCard()
        const settle = end(exchange(card, begin))
        card.cutPowerAfter(writes)
        const cut = isCut(card, settle)
        const later = cardFromLayout(card.layout, { memory: card.memory.pages.snapshot() })
        later.powerOn()
        enterAccount(later, false)
        const proof = exchange(later, `B02C00${type.toString(16)}02${number[0]}0${number[1]}0`)
        exchange(later, "0020000003123456")
        outcomes.add(proof === "9406" ? "not done" : "done")
        expect(amounts(later), `${name} cut after ${writes} writes`).toEqual(proof === "9406" ? start : finished)
        if (!cut) break
      }
      expect([...outcomes].sort()).toEqual(["done", "not done"])
    })
  })

  it("keep the proof of the last transaction until the next is committed", () => {
    const card = medicalCard()
    expect(exchange(card, "B02C0031020000")).toBe("9406")
    loadMoney(card, 100)
    const proof = exchange(card, "B02C0031020000")
    expect(proof).toMatch(/^.{16}9000$/)
    exchange(card, initializeDebit(1, 0))
    expect(exchange(card, "B02C0031020000")).toBe(proof)
    card.reset()
    enterAccount(card, false)
    expect(exchange(card, "B02C0031020000")).toBe(proof)
    exchange(card, "0020000003123456")
    pay(card, 1, 0)
    expect(exchange(card, "B02C0031020000")).toBe("9406")
    expect(exchange(card, "B02C0135020000")).toBe("6A86")
    expect(exchange(card, "B02C00350100")).toBe("6700")
  })

  function isCut(card: Card, command: Uint8Array): boolean {
    try {
      card.process(command)
      return false
    } catch {
      return true
    }
  }
})

describe("any sequence of transactions", () => {
  it("keeps the account what loads, unloads and payments make of it", () => {
    const step = fc.record({
      kind: fc.constantFrom("load", "unload", "debit" as const),
      amount: fc.integer({ min: 1, max: 20_000 }),
      pooled: fc.integer({ min: 0, max: 20_000 }),
      end: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const card = medicalCard()
        const expected = { cia: 10_000, spip: 0, spfp: 0 }
        for (const { kind, amount, pooled, end } of steps) {
          const begin = kind === "debit" ? initializeDebit(amount, pooled) : initializeTransfer(kind, amount)
          const answer = exchange(card, begin)
          if (kind !== "load" && amount > expected.cia) {
            expect(answer).toBe("9401")
            continue
          }
          expect(answer).toMatch(/9000$/)
          if (!end) continue
          const settle = kind === "debit" ? settleDebit(amount, pooled, answer) : settleTransfer(kind, amount, answer)
          expect(exchange(card, settle)).toMatch(/9000$/)
          expected.cia += kind === "load" ? amount : -amount
          if (kind === "debit") {
            expected.spip += amount
            expected.spfp += pooled
          }
        }
        const [cia, spip, spfp] = amounts(card).map((text) => Number.parseInt(text.slice(0, 8), 16))
        expect({ cia, spip, spfp }).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })
})
