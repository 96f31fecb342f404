import type { CommandTable } from "./application.js"
import { externalAuthenticate, internalAuthenticate } from "./commands/authenticate.js"
import { readBinary, updateBinary } from "./commands/binary.js"
import { getChallenge } from "./commands/challenge.js"
import { manageChannel } from "./commands/manage-channel.js"
import { changePin, verify } from "./commands/pin.js"
import { readRecord } from "./commands/read-record.js"
import { select } from "./commands/select.js"
import { appendRecord, updateRecord } from "./commands/update-record.js"
import type { OperatingSystem } from "./specification.js"

/** The commands that every directory of a social security card has, unless its application is without them (card-commands §1). */
const socialSecurity: CommandTable = {
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

/** The commands of a card that follows ISO 7816-4 beyond what social security cards have. */
const iso: CommandTable = {
  ...socialSecurity,
  "0070": manageChannel,
}

/** The tables that a profile chooses from. */
export const operatingSystems: Readonly<Record<OperatingSystem, CommandTable>> = { socialSecurity, iso }
