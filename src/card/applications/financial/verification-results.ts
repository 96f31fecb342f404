import { type Bit, CVR } from "../../../dictionary/index.js"
import type { Context } from "../../context.js"

const mask = ({ bit }: Bit) => 1 << (bit - 1)

/** Bits of byte 2 of the card verification results; byte 1 is always 03, the length (financial-emv §20). */
export const CVR2 = {
  secondNotRequested: 0x80,
  secondTc: 0x40,
  firstArqc: 0x20,
  firstTc: 0x10,
  issuerAuthenticationFailed: mask(CVR.issuerAuthenticationFailed),
  pinDone: mask(CVR.offlinePinDone),
  pinFailed: mask(CVR.offlinePinFailed),
  unableOnline: mask(CVR.unableOnline),
} as const

/** Bits of byte 3. */
export const CVR3 = {
  lastOnlineNotCompleted: mask(CVR.lastOnlineNotCompleted),
  pinLimitExceeded: mask(CVR.pinLimitExceeded),
  velocityExceeded: mask(CVR.velocityExceeded),
  newCard: mask(CVR.newCard),
  issuerAuthenticationFailedLast: mask(CVR.lastIssuerAuthenticationFailed),
  issuerAuthenticationMissedLast: mask(CVR.issuerAuthenticationMissing),
  blockedByPinTries: mask(CVR.blockedByPinTries),
  staticAuthenticationFailedLast: mask(CVR.lastSdaFailed),
} as const

/** Bits of byte 4. */
export const CVR4 = {
  scriptCount: 0xf0,
  scriptFailed: mask(CVR.scriptFailed),
  dynamicAuthenticationFailedLast: mask(CVR.lastDdaFailed),
  dynamicAuthenticationDone: mask(CVR.ddaDone),
} as const

/**
 * What the last transactions left for the next one, kept in two bytes with the very bits of CVR bytes 3 and 4:
 * elements `history` and `scriptHistory`.
 */
export function history(context: Context): number {
  return context.memory.readByte(context.directory.elements.history!.offset)
}

/** Script count and failures of the last transaction, bits of CVR byte 4. */
export function scriptHistory(context: Context): number {
  return context.memory.readByte(context.directory.elements.scriptHistory!.offset)
}

/** Sets and clears bits of CVR byte 3 for the next transaction; writes nothing when nothing changes. */
export function remember(context: Context, set: number, clear = 0): void {
  const before = history(context)
  const after = (before & ~clear) | set
  if (after !== before) context.memory.writeByte(context.directory.elements.history!.offset, after)
}

/** Sets and clears bits of CVR byte 4 for the next transaction; writes nothing when nothing changes. */
export function rememberScripts(context: Context, set: number, clear = 0): void {
  const before = scriptHistory(context)
  const after = (before & ~clear) | set
  if (after !== before) context.memory.writeByte(context.directory.elements.scriptHistory!.offset, after)
}
