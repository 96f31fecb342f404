import { concat, encodeTlv, uint32 } from "../../apdu/index.js"

/** One issuer script for the card: template 72 with its identifier and commands (financial-emv §22). */
export function scriptTemplate(id: number, commands: readonly Uint8Array[]): Uint8Array {
  const parts = commands.map((command) => encodeTlv(0x86, command))
  return encodeTlv(0x72, concat(encodeTlv(0x9f18, uint32(id)), ...parts))
}
