import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openCardFile } from "../../../src/card/index.js"
import { getData, select } from "../../support/financial-card.js"

const root = fileURLToPath(new URL("../../..", import.meta.url))
let folder: string

/** Makes GET PROCESSING OPTIONS for ever and reports each transaction counter that it was answered. */
const WRITER = `
import { createCardFile, loadProfile } from "./card/index.js"
import { hex } from "./apdu/index.js"
import { writeSync } from "node:fs"
const { card } = createCardFile(process.argv[2], loadProfile("employee-active"))
card.powerOn()
for (let count = 1; ; count++) {
  card.process(hex("00A4040008A000000333010101"))
  card.process(hex("80A800000B8309000000000500000156"))
  writeSync(1, count + "\\n")
}
`

beforeAll(() => {
  // Plain Node runs no TypeScript; inside the package dependencies are found.
  folder = mkdtempSync(join(root, "node_modules", ".shebao-children-"))
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--declaration", "false", "--outDir", folder], {
    cwd: root,
  })
  writeFileSync(join(folder, "writer.mjs"), WRITER)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function killAfterTransactions(child: ChildProcess, transactions: number): Promise<number> {
  let reported = ""
  child.stdout!.setEncoding("utf8")
  child.stdout!.on("data", (text: string) => {
    reported += text
    if (reported.split("\n").length > transactions) process.kill(child.pid!, "SIGKILL")
  })
  await once(child, "close")
  return Number(reported.split("\n").at(-2))
}

it.each([1, 7, 40, 700])(
  "a process killed after %i transactions loses none that was answered",
  async (transactions) => {
    const path = join(folder, `card-${transactions}`)
    const child = spawn(process.execPath, [join(folder, "writer.mjs"), path], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    const answered = await killAfterTransactions(child, transactions)
    expect(answered).toBeGreaterThanOrEqual(transactions)
    expect(readFileSync(`${path}.lock`, "utf8")).toBe(`${child.pid}\n`)
    const file = openCardFile(path)
    file.card.powerOn()
    select(file.card)
    const counter = Number.parseInt(getData(file.card, "9F36"), 16)
    // The process may have been killed between keeping the last change and reporting it.
    expect([answered, answered + 1]).toContain(counter)
    file.close()
  },
)
