import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterAll } from "vitest"

/** The built command line. */
export const BINARY = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url))

/** PINs of the profile `employee` and of its holder in these tests. */
export const PINS = { initial: "123456", own: "246813", bank: "135790" } as const
/** What must not stand in a trace, a log or an error: PAN and identity number of the profile `employee`. */
export const PERSONAL = { pan: "6217000000000000046", identityNumber: "999999199001010016" } as const

/** A command line that has ended. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Lines of standard output. */
  readonly lines: string[]
  /** The one JSON document on standard output; throws when there is anything else. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of every shape
  readonly document: any
  /** Every line of standard output as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly events: any[]
}

export interface Surroundings {
  /** Standard input. */
  readonly input?: string
  readonly environment?: Readonly<Record<string, string>>
}

const folders: string[] = []
const children = new Set<ChildProcess>()
// At the end of a file: its tests run side by side, each in a folder of its own.
afterAll(async () => {
  for (const child of children) {
    child.kill("SIGKILL")
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
  }
  children.clear()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Sees to it that a child does not outlive the tests of this file. */
export function endWithTests(child: ChildProcess): void {
  children.add(child)
  child.once("close", () => children.delete(child))
}

/** A folder for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "shebao-cli-"))
  folders.push(folder)
  return folder
}

/** Nothing of the machine's own: state in a folder, English, no pcscd even where one runs. */
export function environmentIn(folder: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    SHEBAO_HOME: join(folder, "home"),
    LANG: "C.UTF-8",
    PCSCLITE_CSOCK_NAME: join(folder, "no-pcscd"),
    ...more,
  }
}

/** A command line in a folder of its own: relative names of files mean files in there. */
export interface Shell {
  readonly folder: string
  path(name: string): string
  /** Runs a command to its end. */
  run(words: readonly string[], surroundings?: Surroundings): Promise<Ran>
  /** Starts a command that goes on until it is told to end. */
  start(words: readonly string[], surroundings?: Surroundings): Started
}

/** A command that goes on. */
export interface Started {
  readonly pid: number
  readonly child: ChildProcess
  /** The next line of standard output. */
  nextLine(): Promise<string>
  /** Sends a signal and waits for the end. */
  stop(signal: "SIGINT" | "SIGTERM"): Promise<Ran>
}

export function shell(): Shell {
  const folder = temporaryFolder()

  function launch(words: readonly string[], { environment }: Surroundings) {
    const child = spawn(process.execPath, [BINARY, ...words], {
      cwd: folder,
      env: environmentIn(folder, environment),
      stdio: "pipe",
    })
    children.add(child)
    // A command that refuses its arguments does not wait for what we write.
    child.stdin.on("error", () => {})
    const written = { stdout: "", stderr: "" }
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      written.stdout += text
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      written.stderr += text
    })
    const ended = once(child, "close").then(([code]) => {
      children.delete(child)
      return ran(code as number | null, written)
    })
    return { child, ended }
  }

  return {
    folder,
    path: (name) => join(folder, name),
    run(words, surroundings = {}) {
      const { child, ended } = launch(words, surroundings)
      child.stdin.end(surroundings.input ?? "")
      return ended
    },
    start(words, surroundings = {}) {
      const { child, ended } = launch(words, surroundings)
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      return {
        pid: child.pid!,
        child,
        async nextLine() {
          const { value, done } = await lines.next()
          if (done) throw new Error(`ended: ${(await ended).stderr}`)
          return value
        },
        stop(signal) {
          child.kill(signal)
          return ended
        },
      }
    },
  }
}

function ran(code: number | null, { stdout, stderr }: { stdout: string; stderr: string }): Ran {
  const lines = stdout.split("\n").slice(0, -1)
  return {
    code,
    stdout,
    stderr,
    lines,
    get document() {
      if (lines.length !== 1) throw new Error(`expected one line of JSON, got ${lines.length}: ${stdout}${stderr}`)
      return JSON.parse(lines[0]!)
    },
    get events() {
      return lines.map((line) => JSON.parse(line))
    },
  }
}
