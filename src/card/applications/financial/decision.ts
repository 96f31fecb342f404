import { ADA, type Bit, cryptogramBits } from "../../../dictionary/index.js"
import { CVR3, CVR4 } from "./verification-results.js"

/** Kinds of application cryptogram, with the bits of P1 and of the cryptogram information data. */
export const CRYPTOGRAM = {
  aac: cryptogramBits("AAC"),
  tc: cryptogramBits("TC"),
  arqc: cryptogramBits("ARQC"),
} as const

export type Cryptogram = number

const actionBit = ({ byte, bit }: Bit) => 1 << (bit - 1 + 8 * (2 - byte))

/** Bits of the application default action 9F52 that decide something, as one number of two bytes (financial-emv §20). */
export const ACTION = {
  declineIssuerAuthenticationFailed: actionBit(ADA.declineOnFailedAuthentication),
  declineNewCardOffline: actionBit(ADA.newCardUnableOnlineDecline),
  blockOnPinLimit: actionBit(ADA.blockOnPinLimit),
  declinePinLimitBefore: actionBit(ADA.declineOnPinLimit),
  declinePinLimitBeforeOffline: actionBit(ADA.declineOfflineOnPinLimit),
} as const

/** Anything of this kind sends a transaction on-line that the terminal would approve off-line. */
const ONLINE_REASONS =
  CVR3.lastOnlineNotCompleted |
  CVR3.pinLimitExceeded |
  CVR3.velocityExceeded |
  CVR3.newCard |
  CVR3.issuerAuthenticationFailedLast

/** What the card knows as it answers the first GENERATE AC. */
export interface FirstRisk {
  /** False when a script blocked the application meanwhile. */
  readonly active: boolean
  readonly pinBlockedBefore: boolean
  /** Application default action 9F52. */
  readonly action: number
  /** Bytes 3 and 4 of the card verification results. */
  readonly cvr3: number
  readonly cvr4: number
}

/**
 * The answer to the first GENERATE AC (financial-emv §20, card decision): never more than what was asked.
 *
 * @param asked what the terminal wants
 */
export function firstDecision(asked: Cryptogram, risk: FirstRisk): Cryptogram {
  if (asked === CRYPTOGRAM.aac || !risk.active) return CRYPTOGRAM.aac
  if (risk.pinBlockedBefore && (risk.action & ACTION.declinePinLimitBefore) !== 0) return CRYPTOGRAM.aac
  if (asked === CRYPTOGRAM.arqc) return CRYPTOGRAM.arqc
  const online = (risk.cvr3 & ONLINE_REASONS) !== 0 || (risk.cvr4 & CVR4.scriptFailed) !== 0
  return online ? CRYPTOGRAM.arqc : CRYPTOGRAM.tc
}

/** What the card knows as it answers the second GENERATE AC. */
export interface SecondRisk {
  readonly active: boolean
  /** False when the response code says that the terminal could not go on-line (Y3, Z3). */
  readonly online: boolean
  readonly issuerAuthentication: "none" | "passed" | "failed"
  /** 9F56 b8. */
  readonly issuerAuthenticationMandatory: boolean
  readonly pinBlockedBefore: boolean
  readonly newCard: boolean
  /** True when an upper off-line limit (9F59, 9F5C) is passed. */
  readonly limitExceeded: boolean
  readonly action: number
}

/** The answer to the second GENERATE AC (financial-emv §20): TC only when asked for and lawful, else AAC. */
export function secondDecision(asked: Cryptogram, risk: SecondRisk): Cryptogram {
  if (asked !== CRYPTOGRAM.tc || !risk.active) return CRYPTOGRAM.aac
  const refused = risk.online ? refusedOnline(risk) : refusedOffline(risk)
  return refused ? CRYPTOGRAM.aac : CRYPTOGRAM.tc
}

function refusedOnline(risk: SecondRisk): boolean {
  if (risk.issuerAuthentication === "failed") return (risk.action & ACTION.declineIssuerAuthenticationFailed) !== 0
  return risk.issuerAuthentication === "none" && risk.issuerAuthenticationMandatory
}

function refusedOffline(risk: SecondRisk): boolean {
  return (
    risk.limitExceeded ||
    (risk.newCard && (risk.action & ACTION.declineNewCardOffline) !== 0) ||
    (risk.pinBlockedBefore && (risk.action & ACTION.declinePinLimitBeforeOffline) !== 0)
  )
}
