import { concat, SW } from "../../apdu/index.js"
import { decipherSecureData, SECURE_MAC_LENGTH } from "../../crypto/index.js"
import type { Command, CommandTable, Handler } from "../application.js"
import { updateBinary } from "./binary.js"
import { behindMac, maintenanceKey } from "./secure-messaging.js"
import { appendRecord, updateRecord } from "./update-record.js"

const WRITING = { D6: updateBinary, DC: updateRecord, E2: appendRecord } as const

/**
 * UPDATE RECORD, UPDATE BINARY and APPEND RECORD with a MAC of the directory's STK, which stands for the update key of
 * the file; a file that nobody may write stays closed (card-commands §7.1). Class 04: the data are in the clear; class
 * 84: enciphered under the session key, with their length before them.
 */
export const secureUpdates: CommandTable = Object.fromEntries(
  Object.entries(WRITING).flatMap(([instruction, plain]) => [
    [`04${instruction}`, secured(plain, false)],
    [`84${instruction}`, secured(plain, true)],
  ]),
)

function secured(plain: Handler, enciphered: boolean): Handler {
  return (context, command) => {
    if (command.lc <= SECURE_MAC_LENGTH) return SW.WRONG_LENGTH
    const { session, layout } = context
    return behindMac(context, command, maintenanceKey(context.directory), (field, sessionKey) => {
      const data = enciphered ? decipherSecureData(layout.algorithm, sessionKey, field) : field
      if (data === undefined) return SW.WRONG_DATA
      session.messageAuthenticated = true
      try {
        return plain(context, plainCommand(command, data))
      } finally {
        session.messageAuthenticated = false
      }
    })
  }
}

/** The command as it would have come without secure messaging. */
function plainCommand({ ins, p1, p2, le }: Command, data: Uint8Array): Command {
  const bytes = concat(0x00, ins, p1, p2, data.length, data)
  return { bytes, cla: 0x00, ins, p1, p2, lc: data.length, dataOffset: 5, le, data: () => bytes.subarray(5) }
}
