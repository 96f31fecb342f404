import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import type { Card } from "../../../src/card/index.js"
import {
  type AskedTransfer,
  type BegunTransfer,
  deriveTestCardKey,
  type MedicalKeyService,
  type MedicalTransferCentre,
  softwareMedicalKeys,
} from "../../../src/dictionary/index.js"
import {
  type FaultPlan,
  faultTransport,
  loadMedical,
  memoryReader,
  openCard,
  payMedical,
  proveTransaction,
  unloadMedical,
} from "../../../src/terminal/index.js"
import { amounts, enterAccount, MOMENT, medicalCard } from "../../support/medical-card.js"

const keys = softwareMedicalKeys(({ key, algorithm, factors }) => deriveTestCardKey(algorithm, key.name, factors))
const terminalNumber = "320800000001"
const PIN = "123456"

/** A centre that books money out when it agrees to a load, and in when it confirms an unload. */
function centre(service: MedicalKeyService = keys) {
  const book = { open: new Map<string, AskedTransfer>(), loadedFen: 0, unloadedFen: 0 }
  const name = ({ kind, number }: AskedTransfer) => `${kind} ${number}`
  const link: MedicalTransferCentre = {
    async authorize(transfer, mac1) {
      const answer = await service.authorizeTransfer({ ...transfer, dateTime: MOMENT }, mac1)
      if (!answer.ok) return answer
      book.open.set(name(transfer), transfer)
      return { ...answer, dateTime: MOMENT }
    },
    async confirm(transfer: BegunTransfer, proof) {
      const answer = await service.checkTransfer(transfer, proof)
      if (!answer.ok || !answer.genuine) return answer
      book.open.delete(name(transfer))
      if (transfer.kind === "load") book.loadedFen += transfer.amountFen
      else book.unloadedFen += transfer.amountFen
      return answer
    },
    async cancel(transfer) {
      book.open.delete(name(transfer))
    },
  }
  return { book, link }
}

const insert = (card: Card, plan?: FaultPlan) =>
  openCard(memoryReader(card), plan ? { line: (line) => faultTransport(line, plan) } : {})

const payment = {
  keys,
  pin: PIN,
  personalFen: 1000,
  pooledFen: 2000,
  terminalNumber,
  terminalSequence: 12,
  dateTime: "20240315101530",
} as const

/** What GET BALANCE says, in fen. */
function holds(card: Card): number[] {
  card.powerOn()
  enterAccount(card)
  return amounts(card).map((text) => Number.parseInt(text.slice(0, 8), 16))
}

describe("a payment from the medical account (card-commands §10.6)", () => {
  it.each(["3des", "sm4"] as const)("pays, with a TAC for the hospital: %s", async (algorithm) => {
    const card = medicalCard({ algorithm }, { pin: false })
    const paid = await payMedical(await insert(card), payment)
    expect(paid).toMatchObject({ ok: true, number: 0, balanceFen: 9000, recovered: false })
    expect(holds(card)).toEqual([9000, 1000, 2000])
  })

  it("tells what the card says: the PIN is wrong, the money is not enough", async () => {
    const card = medicalCard({}, { pin: false })
    expect(await payMedical(await insert(card), { ...payment, pin: "999999" })).toMatchObject({
      ok: false,
      code: "PIN_WRONG",
      triesLeft: 5,
    })
    expect(await payMedical(await insert(card), { ...payment, personalFen: 10_001 })).toMatchObject({
      ok: false,
      code: "CARD_REFUSED",
      statusWord: 0x9401,
    })
    expect(holds(card)).toEqual([10_000, 0, 0])
  })

  it("tells what the key service says, with nothing paid", async () => {
    const refusing = softwareMedicalKeys(() => ({
      ok: false,
      code: "NO_SAM",
      message: "no SAM",
      messageZh: "无PSAM卡",
    }))
    const card = medicalCard({}, { pin: false })
    expect(await payMedical(await insert(card), { ...payment, keys: refusing })).toMatchObject({ code: "NO_SAM" })
    expect(holds(card)).toEqual([10_000, 0, 0])
  })

  it("a SAM with another key cannot make the card pay", async () => {
    const strange = softwareMedicalKeys(() => new Uint8Array(16))
    const card = medicalCard({}, { pin: false })
    expect(await payMedical(await insert(card), { ...payment, keys: strange })).toMatchObject({ statusWord: 0x9302 })
    expect(holds(card)).toEqual([10_000, 0, 0])
  })

  it("a card that cannot prove its payment is not genuine", async () => {
    const doubting: MedicalKeyService = { ...keys, checkDebit: async () => ({ ok: true, genuine: false }) }
    const card = medicalCard({}, { pin: false })
    expect(await payMedical(await insert(card), { ...payment, keys: doubting })).toMatchObject({ code: "NOT_GENUINE" })
  })

  it.each([
    ["pin", { pin: "12" }],
    ["personalFen", { personalFen: -1 }],
    ["pooledFen", { pooledFen: 2 ** 32 }],
    ["personalFen", { personalFen: 0, pooledFen: 0 }],
    ["terminalNumber", { terminalNumber: "12345" }],
    ["dateTime", { dateTime: "2024" }],
  ])("names %s of wrong form, and sends nothing", async (field, change) => {
    const session = await insert(medicalCard({}, { pin: false }), () => {
      throw new Error("something was sent")
    })
    await expect(payMedical(session, { ...payment, ...change })).rejects.toMatchObject({ field })
  })
})

describe("load and unload (card-commands §10.6)", () => {
  it("move money between centre and card", async () => {
    const card = medicalCard({}, { pin: false })
    const { book, link } = centre()
    const options = { centre: link, pin: PIN, terminalNumber }
    expect(await loadMedical(await insert(card), { ...options, amountFen: 5000 })).toEqual({
      ok: true,
      number: 0,
      balanceFen: 15_000,
      recovered: false,
    })
    expect(await unloadMedical(await insert(card), { ...options, amountFen: 15_000 })).toMatchObject({
      ok: true,
      number: 1,
      balanceFen: 0,
    })
    expect(book).toEqual({ open: new Map(), loadedFen: 5000, unloadedFen: 15_000 })
    expect(holds(card)).toEqual([0, 0, 0])
  })

  it("a centre that does not know the card's MAC1 books nothing", async () => {
    const { book, link } = centre(softwareMedicalKeys(() => new Uint8Array(16)))
    const card = medicalCard({}, { pin: false })
    const options = { centre: link, pin: PIN, terminalNumber, amountFen: 5000 }
    expect(await loadMedical(await insert(card), options)).toMatchObject({ ok: false, code: "KEY_REFUSED" })
    expect(book.open.size).toBe(0)
  })

  it("takes the booking back when the card refuses", async () => {
    const { book, link } = centre()
    const lying: MedicalTransferCentre = {
      ...link,
      async authorize(transfer, mac1) {
        const answer = await link.authorize(transfer, mac1)
        return answer.ok ? { ...answer, mac2: new Uint8Array(4) } : answer
      },
    }
    const card = medicalCard({}, { pin: false })
    const options = { centre: lying, pin: PIN, terminalNumber, amountFen: 5000 }
    expect(await loadMedical(await insert(card), options)).toMatchObject({ statusWord: 0x9302 })
    expect(book.open.size).toBe(0)
    expect(holds(card)).toEqual([10_000, 0, 0])
  })
})

describe("a card that goes away at any command (card-commands §10.5)", () => {
  const gone = { before: "remove", after: "lose-answer" } as const
  const flows = {
    load: (card: Card, plan: FaultPlan, link: MedicalTransferCentre, comesBack: boolean) =>
      run(card, plan, comesBack, (session, reconnect) =>
        loadMedical(session, { centre: link, pin: PIN, terminalNumber, amountFen: 5000, ...reconnect }),
      ),
    unload: (card: Card, plan: FaultPlan, link: MedicalTransferCentre, comesBack: boolean) =>
      run(card, plan, comesBack, (session, reconnect) =>
        unloadMedical(session, { centre: link, pin: PIN, terminalNumber, amountFen: 10_000, ...reconnect }),
      ),
    debit: (card: Card, plan: FaultPlan, _: MedicalTransferCentre, comesBack: boolean) =>
      run(card, plan, comesBack, (session, reconnect) => payMedical(session, { ...payment, ...reconnect })),
  }

  async function run(
    card: Card,
    plan: FaultPlan,
    comesBack: boolean,
    flow: (
      session: Awaited<ReturnType<typeof insert>>,
      reconnect: { reconnect?: () => ReturnType<typeof insert> },
    ) => Promise<{ ok: boolean; code?: string; unfinished?: object; recovered?: boolean }>,
  ) {
    try {
      return await flow(await insert(card, plan), comesBack ? { reconnect: () => insert(card) } : {})
    } catch (error) {
      return { ok: false, code: (error as { code: string }).code }
    }
  }

  const after = { load: [15_000, 0, 0], unload: [0, 0, 0], debit: [9000, 1000, 2000] }

  describe.each(["load", "unload", "debit"] as const)("%s", (kind) => {
    it.each(["before", "after"] as const)(
      "%s each command: card and books agree, or the card tells later",
      async (when) => {
        const ends = new Set<string>()
        for (let exchange = 1; ; exchange++) {
          let commands = 0
          const plan: FaultPlan = (_, number) => {
            commands = number
            return number === exchange ? { kind: gone[when] } : undefined
          }
          for (const comesBack of [true, false]) {
            const card = medicalCard({}, { pin: false })
            const { book, link } = centre()
            const outcome = await flows[kind](card, plan, link, comesBack)
            const unfinished = outcome.unfinished as { kind: "load"; number: number } | undefined
            const proof = unfinished && (await proveTransaction(await insert(card), unfinished))
            const moved = outcome.ok || proof?.end === "done"
            expect(holds(card), `${kind} ${when} command ${exchange}`).toEqual(moved ? after[kind] : [10_000, 0, 0])
            ends.add(outcome.ok ? (outcome.recovered ? "recovered" : "done") : outcome.code!)
            if (comesBack) {
              expect(outcome.code).not.toBe("OUTCOME_UNKNOWN")
              expect(book.loadedFen).toBe(kind === "load" && moved ? 5000 : 0)
              expect(book.unloadedFen).toBe(kind === "unload" && moved ? 10_000 : 0)
              expect(book.open.size).toBe(0)
            } else if (outcome.code === "OUTCOME_UNKNOWN") expect(book.open.size).toBe(kind === "debit" ? 0 : 1)
          }
          if (commands < exchange) break
        }
        // Also before: GET RESPONSE is a command of its own, behind the one that moved the money.
        expect([...ends].sort()).toEqual(["CARD_REMOVED", "OUTCOME_UNKNOWN", "done", "recovered"])
      },
    )
  })

  it("and stays away for the question as well: still unknown", async () => {
    const card = medicalCard({}, { pin: false })
    const lost: FaultPlan = (command) => (command[1] === 0x24 ? { kind: "lose-answer" } : undefined)
    const away: FaultPlan = () => ({ kind: "remove" })
    const outcome = await payMedical(await insert(card, lost), { ...payment, reconnect: () => insert(card, away) })
    expect(outcome).toMatchObject({ code: "OUTCOME_UNKNOWN", unfinished: { kind: "debit", number: 0 } })
    expect(await proveTransaction(await insert(card), { kind: "debit", number: 0 })).toMatchObject({ end: "done" })
    expect(await proveTransaction(await insert(card), { kind: "debit", number: 1 })).toEqual({ end: "notDone" })
  })

  it("a lost answer that is no loss of the card is passed on", async () => {
    const plan: FaultPlan = (command) => (command[1] === 0x24 ? { kind: "answer", response: hex("009000") } : undefined)
    await expect(payMedical(await insert(medicalCard({}, { pin: false }), plan), payment)).rejects.toMatchObject({
      code: "CARD_DATA",
    })
  })
})
