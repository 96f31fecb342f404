// A card that does not answer, a timeout (or an impatient user), a close, and the end of the process with an exit code of
// its own.
import { readdirSync } from "node:fs"

import { pcscReaders } from "../../../../dist/terminal/pcsc/index.js"

const [binding, reader, patience] = process.argv.slice(2)
const system = await pcscReaders({ binding })
const connection = await system.connect(reader, { timeoutMilliseconds: Number(patience) })
const asked = performance.now()
const outcome = connection.transmit(Uint8Array.of(0, 0xb0, 0, 0, 1)).then(
  () => "answered",
  (error) => error.code,
)
const leaving = new Promise((resolve) => setTimeout(resolve, 600, "still running"))
const code = await Promise.race([outcome, leaving])
const timeout = performance.now() - asked
const closing = performance.now()
await system.close()
const closed = performance.now() - closing
console.log(JSON.stringify({ code, timeout, closed, threads: readdirSync("/proc/self/task").length }))
process.exit(3)
