import { InputError } from "../../apdu/index.js"
import type { DataElement, WireFormat } from "./fields.js"

const [DIGIT, SEPARATOR, LETTER_OR_SPACE, OTHER] = [1, 2, 4, 8]

/** What each character is, by its code. */
const KINDS = new Uint8Array(128)
for (let code = 0x20; code < 0x7f; code++) KINDS[code] = OTHER
for (const character of " ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  KINDS[character.charCodeAt(0)] = LETTER_OR_SPACE
for (const character of "0123456789") KINDS[character.charCodeAt(0)] = DIGIT
KINDS["D".charCodeAt(0)] = LETTER_OR_SPACE | SEPARATOR

interface CharacterSet {
  readonly kinds: number
  readonly expected: string
}

const DIGITS: CharacterSet = { kinds: DIGIT, expected: "decimal digits" }
const ALPHANUMERIC: CharacterSet = { kinds: DIGIT | LETTER_OR_SPACE, expected: "letters and digits" }
const PRINTABLE: CharacterSet = { kinds: DIGIT | LETTER_OR_SPACE | OTHER, expected: "printable ASCII" }

const SETS: Readonly<Partial<Record<WireFormat, CharacterSet>>> = {
  n: DIGITS,
  nLeft: DIGITS,
  nVar: DIGITS,
  nVarRight: DIGITS,
  z: { kinds: DIGIT | SEPARATOR, expected: "digits and the separator D" },
  an: ALPHANUMERIC,
  anVar: ALPHANUMERIC,
  ans: PRINTABLE,
  ansVar: PRINTABLE,
}

/** Checks the characters of a text element. @throws {InputError} naming it */
export function checkText({ number, format }: DataElement, text: string): void {
  const { kinds, expected } = SETS[format]!
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= KINDS.length || (KINDS[code]! & kinds) === 0)
      throw new InputError(`DE${number}`, `expected ${expected}`)
  }
}
