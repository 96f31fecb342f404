import { afterEach, describe, expect, it } from "vitest"
import { startBankServer } from "../../src/host/index.js"
import { tcpLink, withdraw } from "../../src/terminal/index.js"
import { ACTIVE, bankOf, settle, type World, worldOf } from "./world.js"

const AMOUNT_FEN = 50_000
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const take = (world: World) => {
  const { slot, terminal, dispenser } = world
  return withdraw(slot.insert(), { terminal, dispenser, pinPad: world.pinPad(), amountFen: AMOUNT_FEN })
}

describe("a withdrawal over TCP", () => {
  it("is the same as in one process", async () => {
    const bank = await bankOf(ACTIVE)
    const server = await startBankServer({ bank })
    const link = tcpLink({ host: server.host, port: server.port })
    cleanups.push(
      () => server.close(),
      () => link.close(),
    )
    const world = await worldOf({ bank, link: () => link })
    expect(await take(world)).toMatchObject({ ok: true, amountFen: AMOUNT_FEN })
    expect(await settle(world)).toEqual({ chargedFen: AMOUNT_FEN, suspenseFen: 0, handsFen: AMOUNT_FEN })
  })

  it("waits for a bank that goes away and comes back, and takes back what it could not hear", async () => {
    const bank = await bankOf(ACTIVE)
    let vanish = false
    const start = (port = 0) =>
      startBankServer({
        port,
        graceMilliseconds: 1,
        bank: {
          // The bank does its work, but its machine is gone before the answer leaves.
          async handle(frame) {
            const answer = await bank.handle(frame)
            if (vanish) void server.close()
            return vanish ? undefined : answer
          },
        },
      })
    let server = await start()
    const { host, port } = server
    const link = tcpLink({ host, port, timeoutMilliseconds: 2_000 })
    cleanups.push(
      () => server.close(),
      () => link.close(),
    )
    const world = await worldOf({ bank, link: () => link })
    await world.terminal.prepare()
    vanish = true
    expect(await take(world)).toMatchObject({ ok: false, code: "NO_ANSWER" })
    expect(world.journal.state.queue).toMatchObject([{ messageType: "0420" }])
    expect(await take(world)).toMatchObject({ ok: false, code: "QUEUE" })
    vanish = false
    server = await start(port)
    expect(await world.terminal.prepare()).toEqual({ ready: true })
    expect(await take(world)).toMatchObject({ ok: true })
    expect(await settle(world)).toEqual({ chargedFen: AMOUNT_FEN, suspenseFen: 0, handsFen: AMOUNT_FEN })
  })
})
