import type { CommandTable } from "./application.js"
import { externalAuthenticate, internalAuthenticate } from "./commands/authenticate.js"
import { readBinary, updateBinary } from "./commands/binary.js"
import { readBinaryObject, updateBinaryObject } from "./commands/binary-objects.js"
import { getChallenge } from "./commands/challenge.js"
import { getData, getDataObjects, putData, putDataObjects } from "./commands/data-objects.js"
import { eraseBinary, eraseBinaryObject } from "./commands/erase-binary.js"
import { manageChannel } from "./commands/manage-channel.js"
import { changePin, verify } from "./commands/pin.js"
import { readRecord } from "./commands/read-record.js"
import { readRecords } from "./commands/read-records.js"
import { searchRecord } from "./commands/search-record.js"
import { select } from "./commands/select.js"
import { selectFile } from "./commands/select-file.js"
import { appendRecord, updateRecord } from "./commands/update-record.js"
import { writeBinary, writeRecord } from "./commands/write.js"
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
  "000E": eraseBinary,
  "000F": eraseBinaryObject,
  "0070": manageChannel,
  "00A2": searchRecord,
  "00A4": selectFile,
  "00B1": readBinaryObject,
  "00B2": readRecords,
  "00CA": getData,
  "00CB": getDataObjects,
  "00D0": writeBinary,
  "00D2": writeRecord,
  "00D7": updateBinaryObject,
  "00DA": putData,
  "00DB": putDataObjects,
}

/** The tables that a profile chooses from. */
export const operatingSystems: Readonly<Record<OperatingSystem, CommandTable>> = { socialSecurity, iso }
