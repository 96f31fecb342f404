import { type StatusWord, SW } from "../../apdu/index.js"
import type { Command, Handler } from "../application.js"
import { type Context, hooksOf } from "../context.js"
import type { Directory, ElementaryFile } from "../layout.js"

export const NEXT_OCCURRENCE = 0x02
export const NO_RESPONSE_DATA = 0x0c
/** Shortest name that may stand for the beginning of a longer one (card-commands §3). */
const SHORTEST_PARTIAL_NAME = 5
export const LONGEST_NAME = 16

/** SELECT (00 A4) of a social security card: card-commands §3, ISO 7816-4 §11.1.1. */
export const select: Handler = (context, command) => {
  const { p1, p2, lc } = command
  if ((p2 & ~(NEXT_OCCURRENCE | NO_RESPONSE_DATA)) !== 0) return SW.INCORRECT_P1P2
  const information = p2 & NO_RESPONSE_DATA
  if (information !== 0 && information !== NO_RESPONSE_DATA) return SW.INCORRECT_P1P2
  const { directory } = context.session
  if (p1 === 4) return selectByName(context, command)
  if ((p2 & NEXT_OCCURRENCE) !== 0) return SW.INCORRECT_P1P2
  if (p1 === 0 && lc === 0) return enter(context, command, context.layout.root)
  if (p1 === 3) {
    if (lc !== 0) return SW.WRONG_LENGTH
    context.response.keep()
    return enter(context, command, directory.parent)
  }
  if (p1 > 2) return SW.INCORRECT_P1P2
  if (lc !== 2) return SW.WRONG_LENGTH
  const fid = (command.bytes[command.dataOffset]! << 8) | command.bytes[command.dataOffset + 1]!
  if (p1 !== 1) {
    const file = directory.filesByFid.get(fid)
    if (file !== undefined) return enterFile(context, file)
    if (p1 === 2) return SW.FILE_NOT_FOUND
  }
  const found = directory.directoriesByFid.get(fid)
  return enter(context, command, p1 === 1 && found?.parent !== directory ? undefined : found)
}

function enterFile(context: Context, file: ElementaryFile): StatusWord {
  const refusal = hooksOf(context.directory, context.memory)?.selectFile?.(context) ?? SW.OK
  if (refusal !== SW.OK) return refusal
  context.session.enterFile(file)
  return SW.OK
}

function selectByName(context: Context, command: Command): StatusWord {
  if (command.lc === 0 || command.lc > LONGEST_NAME) return SW.WRONG_LENGTH
  const { applications } = context.layout
  if ((command.p2 & NEXT_OCCURRENCE) === 0)
    return enter(context, command, exactName(applications, command) ?? nextName(applications, command, 0))
  return enter(context, command, nextName(applications, command, applications.indexOf(context.session.directory) + 1))
}

export function exactName(applications: readonly Directory[], command: Command): Directory | undefined {
  for (const directory of applications)
    if (directory.aid!.length === command.lc && startsWith(directory.aid!, command)) return directory
  return undefined
}

export function nextName(applications: readonly Directory[], command: Command, from: number): Directory | undefined {
  for (let index = from; index < applications.length; index++)
    if (isNamed(applications[index]!, command)) return applications[index]
  return undefined
}

/** True when the data are the name of a directory, or enough of its beginning. */
export function isNamed({ aid }: Directory, command: Command): boolean {
  return (aid!.length === command.lc || command.lc >= SHORTEST_PARTIAL_NAME) && startsWith(aid!, command)
}

function startsWith(aid: Uint8Array, command: Command): boolean {
  const { bytes, dataOffset, lc } = command
  if (aid.length < lc) return false
  for (let i = lc - 1; i >= 0; i--) if (aid[i] !== bytes[dataOffset + i]) return false
  return true
}

function enter(context: Context, command: Command, directory: Directory | undefined): StatusWord {
  if (directory === undefined) return SW.FILE_NOT_FOUND
  context.session.enterDirectory(directory)
  const status = hooksOf(directory, context.memory)?.select?.(context) ?? SW.OK
  const answersData = status === SW.OK || status === SW.FILE_INVALIDATED
  if (answersData && (command.p2 & NO_RESPONSE_DATA) === 0) context.response.appendConstant(directory.fci)
  return status
}
