// npm test: installs what the tests need, builds, runs every test, and says plainly what could not run here.
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { prepare as preparePcsc } from "./pcscd.mjs"
import { prepare as preparePostgres } from "./postgres.mjs"
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
const postgres = preparePostgres()
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
if (!postgres.ready) notRun.unshift({ what: "the ledger on PostgreSQL", why: postgres.reason, remedy: postgres.remedy })

/** The PC/SC part runs by itself: a native module that blocks its process can only be ended from outside. */
const PCSC_MINUTES = 9
const PCSC_ATTEMPTS = 2

/** Runs vitest, within a time limit in a process group of its own. @returns exit code (124: ended by us) and counts */
async function vitest(words, minutes) {
  const folder = mkdtempSync(join(tmpdir(), "shebao-test-"))
  const results = join(folder, "results.json")
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`]
  const child = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", ...reporters, ...words], {
    cwd: root,
    stdio: "inherit",
    detached: minutes !== undefined,
    env: { ...process.env, SHEBAO_PCSCD: pcsc.ready ? "1" : "", SHEBAO_POSTGRES: postgres.ready ? "1" : "" },
  })
  let hung = false
  const endGroup = () => {
    hung = true
    process.kill(-child.pid, "SIGKILL")
  }
  const timer = minutes === undefined ? undefined : setTimeout(endGroup, minutes * 60_000)
  const [code] = await once(child, "exit")
  clearTimeout(timer)
  const counts = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : undefined
  rmSync(folder, { recursive: true })
  return { code: hung ? 124 : (code ?? 70), counts }
}

async function pcscTests() {
  for (let attempt = 1; ; attempt++) {
    const done = await vitest(["--project", "pcsc"], PCSC_MINUTES)
    if (done.code === 0 || attempt === PCSC_ATTEMPTS) return done
    const why = done.code === 124 ? `did not end within ${PCSC_MINUTES} minutes` : "failed"
    console.log(`\nThe PC/SC tests ${why}; they depend on a daemon and on native modules, so they are run once more.\n`)
  }
}

const words = process.argv.slice(2)
const whole = words.length === 0
const runs = whole
  ? [
      await vitest(["--project", "unit", "--project", "cli", "--project", "postgres"]),
      ...(pcsc.ready ? [await pcscTests()] : []),
    ]
  : [await vitest(words)]
const code = runs.find((run) => run.code !== 0)?.code ?? 0
const total = (key) => runs.reduce((sum, { counts }) => sum + (counts?.[key] ?? 0), 0)

if (notRun.length > 0) {
  console.log("\n=== NOT RUN on this machine ===")
  for (const { what, why, remedy } of notRun) console.log(`* ${what}\n    why:    ${why}\n    enable: ${remedy}`)
  console.log("===============================\n")
}
console.log(`${total("numPassedTests")} passed, ${total("numFailedTests")} failed, ${total("numPendingTests")} skipped`)

const skippedInCi = Boolean(process.env.CI) && whole && (notRun.length > 0 || total("numPendingTests") > 0)
if (skippedInCi) console.error("CI runs everything: a skipped test is a failure there.")
process.exitCode = code === 0 && skippedInCi ? 1 : code
