export { traceDump } from "./dump.js"
export {
  type Exchange,
  type TraceDescription,
  type TraceEntry,
  type TraceOptions,
  type Tracer,
  tracer,
} from "./entry.js"
export { formatExchange } from "./format.js"
export type { TraceValue } from "./values.js"
export { type CardView, follow, freshView } from "./view.js"
