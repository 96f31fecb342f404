// Loads the whole terminal and says which native modules are in the process.
import { readFileSync } from "node:fs"
import { pathToFileURL } from "node:url"

await import(pathToFileURL(`${process.env.SHEBAO_CHILDREN}/terminal/index.js`).href)
await import(pathToFileURL(`${process.env.SHEBAO_CHILDREN}/virtual-reader/index.js`).href)
const libraries = new Set(readFileSync("/proc/self/maps", "utf8").match(/\/\S+\.node$/gm) ?? [])
console.log(JSON.stringify([...libraries]))
