#!/usr/bin/env node
import { readFileSync } from "node:fs"

const words = process.argv.slice(2)

if (words.includes("--version") || words[0] === "-V") {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
  process.stdout.write(`${manifest.version}\n`)
} else {
  const { runProcess } = await import("./process.js")
  await runProcess(words)
}
