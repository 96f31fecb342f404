import { parseAccess } from "./access.js"
import { type DirectoryName, type KeyDefinition, keysOf } from "./keys.js"
import type { FileDefinition } from "./types.js"

/** The keys of a directory that its files name, and those that no file needs to name (IRK, MK, STK, PUK, DPK and others). */
export function keysForFiles(directory: DirectoryName, files: readonly FileDefinition[]): readonly KeyDefinition[] {
  const named = new Set(files.flatMap(expressionsOf).flatMap((expression) => parseAccess(expression).flat()))
  return keysOf(directory).filter(({ name, role }) => (role !== "read" && role !== "update") || named.has(name))
}

function expressionsOf(file: FileDefinition): string[] {
  if (file.structure !== "variable") return [file.read, file.write]
  return [file.read, file.write, ...file.records.flatMap(({ read, write }) => [read ?? file.read, write ?? file.write])]
}
