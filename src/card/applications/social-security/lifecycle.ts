import { type StatusWord, SW } from "../../../apdu/index.js"
import type { Command } from "../../application.js"
import { CARD_STATE, type Context } from "../../context.js"
import type { ElementSpec } from "../../specification.js"

/** Persistent state byte of the social security environment and all directories below it (card-commands §7.2). */
export const ENVIRONMENT_STATE = { active: 0, blocked: 1, blockedPermanently: 2 } as const

export type EnvironmentState = (typeof ENVIRONMENT_STATE)[keyof typeof ENVIRONMENT_STATE]

/** What a profile can say of the life of a card. */
export type CardLife = "active" | "applicationBlocked" | "applicationBlockedPermanently" | "cardBlocked"

export const STATE_ELEMENT = "lifecycle"
const GET_CHALLENGE = 0x84
const APPLICATION_UNBLOCK = 0x18

/** The state byte as an element of the environment's directory. */
export function environmentStateElement(life: CardLife): ElementSpec {
  const state =
    life === "applicationBlocked"
      ? ENVIRONMENT_STATE.blocked
      : life === "applicationBlockedPermanently"
        ? ENVIRONMENT_STATE.blockedPermanently
        : ENVIRONMENT_STATE.active
  return { id: STATE_ELEMENT, initial: Uint8Array.of(state) }
}

/** The state byte of the whole card as an element of the MF. */
export function cardStateElement(life: CardLife): ElementSpec {
  return { id: CARD_STATE, initial: Uint8Array.of(life === "cardBlocked" ? 1 : 0) }
}

export function environmentState({ memory, directory }: Context): EnvironmentState {
  return memory.readByte(directory.environment.elements[STATE_ELEMENT]!.offset) as EnvironmentState
}

export function setEnvironmentState({ memory, directory }: Context, state: EnvironmentState): void {
  memory.writeByte(directory.environment.elements[STATE_ELEMENT]!.offset, state)
}

/** A blocked environment becomes current and says so, without its FCI. */
export function selectEnvironment(context: Context): StatusWord {
  switch (environmentState(context)) {
    case ENVIRONMENT_STATE.active:
      return SW.OK
    case ENVIRONMENT_STATE.blocked:
      return SW.FUNCTION_NOT_SUPPORTED
    default:
      return SW.PERMANENTLY_BLOCKED
  }
}

/** Files of a blocked environment cannot be selected. */
export function selectFile(context: Context): StatusWord {
  const state = environmentState(context)
  if (state === ENVIRONMENT_STATE.active) return SW.OK
  return state === ENVIRONMENT_STATE.blocked ? SW.CONDITIONS_NOT_SATISFIED : SW.PERMANENTLY_BLOCKED
}

/** While it is blocked, only what ends the block is taken. */
export function admitEnvironment(context: Context, command: Command): StatusWord {
  const state = environmentState(context)
  if (state === ENVIRONMENT_STATE.active) return SW.OK
  const { cla, ins } = command
  if (state === ENVIRONMENT_STATE.blockedPermanently) return SW.PERMANENTLY_BLOCKED
  const endsBlock = (cla === 0x00 && ins === GET_CHALLENGE) || (cla === 0x84 && ins === APPLICATION_UNBLOCK)
  return endsBlock ? SW.OK : SW.CONDITIONS_NOT_SATISFIED
}
