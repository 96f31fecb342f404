// A card that does not answer, a timeout, a close, and the end of the process with an exit code of its own.
import { readdirSync } from "node:fs"
import { pathToFileURL } from "node:url"

const { pcscReaders } = await import(pathToFileURL(`${process.env.SHEBAO_CHILDREN}/terminal/pcsc/index.js`).href)
const [binding, reader] = process.argv.slice(2)
const system = await pcscReaders({ binding })
const connection = await system.connect(reader, { timeoutMilliseconds: 300 })
const asked = performance.now()
const code = await connection.transmit(Uint8Array.of(0, 0xb0, 0, 0, 1)).then(
  () => "answered",
  (error) => error.code,
)
const timeout = performance.now() - asked
const closing = performance.now()
await system.close()
const closed = performance.now() - closing
console.log(JSON.stringify({ code, timeout, closed, threads: readdirSync("/proc/self/task").length }))
process.exit(3)
