import type { CardPort } from "../apdu/index.js"
import type { VirtualReaderEvent, VirtualReaderOptions } from "./virtual-reader.js"

/**
 * Where a child process finds its card: an export of a module, called with arguments that survive structured cloning.
 *
 * @example { module: import.meta.resolve("shebao/card"), export: "createCard", arguments: [profile] }
 */
export interface CardSource {
  /** URL of the module. */
  module: string | URL
  export: string
  arguments?: unknown[]
}

/** What a source's export gives, at once or later. */
export type SourcedCard = CardPort | { card: CardPort; save?: () => void | Promise<void> }

/** Reader options that can be sent to another process. */
export type ProcessReaderOptions = Omit<VirtualReaderOptions, "onEvent">

/** Parent to child. */
export type ToChild =
  | { type: "start"; source: { module: string; export: string; arguments: unknown[] }; reader: ProcessReaderOptions }
  | { type: "insert" | "eject" | "stop"; id: number }

/** Child to parent. */
export type FromChild =
  | { type: "event"; event: VirtualReaderEvent }
  | { type: "done"; id: number }
  | { type: "failed"; id?: number; code?: string; message: string }
