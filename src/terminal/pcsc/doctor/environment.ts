import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { BindingName, PcscBinding } from "../binding.js"
import { BINDING_NAMES, isInstalled, loadBinding } from "../load.js"

/** Everything that the doctor looks at. It changes nothing and puts no card into a reader. */
export interface DoctorEnvironment {
  readonly platform: NodeJS.Platform
  readonly nodeVersion: string
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly bindings: readonly BindingName[]
  isInstalled(name: BindingName): boolean
  /** @throws what the package throws while loading */
  loadBinding(name: BindingName): Promise<PcscBinding>
  /** True when koffi can be loaded. */
  hasKoffi(): boolean
  /** Version of an npm package; undefined when it is not there. */
  packageVersion(name: string): string | undefined
  /** Undefined when the file cannot be read. */
  readText(path: string): string | undefined
  /** Empty when the folder cannot be read. */
  listFolder(path: string): string[]
  exists(path: string): boolean
  /** What a program prints; undefined when it fails or is not there. */
  run(program: string, ...args: string[]): string | undefined
  /** Milliseconds on a clock that never goes back. */
  now(): number
}

/** The machine that this process runs on. */
export function realEnvironment(): DoctorEnvironment {
  const found = createRequire(import.meta.url)
  const attempt = <T, U>(job: () => T, otherwise: U): T | U => {
    try {
      return job()
    } catch {
      return otherwise
    }
  }
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    variables: process.env,
    bindings: BINDING_NAMES,
    isInstalled,
    loadBinding,
    hasKoffi: () => attempt(() => found("koffi") !== undefined, false),
    packageVersion: (name) => packageVersion(found, name),
    readText: (path) => attempt(() => readFileSync(path, "utf8"), undefined),
    listFolder: (path) => attempt(() => readdirSync(path), []),
    exists: existsSync,
    run: (program, ...args) =>
      attempt(
        () => execFileSync(program, args, { encoding: "utf8", timeout: 5000, stdio: ["ignore", "pipe", "ignore"] }),
        undefined,
      ),
    now: () => performance.now(),
  }
}

/** Reads the version from the package's folder: its `exports` may hide package.json. */
function packageVersion(found: NodeJS.Require, name: string): string | undefined {
  for (const folder of found.resolve.paths(name) ?? []) {
    const path = `${folder}/${name}/package.json`
    if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")).version
  }
  return undefined
}
