import { SW } from "../apdu/index.js"
import type { Application, CommandTable, Handler } from "./application.js"

/** The commands of a directory, flattened for speed: one look-up for the class, one for the instruction. */
export interface Dispatch {
  /** By class byte: where its 256 handlers begin in `handlers`; or a negative number: a status word, negated. */
  readonly classes: Int32Array
  /** Instructions that do not exist are served by {@link unknownInstruction}. */
  readonly handlers: readonly Handler[]
}

/** Stands in every place of a table where no command is. */
export const unknownInstruction: Handler = () => SW.INS_NOT_SUPPORTED

/** Class bits that announce secure messaging (ISO 7816-4 §5.4.1). */
const SECURE_MESSAGING = 0x0c
/** Stands in the place of a command that exists only without secure messaging. */
export const unsecuredInstruction: Handler = () => SW.SECURE_MESSAGING_NOT_SUPPORTED

/**
 * Lays an application's commands over those of the operating system.
 *
 * Classes that no table has answer what ISO 7816-4 §5.4.1 calls for: a logical channel 6881, chaining 6884, secure messaging
 * of a command that exists in the plain 6882 (see {@link refuseClass}), anything else 6E00.
 *
 * @throws {RangeError} when a key of a table is not four hex digits
 */
export function compileDispatch(operatingSystem: CommandTable, application?: Application): Dispatch {
  const table: Record<string, Handler> = { ...operatingSystem }
  for (const key of application?.without ?? []) delete table[checked(key)]
  Object.assign(table, application?.commands)
  const classes = Int32Array.from({ length: 256 }, (_, cla) => -refusalOf(cla))
  const handlers: Handler[] = []
  for (const [key, handler] of Object.entries(table)) {
    const cla = Number.parseInt(checked(key).slice(0, 2), 16)
    if (classes[cla]! < 0) {
      classes[cla] = handlers.length
      for (let ins = 0; ins < 256; ins++) handlers.push(unknownInstruction)
    }
    handlers[classes[cla]! + Number.parseInt(key.slice(2), 16)] = handler
  }
  for (const key of Object.keys(operatingSystem)) {
    const cla = Number.parseInt(key.slice(0, 2), 16)
    if (classes[cla]! >= 0) continue
    classes[cla] = handlers.length
    for (let ins = 0; ins < 256; ins++) handlers.push(unknownInstruction)
  }
  refuseSecureMessaging(classes, handlers)
  return { classes, handlers }
}

/** In a class of secure messaging: 6882 in the place of a command that exists only in the plain. */
function refuseSecureMessaging(classes: Int32Array, handlers: Handler[]): void {
  for (const [cla, base] of classes.entries()) {
    const plain = classes[cla & ~SECURE_MESSAGING]!
    if (base < 0 || plain < 0 || refusalOf(cla) !== SW.SECURE_MESSAGING_NOT_SUPPORTED || (cla & SECURE_MESSAGING) === 0)
      continue
    for (let ins = 0; ins < 256; ins++)
      if (handlers[base + ins] === unknownInstruction && handlers[plain + ins] !== unknownInstruction)
        handlers[base + ins] = unsecuredInstruction
  }
}

function checked(key: string): string {
  if (!/^[0-9A-F]{4}$/.test(key)) throw new RangeError(`commands: expected CLA INS as four hex digits, got ${key}`)
  return key
}

function refusalOf(cla: number): number {
  if (cla < 0x20) {
    if ((cla & 0x03) !== 0) return SW.LOGICAL_CHANNEL_NOT_SUPPORTED
    if ((cla & 0x10) !== 0) return SW.CHAINING_NOT_SUPPORTED
    return SW.SECURE_MESSAGING_NOT_SUPPORTED
  }
  if (cla >= 0x40 && cla < 0x80) return SW.LOGICAL_CHANNEL_NOT_SUPPORTED
  return cla === 0x84 || cla === 0x8c ? SW.SECURE_MESSAGING_NOT_SUPPORTED : SW.CLA_NOT_SUPPORTED
}

/** The status word for a class without handlers; `code` is what `classes` says of it. */
export function refuseClass(dispatch: Dispatch, code: number, cla: number, ins: number): number {
  if (code !== -SW.SECURE_MESSAGING_NOT_SUPPORTED) return -code
  const plain = dispatch.classes[cla & ~0x0c]!
  if (plain < 0) return SW.CLA_NOT_SUPPORTED
  return dispatch.handlers[plain + ins] === unknownInstruction ? SW.INS_NOT_SUPPORTED : -code
}
