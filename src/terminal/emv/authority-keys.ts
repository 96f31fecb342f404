import { assertBytes, assertInteger, equalBytes, hex, toHex } from "../../apdu/index.js"
import { authorityKeyHash, type EmvPublicKey, TEST_RSA_INDEX, TEST_SM2_INDEX, testEmvKey } from "../../crypto/index.js"

/** A certification authority's public key as a terminal is loaded with it (EMV Book 4 §10.2). */
export interface AuthorityKey {
  /** Registered application provider: the first 5 bytes of an AID. */
  readonly rid: Uint8Array
  /** Tag 8F. */
  readonly index: number
  readonly key: EmvPublicKey
  /** SHA-1 over RID, index, modulus and exponent; checked when it is given. */
  readonly hash?: Uint8Array
  /** YYMMDD: from the next day on the key counts as missing. */
  readonly expiry?: string
  /** Serial numbers of issuer certificates that were revoked, 3 bytes each. */
  readonly revoked?: readonly Uint8Array[]
}

/** The authority keys of a terminal. */
export interface AuthorityKeys {
  /** A key of SM2 is among them: what tag DF69 tells the card. */
  readonly hasSm2: boolean
  find(rid: Uint8Array, index: number): AuthorityKey | undefined
}

/**
 * Makes a store of authority keys.
 *
 * @throws {RangeError} when a key stands twice, has a wrong size, or another hash than it says
 * @example atmConfiguration({ authorityKeys: authorityKeys([{ rid, index: 0xc1, key }]) })
 */
export function authorityKeys(keys: readonly AuthorityKey[]): AuthorityKeys {
  const byName = new Map<string, AuthorityKey>()
  for (const key of keys) {
    assertBytes("rid", key.rid, 5)
    assertInteger("index", key.index, 0, 255)
    if (key.hash && !equalBytes(key.hash, authorityKeyHash(key.rid, key.index, key.key)))
      throw new RangeError(`hash: expected that of key ${nameOf(key.rid, key.index)}`)
    const name = nameOf(key.rid, key.index)
    if (byName.has(name)) throw new RangeError(`keys: expected key ${name} once`)
    byName.set(name, key)
  }
  return {
    hasSm2: keys.some(({ key }) => key.algorithm === "sm2"),
    find: (rid, index) => byName.get(nameOf(rid, index)),
  }
}

const nameOf = (rid: Uint8Array, index: number) => `${toHex(rid)}/${index}`

const UNIONPAY = hex("A000000333")

/** The authority of the default card, of which only the public key exists (financial-emv §13, V-B11). */
const DEFAULT_CARD_AUTHORITY: AuthorityKey = {
  rid: UNIONPAY,
  index: 0xc1,
  key: {
    algorithm: "rsa",
    modulus: hex(
      "A999467E2752E617E1F45EED0ABF67F8DD2166AB723C5D84E41C290F9809D51A4A5F91E0B81251A3536CE0F71957230BEFC7EA8362C2F2329ACCE81A9A96DA4FE69AA07364CEDE072B64399C8AC5D3609218A7D6A660B245647124E2CBAC5AAEFD2E9ED2ABDF9EDA3F6DE2748A784963299DE015245E585C056E6231FAD3B6FD",
    ),
    exponent: hex("03"),
  },
  hash: hex("40669E075E9808F61B78A1CDE04AA8D168EE6894"),
}

/** Public test keys: indices C1 and C2 RSA, D1 SM2. Never for real cards. */
export function testAuthorityKeys(): AuthorityKeys {
  return authorityKeys([
    DEFAULT_CARD_AUTHORITY,
    { rid: UNIONPAY, index: TEST_RSA_INDEX, key: testEmvKey("rsa", "authority").publicKey },
    { rid: UNIONPAY, index: TEST_SM2_INDEX, key: testEmvKey("sm2", "authority").publicKey },
  ])
}
