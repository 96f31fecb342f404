import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import type { Algorithm } from "../../../src/crypto/index.js"
import type { BegunDebit } from "../../../src/dictionary/index.js"
import { memoryReader, openCard, payMedical } from "../../../src/terminal/index.js"
import { samMedicalKeys, testMedicalKeys } from "../../../src/terminal/keys/index.js"
import { medicalCard } from "../../support/medical-card.js"
import { samCard, sm4Sam, testStore } from "../../support/sam-card.js"
import { factors } from "./vectors.js"

const samFor = (algorithm: Algorithm) => (algorithm === "3des" ? samCard() : sm4Sam())
const keysOf = async (algorithm: Algorithm) => samMedicalKeys(await openCard(memoryReader(samFor(algorithm))))

/** The payment of card-commands §10.7. */
const payment = (algorithm: Algorithm): BegunDebit => ({
  algorithm,
  factors,
  random: hex("0F1E2D3C"),
  number: 0x000c,
  terminalSequence: 0x0000000c,
  personalFen: 1000,
  pooledFen: 2000,
  terminal: hex("320800000001"),
  dateTime: hex("20240315101530"),
})

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe("the debit key of a SAM (card-commands §11.3, §10.7)", () => {
  it.each<[Algorithm, string, string]>([
    ["3des", "4D47ACEE", "9DA0667A"],
    ["sm4", "30D9CFD3", "07D3626F"],
  ])("lets a card of %s pay, and knows its answer", async (algorithm, mac1, mac2) => {
    const keys = await keysOf(algorithm)
    expect(await keys.authorizeDebit(payment(algorithm))).toEqual({ ok: true, mac1: hex(mac1) })
    expect(await keys.checkDebit(payment(algorithm), hex(mac2))).toEqual({ ok: true, genuine: true })
    expect(await keys.checkDebit(payment(algorithm), hex(mac1))).toEqual({ ok: true, genuine: false })
  })

  it("agrees with keys in software, whatever is paid", async () => {
    const [software, sams] = [testMedicalKeys(), { "3des": await keysOf("3des"), sm4: await keysOf("sm4") }]
    const fen = fc.nat(0x7fffffff)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Algorithm>("3des", "sm4"),
        fc.record({
          random: bytes(4),
          number: fc.nat(0xffff),
          terminalSequence: fen,
          personalFen: fen,
          pooledFen: fen,
        }),
        async (algorithm, changes) => {
          const debit = { ...payment(algorithm), ...changes }
          expect(await sams[algorithm].authorizeDebit(debit)).toEqual(await software.authorizeDebit(debit))
        },
      ),
      { numRuns: 30 },
    )
  })

  it.each<Algorithm>(["3des", "sm4"])("pays from a card in another slot (%s)", async (algorithm) => {
    const card = await openCard(memoryReader(medicalCard({ algorithm }, { pin: false })))
    const paid = await payMedical(card, {
      keys: await keysOf(algorithm),
      pin: "123456",
      personalFen: 1000,
      pooledFen: 2000,
      terminalNumber: "320800000001",
      terminalSequence: 12,
      dateTime: "20240315101530",
    })
    expect(paid).toMatchObject({ ok: true, balanceFen: 9000 })
  })

  it("has nothing of the centre's keys", async () => {
    const keys = await keysOf("3des")
    const debit = payment("3des")
    const transfer = { ...debit, kind: "load", balanceFen: 0, amountFen: 1 } as const
    for (const answer of [
      await keys.checkDebitTac(debit, hex("00000000")),
      await keys.authorizeTransfer(transfer, hex("00000000")),
      await keys.checkTransfer({ ...transfer, kind: "unload" }, hex("00000000")),
    ])
      expect(answer).toMatchObject({ ok: false, code: "KEY_UNKNOWN" })
  })

  it("says when the SAM has no debit key", async () => {
    const keys = testStore("3des").filter(({ id }) => id !== 0x01)
    const sam = samMedicalKeys(await openCard(memoryReader(samCard({ environments: [{ algorithm: "3des", keys }] }))))
    expect(await sam.authorizeDebit(payment("3des"))).toMatchObject({ ok: false, code: "KEY_UNKNOWN" })
  })
})
