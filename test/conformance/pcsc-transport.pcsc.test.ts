import { readdirSync } from "node:fs"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { CardRemovedError, hex, hexNumber, ShebaoError, toHex } from "../../src/apdu/index.js"
import {
  BINDING_NAMES,
  isInstalled,
  type PcscConnection,
  type PcscReaderSystem,
  pcscReaders,
} from "../../src/terminal/pcsc/index.js"
import type { ConnectOptions } from "../../src/terminal/readers/reader.js"
import { t0Transport, t1Transport } from "../../src/terminal/transports/index.js"
import type { VirtualReader } from "../../src/virtual-reader/index.js"
import {
  eventLog,
  hasPcscd,
  inserted,
  pcscdForThisFile,
  SAM_PORT,
  SAM_READER,
  USER_READER,
} from "../terminal/pcsc/machine.js"
import { muteCard, scriptedCard } from "../terminal/pcsc/raw-card.js"
import { SAM_ATR, type TestCard, testCard, USER_ATR } from "../virtual-reader/test-card.js"

const ECHO = "00EC000002ABCD"
const VERIFY = "0020000003123456"
const SELECT = "00A4040000"
const READ = "00B0000002"

/** Resolves when PC/SC shows a card with an answer to reset in the reader. */
const present = (system: PcscReaderSystem, reader: string) => shown(system, reader, (atr) => atr !== undefined)
const absent = (system: PcscReaderSystem, reader: string) => shown(system, reader, (atr) => atr === undefined)

const shown = (system: PcscReaderSystem, reader: string, wanted: (atr: Uint8Array | undefined) => boolean) =>
  expect
    .poll(async () => wanted((await system.readers()).find(({ name }) => name === reader)?.atr), { timeout: 10_000 })
    .toBe(true)

const threadCount = () => readdirSync("/proc/self/task").length

/** Uses the card as soon as it can be had. */
async function useCard(system: PcscReaderSystem, order: string[]): Promise<void> {
  for (;;) {
    try {
      const connection = await system.connect(USER_READER)
      await connection.transmit(hex(ECHO))
      order.push("other")
      await connection.disconnect("leave")
      return
    } catch (error) {
      if ((error as ShebaoError).code !== "SHARING_VIOLATION") throw error
    }
  }
}

describe.runIf(hasPcscd)("9.2 PC/SC transport", () => {
  const service = pcscdForThisFile()

  describe.each(BINDING_NAMES)("over %s", (binding) => {
    // 9.3.1: the same suite over each binding; a missing one is reported as skipped.
    describe.skipIf(!isInstalled(binding))("", () => {
      let card: TestCard
      let slot: VirtualReader
      let system: PcscReaderSystem
      const others: { close(): Promise<void> }[] = []

      beforeEach(async () => {
        await service.start()
        card = testCard()
        slot = await inserted(card)
        system = await pcscReaders({ binding })
        await present(system, USER_READER)
      })
      afterEach(async () => {
        for (const other of others.splice(0)) await other.close()
        await system.close()
        await slot.close()
      })

      /** A second program, as far as PC/SC can tell. */
      const another = async (): Promise<PcscReaderSystem> => {
        const made = await pcscReaders({ binding })
        others.push(made)
        return made
      }
      const connect = (options?: ConnectOptions) => system.connect(USER_READER, options)
      const send = async (connection: PcscConnection, command: string) => toHex(await connection.transmit(hex(command)))

      it("exchanges commands over a shared T=0 connection", async () => {
        const connection = await connect()
        expect(connection).toMatchObject({ reader: USER_READER, protocol: "T=0" })
        expect(toHex(connection.atr)).toBe(toHex(USER_ATR))
        expect(await send(connection, ECHO)).toBe("ABCD9000")
      })

      it("9.2.1 refuses commands under 4 and over 65,535 bytes without touching the card", async () => {
        const connection = await connect()
        const before = card.calls.length
        for (const length of [0, 1, 3, 65_536])
          await expect(connection.transmit(new Uint8Array(length))).rejects.toThrow(
            `command: expected 4..65535 bytes, got ${length}`,
          )
        expect(card.calls.slice(before)).not.toContain("process")
      })

      it("9.2.2 9.2.3 a card that closes in the middle of a command was removed", async () => {
        const connection = await connect()
        await expect(connection.transmit(hex("00ED0000"))).rejects.toThrow(CardRemovedError)
      })

      it("9.2.3 a card that left before pcscd looked was removed", async () => {
        const connection = await connect()
        await send(connection, ECHO)
        const leaving = slot.eject()
        await expect(connection.transmit(hex(ECHO))).rejects.toThrow(CardRemovedError)
        await leaving
      })

      it("9.2.3 9.2.4 a card that pcscd knows to be gone was removed, for every further command", async () => {
        const connection = await connect()
        await slot.eject()
        await absent(system, USER_READER)
        for (let i = 0; i < 3; i++) await expect(connection.transmit(hex(ECHO))).rejects.toThrow(CardRemovedError)
        await expect(connection.reset("warm")).rejects.toThrow(CardRemovedError)
        await expect(connection.transaction(async () => {})).rejects.toThrow(CardRemovedError)
        await connection.disconnect("leave")
      })

      it("9.2.4 all commands that waited behind a removal are rejected alike; a new connection works", async () => {
        const connection = await connect()
        const commands = ["00ED0000", ...Array<string>(10).fill(ECHO)]
        const outcomes = await Promise.allSettled(commands.map((command) => connection.transmit(hex(command))))
        expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code)).toEqual(
          Array(11).fill("CARD_REMOVED"),
        )
        await absent(system, USER_READER)
        await slot.insert(testCard())
        await present(system, USER_READER)
        expect(await send(await connect(), ECHO)).toBe("ABCD9000")
        await expect(connection.transmit(hex(ECHO))).rejects.toThrow(CardRemovedError)
      })

      it("9.2.5 a reset by another program is told once, repeats nothing, and the session is gone", async () => {
        const connection = await connect()
        for (const command of [VERIFY, SELECT]) await send(connection, command)
        expect(await send(connection, READ)).toBe("00019000")
        const other = await (await another()).connect(USER_READER)
        await other.reset("warm")
        const before = card.calls.length
        await expect(connection.transmit(hex("00D6000001AA"))).rejects.toMatchObject({
          code: "CARD_RESET",
          pcscCode: 0x80100068,
        })
        expect(card.calls.slice(before)).not.toContain("process")
        expect(card.memory[0]).toBe(0)
        expect(await send(connection, READ)).toBe("6982")
        expect(await send(connection, ECHO)).toBe("ABCD9000")
      })

      it("9.2.6 100 concurrent commands come back in order", async () => {
        const connection = await connect()
        const numbers = Array.from({ length: 100 }, (_, i) => i)
        const finished: number[] = []
        const answers = await Promise.all(
          numbers.map(async (i) => {
            const answer = await send(connection, `00EC000001${hexNumber(i)}`)
            finished.push(i)
            return answer
          }),
        )
        expect(answers).toEqual(numbers.map((i) => `${hexNumber(i)}9000`))
        expect(finished).toEqual(numbers)
      })

      it("9.2.7 a mute card is a TIMEOUT, other readers go on, and the reader works again once it let go", async () => {
        await slot.eject()
        await absent(system, USER_READER)
        const mute = await muteCard()
        const samSlot = await inserted(testCard(SAM_ATR), { port: SAM_PORT })
        others.push(samSlot)
        await present(system, USER_READER)
        await present(system, SAM_READER)
        const connection = await connect({ timeoutMilliseconds: 300 })
        const sam = await system.connect(SAM_READER)
        const stuck = connection.transmit(hex(ECHO))
        const behind = connection.transmit(hex(ECHO))
        behind.catch(() => {})
        await mute.received(1)
        expect(await send(sam, ECHO)).toBe("ABCD9000")
        await expect(stuck).rejects.toMatchObject({ code: "TIMEOUT", message: expect.stringContaining(USER_READER) })
        await expect(behind).rejects.toMatchObject({ code: "READER_BLOCKED" })
        await expect(connection.transmit(hex(ECHO))).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
        await expect(connect()).rejects.toMatchObject({ code: "READER_BLOCKED" })
        await connection.disconnect("leave")
        expect(await send(sam, ECHO)).toBe("ABCD9000")
        expect(mute.commands).toHaveLength(1)
        mute.remove()
        await absent(system, USER_READER)
        await slot.insert(card)
        await present(system, USER_READER)
        await expect.poll(async () => send(await connect(), ECHO)).toBe("ABCD9000")
      })

      const T0_VECTORS: [name: string, command: string, steps: [string, string][], answer: string][] = [
        ["T1", "00A4040005D156000005", [["00A4040005D156000005", "6C10"]], "6C10"],
        [
          "T2",
          "00B0000000",
          [
            ["00B0000000", "6103"],
            ["00C0000003", "6C02"],
            ["00C0000002", "AABB9000"],
          ],
          "AABB9000",
        ],
        [
          "T3",
          "01B0000000",
          [
            ["01B0000000", "6102"],
            ["01C0000002", "AABB9000"],
          ],
          "AABB9000",
        ],
        [
          "T5",
          "00B0000000",
          [
            ["00B0000000", "6C10"],
            ["00B0000010", `${"11".repeat(16)}9000`],
          ],
          `${"11".repeat(16)}9000`,
        ],
        [
          "T6",
          "00A4040005D15600000500",
          [
            ["00A4040005D156000005", "6108"],
            ["00C0000008", "11223344556677889000"],
          ],
          "11223344556677889000",
        ],
        [
          "T7",
          "00B0000000",
          [
            ["00B0000000", "112233446104"],
            ["00C0000004", "556677889000"],
          ],
          "11223344556677889000",
        ],
        [
          "T8",
          "805000020B0102030405060708090A0B",
          [
            ["805000020B0102030405060708090A0B", "6110"],
            ["00C0000010", `${"22".repeat(16)}9000`],
          ],
          `${"22".repeat(16)}9000`,
        ],
        ["T9", "00B0000000", [["00B0000000", "6982"]], "6982"],
      ]

      it.each(T0_VECTORS)("9.2.9 vector %s of readers §6.5 under T=0", async (_, command, steps, answer) => {
        const scripted = scriptedCard(steps, USER_ATR, "T=0")
        await slot.insert(scripted.card)
        await present(system, USER_READER)
        const transport = t0Transport(await connect())
        expect(toHex(await transport.transmit(hex(command)))).toBe(answer)
        expect(scripted.sent).toEqual(steps.map(([sent]) => sent))
      })

      it("9.2.9 vector T4: a card that promises data for ever is T0_NO_PROGRESS", async () => {
        const steps: [string, string][] = [["00B0000000", "6100"], ...Array(9).fill(["00C0000000", "6100"])]
        const scripted = scriptedCard(steps, USER_ATR, "T=0")
        await slot.insert(scripted.card)
        await present(system, USER_READER)
        const transport = t0Transport(await connect())
        await expect(transport.transmit(hex("00B0000000"))).rejects.toMatchObject({ code: "T0_NO_PROGRESS" })
        expect(scripted.sent.length).toBeLessThan(5)
      })

      it("9.2.9 under T=1 commands pass unchanged", async () => {
        const commands = ["00A4040005D15600000500", "00B0000000", "00A4040005D156000005"]
        const steps = commands.map((command): [string, string] => [command, "6C10"])
        const scripted = scriptedCard(steps, hex("3B80800101"), "T=1")
        await slot.insert(scripted.card)
        await present(system, USER_READER)
        const connection = await connect()
        expect(connection.protocol).toBe("T=1")
        const transport = t1Transport(connection)
        for (const command of commands) expect(toHex(await transport.transmit(hex(command)))).toBe("6C10")
        expect(scripted.sent).toEqual(commands)
      })

      it("9.2.10 within a transaction the card is nobody else's, and it ends also when the body throws", async () => {
        const [connection, other] = [await connect(), await (await another()).connect(USER_READER)]
        await other.disconnect("leave")
        const order: string[] = []
        let waiting: Promise<unknown> = Promise.resolve()
        const failing = connection.transaction(async () => {
          waiting = useCard(await another(), order)
          for (let i = 0; i < 5; i++) {
            await send(connection, ECHO)
            order.push("transaction")
          }
          throw new Error("the body's own")
        })
        await expect(failing).rejects.toThrow("the body's own")
        await waiting
        expect(order).toEqual([...Array(5).fill("transaction"), "other"])
        expect(await connection.transaction(() => send(connection, ECHO))).toBe("ABCD9000")
      })

      it("9.2.10 a nested transaction is refused with BUSY", async () => {
        const connection = await connect()
        await connection.transaction(async () => {
          await expect(connection.transaction(async () => {})).rejects.toMatchObject({ code: "BUSY" })
          expect(await send(connection, ECHO)).toBe("ABCD9000")
        })
      })

      const takeTurns = async () => {
        const [a, b] = [await connect(), await connect()]
        const order: string[] = []
        const use = (connection: PcscConnection, name: string) =>
          connection.transaction(async () => {
            for (let i = 0; i < 3; i++) {
              await send(connection, ECHO)
              order.push(name)
            }
          })
        await Promise.all([use(a, "a"), use(b, "b")])
        expect(order).toEqual(["a", "a", "a", "b", "b", "b"])
      }
      const refuseToShare = async () => {
        const [a, b] = [await connect(), await connect()]
        await expect(a.transaction(async () => {})).rejects.toMatchObject({ code: "SHARING_VIOLATION" })
        expect(await send(a, ECHO)).toBe("ABCD9000")
        await b.close()
        expect(await a.transaction(() => send(a, ECHO))).toBe("ABCD9000")
      }
      if (binding === "pcsc-mini") it("9.2.10 native transactions of two connections take turns", takeTurns)
      else it("9.2.10 without native ones, a card that two connections share cannot be had", refuseToShare)

      it("9.2.11 another program's exclusive connection is a SHARING_VIOLATION that names the reader", async () => {
        const exclusive = await (await another()).connect(USER_READER, { share: "exclusive" })
        await expect(connect()).rejects.toMatchObject({
          code: "SHARING_VIOLATION",
          message: expect.stringContaining(USER_READER),
          pcscCode: 0x8010000b,
        })
        await exclusive.disconnect("leave")
        expect(await send(await connect(), ECHO)).toBe("ABCD9000")
      })

      it("9.2.11 an exclusive connection while another program is connected is one, too", async () => {
        await (await another()).connect(USER_READER)
        await expect(connect({ share: "exclusive" })).rejects.toMatchObject({ code: "SHARING_VIOLATION" })
      })

      it("9.2.12 asking the user card for T=1 is a PROTOCOL_MISMATCH", async () => {
        await expect(connect({ protocol: "T=1" })).rejects.toMatchObject({ code: "PROTOCOL_MISMATCH" })
        expect((await connect({ protocol: "T=0" })).protocol).toBe("T=0")
      })

      it("an empty slot is NO_CARD, an unknown reader READER_GONE; a direct connection needs no card", async () => {
        await expect(system.connect(SAM_READER)).rejects.toMatchObject({ code: "NO_CARD" })
        await expect(system.connect("Some Reader")).rejects.toMatchObject({ code: "READER_GONE" })
        const direct = await system.connect(SAM_READER, { share: "direct" })
        await direct.disconnect("leave")
      })

      it.each(["warm", "cold"] as const)(
        "9.2.13 a %s reset ends the card's session, not the handle, with the card in this very process",
        async (kind) => {
          const connection = await connect()
          for (const command of [VERIFY, SELECT]) await send(connection, command)
          expect(await send(connection, READ)).toBe("00019000")
          expect(toHex(await connection.reset(kind))).toBe(toHex(USER_ATR))
          expect(await send(connection, READ)).toBe("6982")
        },
      )

      it.each(["leave", "reset", "unpower"] as const)(
        "9.2.13 disconnecting with %s does not hang with the card in this very process",
        async (then) => {
          const connection = await connect()
          await send(connection, ECHO)
          const before = card.calls.length
          await connection.disconnect(then)
          await connection.disconnect(then)
          await expect(connection.transmit(hex(ECHO))).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
          const told = { leave: "off", reset: "reset", unpower: "off" }[then]
          await expect.poll(() => card.calls.slice(before), { timeout: 5000 }).toContain(told)
        },
      )

      it("9.2.14 a watcher sees what is there, the removal, and the insertion", async () => {
        const log = eventLog()
        const watch = await system.watch(log.onEvent, log.onError)
        await log.until(() => log.events.length === 3)
        expect(log.brief()).toEqual(["reader-added 00", "card-inserted 00", "reader-added 01"])
        expect(log.events[1]).toMatchObject({ atr: USER_ATR })
        log.clear()
        await slot.eject()
        await log.until(() => log.events.length === 1)
        await slot.insert(testCard(SAM_ATR))
        await log.until(() => log.events.length === 2)
        expect(log.brief()).toEqual(["card-removed 00", "card-inserted 00"])
        expect(log.events[1]).toMatchObject({ atr: SAM_ATR })
        await watch.close()
        await slot.eject()
        expect(log.events).toHaveLength(2)
        expect(log.errors).toEqual([])
      })

      it("9.1.14 a swap is a removal and an insertion", async () => {
        const log = eventLog()
        await system.watch(log.onEvent, log.onError)
        await log.until(() => log.events.length === 3)
        log.clear()
        await slot.insert(testCard(SAM_ATR))
        await log.until(() => log.events.length === 2)
        expect(log.brief()).toEqual(["card-removed 00", "card-inserted 00"])
      })

      it("9.2.15 a stopped service is NO_SERVICE once, and is found again, without leaking threads", async () => {
        const log = eventLog()
        await system.watch(log.onEvent, log.onError)
        await log.until(() => log.events.length === 3)
        const connection = await connect()
        const round = async () => {
          log.clear()
          await service.stop()
          await log.until(() => log.errors.length > 0)
          expect(log.brief().sort()).toEqual(["card-removed 00", "reader-removed 00", "reader-removed 01"])
          await expect(system.readers()).rejects.toMatchObject({ code: "NO_SERVICE" })
          await expect(pcscReaders({ binding })).rejects.toMatchObject({ code: "NO_SERVICE" })
          log.events.length = 0
          await service.start()
          await log.until(() => log.brief().includes("card-inserted 00"))
          expect(log.errors.map(({ code }) => code)).toEqual(["NO_SERVICE"])
        }
        await round()
        await expect(connection.transmit(hex(ECHO))).rejects.toThrow(ShebaoError)
        await expect(connection.transmit(hex(ECHO))).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
        await connection.disconnect("leave")
        const threads = threadCount()
        await round()
        await round()
        await expect.poll(threadCount).toBeLessThanOrEqual(threads)
        expect(await send(await connect(), ECHO)).toBe("ABCD9000")
      })
    })
  })
})
