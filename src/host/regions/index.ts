export { diffRegions, type RegionDifference } from "./diff.js"
export { lintRegion, lintVersion, type RegionFinding } from "./lint.js"
export { bundledRegions, regionJson, regionVersions } from "./load.js"
export {
  defaultRegion,
  loadRegion,
  parseRegion,
  type Region,
  type RegionChanges,
  type RegionJson,
  type RegionOptions,
} from "./region.js"
export { fixedRegion, type RegionTimeline, regionTimeline } from "./timeline.js"
