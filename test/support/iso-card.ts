import { type Card, type CardRuntimeOptions, createCard, loadProfile, parseProfile } from "../../src/card/index.js"
import { exchange } from "./exchange.js"

/** The historical bytes of the profile behind an answer to reset that offers T=0 alone. */
export const T0_ATR = "3B078031F873F741FF"

const T0_PROFILE = parseProfile({ extends: "iso", atr: { hex: T0_ATR } })
const T1_PROFILE = loadProfile("iso")

export const LOANS = "00A4040C06F00000000001"
export const KEYS = "00A4040C06F00000000002"
export const PIN = "0020000003123456"

/** A powered card of the profile `iso`, under T=1 unless said otherwise, with its LOANS directory selected. */
export function isoCard({
  protocol = "T=1",
  ...options
}: CardRuntimeOptions & { protocol?: "T=0" | "T=1" } = {}): Card {
  const card = createCard({ profile: protocol === "T=0" ? T0_PROFILE : T1_PROFILE, seed: "iso", ...options })
  card.powerOn()
  exchange(card, LOANS)
  return card
}
