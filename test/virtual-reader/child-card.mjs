// A card for a process of its own: counts its commands, and writes the number to a file when it is saved.
import { writeFileSync } from "node:fs"

const ATR = Uint8Array.from(Buffer.from("3B6D000000815431008660110816000000", "hex"))

export function makeCard(file) {
  let commands = 0
  const card = {
    protocol: "T=0",
    atr: ATR,
    powerOn: () => ATR,
    reset: () => ATR,
    powerOff() {},
    process() {
      commands += 1
      return Uint8Array.of(commands, 0x90, 0)
    },
  }
  return file === undefined ? card : { card, save: () => writeFileSync(file, String(commands)) }
}

export function makeBadCard() {
  return { ...makeCard(), atr: Uint8Array.of(0x3b) }
}

export async function failToMake() {
  throw new Error("no such profile")
}
