import { execFile, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { type PcscReaderSystem, pcscReaders } from "../../src/terminal/pcsc/index.js"
import { loadQuickAck, type VirtualReaderEvent } from "../../src/virtual-reader/index.js"
import {
  eventLog,
  hasPcscd,
  inserted,
  pcscdForThisFile,
  SAM_PORT,
  SAM_READER,
  USER_READER,
  virtualReader,
} from "../terminal/pcsc/machine.js"
import { SAM_ATR, testCard, USER_ATR } from "./test-card.js"

const run = (program: string, args: string[], input = ""): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: 15_000 }, (error, out, errors) =>
      error && !out ? reject(new Error(`${error.message}\n${errors}`)) : resolve(`${out}${errors}`),
    )
    child.stdin!.end(input)
  })

describe.runIf(hasPcscd)("the virtual reader in a real pcscd", () => {
  const service = pcscdForThisFile()
  const opened: { close(): Promise<void> }[] = []
  let system: PcscReaderSystem

  beforeEach(async () => {
    await service.start()
    system = await pcscReaders()
  })
  afterEach(async () => {
    for (const thing of opened.splice(0).reverse()) await thing.close()
    await system.close()
  })
  const put = async (...args: Parameters<typeof inserted>) => {
    const reader = await inserted(...args)
    opened.push(reader)
    return reader
  }
  const shown = (reader: string, atr: Uint8Array | undefined) =>
    expect
      .poll(async () => (await system.readers()).find(({ name }) => name === reader)?.atr, { timeout: 10_000 })
      .toEqual(atr)
  const echo = async (reader: string, data: string) => {
    const card = await system.connect(reader)
    const answer = toHex(await card.transmit(hex(`00EC0000${(data.length / 2).toString(16).padStart(2, "0")}${data}`)))
    await card.close()
    return answer
  }

  describe("referees", () => {
    it("opensc-tool sees the ATR and exchanges commands", async () => {
      const card = testCard()
      await put(card)
      await shown(USER_READER, USER_ATR)
      const atr = await run("opensc-tool", ["--reader", "0", "--atr"])
      expect(atr.trim().toUpperCase()).toBe(toHex(USER_ATR, ":"))
      const answer = await run("opensc-tool", ["--reader", "0", "-s", "00:EC:00:00:02:AB:CD"])
      expect(answer).toMatch(/SW1=0x90, SW2=0x00\):\s+AB CD/)
      expect(card.commands).toContain("00EC000002ABCD")
    })

    it("pcsc_scan sees the card come", async () => {
      const scan = spawn("pcsc_scan", ["-n"], { stdio: ["ignore", "pipe", "ignore"] })
      try {
        const seen = new Promise<string>((resolve) => {
          let output = ""
          scan.stdout.on("data", (chunk) => {
            output += chunk
            if (/ATR: 3B/.test(output)) resolve(output)
          })
        })
        await put(testCard())
        const output = await seen
        expect(output).toContain(USER_READER)
        expect(output).toContain(`ATR: ${toHex(USER_ATR, " ")}`)
      } finally {
        scan.kill()
      }
    })

    it("scriptor runs a script", async () => {
      await put(testCard())
      await shown(USER_READER, USER_ATR)
      const output = await run(
        "scriptor",
        ["-r", USER_READER],
        "00 20 00 00 03 12 34 56\n00 A4 00 00\n00 B0 00 00 04\n",
      )
      expect(output).toMatch(/< 90 00 : Normal processing/)
      expect(output).toMatch(/< 00 01 02 03 90 00/)
    })

    it("pyscard connects, transmits, and sees the card go", async () => {
      await put(testCard())
      await shown(USER_READER, USER_ATR)
      const script = [
        "from smartcard.System import readers",
        "from smartcard.util import toHexString",
        "c = readers()[0].createConnection()",
        "c.connect()",
        "print(toHexString(c.getATR()))",
        "print(c.transmit([0, 0xEC, 0, 0, 2, 1, 2]))",
      ]
      expect(await run("/usr/bin/python3", ["-c", script.join("\n")])).toBe(
        `${toHex(USER_ATR, " ")}\n([1, 2], 144, 0)\n`,
      )
    })

    it("9.2.10 another program's command waits until a native transaction ends", async () => {
      const card = testCard()
      await put(card)
      await shown(USER_READER, USER_ATR)
      const mini = await pcscReaders({ binding: "pcsc-mini" })
      opened.push(mini)
      const mine = await mini.connect(USER_READER)
      const script = [
        "import sys",
        "from smartcard.System import readers",
        "c = readers()[0].createConnection()",
        "c.connect()",
        "print('connected', flush=True)",
        "sys.stdin.readline()",
        "print('sending', flush=True)",
        "print(c.transmit([0, 0xEC, 0, 0, 1, 0x77]), flush=True)",
      ]
      const other = spawn("/usr/bin/python3", ["-c", script.join("\n")], { stdio: ["pipe", "pipe", "inherit"] })
      let output = ""
      other.stdout.on("data", (chunk) => (output += chunk))
      const said = (text: string) => expect.poll(() => output, { timeout: 10_000 }).toContain(text)
      await said("connected")
      await mine.transaction(async () => {
        other.stdin.write("\n")
        await said("sending")
        for (let i = 0; i < 500; i++) await mine.transmit(hex("00EC00000133"))
        expect(card.commands).not.toContain("00EC00000177")
      })
      await said("([119], 144, 0)")
    })
  })

  describe("insertion and removal", () => {
    it("9.1.11 a second card on a taken port is told so, and goes in when the first leaves", async () => {
      const first = await put(testCard())
      const events: VirtualReaderEvent[] = []
      const second = virtualReader({ onEvent: (event) => events.push(event), delays: { patience: 200 } })
      opened.push(second)
      const inserting = second.insert(testCard(SAM_ATR))
      await expect.poll(() => events).toEqual([expect.objectContaining({ type: "waiting", code: "OCCUPIED" })])
      await shown(USER_READER, USER_ATR)
      await first.close()
      await inserting
      await shown(USER_READER, SAM_ATR)
    })

    it("9.1.12 survives a restart of pcscd", async () => {
      const events: VirtualReaderEvent[] = []
      await put(testCard(), { onEvent: (event) => events.push(event) })
      await shown(USER_READER, USER_ATR)
      await service.stop()
      await expect.poll(() => events.at(-1)?.type).toBe("removed")
      await service.start()
      await expect
        .poll(() => events.map(({ type }) => type), { timeout: 10_000 })
        .toEqual(["inserted", "ready", "removed", "inserted", "ready"])
      await shown(USER_READER, USER_ATR)
      expect(await echo(USER_READER, "AB")).toBe("AB9000")
    })

    it("9.1.14 a swap is a removal and an insertion to a watcher", async () => {
      const log = eventLog()
      const reader = await put(testCard())
      await shown(USER_READER, USER_ATR)
      await system.watch(log.onEvent)
      log.clear()
      await reader.insert(testCard(SAM_ATR))
      await log.until(() =>
        log.events.some((event) => event.type === "card-inserted" && event.atr.length === SAM_ATR.length),
      )
      expect(log.brief().filter((event) => event.endsWith(" 00"))).toEqual(["card-removed 00", "card-inserted 00"])
    })

    it("what PC/SC does with a handle is what the card is told (readers §3.2)", async () => {
      const card = testCard()
      await put(card)
      await shown(USER_READER, USER_ATR)
      // Nobody connected: pcscd takes the power away.
      await expect.poll(() => card.calls.at(-1), { timeout: 5000 }).toBe("off")
      const told = async (job: () => Promise<unknown>) => {
        const before = card.calls.length
        await job()
        return card.calls.slice(before)
      }
      let handle = await system.connect(USER_READER)
      expect(card.calls.at(-1)).toBe("on")
      expect(await told(async () => (await system.connect(USER_READER)).close())).toEqual([])
      expect(await told(() => handle.transmit(hex("00EC000000")))).toEqual(["process"])
      expect(await told(() => handle.reset("warm"))).toEqual(["reset"])
      expect(await told(() => handle.reset("cold"))).toEqual(["off", "on"])
      expect(await told(() => handle.disconnect("reset"))).toEqual(["reset"])
      handle = await system.connect(USER_READER)
      const before = card.calls.length
      await handle.close()
      await expect.poll(() => card.calls.slice(before), { timeout: 5000 }).toEqual(["off"])
    })
  })

  describe("9.4.3 a user card and a SAM card at once", () => {
    it("answer alternately; removing one leaves the other connected", async () => {
      const user = await put(testCard())
      await put(testCard(SAM_ATR), { port: SAM_PORT })
      await shown(USER_READER, USER_ATR)
      await shown(SAM_READER, SAM_ATR)
      const [userCard, samCard] = [await system.connect(USER_READER), await system.connect(SAM_READER)]
      for (let i = 0; i < 20; i++) {
        expect(toHex(await userCard.transmit(Uint8Array.of(0, 0xec, 0, 0, 1, i)))).toMatch(/9000$/)
        expect(toHex(await samCard.transmit(Uint8Array.of(0, 0xec, 0, 0, 1, 255 - i)))).toMatch(/9000$/)
      }
      await user.eject()
      await shown(USER_READER, undefined)
      expect(toHex(await samCard.transmit(hex("00EC00000142")))).toBe("429000")
      await expect(userCard.transmit(hex("00EC00000142"))).rejects.toMatchObject({ code: "CARD_REMOVED" })
    })
  })

  describe("9.3.4 capacity (readers §2.6)", () => {
    it.each(["smartcard", "pcsclite", "pcsc-mini"] as const)(
      "commands and answers of 65,535 bytes pass over %s",
      async (binding) => {
        await put(testCard())
        await shown(USER_READER, USER_ATR)
        const other = await pcscReaders({ binding })
        opened.push(other)
        const card = await other.connect(USER_READER)
        const answer = await card.transmit(hex("00CAFFFD00"))
        expect(answer).toHaveLength(65_535)
        expect(answer.subarray(-2)).toEqual(hex("9000"))
        const command = new Uint8Array(65_535)
        command.set(hex("00EC000000FFF8"))
        expect(await card.transmit(command)).toHaveLength(65_532)
        const cut = await card.transmit(hex("00CAFFFF01"))
        expect([cut.length, toHex(cut.subarray(-2))]).toEqual([65_535, "6103"])
        expect(toHex(await card.transmit(hex("00C0000003")))).toMatch(/9000$/)
      },
    )

    it("9.3.5 views with an offset are sent correctly, and two adapters in one process do not disturb each other", async () => {
      await put(testCard())
      await shown(USER_READER, USER_ATR)
      const systems = [system, await pcscReaders({ binding: "pcsclite" }), await pcscReaders({ binding: "pcsc-mini" })]
      opened.push(...systems.slice(1))
      const cards = await Promise.all(systems.map((each) => each.connect(USER_READER)))
      const answers = await Promise.all(
        Array.from({ length: 60 }, async (_, i) => {
          const view = Uint8Array.from([9, 9, 9, 0, 0xec, 0, 0, 1, i, 9, 9]).subarray(3, 9)
          return toHex(await cards[i % 3]!.transmit(view))
        }),
      )
      expect(answers).toEqual(Array.from({ length: 60 }, (_, i) => `${toHex(Uint8Array.of(i))}9000`))
    })
  })

  describe("the driver of Debian 12", () => {
    const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1]!
    const exchange = async (count: number) => {
      const card = await system.connect(USER_READER)
      const times: number[] = []
      for (let i = 0; i < count; i++) {
        const start = performance.now()
        await card.transmit(hex("00B0000010"))
        times.push(performance.now() - start)
      }
      await card.close()
      return median(times)
    }

    it("9.1.17 9.1.18 without the cure works slowly, and is reported once", async () => {
      const events: VirtualReaderEvent[] = []
      await put(testCard(), { quickAck: false, onEvent: (event) => events.push(event) })
      await shown(USER_READER, USER_ATR)
      const slow = await exchange(20)
      console.log(`without the cure: median of one exchange ${slow.toFixed(1)} ms`)
      expect(events.filter(({ type }) => type === "warning")).toEqual([
        expect.objectContaining({ code: "SLOW_DRIVER" }),
      ])
      expect(slow).toBeGreaterThan(20)
    })

    it.runIf(loadQuickAck())("9.1.18 with the cure has no delay, and nothing to report", async () => {
      const events: VirtualReaderEvent[] = []
      await put(testCard(), { onEvent: (event) => events.push(event) })
      await shown(USER_READER, USER_ATR)
      const quick = await exchange(300)
      console.log(`with the cure: median of one exchange ${quick.toFixed(2)} ms`)
      expect(events.map(({ type }) => type)).toEqual(["inserted", "ready"])
    })
  })

  describe("a card in a process of its own", () => {
    const built = new URL("../../dist/virtual-reader/index.js", import.meta.url).href
    const module = new URL("./child-card.mjs", import.meta.url)
    const start = async (
      ...args: Parameters<typeof import("../../src/virtual-reader/index.js").startVirtualCardProcess>
    ) => {
      const { startVirtualCardProcess } = (await import(built)) as typeof import("../../src/virtual-reader/index.js")
      const child = await startVirtualCardProcess(...args)
      opened.push({ close: child.stop })
      return child
    }
    const folder = () => {
      const made = mkdtempSync(join(tmpdir(), "shebao-card-"))
      opened.push({ close: async () => rmSync(made, { recursive: true }) })
      return made
    }

    it("is inserted, ejected, inserted again with its memory, and saved when it stops", async () => {
      const file = join(folder(), "count")
      const card = await start({ module, export: "makeCard", arguments: [file] }, { keepAwake: false })
      expect(card.pid).not.toBe(process.pid)
      expect(card.atr).toEqual(USER_ATR)
      await shown(USER_READER, USER_ATR)
      expect(await echo(USER_READER, "AB")).toBe("019000")
      await card.eject()
      await shown(USER_READER, undefined)
      await card.insert()
      await shown(USER_READER, USER_ATR)
      expect(await echo(USER_READER, "AB")).toBe("029000")
      await card.stop()
      await card.stop()
      expect(readFileSync(file, "utf8")).toBe("2")
      await shown(USER_READER, undefined)
    })

    it.each(["SIGTERM", "SIGINT"] as const)("9.1.15 %s ejects it, saves it, and ends with 0", async (signal) => {
      const file = join(folder(), "count")
      const card = await start({ module, export: "makeCard", arguments: [file] }, { keepAwake: false })
      await shown(USER_READER, USER_ATR)
      const handle = await system.connect(USER_READER)
      expect(toHex(await handle.transmit(hex("00EC0000")))).toBe("019000")
      process.kill(card.pid, signal)
      await shown(USER_READER, undefined)
      expect(await card.ended).toBe(0)
      expect(readFileSync(file, "utf8")).toBe("1")
      await expect(card.insert()).rejects.toMatchObject({ code: "CARD_PROCESS_FAILED" })
    })

    it("keeps the service awake through a binding, unless told otherwise", async () => {
      // The kernel lists the daemon's end of each PC/SC context under the name of its socket.
      const contexts = () => readFileSync("/proc/net/unix", "utf8").match(/pcscd\.comm$/gm)?.length ?? 0
      // Contexts of earlier tests end with the daemon.
      await service.stop()
      await service.start()
      await system.readers()
      const before = contexts()
      const without = await start({ module, export: "makeCard" }, { keepAwake: false })
      await shown(USER_READER, USER_ATR)
      expect(contexts()).toBe(before)
      await without.stop()
      await shown(USER_READER, undefined)
      const holding = await start({ module, export: "makeCard" })
      await shown(USER_READER, USER_ATR)
      await expect.poll(contexts).toBe(before + 1)
      await holding.stop()
      await expect.poll(contexts).toBe(before)
    })

    it.each([
      ["makeBadCard", "atr: expected 2 to 33 bytes, got 1"],
      ["failToMake", "no such profile"],
      ["nothing", "exports no function nothing"],
    ])("that cannot be made says why: %s", async (name, message) => {
      await expect(start({ module, export: name }, { keepAwake: false })).rejects.toThrow(message)
    })
  })
})
