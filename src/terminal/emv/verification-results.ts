import { type Bit, hasBit, setBit, TVR } from "../../dictionary/index.js"

const TVR_BITS: readonly Bit[] = Object.values(TVR)

/** One reason for what a transaction came to: a TVR bit that was set, or a rule that decided. */
export type Reason =
  | { readonly tvrBit: string; readonly en: string; readonly zh: string }
  | { readonly rule: string; readonly en: string; readonly zh: string }

/** What a transaction has found out so far; TVR and TSI are live views that always hold the present state. */
export interface Verification {
  /** 5 bytes, tag 95. */
  readonly tvr: Uint8Array
  /** 2 bytes, tag 9B. */
  readonly tsi: Uint8Array
  readonly why: Reason[]
  /** Sets a TVR bit and notes it once. */
  set(bit: Bit): void
  /** Notes in the TSI that a function was performed. */
  performed(bit: Bit): void
  /** Notes the rule that decided something. */
  explain(rule: string, en: string, zh: string): void
}

/** Starts with all bits zero and no reasons. */
export function verification(): Verification {
  const tvr = new Uint8Array(5)
  const tsi = new Uint8Array(2)
  const why: Reason[] = []
  return {
    tvr,
    tsi,
    why,
    set(bit) {
      if (hasBit(tvr, bit)) return
      setBit(tvr, bit)
      why.push({ tvrBit: bitName(bit), en: bit.en, zh: bit.zh })
    },
    performed(bit) {
      setBit(tsi, bit)
    },
    explain(rule, en, zh) {
      why.push({ rule, en, zh })
    },
  }
}

/** A bit as the specifications write it. @example bitName(TVR.expired) // "B2b7" */
export function bitName({ byte, bit }: Bit): string {
  return `B${byte}b${bit}`
}

/** The bits that are set in a TVR, in order. @param tvr 5 bytes, or action codes, which are laid out alike */
export function tvrBits(tvr: Uint8Array): Bit[] {
  return TVR_BITS.filter((bit) => hasBit(tvr, bit))
}
