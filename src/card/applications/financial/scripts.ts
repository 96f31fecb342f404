import { type StatusWord, SW } from "../../../apdu/index.js"
import { decodeScriptPinBlock } from "../../../crypto/index.js"
import type { Command, CommandTable } from "../../application.js"
import type { Context } from "../../context.js"
import { cardKey, encryptionKey, KEYS } from "./cryptogram.js"
import { LIFECYCLE, type Lifecycle, lifecycle, setLifecycle } from "./lifecycle.js"
import { offlinePin, replacePin, restoreTries } from "./offline-pin.js"
import { putData } from "./put-data.js"
import { rulesOf } from "./rules.js"
import { type Script, script } from "./script.js"
import { updateRecord } from "./update-record.js"

const PERMANENT = 0x01
const UNBLOCK_ONLY = 0x00
const CHANGE_WITH_OLD_PIN = 0x01
const CHANGE = 0x02
const ENCIPHERED_PIN_LENGTH = 16

const withoutData = (command: Command) => (command.p1 === 0 && command.p2 === 0 ? { length: 0 } : SW.INCORRECT_P1P2)

function become(context: Context, state: Lifecycle): StatusWord {
  if (lifecycle(context, context.directory) !== state) setLifecycle(context, state)
  return SW.OK
}

/** 84 1E: P2 00 until the issuer unblocks, 01 for ever. */
const applicationBlock: Script = {
  dataLength: (command) => (command.p1 === 0 && command.p2 <= PERMANENT ? { length: 0 } : SW.INCORRECT_P1P2),
  execute: (context, command) => become(context, command.p2 === PERMANENT ? LIFECYCLE.closed : LIFECYCLE.blocked),
}

/** 84 18: also the first half of activation (financial-emv §28). */
const applicationUnblock: Script = {
  dataLength: withoutData,
  execute: (context) => become(context, LIFECYCLE.active),
}

/** 84 16: the financial application, PSE and PPSE, for ever; the whole card where the profile says so. */
const cardBlock: Script = {
  dataLength: withoutData,
  execute: (context) => {
    const { cardStateOffset } = context.layout
    if (rulesOf(context).blocksWholeCard && cardStateOffset >= 0) context.memory.writeByte(cardStateOffset, 1)
    return become(context, LIFECYCLE.cardBlocked)
  },
}

/** 84 24: unblocks the off-line PIN; P2 01 and 02 also replace it, 01 by means of the old one. */
const pinChangeUnblock: Script = {
  dataLength: (command) => {
    if (command.p1 !== 0 || command.p2 > CHANGE) return SW.INCORRECT_P1P2
    return { length: command.p2 === UNBLOCK_ONLY ? 0 : ENCIPHERED_PIN_LENGTH }
  },
  execute: (context, command, data) => {
    if (command.p2 === UNBLOCK_ONLY) {
      restoreTries(context)
      return SW.OK
    }
    const oldPin = command.p2 === CHANGE_WITH_OLD_PIN ? offlinePin(context) : undefined
    const udk = cardKey(context, KEYS.cryptogram)
    const pin = decodeScriptPinBlock(rulesOf(context).algorithm, encryptionKey(context), udk, data, oldPin)
    if (pin === undefined) return SW.WRONG_DATA
    replacePin(context, pin)
    return SW.OK
  },
}

/** Issuer scripts by instruction; each is taken with class 84 and class 04 (financial-emv §22). */
const SCRIPTS: Readonly<Record<string, Script>> = {
  "1E": applicationBlock,
  "18": applicationUnblock,
  "16": cardBlock,
  "24": pinChangeUnblock,
  DA: putData,
  DC: updateRecord,
}

/** The table of issuer scripts for the application. */
export const scriptCommands: CommandTable = Object.fromEntries(
  Object.entries(SCRIPTS).flatMap(([instruction, definition]) => {
    const handler = script(definition)
    return [
      [`84${instruction}`, handler],
      [`04${instruction}`, handler],
    ]
  }),
)
