import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { hex } from "shebao/apdu"
import { pcscReaders } from "shebao/terminal"
import { startVirtualCardProcess } from "shebao/virtual-reader"

/** What our virtual reader adds to the least that a Node process can do on the same driver (readers §9.1.21). */
export interface RoundTripFigure {
  readonly card: "bare" | "virtual reader"
  readonly medianMicroseconds: number
  /** Of the bare card's median; the bar is 1.2. */
  readonly ratio: number
}

const COMMAND = hex("00B2010412")
const ROUNDS = 5

/**
 * Times one command through npm `smartcard` against two cards that answer 18 fixed bytes: a bare one of forty lines, and
 * the same answer behind `openVirtualReader`. Each is measured several times in turn, as the machine has its moods.
 * Needs pcscd with the vpcd driver, running.
 */
export async function benchRoundTrip(count = 2000): Promise<RoundTripFigure[]> {
  const bare: number[] = []
  const ours: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const raw = spawn(process.execPath, [fileURLToPath(new URL("./bare-echo-card.js", import.meta.url))], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await once(raw.stdout!, "data")
    bare.push(...(await exchanges(count)))
    await ended(raw)
    const served = await startVirtualCardProcess({
      module: new URL("./echo-card.js", import.meta.url),
      export: "echoCard",
    })
    ours.push(...(await exchanges(count)))
    await served.stop()
  }
  const [bareMedian, ourMedian] = [median(bare), median(ours)]
  return [
    { card: "bare", medianMicroseconds: bareMedian, ratio: 1 },
    { card: "virtual reader", medianMicroseconds: ourMedian, ratio: ourMedian / bareMedian },
  ]
}

async function exchanges(count: number): Promise<number[]> {
  const system = await pcscReaders({ binding: "smartcard" })
  try {
    let reader: string | undefined
    while (reader === undefined) reader = (await system.readers()).find(({ atr }) => atr)?.name
    const connection = await system.connect(reader)
    const times: number[] = []
    for (let i = -count / 10; i < count; i++) {
      const start = performance.now()
      await connection.transmit(COMMAND)
      if (i >= 0) times.push(performance.now() - start)
    }
    await connection.close()
    return times
  } finally {
    await system.close()
  }
}

/** Ends a card and waits until the driver has seen it go: it looks every 400 ms. */
async function ended(child: ChildProcess): Promise<void> {
  child.kill()
  await once(child, "exit")
  const system = await pcscReaders({ binding: "smartcard" })
  while ((await system.readers()).some(({ present }) => present))
    await new Promise((resolve) => setTimeout(resolve, 20))
  await system.close()
}

const median = (times: number[]) => Math.round(1000 * times.sort((a, b) => a - b)[times.length >> 1]!)
