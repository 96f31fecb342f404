// What kind of system this is, and how packages get onto it. Plain Node, no dependencies.
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"

/** Reads one line of /etc/os-release. */
function osRelease(key) {
  if (!existsSync("/etc/os-release")) return ""
  const line = new RegExp(`^${key}=(.*)$`, "m").exec(readFileSync("/etc/os-release", "utf8"))
  return line ? line[1].replaceAll('"', "") : ""
}

/** @returns `linux`, `debian` (or one of its kin) and `root` as booleans */
export function system() {
  const linux = process.platform === "linux"
  const debian = linux && /\b(debian|ubuntu)\b/.test(`${osRelease("ID")} ${osRelease("ID_LIKE")}`)
  return { linux, debian, root: process.getuid?.() === 0 }
}

/** True when a Debian package is installed. */
export function installed(name) {
  const query = spawnSync("dpkg", ["-s", name], { encoding: "utf8" })
  return query.status === 0 && query.stdout.includes("\nStatus: install ok installed\n")
}

/** The line that a person types to install packages as root. */
export const installLine = (names) => `apt-get install -y --no-install-recommends ${names.join(" ")}`

/**
 * Installs Debian packages without asking. Needs root.
 *
 * @returns undefined when done, else the end of apt-get's own words
 */
export function install(names) {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  for (const task of [["update"], ["install", "-y", "--no-install-recommends", ...names]]) {
    const done = spawnSync("apt-get", ["-q", ...task], { encoding: "utf8", env: environment })
    if (done.status !== 0)
      return (done.stderr || done.stdout || String(done.error)).trim().split("\n").slice(-3).join("\n")
  }
  return undefined
}
