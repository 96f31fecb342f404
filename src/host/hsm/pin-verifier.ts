import { createHmac } from "node:crypto"
import { concat } from "../../apdu/index.js"
import { constantTimeEqual } from "../../crypto/index.js"

const [SALT_LENGTH, CHECK_LENGTH] = [8, 16]

/**
 * What the bank keeps instead of a PIN: salt ‖ HMAC-SHA-256 under a key of the HSM over salt, PAN and PIN, cut to 16
 * bytes. Without that key it tells nothing, so that it may be fast, like the PIN verification value of hardware HSMs.
 */
export function pinVerifier(key: Uint8Array, pan: string, pin: string, salt: Uint8Array): Uint8Array {
  const digest = createHmac("sha256", key).update(salt).update(`${pan}/${pin}`).digest()
  return concat(salt, digest.subarray(0, CHECK_LENGTH))
}

/** Compares in constant time. */
export function isPin(key: Uint8Array, pan: string, pin: string, verifier: Uint8Array): boolean {
  return constantTimeEqual(pinVerifier(key, pan, pin, verifier.subarray(0, SALT_LENGTH)), verifier)
}

export const newSalt = (random: (length: number) => Uint8Array) => random(SALT_LENGTH)

const isConsecutive = (pin: string, step: number) =>
  [...pin].every((digit, i) => i === 0 || Number(digit) - Number(pin[i - 1]) === step)

/** Six digits, not all equal, not all consecutive upwards or downwards (host-iso8583 §11.6). */
export function isAllowedPin(pin: string): boolean {
  return /^\d{6}$/.test(pin) && ![0, 1, -1].some((step) => isConsecutive(pin, step))
}
