import { execFile } from "node:child_process"
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, describe, expect, it } from "vitest"
import { startPcscd } from "../../../scripts/pcscd.mjs"
import { BINDING_NAMES, isInstalled } from "../../../src/terminal/pcsc/index.js"
import { hasPcscd, pcscdIsOurs, USER_READER } from "./machine.js"
import { muteCard, type RawCard } from "./raw-card.js"

interface Outcome {
  code: number | null
  output: string
}

/** Runs a child to its end; one that hangs is killed and has no exit code. */
const child = (script: string, ...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const file = fileURLToPath(new URL(`./children/${script}.mjs`, import.meta.url))
    const environment = { ...process.env, UV_THREADPOOL_SIZE: undefined }
    const running = execFile(
      process.execPath,
      ["--expose-gc", file, ...args],
      { env: environment, timeout: 20_000, killSignal: "SIGKILL" },
      (_, output, errors) => resolve({ code: running.exitCode, output: output || errors }),
    )
  })

const stops: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
const running = async (options?: Parameters<typeof startPcscd>[0]) => {
  const daemon = await startPcscd(options)
  stops.push(daemon.stop)
}
const mute = async (port?: number): Promise<RawCard> => {
  const card = await muteCard(port)
  stops.push(card.remove)
  return card
}

/** A configuration with this many drivers of two slots each: copies, for one driver serves one reader at a time. */
function manyReaders(drivers: number): { folder: string; ports: number[] } {
  const [folder, libraries] = ["readers", "drivers"].map((what) => mkdtempSync(join(tmpdir(), `shebao-${what}-`))) as [
    string,
    string,
  ]
  stops.push(() => {
    for (const made of [folder, libraries]) rmSync(made, { recursive: true })
  })
  const ports: number[] = []
  for (let i = 0; i < drivers; i++) {
    const port = 36100 + 10 * i
    ports.push(port, port + 1)
    const library = join(libraries, `driver${i}.so`)
    copyFileSync("/usr/lib/pcsc/drivers/serial/libifdvpcd.so", library)
    const lines = [
      `FRIENDLYNAME "Mute ${i}"`,
      `DEVICENAME /dev/null:${port}`,
      `LIBPATH ${library}`,
      `CHANNELID 0x${port.toString(16)}`,
    ]
    writeFileSync(join(folder, `reader${i}`), `${lines.join("\n")}\n`)
  }
  return { folder, ports }
}

describe.runIf(hasPcscd)("processes of their own", () => {
  pcscdIsOurs()
  it("9.3.2 loading the package loads nothing native", async () => {
    expect(await child("nothing-native")).toEqual({ code: 0, output: "[]\n" })
  })

  describe.each(BINDING_NAMES)("over %s", (binding) => {
    describe.skipIf(!isInstalled(binding))("", () => {
      it("9.2.7 9.2.8 a stuck call times out in time, lets close resolve, and lets the process end", async () => {
        await running()
        const card = await mute()
        const { code, output } = await child("stuck", binding, USER_READER, "300")
        const told = JSON.parse(output)
        expect(told.code).toBe("TIMEOUT")
        expect(told.timeout).toBeGreaterThan(290)
        expect(told.closed).toBeLessThan(1500)
        expect(card.commands).toHaveLength(1)
        expect(code).toBe(3)
        console.log(
          `${binding}: deadline of 300 ms came after ${told.timeout.toFixed(0)} ms, close took ${told.closed.toFixed(0)} ms`,
        )
      })

      it("9.2.8 a process may end in the middle of a command", async () => {
        await running()
        await mute()
        const { code, output } = await child("stuck", binding, USER_READER, "30000")
        const told = JSON.parse(output)
        expect(told.code).toBe("still running")
        expect(told.closed).toBeLessThan(1500)
        expect(code).toBe(3)
      })

      it("9.2.7 files are read in time with eight mute readers, and the process ends", async () => {
        const { folder, ports } = manyReaders(4)
        await running({ configuration: folder })
        for (const port of ports) await mute(port)
        const { code, output } = await child("mute-readers", binding)
        const told = JSON.parse(output)
        // pcsc-mini watches four readers at most.
        expect(told.readers).toBe(binding === "pcsc-mini" ? 4 : 8)
        expect(told.codes.sort()).toEqual([...Array(told.readers - 2).fill("READER_BLOCKED"), "TIMEOUT", "TIMEOUT"])
        // Starved, a single look would have lasted until the end: 1,500 ms.
        expect(told.slowestStat).toBeLessThan(750)
        expect(told.stats).toBeGreaterThan(20)
        expect(code).toBe(0)
        console.log(`${binding}: slowest of ${told.stats} fs.stat calls ${told.slowestStat.toFixed(1)} ms`)
      })

      it("9.2.16 watching and closing a hundred times grows nothing, and the process ends by itself", async () => {
        await running()
        const { code, output } = await child("watch-and-close", binding)
        const told = JSON.parse(output)
        expect(told.after).toEqual(told.before)
        expect(told.afterOpening.threads).toBeLessThanOrEqual(told.beforeOpening.threads)
        expect(told.afterOpening.files).toBeLessThanOrEqual(told.beforeOpening.files)
        expect(code).toBe(0)
      })
    })
  })
})
