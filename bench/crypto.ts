import {
  applicationCryptogram,
  arpcMethod1,
  challengeSessionKey,
  diversify,
  encryptPinBlock,
  generateRsaKey,
  lineMac,
  mac4,
  pbocSessionKey,
  publicPart,
  recoverDynamicData,
  scriptMac,
  signDynamicData,
  testEmvKey,
  tripleDesEncrypt,
} from "shebao/crypto"

/** How long one call takes on this machine, on average. */
export interface BenchResult {
  readonly name: string
  readonly microseconds: number
  readonly perSecond: number
}

const key = Uint8Array.from({ length: 16 }, (_, i) => i)
const bytes = (length: number): Uint8Array => new Uint8Array(length)

const DYNAMIC_DATA = Uint8Array.of(8, 1, 2, 3, 4, 5, 6, 7, 8)
const NUMBER = bytes(4)

/** The card's signature of DDA, and the terminal's check of it: one of its three. */
function signatures(): [name: string, operation: () => unknown][] {
  const rsa = generateRsaKey(1408)
  const pairs = [
    ["RSA-1408", { privateKey: { algorithm: "rsa", ...rsa }, publicKey: publicPart(rsa) }],
    ["SM2", testEmvKey("sm2", "card")],
  ] as const
  return pairs.flatMap(([name, { privateKey, publicKey }]) => {
    const signed = signDynamicData(privateKey, DYNAMIC_DATA, NUMBER)
    return [
      [`DDA signature ${name}`, () => signDynamicData(privateKey, DYNAMIC_DATA, NUMBER)],
      [`check of it ${name}`, () => recoverDynamicData(publicKey, signed, NUMBER)],
    ] satisfies [string, () => unknown][]
  })
}

const OPERATIONS: readonly [name: string, operation: () => unknown][] = [
  ["3DES, one block", () => tripleDesEncrypt(key, bytes(8))],
  ["diversify 3DES", () => diversify("3des", key, bytes(8))],
  ["diversify SM4", () => diversify("sm4", key, bytes(8))],
  ["challenge session key 3DES", () => challengeSessionKey("3des", key, bytes(8))],
  ["transaction MAC 3DES, 26 bytes", () => mac4("3des", key.subarray(8), bytes(26))],
  ["transaction MAC SM4, 26 bytes", () => mac4("sm4", key, bytes(26))],
  ["PBOC session key 3DES", () => pbocSessionKey("3des", key, bytes(2))],
  ["application cryptogram 3DES", () => applicationCryptogram("3des", key, bytes(37))],
  ["application cryptogram SM4", () => applicationCryptogram("sm4", key, bytes(37))],
  ["ARPC 3DES", () => arpcMethod1("3des", key, bytes(8), bytes(2))],
  ["script MAC 3DES", () => scriptMac("3des", key, bytes(5), bytes(2), bytes(8), bytes(16))],
  ["PIN block 3DES", () => encryptPinBlock("3des", key, "123456", "6217000000000000046")],
  ["line MAC ecb, 284 bytes", () => lineMac("ecb", key, bytes(284))],
  ["line MAC x919, 284 bytes", () => lineMac("x919", key, bytes(284))],
]

/** Times the operations of a card transaction. @param milliseconds how long to run each */
export function benchCrypto(milliseconds = 100): BenchResult[] {
  const quick = OPERATIONS.map((operation) => [...operation, 100] as const)
  const slow = signatures().map((operation) => [...operation, 2] as const)
  return [...quick, ...slow].map(([name, operation, batch]) => {
    for (let i = 0; i < 5 * batch; i++) operation()
    let count = 0
    const start = performance.now()
    let elapsed = 0
    while (elapsed < milliseconds) {
      for (let i = 0; i < batch; i++) operation()
      count += batch
      elapsed = performance.now() - start
    }
    return { name, microseconds: (1000 * elapsed) / count, perSecond: Math.round((1000 * count) / elapsed) }
  })
}
