import { ShebaoError } from "../apdu/index.js"
import { bundledProfiles, loadProfile, type Profile } from "../card/index.js"
import { parseYuan } from "../dictionary/index.js"
import { type Bank, type BankEvent, createBank, type Enrolment, type StoreChoice } from "../host/index.js"
import { ledgerFile } from "./home.js"
import { type CommonArguments, homeFolder } from "./options.js"
import type { Output } from "./output.js"

/** How a bank in this process is set up. */
export interface LocalBankOptions {
  /** Where it keeps its ledger; default in memory. */
  readonly store?: StoreChoice
  /** Cards that it knows besides those that it was told about earlier; the first of those with one PAN counts. */
  readonly profiles: readonly Profile[]
  readonly onEvent?: (event: BankEvent) => void
}

/** A bank in this process. */
export async function localBank({ store = "memory", profiles, onEvent }: LocalBankOptions): Promise<Bank> {
  const bank = createBank({ store, ...(onEvent && { onEvent }) })
  for (const profile of profiles) {
    const enrolment = enrolmentOf(profile)
    if (enrolment) await bank.enroll(enrolment)
  }
  return bank
}

/**
 * Where a command keeps its ledger: the database that `--database` names, a URL of PostgreSQL or a file of SQLite, else the
 * file of the home folder.
 */
export function ledgerStore(database: string | undefined, args: CommonArguments): StoreChoice {
  if (database === undefined) return { sqlite: ledgerFile(homeFolder(args)) }
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(database) ? { postgres: database } : { sqlite: database }
}

/** The cards that come along. */
export const allBundledProfiles = (): Profile[] => bundledProfiles().map((name) => loadProfile(name))

/** What the issuing bank is told about a card when it is made; undefined for a card without a financial account. */
export function enrolmentOf(profile: Profile): Enrolment | undefined {
  if (profile.card !== "social-security" || profile.personKind === "employer" || !profile.financial) return undefined
  const { financial, holder, bank } = profile
  return {
    pan: financial.pan,
    sequenceNumber: financial.sequenceNumber,
    expiry: financial.expiry.slice(2),
    holderName: holder.name,
    holderNameLatin: financial.holderNameLatin,
    idType: financial.idType,
    idNumber: financial.idNumber ?? holder.socialSecurityNumber,
    state: bank?.state ?? "notActivated",
    openingBalanceFen: BigInt(parseYuan(bank?.openingBalance ?? "0", "bank.openingBalance")),
    ...(bank?.pin !== undefined && { pin: bank.pin }),
    ...(bank?.phone !== undefined && { phone: bank.phone }),
  }
}

/**
 * Tells the bank of the home folder about a card that was just made, as the card factory tells a real one: a new chip
 * begins to count its transactions anew, which the bank would otherwise take for a copy.
 *
 * Without the package for the ledger there is only a remark: the card works, its account is not kept.
 */
export async function issueToHome(profile: Profile, args: CommonArguments, output: Output): Promise<void> {
  const enrolment = enrolmentOf(profile)
  if (!enrolment) return
  try {
    const bank = createBank({ store: { sqlite: ledgerFile(homeFolder(args)) } })
    try {
      await bank.reissue(enrolment)
    } finally {
      await bank.close()
    }
  } catch (error) {
    if (!(error instanceof ShebaoError) || error.code !== "SQLITE_MISSING") throw error
    output.remark(output.language === "zh" ? (error.messageZh ?? error.message) : error.message)
  }
}
