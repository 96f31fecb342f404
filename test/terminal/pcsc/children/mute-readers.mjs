// Commands to many cards that do not answer, while files are read and one card answers.
import { stat } from "node:fs/promises"

import { pcscReaders } from "../../../../dist/terminal/pcsc/index.js"

const [binding] = process.argv.slice(2)
const system = await pcscReaders({ binding })
const readers = (await system.readers()).filter(({ present }) => present)
const connections = []
for (const { name } of readers) connections.push(await system.connect(name, { timeoutMilliseconds: 1500 }))
let over = false
const outcomes = Promise.allSettled(connections.map((card) => card.transmit(Uint8Array.of(0, 0xb0, 0, 0, 1)))).finally(
  () => (over = true),
)
let slowestStat = 0
let stats = 0
while (!over) {
  const asked = performance.now()
  await stat("/")
  slowestStat = Math.max(slowestStat, performance.now() - asked)
  stats += 1
  await new Promise((resolve) => setTimeout(resolve, 5))
}
const codes = (await outcomes).map(({ reason }) => reason?.code ?? "answered")
await system.close()
console.log(JSON.stringify({ readers: readers.length, codes, slowestStat, stats }))
process.exit(0)
