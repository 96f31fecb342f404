import { concat, InputError } from "../apdu/index.js"
import { checkNumber } from "./compile-file.js"
import type { ImageBuilder } from "./image.js"
import type { Secret } from "./layout.js"
import type { KeySpec, PinSpec } from "./specification.js"

/** Bytes of a PIN (card-structure §17). */
export const PIN_MINIMUM = 2
export const PIN_MAXIMUM = 6
/** Identifiers from here up are local to their directory (card-structure §16.3). */
export const FIRST_LOCAL_KEY = 0x80
const KEY_LENGTH = 16
const PIN_BIT = 1
const MAXIMUM_BITS = 31

/** In memory: `tries 1 ‖ length 1 ‖ value 6`, together, so that a change of the PIN is one write. */
export function compilePin(spec: PinSpec, directory: string, image: ImageBuilder): Secret {
  const field = `${directory}.pin`
  checkNumber(`${field}.value.length`, spec.value.length, PIN_MINIMUM, PIN_MAXIMUM)
  const { offset } = image.place(storedPin(checkTries(spec, field), spec.value))
  return {
    name: "PIN",
    id: -1,
    bit: PIN_BIT,
    local: false,
    use: "pin",
    triesOffset: offset,
    lengthOffset: offset + 1,
    value: { offset: offset + 2, length: PIN_MAXIMUM },
    maximumTries: spec.tries,
  }
}

/** A PIN as it stands in memory: `tries 1 ‖ length 1 ‖ value 6`, the value filled up with FF. */
export function storedPin(tries: number, value: Uint8Array): Uint8Array {
  const stored = new Uint8Array(2 + PIN_MAXIMUM).fill(0xff)
  stored[0] = tries
  stored[1] = value.length
  stored.set(value, 2)
  return stored
}

/** In memory: `tries 1 ‖ value 16`. Only keys for external authentication have a bit in the security state. */
export function compileKeys(
  specs: readonly KeySpec[],
  owns: boolean,
  directory: string,
  image: ImageBuilder,
): Secret[] {
  let [environmentBit, localBit] = [PIN_BIT << 1, 1]
  const keys = specs.map((spec): Secret => {
    const field = `${directory}.${spec.name}`
    const { use = "external" } = spec
    checkNumber(`${field}.id`, spec.id, 0, 0xff)
    if (spec.value.length !== KEY_LENGTH)
      throw new InputError(`${field}.value`, `expected ${KEY_LENGTH} bytes, got ${spec.value.length}`)
    const local = spec.id >= FIRST_LOCAL_KEY
    if (!local && !owns)
      throw new InputError(
        `${field}.id`,
        "expected 80 or higher: lower ones belong to a directory that is an environment",
      )
    const bit = use !== "external" ? 0 : local ? localBit : environmentBit
    if (bit !== 0 && local) localBit <<= 1
    else if (bit !== 0) environmentBit <<= 1
    if (bit < 0) throw new InputError(field, `expected at most ${MAXIMUM_BITS} keys for external authentication`)
    const { offset } = image.place(concat(checkTries(spec, field), spec.value))
    return {
      name: spec.name,
      id: spec.id,
      bit,
      local,
      use,
      triesOffset: offset,
      lengthOffset: -1,
      value: { offset: offset + 1, length: KEY_LENGTH },
      maximumTries: spec.tries,
    }
  })
  for (const [index, { name, id }] of keys.entries()) {
    const twin = keys.slice(0, index).find((key) => key.name === name || key.id === id)
    if (twin)
      throw new InputError(`${directory}.${name}`, `expected a name and id of its own, like ${twin.name} has them`)
  }
  return keys
}

function checkTries({ tries, triesLeft = tries }: PinSpec | KeySpec, field: string): number {
  checkNumber(`${field}.tries`, tries, 1, 15)
  checkNumber(`${field}.triesLeft`, triesLeft, 0, 15)
  return triesLeft
}
