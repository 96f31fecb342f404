import { ShebaoError } from "../../apdu/index.js"
import type { ReaderSystem } from "./reader.js"

export async function pickReader(readers: ReaderSystem, wish?: string | number): Promise<string> {
  const snapshots = await readers.readers()
  const found = typeof wish === "string" ? wish : snapshots[wish ?? 0]?.name
  if (!found) throw new ShebaoError("NO_READER", "No reader found.")
  return found
}
