import { DATA_CODING } from "./control-information.js"
import type { CardOptions } from "./specification.js"

/**
 * The card capabilities that a card must announce, in its historical bytes (compact header 73) and in EF.ATR (tag 47):
 * selection methods, data coding byte, and the third software function table (ISO 7816-4 §12.1.1.9).
 */
export function cardCapabilities(options: CardOptions, extendedLengthInformation: boolean): Uint8Array {
  const { channels = 1, chaining = 0, extendedLength = true } = options
  const third =
    (chaining > 0 ? COMMAND_CHAINING : 0) |
    (extendedLength ? EXTENDED_LENGTHS : 0) |
    (extendedLengthInformation ? EXTENDED_LENGTH_INFORMATION : 0) |
    (channels > 1 ? ASSIGNED_BY_BOTH | (Math.min(channels, MOST_CHANNELS_TOLD) - 1) : 0)
  return Uint8Array.of(SELECTION_METHODS, DATA_CODING, third)
}

/** By full and partial name, path and identifier; short identifiers, record numbers and record identifiers; none implicit. */
const SELECTION_METHODS = 0xf7
const COMMAND_CHAINING = 0x80
const EXTENDED_LENGTHS = 0x40
const EXTENDED_LENGTH_INFORMATION = 0x20
/** Channel numbers may come from the card and from the interface device. */
const ASSIGNED_BY_BOTH = 0x18
/** The largest number says eight or more. */
const MOST_CHANNELS_TOLD = 8
