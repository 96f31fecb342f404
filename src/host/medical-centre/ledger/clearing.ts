import { type CentreContext, centreTime } from "../context.js"
import { areaPayable, areaReceivable, claimAccount, FUND_CASH } from "./accounts.js"
import { credit, debit, heldFor, postMedical } from "./post.js"

/** Whom the centre clears with: a provider's claims, or another region, in either direction. */
export interface Clearing {
  /** Unique; cleared once under it. */
  readonly key: string
  readonly with: { readonly provider: string } | { readonly area: string }
}

/** What was paid, and what came in, in fen. */
export interface Cleared {
  readonly paidFen: bigint
  readonly receivedFen: bigint
}

/**
 * Pays what is owed to a provider or another region, and takes what another region owes: the only way in which pooled money
 * leaves the funds' bank (Social Insurance Law Art. 29). A provider in debt is paid nothing.
 *
 * @returns undefined when this key was used before
 */
export async function clear(centre: CentreContext, { key, with: partner }: Clearing): Promise<Cleared | undefined> {
  const time = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    const isProvider = "provider" in partner
    const owed = isProvider ? claimAccount(partner.provider) : areaPayable(partner.area)
    const held = await heldFor(rows, owed)
    const paidFen = held > 0n ? held : 0n
    const legs = [debit(owed, paidFen), credit(FUND_CASH, paidFen)]
    if ((await postMedical(rows, { key, kind: isProvider ? "H1" : "H2", legs }, time)) === undefined) return undefined
    if (isProvider) return { paidFen, receivedFen: 0n }
    const due = areaReceivable(partner.area)
    const receivedFen = -(await heldFor(rows, due))
    await postMedical(rows, { key, kind: "H3", legs: [debit(FUND_CASH, receivedFen), credit(due, receivedFen)] }, time)
    return { paidFen, receivedFen }
  })
}
