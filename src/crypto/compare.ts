import { timingSafeEqual } from "node:crypto"

/** Compares secrets (PINs, MACs, cryptograms) in a time that tells nothing about where they differ. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
