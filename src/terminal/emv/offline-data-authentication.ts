import { TVR } from "../../dictionary/index.js"
import type { AuthenticatedRecord } from "./application-data.js"
import type { TransactionState } from "./transaction-state.js"

/**
 * One way to authenticate the card's data offline (EMV Book 2 §5, §6). It sets the TVR bits of its failures and the
 * TSI bit when it was performed.
 *
 * @returns whether it was performed
 */
export type OfflineDataAuthentication = (
  state: TransactionState,
  records: readonly AuthenticatedRecord[],
) => Promise<boolean>

/** This terminal has no certification authority keys, so no method applies. */
export const noOfflineDataAuthentication: OfflineDataAuthentication = async () => false

/** Runs a method and notes in the TVR when none was performed (EMV Book 3 §10.3). */
export async function authenticateOffline(
  state: TransactionState,
  records: readonly AuthenticatedRecord[],
  method: OfflineDataAuthentication,
): Promise<void> {
  if (!(await method(state, records))) state.verification.set(TVR.odaNotPerformed)
}
