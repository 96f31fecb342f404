// Loads the whole terminal and says which native modules are in the process.
import { readFileSync } from "node:fs"

await import("../../../../dist/terminal/index.js")
await import("../../../../dist/virtual-reader/index.js")
const libraries = new Set(readFileSync("/proc/self/maps", "utf8").match(/\/\S+\.node$/gm) ?? [])
console.log(JSON.stringify([...libraries]))
