import { createRequire } from "node:module"
import { InputError, ShebaoError } from "../../apdu/index.js"
import type { BindingName, PcscBinding } from "./binding.js"
import { type PcscMiniModule, pcscMiniBinding } from "./bindings/pcsc-mini.js"
import { type PcscliteModule, pcscliteBinding } from "./bindings/pcsclite.js"
import { type SmartcardModule, smartcardBinding } from "./bindings/smartcard.js"

/** The bindings, in the order in which they are tried. */
export const BINDING_NAMES: readonly BindingName[] = ["smartcard", "pcsclite", "pcsc-mini"]

const MISSING = "No PC/SC module is installed. Emulated cards work without it."
const MISSING_ZH = "未安装 PC/SC 模块,虚拟卡不受影响。"
const INSTALL =
  "npm i pcsc-mini (no compiler), or npm i smartcard (sudo apt install libpcsclite-dev build-essential python3)"

const loaded = new Map<BindingName, PcscBinding>()

/** True when the package is there, whether or not it can be loaded. */
export function isInstalled(name: BindingName): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

/**
 * Loads one binding. Native code is touched here and not before.
 *
 * @throws what the package throws while loading
 */
export async function loadBinding(name: BindingName): Promise<PcscBinding> {
  const known = loaded.get(name)
  if (known) return known
  // All three are CommonJS. The name is no literal, so that types are not looked for where it is not installed.
  const specifier: string = name
  const module = (await import(specifier)).default
  const binding =
    name === "smartcard"
      ? smartcardBinding(module as SmartcardModule)
      : name === "pcsclite"
        ? pcscliteBinding(module as PcscliteModule)
        : pcscMiniBinding(module as PcscMiniModule)
  loaded.set(name, binding)
  return binding
}

/**
 * Chooses a binding: the one that is named, or that `SHEBAO_PCSC` names, or the first that is installed and loads.
 *
 * @throws {ShebaoError} `BINDING_MISSING` with the line that installs one; `BINDING_BROKEN` when what is installed fails
 * @throws {InputError} field `binding` for an unknown name
 */
export async function chooseBinding(wanted: string | undefined = process.env.SHEBAO_PCSC): Promise<PcscBinding> {
  if (wanted && !BINDING_NAMES.includes(wanted as BindingName))
    throw new InputError("binding", `expected ${BINDING_NAMES.join(", ")}; got ${JSON.stringify(wanted)}`)
  const names = wanted ? [wanted as BindingName] : BINDING_NAMES
  let failure: { name: BindingName; error: unknown } | undefined
  for (const name of names) {
    if (!isInstalled(name)) continue
    try {
      return await loadBinding(name)
    } catch (error) {
      failure ??= { name, error }
    }
  }
  if (failure) {
    const why = failure.error instanceof Error ? failure.error.message.split("\n")[0] : String(failure.error)
    throw new ShebaoError("BINDING_BROKEN", `The PC/SC module ${failure.name} cannot be loaded: ${why}`, {
      messageZh: `PC/SC 模块 ${failure.name} 无法加载:${why}`,
      cause: failure.error,
    })
  }
  const line = wanted ? `npm i ${wanted}${COMPILED.has(wanted) ? COMPILER : ""}` : INSTALL
  throw new ShebaoError("BINDING_MISSING", `${MISSING} Install one: ${line}`, {
    messageZh: `${MISSING_ZH}安装:${line}`,
  })
}

const COMPILED = new Set(["smartcard", "pcsclite"])
const COMPILER = " (sudo apt install libpcsclite-dev build-essential python3)"
