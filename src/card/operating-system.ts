import type { CommandTable } from "./application.js"
import { externalAuthenticate, internalAuthenticate } from "./commands/authenticate.js"
import { readBinary, updateBinary } from "./commands/binary.js"
import { getChallenge } from "./commands/challenge.js"
import { changePin, verify } from "./commands/pin.js"
import { readRecord } from "./commands/read-record.js"
import { select } from "./commands/select.js"
import { appendRecord, updateRecord } from "./commands/update-record.js"

/** The commands that every directory of the card has, unless its application is without them (card-commands §1). */
export const operatingSystem: CommandTable = {
  "0020": verify,
  "0082": externalAuthenticate,
  "0084": getChallenge,
  "0088": internalAuthenticate,
  "00A4": select,
  "00B0": readBinary,
  "00B2": readRecord,
  "00D6": updateBinary,
  "00DC": updateRecord,
  "00E2": appendRecord,
  "805E": changePin,
}
