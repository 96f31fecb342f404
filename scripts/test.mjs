// npm test: installs what the tests need, builds, runs every test, and says plainly what could not run here.
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { prepare as preparePcsc } from "./pcscd.mjs"
import { build, checkNode, installDependencies, root } from "./prepare.mjs"

const NATIVE = {
  smartcard: "PC/SC tests over the binding smartcard",
  pcsclite: "PC/SC tests over the binding pcsclite",
  "pcsc-mini": "PC/SC tests over the binding pcsc-mini",
  koffi: "quick acknowledgement towards an old vpcd driver",
  libsql: "the ledger on SQLite",
}

checkNode()
const pcsc = preparePcsc()
installDependencies()
const loads = (name) =>
  spawnSync(process.execPath, ["-e", `import(${JSON.stringify(name)})`], { cwd: root }).status === 0
let missing = Object.keys(NATIVE).filter((name) => !loads(name))
if (missing.length > 0 && pcsc.ready && existsSync("/usr/include/PCSC/winscard.h")) {
  // The bindings were left out when the headers were not there yet.
  installDependencies({ again: true })
  missing = missing.filter((name) => !loads(name))
}
build()

const notRun = missing.map((name) => ({
  what: NATIVE[name],
  why: `npm package ${name} does not load`,
  remedy: `npm install ${name}`,
}))
if (!pcsc.ready) {
  notRun.unshift({ what: "everything over pcscd and the virtual reader", why: pcsc.reason, remedy: pcsc.remedy })
}

const folder = mkdtempSync(join(tmpdir(), "shebao-test-"))
const results = join(folder, "results.json")
const words = process.argv.slice(2)
const vitest = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...words,
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, SHEBAO_PCSCD: pcsc.ready ? "1" : "" } },
)
const counts = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : undefined
rmSync(folder, { recursive: true })

if (notRun.length > 0) {
  console.log("\n=== NOT RUN on this machine ===")
  for (const { what, why, remedy } of notRun) console.log(`* ${what}\n    why:    ${why}\n    enable: ${remedy}`)
  console.log("===============================\n")
}
if (counts)
  console.log(`${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${counts.numPendingTests} skipped`)

const whole = words.length === 0
const skippedInCi = Boolean(process.env.CI) && whole && (notRun.length > 0 || (counts?.numPendingTests ?? 1) > 0)
if (skippedInCi) console.error("CI runs everything: a skipped test is a failure there.")
process.exitCode = vitest.status === 0 ? (skippedInCi ? 1 : 0) : (vitest.status ?? 70)
