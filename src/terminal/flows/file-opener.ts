import type { Transport } from "../../apdu/index.js"
import { type CardKeyService, findKey, parseAccess } from "../../dictionary/index.js"
import type { SocialCardIdentity } from "../clients/index.js"
import type { Report } from "./flow.js"
import { authenticate } from "./keyed.js"
import type { FlowRefusal } from "./refusal.js"

/** A key that was asked to open a file, and what came of it. */
export interface KeyUse {
  readonly key: string
  /** Why it did not work; absent when it did. */
  readonly refusal?: FlowRefusal
}

/** What a terminal may open files with. */
export interface OpenerOptions {
  readonly identity?: SocialCardIdentity
  readonly keys?: CardKeyService
}

/**
 * Satisfies the access rules of files with what the terminal has. Keeps in mind what is authenticated, as the card does
 * (card-commands §8), and never tries a key again that did not work: a wrong one would be locked in the end.
 */
export interface FileOpener {
  /** The PIN was verified. */
  pinVerified(): void
  /** A directory was selected: local keys of the one before are gone. */
  entered(): void
  /**
   * Authenticates with the keys that a rule asks for, one alternative after the other until one is satisfied. The
   * directory of the rule must be current.
   *
   * @param rule an access expression of card-structure §1.3
   */
  open(rule: string): Promise<Opening>
}

export interface Opening {
  /** The rule is satisfied now, as far as the terminal can tell. */
  readonly satisfied: boolean
  /** The keys that were used or tried for it. */
  readonly uses: readonly KeyUse[]
}

export function fileOpener(card: Transport, options: OpenerOptions, report: Report): FileOpener {
  const { identity, keys } = options
  let hasPin = false
  const authenticated = new Set<string>()
  const failed = new Map<string, FlowRefusal>()

  async function use(key: string): Promise<KeyUse> {
    const known = failed.get(key)
    if (known) return { key, refusal: known }
    const done = await authenticate(card, identity!, key, keys!, report)
    if (done.ok) {
      authenticated.add(key)
      return { key }
    }
    failed.set(key, done)
    return { key, refusal: done }
  }

  return {
    pinVerified() {
      hasPin = true
    },
    entered() {
      for (const name of authenticated) if (findKey(name)?.directory !== "SSSE") authenticated.delete(name)
    },
    async open(rule) {
      const alternatives = parseAccess(rule)
        .filter((conditions) => hasPin || !conditions.includes("PIN"))
        .map((conditions) => conditions.filter((name) => name !== "PIN" && !authenticated.has(name)))
      if (alternatives.some((missing) => missing.length === 0)) return { satisfied: true, uses: [] }
      const uses: KeyUse[] = []
      if (!keys || !identity) return { satisfied: false, uses }
      for (const missing of alternatives) {
        if (!missing.every((name) => findKey(name) !== undefined)) continue
        const tried: KeyUse[] = []
        for (const name of missing) {
          tried.push(await use(name))
          if (tried.at(-1)?.refusal) break
        }
        uses.push(...tried)
        if (tried.every(({ refusal }) => refusal === undefined)) return { satisfied: true, uses }
      }
      return { satisfied: false, uses }
    },
  }
}
