/**
 * The class byte (ISO 7816-4 §5.4.1): `000c ssnn` carries the channels 0 to 3, `01sc nnnn` the channels 4 to 19; `c` says that the
 * chain goes on, `s` secure messaging. Proprietary classes 80 to 9F are coded like the first form, as GlobalPlatform has
 * it; the others carry nothing.
 */

/** Channels that a card may have at most. */
export const MAXIMUM_CHANNELS = 20

const CHAINED = 0x10
const FURTHER = 0x40
const FIRST_FURTHER_CHANNEL = 4
/** Secure messaging whose header is not authenticated, in the first form. */
const SECURE_MESSAGING = 0x08

const isFurther = (cla: number) => (cla & 0xc0) === FURTHER
const isCoded = (cla: number) => cla < 0x20 || isFurther(cla) || (cla >= 0x80 && cla < 0xa0)

/** The logical channel that a class byte names, 0 to 19. */
export function channelOf(cla: number): number {
  if (isFurther(cla)) return FIRST_FURTHER_CHANNEL + (cla & 0x0f)
  return isCoded(cla) ? cla & 0x03 : 0
}

/** True when further commands of a chain follow. */
export function isChained(cla: number): boolean {
  return isCoded(cla) && (cla & CHAINED) !== 0
}

/** The class without channel and chaining: what the tables of commands are keyed by. */
export function plainClass(cla: number): number {
  if (isFurther(cla)) return (cla & 0x20) === 0 ? 0 : SECURE_MESSAGING
  return isCoded(cla) ? cla & ~(CHAINED | 0x03) : cla
}

/**
 * Which classes a card takes apart before it looks into its tables: 1 for those that name a channel or a chain which it
 * offers; the tables themselves refuse the others.
 */
export function codedClasses(channels: number, chaining: boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, cla) =>
    (channels > 1 && channelOf(cla) > 0) || (chaining && channelOf(cla) === 0 && isChained(cla)) ? 1 : 0,
  )
}
