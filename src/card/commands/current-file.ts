import { type StatusWord, SW } from "../../apdu/index.js"
import { satisfies } from "../access.js"
import type { AccessRule, ElementaryFile } from "../layout.js"
import type { Session } from "../session.js"

/** The file that a command means: by SFI, which makes it current, or the current one for 0. */
export function fileOf(session: Session, sfi: number): ElementaryFile | undefined {
  if (sfi === 0) return session.file
  const file = session.directory.filesBySfi[sfi]
  if (file !== undefined && file !== session.file) session.enterFile(file)
  return file
}

/** Why {@link fileOf} found nothing. */
export function noFile(sfi: number): StatusWord {
  return sfi === 0 ? SW.NO_CURRENT_EF : SW.FILE_NOT_FOUND
}

/** True when the rule is satisfied; a refusal is remembered for EXTERNAL AUTHENTICATE with P2 = 00. */
export function allowed(session: Session, rule: AccessRule): boolean {
  const open = rule.free || satisfies(session, rule) || (session.messageAuthenticated && rule.alternatives.length > 0)
  session.refused = open ? undefined : rule
  return open
}
