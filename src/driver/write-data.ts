import { type Answer, fail } from "./codes.js"
import type { FileAddress } from "./file-address.js"

/**
 * Takes writeData apart along the fileAddr that it belongs to (driver-api §3.3): values in the order of the items, `|`
 * behind each, `$` behind each file; some drivers repeat the name of the file in front.
 *
 * @returns the values of each file; −23 when they are not as many as the items
 * @example parseWriteData("测试持卡人|1|$", files) // [["测试持卡人", "1"]]
 */
export function parseWriteData(
  text: string,
  files: readonly FileAddress[],
): Answer<{ readonly values: readonly (readonly string[])[] }> {
  const parts = text.split("$")
  if (parts.pop() !== "" || parts.length !== files.length) return fail("UNLAWFUL_DATA")
  const values: string[][] = []
  for (const [at, file] of files.entries()) {
    const own = valuesOf(parts[at]!, file)
    if (!own) return fail("UNLAWFUL_DATA")
    values.push(own)
  }
  return { ok: true, values }
}

/** The last `|` may be missing, as in fileAddr behind a record of a cyclic file, but not behind a value that is empty. */
function valuesOf(part: string, { text, items, record }: FileAddress): string[] | undefined {
  if (part === "") return undefined
  const expected = record === undefined ? items.length : 1
  const values = (part.endsWith("|") ? part.slice(0, -1) : part).split("|")
  if (values.length === expected + 1 && values[0]!.toUpperCase() === text) values.shift()
  return values.length === expected ? values : undefined
}
