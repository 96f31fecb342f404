import { isObject } from "./merge.js"

/** A field in which two regions, or two versions of one, differ. */
export interface RegionDifference {
  /** Path of the field, for example `medical.outpatient.cap`. */
  readonly path: string
  /** Its values as they are written; undefined where there is none. */
  readonly left: unknown
  readonly right: unknown
}

/** Every field that differs, in the order of the paths. Lists are compared as a whole. */
export function diffRegions(left: unknown, right: unknown, path = ""): RegionDifference[] {
  if (!isObject(left) || !isObject(right))
    return JSON.stringify(left) === JSON.stringify(right) ? [] : [{ path, left, right }]
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
  return keys.flatMap((key) => diffRegions(left[key], right[key], path ? `${path}.${key}` : key))
}
