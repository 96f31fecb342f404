import { encodeText, wrongInput } from "../../apdu/index.js"

/** Room for a name in tags 09 and 4E of SSSE EF06, in bytes of GBK. */
const NAME_LENGTH = 0x1e
const EXTENSION_LENGTH = 0x14

/** A name as the two fields of the card hold it. */
export interface HolderName {
  readonly name: string
  /** What did not fit; absent in most names. */
  readonly nameExtension?: string
}

/**
 * Parts a long name: what fits into 30 bytes of GBK, the rest into 20 bytes, no character cut (card-structure §5.2).
 *
 * @throws {InputError} when it does not fit both, or a character is not in GBK
 */
export function splitHolderName(name: string, field = "name"): HolderName {
  const characters = [...name]
  let count = 0
  let bytes = 0
  while (count < characters.length) {
    bytes += encodeText(characters[count]!, undefined, { field }).length
    if (bytes > NAME_LENGTH) break
    count++
  }
  const rest = characters.slice(count).join("")
  if (rest === "") return { name }
  if (encodeText(rest, undefined, { field }).length > EXTENSION_LENGTH)
    throw wrongInput(
      field,
      `GBK编码最多${NAME_LENGTH + EXTENSION_LENGTH}字节`,
      `expected at most ${NAME_LENGTH + EXTENSION_LENGTH} bytes in GBK`,
    )
  return { name: characters.slice(0, count).join(""), nameExtension: rest }
}

/** The whole name. @example joinHolderName({ name: "张三" }) // "张三" */
export function joinHolderName({ name, nameExtension }: HolderName): string {
  return name + (nameExtension ?? "")
}
