import { type CardPort, hex } from "shebao/apdu"

/** A card that answers every command with the same bytes: what an exchange costs without a card's work. */
export function echoCard(): CardPort {
  const atr = hex("3B6D000000815431008660110816000001")
  const answer = hex(`${"00".repeat(18)}9000`)
  return { protocol: "T=0", atr, powerOn: () => atr, reset: () => atr, powerOff: () => {}, process: () => answer }
}
