import { describe, expect, it } from "vitest"
import { defaultRegion } from "../../src/host/index.js"
import { deposit, simulatedAcceptor, withdraw } from "../../src/terminal/index.js"
import { ACTIVE, bankOf, worldOf } from "./world.js"

const LARGE_FEN = 5_000_000
const RICH = { ...ACTIVE, openingFen: 2 * LARGE_FEN }
const DOCUMENT = { identityNumber: ACTIVE.identityNumber, name: ACTIVE.name }
const STAFF = { teller: "T001", authorisingTeller: "T002", holder: DOCUMENT }

async function counter() {
  const bank = await bankOf(RICH, { region: defaultRegion({ bank: { counterReserveDays: 0 } }) })
  await bank.reissue({
    pan: RICH.pan,
    sequenceNumber: "01",
    expiry: "3512",
    holderName: RICH.name,
    idNumber: RICH.identityNumber,
    state: "active",
    pin: RICH.pin,
  })
  const world = await worldOf({ holder: RICH, kind: "teller", bank })
  return { bank, world, balanceFen: async () => (await bank.account(RICH.pan))!.balanceFen }
}

describe("large amounts at a counter (host-iso8583 §11.8)", () => {
  it("are paid out against the document, with a second person, when the cash was ordered", async () => {
    const { bank, world, balanceFen } = await counter()
    await bank.reserveCash(RICH.pan, "20251120", LARGE_FEN)
    const { terminal } = world
    const options = { terminal, pinPad: world.pinPad(), amountFen: LARGE_FEN, counter: STAFF }
    expect(await withdraw(world.slot.insert(), options)).toMatchObject({ ok: true, amountFen: LARGE_FEN })
    expect(await balanceFen()).toBe(BigInt(LARGE_FEN))
    expect((await bank.ledger.verify()).violations).toEqual([])
  })

  it.each([
    ["05", "no document is shown", { teller: "T001", authorisingTeller: "T002" }, true],
    ["05", "the document is another's", { ...STAFF, holder: { identityNumber: "999999199001010016" } }, true],
    ["63", "there is no second person", { teller: "T001", holder: DOCUMENT }, true],
    ["61", "the cash was not ordered", STAFF, false],
  ])("are refused with %s when %s", async (code, _when, staff, isOrdered) => {
    const { bank, world, balanceFen } = await counter()
    if (isOrdered) await bank.reserveCash(RICH.pan, "20251120", LARGE_FEN)
    const { terminal } = world
    const options = { terminal, pinPad: world.pinPad(), amountFen: LARGE_FEN, counter: staff }
    expect(await withdraw(world.slot.insert(), options)).toMatchObject({ ok: false, code })
    expect(await balanceFen()).toBe(BigInt(RICH.openingFen))
  })

  it.each([
    ["taken in against the document", { teller: "T001", holder: DOCUMENT }, true],
    ["refused without it", { teller: "T001" }, false],
  ])("are %s", async (_what, staff, ok) => {
    const { world, balanceFen } = await counter()
    const acceptor = simulatedAcceptor()
    acceptor.insert([{ denominationYuan: 100, count: LARGE_FEN / 10_000 }])
    const outcome = await deposit(world.slot.insert(), { terminal: world.terminal, acceptor, counter: staff })
    expect(outcome.ok).toBe(ok)
    expect(await balanceFen()).toBe(BigInt(RICH.openingFen + (ok ? LARGE_FEN : 0)))
  })
})
