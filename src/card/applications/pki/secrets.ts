import { type StatusWord, SW, triesLeft } from "../../../apdu/index.js"
import { constantTimeEqual, pkiProof } from "../../../crypto/index.js"
import { PKI_SECRETS } from "../../../dictionary/index.js"
import type { Command } from "../../application.js"
import type { Context } from "../../context.js"
import type { Secret } from "../../layout.js"

const BLOCK = 16
/** P3 = 00 of a five-byte APDU: no data (card-commands §2). */
const ZERO_LE = 256

/** A PIN or the master key. All are 16 bytes: of a PIN the card keeps the key that it stands for. */
export function pkiSecret({ directory }: Context, which: keyof typeof PKI_SECRETS): Secret {
  return directory.environment.keys.find(({ name }) => name === PKI_SECRETS[which])!
}

/** True after a right proof, until reset, another environment or a wrong proof. */
export function isProved(context: Context, which: keyof typeof PKI_SECRETS): boolean {
  return (context.session.environmentBits & pkiSecret(context, which).bit) !== 0
}

/** What every write of the application asks for: administrator PIN and master key (card-commands §12). */
export function mayWrite(context: Context): boolean {
  return isProved(context, "admin") && isProved(context, "master")
}

/** Compares a proof over the last challenge of 16 bytes; the counter is written first (card-commands §12). */
export function prove(context: Context, command: Command, secret: Secret): StatusWord {
  if (command.lc !== BLOCK) return SW.WRONG_LENGTH
  const { session, memory } = context
  const tries = memory.readByte(secret.triesOffset)
  if (tries === 0) return SW.AUTHENTICATION_METHOD_BLOCKED
  const { challenge } = session
  if (challenge?.length !== BLOCK) return SW.REFERENCE_DATA_NOT_USABLE
  session.challenge = undefined
  memory.writeByte(secret.triesOffset, tries - 1)
  if (!constantTimeEqual(command.data(), pkiProof(memory.read(secret.value), challenge))) {
    session.environmentBits &= ~secret.bit
    return triesLeft(tries - 1)
  }
  memory.writeByte(secret.triesOffset, secret.maximumTries)
  session.environmentBits |= secret.bit
  return SW.OK
}

/** The state of a secret for a command without data: the counter is left alone, as by an empty VERIFY (§5.1). */
export function tellTries({ session, memory }: Context, { le }: Command, secret: Secret): StatusWord {
  if (le >= 0 && le !== ZERO_LE) return SW.WRONG_LENGTH
  if ((session.environmentBits & secret.bit) !== 0) return SW.OK
  const tries = memory.readByte(secret.triesOffset)
  return tries === 0 ? SW.AUTHENTICATION_METHOD_BLOCKED : triesLeft(tries)
}
