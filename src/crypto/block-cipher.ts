import { createCipheriv, createDecipheriv } from "node:crypto"

/** The block ciphers of node:crypto that this folder stands on. DES is done by hand, see `des-cipher`. */
export type CipherName = "sm4-ecb" | "sm4-cbc"

/** Enciphers whole blocks without padding. `final` is left out: without padding it has nothing to give. */
export function encipher(name: CipherName, key: Uint8Array, iv: Uint8Array | null, data: Uint8Array): Uint8Array {
  return plainView(createCipheriv(name, key, iv).setAutoPadding(false).update(data))
}

/** Whole blocks in, one or more blocks out. */
export type BlockFunction = (data: Uint8Array) => Uint8Array

/** Enciphers whole blocks under one key: most of what a single block costs is setting the cipher up. */
export function ecbEncryptor(name: "sm4-ecb", key: Uint8Array): BlockFunction {
  const cipher = createCipheriv(name, key, null).setAutoPadding(false)
  return (data) => plainView(cipher.update(data))
}

/** The inverse of {@link ecbEncryptor}. */
export function ecbDecryptor(name: "sm4-ecb", key: Uint8Array): BlockFunction {
  const cipher = createDecipheriv(name, key, null).setAutoPadding(false)
  return (data) => plainView(cipher.update(data))
}

/** The last block of each message in CBC with IV zero, under one key. */
export function cbcMac(name: "sm4-cbc", key: Uint8Array, blockSize: number): BlockFunction {
  const last = new Uint8Array(blockSize)
  const cipher = createCipheriv(name, key, last).setAutoPadding(false)
  return (data) => {
    // The cipher chains on from its last message: that block, put in once more, is a fresh IV of zeros.
    const input = data.slice()
    for (let i = 0; i < blockSize; i++) input[i]! ^= last[i]!
    const output = cipher.update(input)
    for (let i = 0; i < blockSize; i++) last[i] = output[output.length - blockSize + i]!
    return last.slice()
  }
}

/** Deciphers whole blocks without padding. */
export function decipher(name: CipherName, key: Uint8Array, iv: Uint8Array | null, data: Uint8Array): Uint8Array {
  return plainView(createDecipheriv(name, key, iv).setAutoPadding(false).update(data))
}

/** The same memory as a Uint8Array: a Buffer's `slice` and equality behave differently. */
export function plainView(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}

/** @throws {RangeError} unless there is at least one block and no part of one */
export function assertBlocks(name: string, data: Uint8Array, blockSize: number): void {
  if (!(data instanceof Uint8Array)) throw new TypeError(`${name}: expected a Uint8Array, got ${typeof data}`)
  if (data.length === 0 || data.length % blockSize !== 0)
    throw new RangeError(`${name}: expected one or more blocks of ${blockSize} bytes, got ${data.length} bytes`)
}
