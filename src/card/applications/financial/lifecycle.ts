import { type StatusWord, SW } from "../../../apdu/index.js"
import type { Command } from "../../application.js"
import type { Context, Directory } from "../../context.js"
import { stateOf } from "./state.js"

/**
 * Persistent state byte of the application (financial-emv §28). A blocked PIN is no state of its own: it is a retry
 * counter at zero.
 */
export const LIFECYCLE = { inactive: 0, active: 1, blocked: 2, closed: 3, cardBlocked: 4 } as const

export type Lifecycle = (typeof LIFECYCLE)[keyof typeof LIFECYCLE]

/** Name of the directory that holds the financial application. */
export const FINANCIAL_DIRECTORY = "PBOC"

/** The state byte of a financial directory. */
export function lifecycle(context: Context, directory: Directory): Lifecycle {
  return context.memory.readByte(directory.elements.lifecycle!.offset) as Lifecycle
}

/** True while the selected application may pay. */
export function isActive(context: Context): boolean {
  return lifecycle(context, context.directory) === LIFECYCLE.active
}

/** Puts the application into another state. */
export function setLifecycle(context: Context, state: Lifecycle): void {
  context.memory.writeByte(context.directory.elements.lifecycle!.offset, state)
}

/** Status word of SELECT by state: 6283 carries the FCI, so that an issuer device can read on and unblock. */
export function selectFinancial(context: Context): StatusWord {
  switch (lifecycle(context, context.directory)) {
    case LIFECYCLE.active:
      stateOf(context).open = true
      return SW.OK
    case LIFECYCLE.inactive:
    case LIFECYCLE.blocked:
      return SW.FILE_INVALIDATED
    default:
      return SW.FUNCTION_NOT_SUPPORTED
  }
}

/** SELECT of PSE and PPSE: refused on a blocked card only (financial-emv §28). */
export function selectPaymentEnvironment(context: Context): StatusWord {
  return isCardBlocked(context) ? SW.FUNCTION_NOT_SUPPORTED : SW.OK
}

/** On a blocked card PSE and PPSE take no command. */
export function admitPaymentEnvironment(context: Context): StatusWord {
  return isCardBlocked(context) ? SW.CONDITIONS_NOT_SATISFIED : SW.OK
}

function isCardBlocked(context: Context): boolean {
  const directory = context.layout.applications.find(({ name }) => name === FINANCIAL_DIRECTORY)
  return directory !== undefined && lifecycle(context, directory) === LIFECYCLE.cardBlocked
}

const APPLICATION_UNBLOCK = 0x18

/** Commands of a closed application or a blocked card: none, and UNBLOCK of a closed one says so for ever. */
export function admit(context: Context, command: Command): StatusWord {
  const state = lifecycle(context, context.directory)
  if (state === LIFECYCLE.closed && command.ins === APPLICATION_UNBLOCK) return SW.PERMANENTLY_BLOCKED
  return state === LIFECYCLE.closed || state === LIFECYCLE.cardBlocked ? SW.CONDITIONS_NOT_SATISFIED : SW.OK
}
