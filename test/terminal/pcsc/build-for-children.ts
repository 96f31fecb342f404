import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/**
 * Compiles `src` for the child processes that PC/SC tests start: plain Node runs no TypeScript. Nothing to do where the
 * machine has no PC/SC for tests. The folder lies inside the package, so that dependencies are found from it.
 */
export default function setup(): (() => void) | undefined {
  if (!process.env.SHEBAO_PCSCD) return undefined
  const root = fileURLToPath(new URL("../../..", import.meta.url))
  const folder = mkdtempSync(join(root, "node_modules", ".shebao-children-"))
  const tsc = join(root, "node_modules/typescript/bin/tsc")
  // A type error elsewhere is the business of `npm run lint`: the compiler emits all the same.
  spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--declaration", "false", "--outDir", folder], {
    cwd: root,
  })
  process.env.SHEBAO_CHILDREN = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
