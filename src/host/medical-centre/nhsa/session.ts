import { randomBytes } from "node:crypto"
import { toHex } from "../../../apdu/index.js"

/** Who signed in: an operator of a provider. */
interface Session {
  readonly provider: string
  readonly operator: string
  readonly until: number
}

/** Sign-ins of operators, in memory: after a restart everybody signs in again. */
export interface Sessions {
  open(provider: string, operator: string): string
  /** True while this sign-in of this operator at this provider is good. */
  isOpen(signNumber: string | null | undefined, provider: string, operator: string): boolean
  close(signNumber: string): boolean
}

const TWELVE_HOURS = 12 * 60 * 60 * 1000
const MAXIMUM_SESSIONS = 10_000

export function createSessions(clock: () => Date): Sessions {
  const sessions = new Map<string, Session>()
  return {
    open(provider, operator) {
      // The oldest goes: nobody can fill our memory by signing in.
      if (sessions.size >= MAXIMUM_SESSIONS) sessions.delete(sessions.keys().next().value!)
      const signNumber = toHex(new Uint8Array(randomBytes(12)))
      sessions.set(signNumber, { provider, operator, until: clock().getTime() + TWELVE_HOURS })
      return signNumber
    },
    isOpen(signNumber, provider, operator) {
      const session = sessions.get(signNumber ?? "")
      if (!session || session.provider !== provider || session.operator !== operator) return false
      return clock().getTime() < session.until
    },
    close: (signNumber) => sessions.delete(signNumber),
  }
}
