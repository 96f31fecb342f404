import {
  assertInteger,
  commandApdu,
  responseData,
  type StatusWord,
  SW,
  statusWord,
  type Transport,
} from "../../apdu/index.js"

/** A channel of its own on a card that others use as well: closing it leaves the card open. */
export interface LogicalChannel extends Transport {
  /** 0 to 19. */
  readonly number: number
}

const HIGHEST_CHANNEL = 19
/** Channels that the first form of the class byte names (ISO 7816-4 §5.4.1). */
const FIRST_FORM = 4

/**
 * Sends every command on a logical channel: puts its number into the class byte (ISO 7816-4 §5.4.1). Classes that carry no
 * channel pass unchanged. `close()` closes the channel, not the card.
 *
 * @param channel 0 to 19, open already; see {@link openChannel}
 */
export function logicalChannel(transport: Transport, channel: number): LogicalChannel {
  assertInteger("channel", channel, 0, HIGHEST_CHANNEL)
  return {
    number: channel,
    transmit(command) {
      const cla = command[0]
      const onChannel = cla === undefined ? undefined : classOn(cla, channel)
      if (onChannel === undefined || onChannel === cla) return transport.transmit(command)
      const changed = command.slice()
      changed[0] = onChannel
      return transport.transmit(changed)
    },
    async close() {
      if (channel !== 0) await transport.transmit(commandApdu(0x00, 0x70, 0x80, channel))
    },
  }
}

/**
 * Opens a logical channel with MANAGE CHANNEL; the card chooses its number (ISO 7816-4 §11.1.2).
 *
 * @returns the channel, or what the card answered: 6881 where it has only one, 6A81 when all are open
 * @example const opened = await openChannel(card); if (opened.ok) await opened.channel.transmit(select)
 */
export async function openChannel(
  transport: Transport,
): Promise<
  { readonly ok: true; readonly channel: LogicalChannel } | { readonly ok: false; readonly statusWord: StatusWord }
> {
  const response = await transport.transmit(commandApdu(0x00, 0x70, 0x00, 0x00, undefined, 1))
  const [number = 0] = responseData(response)
  const status = statusWord(response)
  if (status !== SW.OK || number === 0 || number > HIGHEST_CHANNEL)
    return { ok: false, statusWord: status === SW.OK ? SW.LOGICAL_CHANNEL_NOT_SUPPORTED : status }
  return { ok: true, channel: logicalChannel(transport, number) }
}

/** The class byte of a command on a channel; undefined for a class that carries none, or not this one. */
function classOn(cla: number, channel: number): number | undefined {
  const isInterIndustry = cla < 0x20
  if (!isInterIndustry && (cla < 0x80 || cla >= 0xa0)) return undefined
  if (channel < FIRST_FORM) return (cla & 0xfc) | channel
  // The second form has one bit for secure messaging, and none for proprietary commands.
  if (!isInterIndustry) return undefined
  return 0x40 | (cla & 0x10) | (cla & 0x0c ? 0x20 : 0) | (channel - FIRST_FORM)
}
