// What every script needs before it can do its work: a good Node, the dependencies, the built package.
// Plain Node, no dependencies: it runs in a fresh clone.
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))
const OLDEST_NODE = [20, 19]

/** Ends the process with a plain sentence when Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  console.error(`shebao needs Node ${OLDEST_NODE.join(".")} or later; this is ${process.versions.node}.`)
  process.exit(2)
}

/** Runs a program in the project's folder; ends this process with its exit code when it fails. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { cwd: root, stdio: "inherit", ...options })
  if (done.error) {
    console.error(`${program}: ${done.error.message}`)
    process.exit(70)
  }
  if (done.status !== 0) {
    if (typeof done.stdout === "string" || done.stdout instanceof Buffer) process.stderr.write(done.stdout)
    if (typeof done.stderr === "string" || done.stderr instanceof Buffer) process.stderr.write(done.stderr)
    console.error(`failed: ${program} ${args.join(" ")}`)
    process.exit(done.status ?? 70)
  }
}

const npm = process.platform === "win32" ? "npm.cmd" : "npm"

/** Installs the dependencies when they are absent or the lock file changed since. */
export function installDependencies({ again = false } = {}) {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
  const mark = join(root, "node_modules", ".shebao-lock")
  const installed = existsSync(mark) ? readFileSync(mark, "utf8") : ""
  if (installed === wanted && !again) return
  console.error("Installing dependencies (npm ci) ...")
  run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { stdio: ["ignore", 2, 2] })
  writeFileSync(mark, wanted)
}

function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/** Compiles `src` to `dist` when anything in it is newer than the last build. */
export function build({ again = false } = {}) {
  const mark = join(root, "dist", ".built")
  const inputs = ["src", "bench", "package.json", "tsconfig.json", "tsconfig.build.json", "tsconfig.bench.json"].map(
    (name) => newest(join(root, name)),
  )
  if (!again && existsSync(mark) && statSync(mark).mtimeMs >= Math.max(...inputs)) return
  console.error("Building (tsc) ...")
  for (const project of ["tsconfig.build.json", "tsconfig.bench.json"]) {
    const tsc = join(root, "node_modules/typescript/bin/tsc")
    run(process.execPath, [tsc, "-p", project], { stdio: ["ignore", 2, 2] })
  }
  mkdirSync(join(root, "dist"), { recursive: true })
  writeFileSync(mark, "")
}
