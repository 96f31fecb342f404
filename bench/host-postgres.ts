import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { createBank } from "shebao/host"
import { type HostFigure, TERMINALS } from "./host.js"

const WORKER = fileURLToPath(new URL("./host-worker.js", import.meta.url))
const WITHDRAWALS = 1000

/** A process of the bank that is ready, and runs its share when it is told to. */
async function startWorker(url: string, indexes: readonly number[], each: number) {
  const child = spawn(process.execPath, [WORKER, url, indexes.join(","), String(each)], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const lines = createInterface(child.stdout)
  await once(lines, "line")
  return async () => {
    const done = once(lines, "line")
    child.stdin.end("go\n")
    await done
    await once(child, "close")
  }
}

async function measure(url: string, processes: number, first: number): Promise<HostFigure> {
  const each = WITHDRAWALS / TERMINALS
  const share = TERMINALS / processes
  const workers = []
  for (let i = 0; i < processes; i++)
    workers.push(
      await startWorker(
        url,
        Array.from({ length: share }, (_, n) => first + i * share + n),
        each,
      ),
    )
  const start = performance.now()
  await Promise.all(workers.map((run) => run()))
  const microseconds = ((performance.now() - start) * 1000) / WITHDRAWALS
  const name = `withdrawal, PostgreSQL, ${processes} ${processes === 1 ? "process" : "processes"}, ${TERMINALS} terminals`
  return { name, microseconds, perSecond: Math.round(1e6 / microseconds) }
}

/**
 * Times whole withdrawals at banks that share a ledger in PostgreSQL. Terminals and cards are new ones each time, so that a
 * database can be used again.
 */
export async function benchHostPostgres(url = process.env.SHEBAO_BENCH_POSTGRES): Promise<HostFigure[]> {
  if (!url) throw new Error("set SHEBAO_BENCH_POSTGRES to the URL of a database for benchmarks")
  const first = (Math.floor(Date.now() / 1000) % 2000) * 2 * TERMINALS
  const figures = [await measure(url, 1, first), await measure(url, 4, first + TERMINALS)]
  const bank = createBank({ store: { postgres: url }, terminals: [] })
  const { violations } = await bank.ledger.verify()
  await bank.close()
  if (violations.length > 0) throw new Error(`the ledger is wrong: ${violations[0]!.text}`)
  return figures
}
