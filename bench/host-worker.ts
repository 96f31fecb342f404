import { once } from "node:events"
import { openMachines, run } from "./host.js"

/** One process of the bank: machines and frames are made first, the time that counts begins with a line of input. */
const [url = "", list = "", each = "0"] = process.argv.slice(2)
const { bank, frames } = await openMachines({ postgres: url }, list.split(",").map(Number))
await run(bank, frames(5), true)
const work = frames(Number(each))
process.stdout.write("ready\n")
await once(process.stdin, "data")
await run(bank, work, true)
process.stdout.write("done\n")
await bank.close()
