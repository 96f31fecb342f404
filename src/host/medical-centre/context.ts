import { businessTime, type PayoutLink } from "../../dictionary/index.js"
import type { Region } from "../regions/region.js"
import type { RegionTimeline } from "../regions/timeline.js"
import type { BankStore } from "../store/bank-store.js"
import type { PlatformLink } from "./cross-region/platform.js"
import type { EventRegistry } from "./withdrawal/event-registry.js"

/** What every part of the medical centre works with. */
export interface CentreContext {
  readonly store: BankStore
  readonly regions: RegionTimeline
  readonly clock: () => Date
  /** Where approved withdrawals are paid to. */
  readonly payouts: PayoutLink
  /** What other authorities know of deaths and leaves; without it papers alone count. */
  readonly events?: EventRegistry
  /** The way to the centres of other regions; without it nobody insured elsewhere is treated. */
  readonly platform?: PlatformLink
}

/** A moment of the centre and the rules in force then. */
export interface CentreTime {
  /** YYYYMMDD in China. */
  readonly date: string
  /** hhmmss. */
  readonly time: string
  /** ISO 8601. */
  readonly at: string
  readonly region: Region
}

/** Now. @throws {InputError} when the region has no rules for today */
export function centreTime({ clock, regions }: Pick<CentreContext, "clock" | "regions">): CentreTime {
  const now = clock()
  const { date, time } = businessTime(now.getTime())
  return { date, time, at: now.toISOString(), region: regions.at(date) }
}
