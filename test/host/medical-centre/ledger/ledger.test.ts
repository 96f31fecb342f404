import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { KINDS } from "../../../../src/host/medical-centre/ledger/accounts.js"
import { postMedical } from "../../../../src/host/medical-centre/ledger/post.js"
import { memoryStore } from "../../../../src/host/store/memory-store.js"
import { BILL_I, HOSPITAL, openMedicalWorld, PERSON, yuan } from "../world.js"

const time = { date: "20250610", at: "2025-06-10T02:00:00.000Z" }
const tryPost = (posting: Parameters<typeof postMedical>[1]) =>
  memoryStore().transaction((rows) => postMedical(rows, posting, time))

describe("ledger of the medical funds", () => {
  it("R6: personal and pooled money lie in different accounts, of the person and of all", async () => {
    const { centre } = await openMedicalWorld()
    const { groupsFen } = await centre.ledger.verify()
    expect(groupsFen.get("2101")).toBe(yuan(4_200))
    expect(groupsFen.get("3101")).toBeGreaterThan(yuan(10_000_000))
  })

  it("R7: no kind of entry moves pooled money to cash, to the bank, or to a withdrawal", () => {
    const ways = Object.entries(KINDS).filter(([, { debit }]) => debit.includes("3101"))
    expect(ways.map(([kind]) => kind)).toEqual(["K2", "S1", "S2"])
    for (const [, { credit }] of ways)
      for (const group of credit) expect(["2101", "2201", "2202", "2203"]).toContain(group)
  })

  it("R7: an entry that would do so is refused, whatever it calls itself", () => {
    const groups = ["1001", "1131:1", "2105:W1", "2301:P1", "2101:P1", "3102"]
    return fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(KINDS), "Z9"),
        fc.constantFrom(...groups),
        fc.bigInt(1n, 10n ** 12n),
        async (kind, account, fen) => {
          const posting = {
            key: "X",
            kind,
            legs: [
              { account: "3101", fen },
              { account, fen: -fen },
            ],
          }
          const isLawful = kind === "K2" && account === "2101:P1"
          if (!isLawful) await expect(tryPost(posting)).rejects.toMatchObject({ code: "LEDGER_REFUSED" })
        },
      ),
    )
  })

  it.each([
    [
      "unbalanced",
      {
        key: "X",
        kind: "K1",
        legs: [
          { account: "1001", fen: 5n },
          { account: "2101:P1", fen: -4n },
        ],
      },
    ],
    ["of no kind", { key: "X", kind: "Q1", legs: [] }],
    [
      "that overdraws a personal account",
      {
        key: "X",
        kind: "P1",
        legs: [
          { account: "2101:P1", fen: 5n },
          { account: "2105:W", fen: -5n },
        ],
      },
    ],
    [
      "against its kind",
      {
        key: "X",
        kind: "K1",
        legs: [
          { account: "2101:P1", fen: 5n },
          { account: "1001", fen: -5n },
        ],
      },
    ],
  ])("refuses an entry %s", async (_, posting) => {
    await expect(tryPost(posting)).rejects.toMatchObject({
      code: "LEDGER_REFUSED",
      message: expect.not.stringContaining("P1:"),
    })
  })

  it("posts a key once", async () => {
    const store = memoryStore()
    const posting = {
      key: "X",
      kind: "F0",
      legs: [
        { account: "1001", fen: 5n },
        { account: "3101", fen: -5n },
      ],
    }
    const post = () => store.transaction((rows) => postMedical(rows, posting, time))
    expect([await post(), await post()]).toEqual([1, undefined])
  })

  it("finds what was planted: a balance changed behind its back, an entry of an unlawful kind", async () => {
    const { centre, store } = await openMedicalWorld()
    await store.transaction(async (rows) => {
      await rows.put("medicalBalances", { account: "3101", fen: -1n })
      const id = await rows.next("medicalEntry")
      await rows.insert("medicalEntries", { id, key: "theft", kind: "H1", ...time, reverses: null })
      await rows.insert("medicalLegs", { entry: id, position: 0, account: "3101", fen: 7n })
      await rows.insert("medicalLegs", { entry: id, position: 1, account: "1001", fen: -7n })
    })
    const { ok, violations } = await centre.ledger.verify()
    expect(ok).toBe(false)
    expect(violations).toContainEqual(expect.stringContaining("(H1 of theft) may not touch 3101 so"))
    expect(violations).toContainEqual(expect.stringContaining("3101 is kept as -1"))
  })

  it("pays a provider's claims once under a key, and nothing to one in debt (Art. 29)", async () => {
    const { centre, visit } = await openMedicalWorld()
    await centre.settle({ serial: "S1", visit: await visit(), lines: BILL_I, pinVerified: true })
    const june = { key: "2025-06", with: { provider: HOSPITAL } }
    expect(await centre.clear(june)).toEqual({ paidFen: yuan(35_150), receivedFen: 0n })
    expect(await centre.clear(june)).toBeUndefined()
    await centre.reverse({ serial: "R1", original: "S1" })
    expect(await centre.clear({ ...june, key: "2025-07" })).toEqual({ paidFen: 0n, receivedFen: 0n })
    const { groupsFen, violations } = await centre.ledger.verify()
    expect([groupsFen.get("2201"), violations]).toEqual([-yuan(35_150), []])
  })

  it("names no person: accounts carry the number of the centre", async () => {
    const { store } = await openMedicalWorld()
    const balances = await store.transaction((rows) => rows.list("medicalBalances"))
    expect(JSON.stringify(balances.map(({ account }) => account))).not.toContain(PERSON)
  })
})
