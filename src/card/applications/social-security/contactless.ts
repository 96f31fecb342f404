import { type StatusWord, SW } from "../../../apdu/index.js"
import type { Command } from "../../application.js"
import type { Context } from "../../context.js"

/** Class of the commands of the medical account, and those of them that move no money (card-commands §10.1). */
const MEDICAL = 0xb0
const GET_BALANCE = 0x26
const GET_TRANSACTION_PROVE = 0x2c

const VERIFY = 0x20
const CHANGE_PIN = 0x5e
const RELOAD_OR_UNBLOCK_PIN = 0x24
const WRITE_KEY = 0xd4
const WRITING: ReadonlySet<number> = new Set([0xd0, 0xd2, 0xd6, 0xd7, 0xdc, 0xdd, 0xe2, 0x0e, 0x0f])

/** What nobody may do to a card at a distance: PIN, writing, money (card-structure §3.3). */
export function admitContactless({ layout }: Context, command: Command): StatusWord {
  if (layout.options.contactless === "open") return SW.OK
  return isRefused(command.cla, command.ins) ? SW.CONDITIONS_NOT_SATISFIED : SW.OK
}

function isRefused(cla: number, ins: number): boolean {
  if (cla === MEDICAL) return ins !== GET_BALANCE && ins !== GET_TRANSACTION_PROVE
  if (ins === CHANGE_PIN || (cla === 0x84 && (ins === RELOAD_OR_UNBLOCK_PIN || ins === WRITE_KEY))) return true
  return (cla === 0x00 && ins === VERIFY) || WRITING.has(ins)
}
