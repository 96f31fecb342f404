import { socialSecurityKeys } from "../../dictionary/index.js"
import { DIRECTORY_NAMES, fileNames } from "./selection.js"
import { VERBS } from "./words.js"

const SECOND: Readonly<Record<string, readonly string[]>> = {
  read: ["record", "tag", "binary", "all"],
  update: ["record", "binary"],
  verify: ["status"],
  authenticate: socialSecurityKeys
    .filter(({ role }) => ["read", "update", "unblock"].includes(role))
    .map(({ name }) => name),
}

/**
 * What the word that is being typed may become.
 *
 * @param line up to the cursor
 * @param directory the directory that is selected
 * @returns candidates, and the part of the line that they replace
 * @example complete("select SSSE/EF0", "MF") // [["SSSE/EF05", "SSSE/EF06", ...], "SSSE/EF0"]
 */
export function complete(line: string, directory: string): [string[], string] {
  const words = line.trimStart().split(/\s+/)
  const word = words.at(-1) ?? ""
  const verb = words[0]!.toLowerCase()
  const candidates =
    words.length === 1
      ? Object.keys(VERBS)
      : words.length > 2
        ? []
        : verb === "select"
          ? paths(word, directory)
          : (SECOND[verb] ?? [])
  return [candidates.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase())), word]
}

/** Paths that begin with the directories that are typed already; without any, files of the current one as well. */
function paths(word: string, directory: string): string[] {
  const at = word.lastIndexOf("/")
  if (at < 0) return [...DIRECTORY_NAMES, ...fileNames(directory)]
  const parent = word.slice(0, at)
  const last = parent.slice(parent.lastIndexOf("/") + 1)
  const below = last.toUpperCase() === "SSSE" ? DIRECTORY_NAMES.filter((name) => name.startsWith("DF")) : []
  return [...below, ...fileNames(last)].map((name) => `${parent}/${name}`)
}
