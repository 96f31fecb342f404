import { type StatusWord, SW } from "../../../apdu/index.js"
import type { Application, CommandTable } from "../../application.js"
import { secureUpdates } from "../../commands/secure-update.js"
import { applicationBlock, applicationUnblock, cardBlock } from "./block.js"
import { admitContactless } from "./contactless.js"
import { admitEnvironment, STATE_ELEMENT, selectEnvironment, selectFile } from "./lifecycle.js"
import { resetPin } from "./pin-reset.js"
import { writeKey } from "./write-key.js"

const commands: CommandTable = {
  "8416": cardBlock,
  "8418": applicationUnblock,
  "841E": applicationBlock,
  "8424": resetPin,
  "84D4": writeKey,
  ...secureUpdates,
}

/** Blocked states first, then what the contactless interface does not allow. */
const admit: NonNullable<Application["admit"]> = (context, command) => {
  // Before every command: no closures here.
  const status = admitEnvironment(context, command)
  return status === SW.OK ? admitContactless(context, command) : status
}

const socialSecurity: Application = {
  name: "social security",
  commands,
  select: selectEnvironment,
  selectFile,
  admit,
  quietWhileZero: STATE_ELEMENT,
}

/**
 * What every directory of the social security environment has: its card management, and the states of a blocked
 * application.
 *
 * @param own what one directory has besides, such as the medical account; its commands go before the common ones
 */
export function socialSecurityApplication(own?: Application): Application {
  if (own === undefined) return socialSecurity
  const { select, admit: ownAdmit, selectFile: ownSelectFile } = own
  const { quietWhileZero: _, ...watchful } = socialSecurity
  return {
    ...((select ?? ownAdmit ?? ownSelectFile) ? watchful : socialSecurity),
    ...own,
    commands: { ...commands, ...own.commands },
    ...(select && { select: (context) => unless(selectEnvironment(context), () => select(context)) }),
    ...(ownSelectFile && {
      selectFile: (context) => unless(selectFile(context), () => ownSelectFile(context)),
    }),
    ...(ownAdmit && {
      admit(context, command) {
        const status = admit(context, command)
        return status === SW.OK ? ownAdmit(context, command) : status
      },
    }),
  }
}

const unless = (refusal: StatusWord, next: () => StatusWord): StatusWord => (refusal === SW.OK ? next() : refusal)
