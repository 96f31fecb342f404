import { bcdLeft, bcdRight, concat, encodeTlv, hex, parseTlv } from "../../../apdu/index.js"
import {
  type Certificate,
  type EmvPrivateKey,
  makeCertificate,
  signStaticData,
  TEST_RSA_INDEX,
  TEST_SM2_INDEX,
  testEmvKey,
} from "../../../crypto/index.js"
import { accountRecord, type FinancialData } from "./records.js"

/** How the card lets a terminal authenticate its data off-line (financial-emv §19, §25). */
export interface AuthenticationSpec {
  /** Each method comes with those before it. */
  readonly method: "sda" | "dda" | "cda"
  readonly algorithm: "rsa" | "sm2"
  /** Data authentication code, 2 bytes in hex. */
  readonly code: string
}

/** AIP byte 1 of a card without off-line data authentication, and what each method adds (financial-emv §15). */
const PROFILE_BITS = { none: 0x1c, sda: 0x5c, dda: 0x7c, cda: 0x7d } as const

/** Application interchange profile 82 of a method. */
export function interchangeProfile(method: AuthenticationSpec["method"] | undefined): Uint8Array {
  return Uint8Array.of(PROFILE_BITS[method ?? "none"], 0)
}

/** Application file locator 94: with certificates five records of SFI 2, the first of which is signed. */
export function fileLocator(method: AuthenticationSpec["method"] | undefined): Uint8Array {
  return hex(method ? "0801010010010501" : "0801010010010200")
}

/** DDOL of the card: the terminal's unpredictable number. */
export const DDOL = hex("9F3704")
const TAG_LIST = encodeTlv(0x9f4a, Uint8Array.of(0x82))
const SERIALS = { issuer: hex("000001"), card: hex("000002") } as const
/** The identifier of the issuer is the first eight digits of the PAN at most; ours has six. */
const ISSUER_DIGITS = 6

/** The card's own private key: a public test key. */
export function signingKey({ algorithm }: AuthenticationSpec): EmvPrivateKey {
  return testEmvKey(algorithm, "card").privateKey
}

/**
 * Records 3 to 5 of SFI 2: issuer certificate, card certificate, signed static data (financial-emv §15, §19). The test
 * authority certifies the issuer, the issuer the card; certificates end with the application.
 *
 * @param profile AIP, signed along with record 1
 */
export function authenticationRecords(
  spec: AuthenticationSpec,
  data: FinancialData,
  profile: Uint8Array,
): Uint8Array[] {
  const { algorithm } = spec
  const issuer = testEmvKey(algorithm, "issuer")
  const expiry = bcdRight(data.expiryDate.slice(4, 6) + data.expiryDate.slice(2, 4), 2, "financial.expiry")
  const staticData = concat(parseTlv(accountRecord(data))[0]!.value, profile)
  const issuerCertificate = makeCertificate(
    "issuer",
    testEmvKey(algorithm, "authority").privateKey,
    { subject: bcdLeft(data.pan.slice(0, ISSUER_DIGITS), 4, "financial.pan"), expiry, serial: SERIALS.issuer },
    issuer.publicKey,
  )
  const cardCertificate = () =>
    makeCertificate(
      "card",
      issuer.privateKey,
      { subject: bcdLeft(data.pan, 10, "financial.pan"), expiry, serial: SERIALS.card },
      testEmvKey(algorithm, "card").publicKey,
      staticData,
    )
  const index = algorithm === "rsa" ? TEST_RSA_INDEX : TEST_SM2_INDEX
  const signed = signStaticData(issuer.privateKey, hex(spec.code, "financial.authentication.code"), staticData)
  return [
    record([encodeTlv(0x8f, Uint8Array.of(index)), ...issuerObjects(issuerCertificate)]),
    spec.method === "sda"
      ? record([TAG_LIST])
      : record([...cardObjects(cardCertificate()), encodeTlv(0x9f49, DDOL), TAG_LIST]),
    record([encodeTlv(0x93, signed)]),
  ]
}

const record = (objects: readonly Uint8Array[]) => encodeTlv(0x70, objects)

const issuerObjects = ({ certificate, exponent, remainder }: Certificate) => [
  ...optional(0x9f32, exponent),
  ...optional(0x92, remainder),
  encodeTlv(0x90, certificate),
]

const cardObjects = ({ certificate, exponent, remainder }: Certificate) => [
  encodeTlv(0x9f46, certificate),
  ...optional(0x9f47, exponent),
  ...optional(0x9f48, remainder),
]

const optional = (tag: number, value: Uint8Array | undefined) => (value ? [encodeTlv(tag, value)] : [])
