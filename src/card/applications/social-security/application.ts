import { type StatusWord, SW } from "../../../apdu/index.js"
import type { Application, CommandTable } from "../../application.js"
import { admitEnvironment, selectEnvironment, selectFile } from "./lifecycle.js"

const commands: CommandTable = {}

const socialSecurity: Application = {
  name: "social security",
  commands,
  select: selectEnvironment,
  selectFile,
  admit: admitEnvironment,
}

/**
 * What every directory of the social security environment has: its card management, and the states of a blocked
 * application.
 *
 * @param own what one directory has besides, such as the medical account; its commands go before the common ones
 */
export function socialSecurityApplication(own?: Application): Application {
  if (own === undefined) return socialSecurity
  const { select, admit, selectFile: ownSelectFile } = own
  return {
    ...socialSecurity,
    ...own,
    commands: { ...commands, ...own.commands },
    ...(select && { select: (context) => unless(selectEnvironment(context), () => select(context)) }),
    ...(ownSelectFile && {
      selectFile: (context) => unless(selectFile(context), () => ownSelectFile(context)),
    }),
    ...(admit && {
      admit: (context, command) => unless(admitEnvironment(context, command), () => admit(context, command)),
    }),
  }
}

const unless = (refusal: StatusWord, next: () => StatusWord): StatusWord => (refusal === SW.OK ? next() : refusal)
