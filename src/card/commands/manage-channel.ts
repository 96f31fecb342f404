import { SW, wrongLe } from "../../apdu/index.js"
import type { Handler } from "../application.js"

const OPEN = 0x00
const CLOSE = 0x80
/** Le 00. */
const SHORT_MAXIMUM = 256
const EXTENDED_MAXIMUM = 65_536

/**
 * MANAGE CHANNEL (00 70): ISO 7816-4 §11.1.2. P2 is a channel; 00 lets the card choose the one to open and tell it in one byte,
 * or closes the channel that the class names.
 */
export const manageChannel: Handler = (context, command) => {
  if (command.lc !== 0) return SW.WRONG_LENGTH
  if (command.p1 === OPEN) return openChannel(context, command)
  return command.p1 === CLOSE ? closeChannel(context, command) : SW.INCORRECT_P1P2
}

const openChannel: Handler = ({ channels, channel: origin, response, layout }, { p2, le }) => {
  if (p2 !== 0) {
    if (le >= 0 && le !== SHORT_MAXIMUM) return SW.WRONG_LENGTH
    if (!channels.isOffered(p2) || channels.session(p2) !== undefined) return SW.INCORRECT_P1P2
    channels.open(p2, origin)
    return SW.OK
  }
  if (le > 1 && le !== SHORT_MAXIMUM && le !== EXTENDED_MAXIMUM)
    return layout.protocol === "T=0" ? wrongLe(1) : SW.WRONG_LENGTH
  const channel = channels.lowestClosed()
  if (channel === 0) return SW.FUNCTION_NOT_SUPPORTED
  channels.open(channel, origin)
  response.appendByte(channel)
  return SW.OK
}

const closeChannel: Handler = ({ channels, channel: own }, { p2, le }) => {
  const channel = p2 === 0 ? own : p2
  if (le >= 0 && le !== SHORT_MAXIMUM) return SW.WRONG_LENGTH
  if (channel === 0 || !channels.isOffered(channel)) return SW.INCORRECT_P1P2
  if (channels.session(channel) === undefined) return SW.WARNING
  channels.close(channel)
  return SW.OK
}
