// npm start: in a fresh clone installs and builds what is needed, then runs the main job on an emulated card.
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { build, checkNode, installDependencies, root } from "./prepare.mjs"

checkNode()
installDependencies()
build()
const done = spawnSync(process.execPath, [join(root, "dist/cli/main.js"), "demo", ...process.argv.slice(2)], {
  stdio: "inherit",
})
process.exit(done.status ?? 70)
