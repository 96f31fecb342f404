import { hex } from "../apdu/index.js"
import { type EmvPrivateKey, type EmvPublicKey, publicPart } from "./emv-certificates.js"
import { rsaKeyOfPrimes } from "./rsa.js"

/** Who holds a test key: certification authority, issuer, card. Lengths fall from one to the next. */
export type TestKeyHolder = "authority" | "issuer" | "card"

/** A test key, both parts. */
export interface EmvKeyPair {
  readonly privateKey: EmvPrivateKey
  readonly publicKey: EmvPublicKey
}

/** Index of the test authority's RSA key, 1408 bits, tag 8F. */
export const TEST_RSA_INDEX = 0xc2
/** Index of the test authority's SM2 key. */
export const TEST_SM2_INDEX = 0xd1

/** Primes of public, worthless RSA keys with exponent 3: 1408, 1280 and 1152 bits. */
const PRIMES: Readonly<Record<TestKeyHolder, readonly [string, string]>> = {
  authority: [
    "F040C6FA7FBA22329721B42E8ECD588D2A71055593DBE4067F9339FDAD0669AF7CAC60D0680975FF89E45B4A20ACD3CF6F367561E04AFC793145A218F19AD316185F818ADBEB515CD4BF6FBC72868662974FED949F14E80B",
    "C1260689D6AE10B2CCFCAADB6842F1FBD8A69A7F31D1D69A0B6A4C7700BD3FBB3F243BF01472127230EFA3EDEABD08E4007C7C1971F66898CBEB9D19DB83C0789720FC22F29BCD9882FBC4E07C125EEDEBC2A9FD1C13572F",
  ],
  issuer: [
    "F49D128AB478F36155FCCDE80458D0ECB6C2C7C071F23DE4A6E77DFADF64F9DF4BF17FC638568448821E76DEB073438628BA19833F76C70EE88AE1947715FCC895ACC65A2600F71CB1871130664FC1AF",
    "CDAD6AD58081993194792C0E33A0A85CC764698B2B2A87A580A20206872848BBC3AECBAEE1C7B32A18F9CC6648055027972A8BF24E893EF3E0B101236B003140F1E69A667F9908DBC91201CDBC10C745",
  ],
  card: [
    "F95D345B3CD5DAC910081990C0B75F15A19CC4D1F7F2CB564984A988829A33A8FEA12450CC2565B7704CE9B3683D23B5600742FCA901C0996B16EA94573782695FA38435C000275D",
    "F943C65B745BBDF40B25ED0BBFD75C1BDEAEAA8350BC38457ED91E5DF7DC1DE68192E5627D95CFF04C64C9F0DE89C21C6FE18B0A9A3C61521E804B94D203D79B4E6CF81E68098267",
  ],
}

/** Public, worthless SM2 keys: scalar and point. */
const SM2_KEYS: Readonly<Record<TestKeyHolder, readonly [scalar: string, point: string]>> = {
  authority: [
    "001F77C34B57BCC63AC51CBCE57139ED0E7840815BF80916216FE40FCB7F0F52",
    "0001FED486291B19F4EA26D8A58B77B4CBE5727C1218BF6C469ABCCD886D030AB7BF824A7CF3FDBFE19D8D7987B7484305875719B07246E9E59FA4ABF362DCF4",
  ],
  issuer: [
    "06C99342521D57A05E2906EA6919C00E58D8E3918B5C62B1FBC4144F9855622B",
    "3872F3AA8E5DE39D74045E732F2B77AF7545785192C2B9EDB7AD4BD43B42BBED93A4B97C1D76EF0D5AF77E6C36F3FFFEC77C82FA99A14CB5ADD8CBCA81C56371",
  ],
  card: [
    "79964F13EC25BD85D428A2E934A8ECE1102C92B4254EBD0D764FECDDE88E6D9C",
    "0810380A62C1DFACF35728AC0A4255196357164BFA79EAFA851EAB0DDECFAE5397DD4F203BA4B408B11123AE7FE77365EC52753CEA739266027BB4FEF18DE4F4",
  ],
}

const made = new Map<string, EmvKeyPair>()

/**
 * A public, worthless key for offline data authentication. The authority's stands in the test store of terminals under
 * {@link TEST_RSA_INDEX} or {@link TEST_SM2_INDEX}.
 */
export function testEmvKey(algorithm: "rsa" | "sm2", holder: TestKeyHolder): EmvKeyPair {
  const name = `${algorithm}/${holder}`
  const known = made.get(name)
  if (known) return known
  const pair = algorithm === "rsa" ? rsaPair(holder) : sm2Pair(holder)
  made.set(name, pair)
  return pair
}

function rsaPair(holder: TestKeyHolder): EmvKeyPair {
  const [p, q] = PRIMES[holder]
  const key = rsaKeyOfPrimes(hex(p), hex(q))
  return { privateKey: { algorithm: "rsa", ...key }, publicKey: publicPart(key) }
}

function sm2Pair(holder: TestKeyHolder): EmvKeyPair {
  const [scalar, point] = SM2_KEYS[holder]
  return {
    privateKey: { algorithm: "sm2", scalar: hex(scalar) },
    publicKey: { algorithm: "sm2", point: hex(point) },
  }
}
