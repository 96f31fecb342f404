// PostgreSQL for tests: finds out what this machine has, installs what is missing on Debian, starts a server of our own
// on a socket in a temporary folder and stops it by its process id. Plain Node, no dependencies.
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { install, installed, installLine, system } from "./debian.mjs"

/** Debian packages that the tests on PostgreSQL use. */
export const packages = ["postgresql"]

const VERSIONS = "/usr/lib/postgresql"
/** The server refuses to run as root; Debian's package brings this user. */
const USER = "postgres"

/** Folder of the server's programs, newest version first; undefined where there is none. */
function programs() {
  if (!existsSync(VERSIONS)) return undefined
  const versions = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => join(VERSIONS, version, "bin"))
    .find((folder) => existsSync(join(folder, "postgres")))
}

function numberOf(option) {
  const found = spawnSync("id", [option, USER], { encoding: "utf8" })
  return found.status === 0 ? Number(found.stdout) : undefined
}

/**
 * What this machine offers.
 *
 * @returns `missing` (packages), `canInstall`, `ready` (tests may start a server) and, where not ready, `reason` and
 *   `remedy` as sentences for people
 */
export function detect() {
  const { linux, debian, root } = system()
  const missing = debian ? packages.filter((name) => !installed(name)) : []
  const folder = linux ? programs() : undefined
  const canInstall = debian && root
  const ready = folder !== undefined && (!root || numberOf("-u") !== undefined)
  if (ready) return { missing, canInstall, ready, folder }
  const line = installLine(packages)
  const [reason, remedy] = debian
    ? ["PostgreSQL is not installed", root ? line : `sudo ${line}`]
    : ["PostgreSQL is looked for where Debian puts it", "run the tests in a Debian container as root"]
  return { missing, canInstall, ready, folder, reason, remedy }
}

/** Detects, and installs what is missing where it may. @returns what {@link detect} returns */
export function prepare({ log = console.error } = {}) {
  const found = detect()
  if (found.ready || !found.canInstall) return found
  log(`Installing for the tests on PostgreSQL: ${packages.join(" ")} ...`)
  const failure = install(packages)
  const after = detect()
  return failure && !after.ready ? { ...after, reason: `apt-get failed: ${failure}` } : after
}

/**
 * Starts a server with an empty cluster in a temporary folder, reachable over a socket in that folder only.
 *
 * @returns `url` of its empty database and `stop()`, which resolves when the server has ended and its folder is gone
 */
export async function startPostgres() {
  const { folder } = detect()
  const root = process.getuid?.() === 0
  const home = mkdtempSync(join(tmpdir(), "shebao-postgres-"))
  const identity = root ? { uid: numberOf("-u"), gid: numberOf("-g") } : {}
  if (root) chownSync(home, identity.uid, identity.gid)
  chmodSync(home, 0o755)
  const data = join(home, "data")
  const made = spawnSync(join(folder, "initdb"), ["-D", data, "-A", "trust", "-E", "UTF8", "--no-locale", "-U", USER], {
    encoding: "utf8",
    cwd: home,
    ...identity,
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error}`)
  // No TCP port: nothing to collide with, nobody else can reach it.
  const options = ["-D", data, "-c", "listen_addresses=", "-c", `unix_socket_directories=${home}`, "-c", "fsync=on"]
  const child = spawn(join(folder, "postgres"), options, {
    cwd: home,
    stdio: ["ignore", "ignore", "pipe"],
    ...identity,
  })
  const ended = once(child, "exit")
  const endWithUs = () => child.kill("SIGQUIT")
  process.once("exit", endWithUs)
  let output = ""
  await new Promise((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output += text
      if (output.includes("database system is ready to accept connections")) resolve()
    })
    child.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}: ${output.slice(-2000)}`)))
    child.once("error", reject)
  })
  child.stderr.removeAllListeners("data").resume()
  return {
    url: `postgresql://${USER}@localhost/postgres?host=${encodeURIComponent(home)}`,
    pid: child.pid,
    async stop() {
      process.off("exit", endWithUs)
      child.kill("SIGINT")
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}

// `node scripts/postgres.mjs` starts a server and prints its address; it ends with this process.
if (process.argv[1] !== undefined && import.meta.url.endsWith(`/${process.argv[1].split("/").pop()}`)) {
  const found = prepare()
  if (!found.ready) {
    console.error(`${found.reason}: ${found.remedy}`)
    process.exitCode = 3
  } else {
    const server = await startPostgres()
    console.log(server.url)
    const end = () => void server.stop()
    process.once("SIGINT", end).once("SIGTERM", end)
  }
}
