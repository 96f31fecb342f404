import { loadRegion, type Region, type RegionChanges } from "./region.js"

/** A region through time: rules change with the day they are asked for. */
export interface RegionTimeline {
  /** The rules of a day. @param date YYYYMMDD @throws {InputError} when none are in force */
  at(date: string): Region
}

/** The versions of a region that comes along, or of one in a file. Each day is loaded once. */
export function regionTimeline(nameOrPath: string, changes: RegionChanges = {}): RegionTimeline {
  const days = new Map<string, Region>()
  return {
    at(date) {
      let region = days.get(date)
      if (!region) {
        region = loadRegion(nameOrPath, { date, changes })
        days.set(date, region)
      }
      return region
    },
  }
}

/** One profile for every day. */
export function fixedRegion(region: Region): RegionTimeline {
  return { at: () => region }
}
