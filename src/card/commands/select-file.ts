import { type StatusWord, SW } from "../../apdu/index.js"
import type { Command, Handler } from "../application.js"
import { type Context, hooksOf } from "../context.js"
import type { ControlInformation, Directory, ElementaryFile } from "../layout.js"
import { exactName, isNamed, LONGEST_NAME, NO_RESPONSE_DATA, nextName } from "./select.js"

const ANY_FILE = 0
const CHILD_DIRECTORY = 1
const FILE_OF_DIRECTORY = 2
const PARENT = 3
const NAME = 4
const PATH_FROM_MASTER_FILE = 8
const PATH_FROM_DIRECTORY = 9

const FIRST = 0
const LAST = 1
const NEXT = 2

type Selected = Directory | ElementaryFile

/**
 * SELECT (00 A4) with everything that ISO 7816-4 §11.1.1 has: by file identifier, path or name, with first, last, next and
 * previous occurrence, answering FCI, FCP, FMD or nothing. What was current stays so unless it succeeds.
 */
export const selectFile: Handler = (context, command) => {
  const { p1, p2, lc } = command
  if ((p2 & ~0x0f) !== 0 || ((p2 & 0x03) !== FIRST && p1 !== NAME)) return SW.INCORRECT_P1P2
  const { root } = context.layout
  const { directory } = context.session
  switch (p1) {
    case ANY_FILE:
      if (lc === 0) return enter(context, command, root)
      if (lc !== 2) return SW.WRONG_LENGTH
      return enter(context, command, fileBelow(directory, command) ?? directory.directoriesByFid.get(fidOf(command, 0)))
    case CHILD_DIRECTORY:
      return lc === 2 ? enter(context, command, directoryBelow(directory, fidOf(command, 0))) : SW.WRONG_LENGTH
    case FILE_OF_DIRECTORY:
      return lc === 2 ? enter(context, command, fileBelow(directory, command)) : SW.WRONG_LENGTH
    case PARENT:
      context.response.keep()
      return lc === 0 ? enter(context, command, directory.parent) : SW.WRONG_LENGTH
    case NAME:
      return lc > 0 && lc <= LONGEST_NAME ? enter(context, command, named(context, command)) : SW.WRONG_LENGTH
    case PATH_FROM_MASTER_FILE:
    case PATH_FROM_DIRECTORY:
      if (lc === 0 || lc % 2 !== 0) return SW.WRONG_LENGTH
      return enter(context, command, alongPath(p1 === PATH_FROM_MASTER_FILE ? root : directory, command))
    default:
      return SW.INCORRECT_P1P2
  }
}

function named({ layout, session }: Context, command: Command): Directory | undefined {
  const { applications } = layout
  const current = applications.indexOf(session.directory)
  switch (command.p2 & 0x03) {
    case FIRST:
      return exactName(applications, command) ?? nextName(applications, command, 0)
    case NEXT:
      return nextName(applications, command, current + 1)
    case LAST:
      return applications.findLast((one) => isNamed(one, command))
    default:
      return applications.slice(0, current < 0 ? undefined : current).findLast((one) => isNamed(one, command))
  }
}

/** Every identifier of a path but the last names a directory; the one where the path begins is not in it. */
function alongPath(start: Directory, command: Command): Selected | undefined {
  let directory: Directory | undefined = start
  for (let at = 0; at < command.lc - 2; at += 2) {
    directory = directoryBelow(directory, fidOf(command, at))
    if (directory === undefined) return undefined
  }
  const last = fidOf(command, command.lc - 2)
  return directory.filesByFid.get(last) ?? directoryBelow(directory, last)
}

function fileBelow(directory: Directory, command: Command): ElementaryFile | undefined {
  return directory.filesByFid.get(fidOf(command, 0))
}

function directoryBelow(directory: Directory, fid: number): Directory | undefined {
  return directory.directories.find((child) => child.fid === fid)
}

function fidOf({ bytes, dataOffset }: Command, at: number): number {
  return (bytes[dataOffset + at]! << 8) | bytes[dataOffset + at + 1]!
}

function enter(context: Context, command: Command, selected: Selected | undefined): StatusWord {
  if (selected === undefined) return SW.FILE_NOT_FOUND
  const { session } = context
  const isFile = "structure" in selected
  const directory = isFile ? selected.directory : selected
  let status: StatusWord = SW.OK
  if (!isFile || directory !== session.directory) {
    session.enterDirectory(directory)
    status = hooksOf(directory, context.memory)?.select?.(context) ?? SW.OK
  }
  if (isFile && status === SW.OK) status = hooksOf(directory, context.memory)?.selectFile?.(context) ?? SW.OK
  if (status !== SW.OK && status !== SW.FILE_INVALIDATED) return status
  if (isFile) session.enterFile(selected)
  const information = command.p2 & NO_RESPONSE_DATA
  if (information !== NO_RESPONSE_DATA) context.response.appendConstant(templateOf(selected.control!, information))
  return status
}

function templateOf({ fci, fcp, fmd }: ControlInformation, information: number): Uint8Array {
  return information === 0 ? fci : information === 0x04 ? fcp : fmd
}
