import { describe, expect, it } from "vitest"
import { hex, type Transport } from "../../../src/apdu/index.js"
import { deriveTestCardKey, softwareMedicalKeys } from "../../../src/dictionary/index.js"
import {
  creditForLoad,
  debit,
  debitForUnload,
  initializeDebit,
  initializeTransfer,
  medicalClient,
  transactionProof,
} from "../../../src/terminal/clients/index.js"
import { memoryReader, openCard } from "../../../src/terminal/index.js"
import { ATR, MOMENT, medicalCard, TERMINAL } from "../../support/medical-card.js"
import { scriptedLine } from "../support/lines.js"

const keys = softwareMedicalKeys(({ key, algorithm, factors }) => deriveTestCardKey(algorithm, key.name, factors))
const factors = { atr: ATR, region: "320800" }
const VERIFY = hex("0020000003123456")

async function account(algorithm: "3des" | "sm4"): Promise<Transport> {
  const card = await openCard(memoryReader(medicalCard({ algorithm })))
  expect(await medicalClient(card).select()).toMatchObject({ ok: true })
  await card.transmit(VERIFY)
  return card
}

describe.each(["3des", "sm4"] as const)("transactions of the medical account, %s", (algorithm) => {
  it("load: MAC1 convinces the centre, MAC2 the card, the TAC the centre", async () => {
    const card = await account(algorithm)
    const begun = await initializeTransfer(card, "load", 5000, TERMINAL)
    if (!begun.ok) throw new Error("refused")
    expect(begun).toMatchObject({
      balanceFen: 10_000,
      number: 0,
      keyVersion: 1,
      algorithmId: algorithm === "sm4" ? 3 : 1,
    })
    const transfer = {
      kind: "load",
      algorithm,
      factors,
      random: begun.random,
      number: begun.number,
      balanceFen: begun.balanceFen,
      amountFen: 5000,
      terminal: TERMINAL,
      dateTime: MOMENT,
    } as const
    expect(await keys.authorizeTransfer({ ...transfer, amountFen: 5001 }, begun.mac1)).toMatchObject({
      ok: false,
      code: "KEY_REFUSED",
    })
    const agreed = await keys.authorizeTransfer(transfer, begun.mac1)
    if (!agreed.ok) throw new Error(agreed.message)
    const loaded = await creditForLoad(card, MOMENT, agreed.mac2)
    if (!loaded.ok) throw new Error("refused")
    expect(await keys.checkTransfer(transfer, loaded.proof)).toEqual({ ok: true, genuine: true })
    expect(await keys.checkTransfer({ ...transfer, number: 1 }, loaded.proof)).toEqual({ ok: true, genuine: false })
    expect(await transactionProof(card, "load", 0)).toEqual({ ok: true, mac: agreed.mac2, tac: loaded.proof })
    expect(await medicalClient(card).getBalance("CIA")).toMatchObject({ amountFen: 15_000 })
  })

  it("unload: MAC3 lets the centre pay", async () => {
    const card = await account(algorithm)
    const begun = await initializeTransfer(card, "unload", 10_000, TERMINAL)
    if (!begun.ok) throw new Error("refused")
    const transfer = {
      kind: "unload",
      algorithm,
      factors,
      random: begun.random,
      number: begun.number,
      balanceFen: begun.balanceFen,
      amountFen: 10_000,
      terminal: TERMINAL,
      dateTime: MOMENT,
    } as const
    const agreed = await keys.authorizeTransfer(transfer, begun.mac1)
    if (!agreed.ok) throw new Error(agreed.message)
    const done = await debitForUnload(card, MOMENT, agreed.mac2)
    if (!done.ok) throw new Error("refused")
    expect(await keys.checkTransfer(transfer, done.proof)).toEqual({ ok: true, genuine: true })
    expect(await medicalClient(card).getBalance("CIA")).toMatchObject({ amountFen: 0 })
  })

  it("debit: MAC1 lets the terminal pay, MAC2 and TAC prove it", async () => {
    const card = await account(algorithm)
    const begun = await initializeDebit(card, 1000, 2000, TERMINAL)
    if (!begun.ok) throw new Error("refused")
    const payment = {
      algorithm,
      factors,
      random: begun.random,
      number: begun.number,
      terminalSequence: 7,
      personalFen: 1000,
      pooledFen: 2000,
      terminal: TERMINAL,
      dateTime: MOMENT,
    }
    const allowed = await keys.authorizeDebit(payment)
    if (!allowed.ok) throw new Error(allowed.message)
    const paid = await debit(card, 7, MOMENT, allowed.mac1)
    if (!paid.ok) throw new Error("refused")
    expect(await keys.checkDebit(payment, paid.mac2)).toEqual({ ok: true, genuine: true })
    expect(await keys.checkDebit({ ...payment, pooledFen: 1 }, paid.mac2)).toEqual({ ok: true, genuine: false })
    expect(await keys.checkDebitTac(payment, paid.tac)).toEqual({ ok: true, genuine: true })
    expect(await keys.checkDebitTac({ ...payment, terminalSequence: 8 }, paid.tac)).toEqual({
      ok: true,
      genuine: false,
    })
    expect(await transactionProof(card, "debit", 0)).toEqual({ ok: true, mac: paid.mac2, tac: paid.tac })
    expect(await transactionProof(card, "debit", 1)).toEqual({ ok: false, statusWord: 0x9406 })
  })
})

describe("a card that answers wrongly", () => {
  it.each([
    ["INITIALIZE FOR LOAD", (line: Transport) => initializeTransfer(line, "load", 1, TERMINAL)],
    ["INITIALIZE FOR DEBIT", (line: Transport) => initializeDebit(line, 1, 0, TERMINAL)],
    ["CREDIT FOR LOAD", (line: Transport) => creditForLoad(line, MOMENT, new Uint8Array(4))],
    ["DEBIT", (line: Transport) => debit(line, 1, MOMENT, new Uint8Array(4))],
    ["GET TRANSACTION PROVE", (line: Transport) => transactionProof(line, "load", 1)],
  ])("to %s with another length is no card of this kind", async (_, command) => {
    await expect(command(scriptedLine(["0000279000"]))).rejects.toMatchObject({ code: "CARD_DATA" })
    expect(await command(scriptedLine(["9302"]))).toEqual({ ok: false, statusWord: 0x9302 })
  })
})

it("a key service without the key says so", async () => {
  const none = softwareMedicalKeys(() => ({ ok: false, code: "KEY_UNKNOWN", message: "no DPK", messageZh: "没有DPK" }))
  const payment = {
    algorithm: "3des",
    factors,
    random: new Uint8Array(4),
    number: 0,
    terminalSequence: 0,
    personalFen: 1,
    pooledFen: 0,
    terminal: TERMINAL,
    dateTime: MOMENT,
  } as const
  expect(await none.authorizeDebit(payment)).toMatchObject({ ok: false, code: "KEY_UNKNOWN" })
})
