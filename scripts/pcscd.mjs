// PC/SC for tests: finds out what this machine has, installs what is missing on Debian, starts a pcscd of our own
// and stops it by its process id. Plain Node, no dependencies.
import { spawn } from "node:child_process"
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { install, installed, installLine, system } from "./debian.mjs"

/** Debian packages that the PC/SC tests use: daemon, headers for the bindings, virtual reader, referees. */
export const packages = [
  "pcscd",
  "libpcsclite1",
  "libpcsclite-dev",
  "vsmartcard-vpcd",
  "opensc",
  "pcsc-tools",
  "python3-pyscard",
]

const SOCKET = "/run/pcscd/pcscd.comm"
const DRIVER = "/etc/reader.conf.d/vpcd"
/** State 0A of /proc/net/tcp: listening. 8C7B is the port of the driver's first slot. */
const LISTENING = /^\s*\d+: [0-9A-F]{8}:8C7B [0-9A-F]{8}:0000 0A /m

/** True when something answers on pcscd's socket. */
export function pcscdRuns() {
  if (!existsSync(SOCKET)) return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = connect(SOCKET)
    const done = (runs) => {
      socket.destroy()
      resolve(runs)
    }
    socket.once("connect", () => done(true)).once("error", () => done(false))
  })
}

/**
 * What this machine offers.
 *
 * @returns `debian`, `root`, `missing` (packages), `canInstall`, `ready` (tests may start pcscd) and, where not ready,
 *   `reason` and `remedy` as sentences for people
 */
export function detect() {
  const { linux, debian, root } = system()
  const missing = debian ? packages.filter((name) => !installed(name)) : []
  const daemon = existsSync("/usr/sbin/pcscd") && existsSync(DRIVER)
  const canInstall = debian && root
  const ready = linux && root && daemon && missing.length === 0
  if (ready) return { linux, debian, root, missing, canInstall, ready }
  const line = installLine(missing.length > 0 ? missing : packages)
  const [reason, remedy] = !linux
    ? ["the virtual reader exists on Linux only", "run the tests in a Debian container as root"]
    : !debian
      ? ["this is neither Debian nor Ubuntu", "run the tests in a Debian container as root"]
      : missing.length > 0
        ? [`missing packages: ${missing.join(" ")}`, root ? line : `sudo ${line}`]
        : !root
          ? ["starting pcscd needs root", "sudo npm test"]
          : ["pcscd or its vpcd driver is not where Debian puts it", `${line} --reinstall`]
  return { linux, debian, root, missing, canInstall, ready, reason, remedy }
}

/**
 * Detects, and installs what is missing where it may.
 *
 * @returns what `detect` returns, `ready` where the tests can run
 */
export function prepare({ log = console.error } = {}) {
  const found = detect()
  if (found.ready || !found.canInstall || found.missing.length === 0) return found
  log(`Installing for the PC/SC tests: ${found.missing.join(" ")} ...`)
  const failure = install(found.missing)
  const after = detect()
  return failure && !after.ready ? { ...after, reason: `apt-get failed: ${failure}` } : after
}

const LOCK = join(tmpdir(), "shebao-pcscd.lock")

/**
 * Waits until no other test run of this machine uses pcscd, and keeps others waiting until the returned function is called.
 */
export async function lockPcscd({ waitMilliseconds = 280_000 } = {}) {
  const until = Date.now() + waitMilliseconds
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: "wx" })
      const release = () => rmSync(LOCK, { force: true })
      process.once("exit", release)
      return () => {
        process.off("exit", release)
        release()
      }
    } catch (error) {
      if (error.code !== "EEXIST") throw error
    }
    if (!isAlive(readLock())) rmSync(LOCK, { force: true })
    else if (Date.now() > until) throw new Error(`Process ${readLock()} has been using pcscd for too long.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function readLock() {
  try {
    return Number(readFileSync(LOCK, "utf8"))
  } catch {
    return 0
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return pid > 0
  } catch (error) {
    return error.code === "EPERM"
  }
}

const MESSAGE = "pcscd did not get ready"

/**
 * Starts `pcscd --foreground` as a child and waits until it says that it is ready. Where one runs already, that one
 * is used and `stop` leaves it alone.
 *
 * @param configuration folder to use in place of /etc/reader.conf.d
 * @returns `owned`, `pid` and `stop()`, which resolves when the daemon has ended
 */
export async function startPcscd({ configuration, waitMilliseconds = 10_000 } = {}) {
  if (await pcscdRuns()) return { owned: false, pid: undefined, stop: async () => {} }
  const options = configuration === undefined ? [] : ["--config", configuration]
  const child = spawn("/usr/sbin/pcscd", ["--foreground", "--info", ...options], { stdio: ["ignore", "pipe", "pipe"] })
  const ended = new Promise((resolve) => child.once("exit", resolve))
  let output = ""
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`no sign of life for ${waitMilliseconds} ms`), waitMilliseconds)
    const fail = (why) => {
      clearTimeout(timer)
      child.kill("SIGKILL")
      reject(new Error(`${MESSAGE}: ${why}\n${output.slice(-2000)}`))
    }
    const read = (chunk) => {
      output += chunk
      if (!output.includes("daemon ready")) return
      clearTimeout(timer)
      child.stdout.off("data", read).resume()
      child.stderr.off("data", read).resume()
      child.off("exit", exited)
      resolve()
    }
    const exited = (code, signal) => fail(`it ended with ${signal ?? code}`)
    child.stdout.setEncoding("utf8").on("data", read)
    child.stderr.setEncoding("utf8").on("data", read)
    child.once("exit", exited).once("error", (error) => fail(error.message))
  })
  const endWithUs = () => child.kill("SIGTERM")
  process.once("exit", endWithUs)
  child.unref()
  child.stdout.unref?.()
  child.stderr.unref?.()
  if (configuration === undefined && !LISTENING.test(readFileSync("/proc/net/tcp", "utf8"))) {
    child.kill("SIGTERM")
    throw new Error(`${MESSAGE}: the vpcd driver does not listen on port 35963`)
  }
  const stop = async () => {
    process.off("exit", endWithUs)
    child.ref()
    child.kill("SIGTERM")
    await ended
  }
  return { owned: true, pid: child.pid, stop }
}

// `node scripts/pcscd.mjs` says what is here; with `--install` it installs what is missing.
if (process.argv[1] !== undefined && import.meta.url.endsWith(`/${process.argv[1].split("/").pop()}`)) {
  const found = process.argv.includes("--install") ? prepare() : detect()
  console.log(JSON.stringify(found, undefined, 2))
  process.exitCode = found.ready ? 0 : 3
}
