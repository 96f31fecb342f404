import { type Card, type CardRuntimeOptions, cardFromLayout } from "../card.js"
import { compileLayout } from "../compile.js"
import type { Layout } from "../layout.js"
import { profileToSpec } from "./compile.js"
import type { Profile } from "./kinds.js"
import { isBundledName, loadProfile } from "./load.js"

const layouts = new WeakMap<Profile, Layout>()

/**
 * Compiles a profile into the immutable part that all its cards share. Done once for each profile object.
 *
 * @throws {InputError} naming the field that is unknown or does not fit
 */
export function compileProfile(profile: Profile): Layout {
  const layout = layouts.get(profile) ?? compileLayout(profileToSpec(profile))
  layouts.set(profile, layout)
  return layout
}

/** What {@link createCard} makes a card of. */
export interface CreateCardOptions extends CardRuntimeOptions {
  /** Name of a bundled profile, a JSON file, or a profile that is loaded already. */
  readonly profile: string | Profile
}

/**
 * Makes a fresh emulated card.
 *
 * @throws {InputError} when there is no such profile or one of its fields is wrong
 * @example
 * const card = createCard({ profile: "employee" })
 * card.powerOn()
 * card.process(hex("00A4040007A0000003330101"))
 */
export function createCard({ profile, ...options }: CreateCardOptions): Card {
  return cardFromLayout(typeof profile === "string" ? namedLayout(profile) : compileProfile(profile), options)
}

/** Layouts of bundled profiles, whose files do not change while a process runs. */
const bundledLayouts = new Map<string, Layout>()

function namedLayout(nameOrPath: string): Layout {
  const known = bundledLayouts.get(nameOrPath)
  if (known) return known
  const layout = compileProfile(loadProfile(nameOrPath))
  if (isBundledName(nameOrPath)) bundledLayouts.set(nameOrPath, layout)
  return layout
}
