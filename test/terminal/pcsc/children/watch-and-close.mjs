// Watches and closes many times; then has nothing left to do and ends by itself.
import { readdirSync } from "node:fs"

import { pcscReaders } from "../../../../dist/terminal/pcsc/index.js"

const [binding] = process.argv.slice(2)
const count = () => ({ threads: readdirSync("/proc/self/task").length, files: readdirSync("/proc/self/fd").length })
/** Counts when what was let go of has been collected: pcsclite releases its session in a destructor. */
const settled = async (limit) => {
  let now = count()
  for (let i = 0; i < 50 && (now.threads > limit.threads || now.files > limit.files); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    globalThis.gc()
    now = count()
  }
  return now
}

const system = await pcscReaders({ binding })
const round = async () => {
  const watch = await system.watch(() => {})
  await watch.close()
}
for (let i = 0; i < 5; i++) await round()
const before = count()
for (let i = 0; i < 100; i++) await round()
const after = await settled(before)

const open = async () => {
  const other = await pcscReaders({ binding })
  await other.watch(() => {})
  await other.close()
}
for (let i = 0; i < 3; i++) await open()
const beforeOpening = count()
for (let i = 0; i < 20; i++) await open()
const afterOpening = await settled(beforeOpening)
await system.close()
console.log(JSON.stringify({ before, after, beforeOpening, afterOpening }))
