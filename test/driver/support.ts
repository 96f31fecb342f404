import { concat, hex, toHex } from "../../src/apdu/index.js"
import {
  type Card,
  cardFromLayout,
  compileLayout,
  createCard,
  type Profile,
  parseProfile,
  profileToSpec,
} from "../../src/card/index.js"
import type { Algorithm } from "../../src/crypto/index.js"
import {
  type CardKeyService,
  type KeyAnswer,
  type KeyRefusalCode,
  keyNamed,
  keyRefusal,
  socialSecurityKeys,
} from "../../src/dictionary/index.js"
import { createDriver, type DriverOptions, type SSCardDriver } from "../../src/driver/index.js"
import {
  type MemoryReader,
  memoryReader,
  type ScriptedKeypad,
  scriptedKeypad,
  testKeyService,
} from "../../src/terminal/index.js"

/** The holder's own PIN on the cards of these tests, another than the initial one. */
export const PIN = "246810"

/** A version of the card specification with the algorithm that its cards have. */
export interface Generation {
  readonly specVersion: string
  readonly algorithm: Algorithm
}

export const VERSION_1: Generation = { specVersion: "1.00", algorithm: "3des" }
export const VERSION_2: Generation = { specVersion: "2.00", algorithm: "3des" }
export const VERSION_3: Generation = { specVersion: "3.00", algorithm: "sm4" }
export const VERSION_3_DES: Generation = { specVersion: "3.00", algorithm: "3des" }

export type CardChanges = object

/** Public data of a card of version 1.00, which has other fields (card-structure §13). */
const VERSION_1_FIELDS = { "DF01.maritalStatus": "1", "DF01.phone": "13000000001" }

/** The profile `employee` whose holder has chosen a PIN. */
function profileWith(changes: CardChanges): Profile {
  const isVersion1 = "specVersion" in changes && changes.specVersion === "1.00"
  const { specVersion, ...others } = { specVersion: "2.00", ...changes }
  const profile = parseProfile({
    extends: "employee",
    pin: { value: PIN },
    ...others,
    specVersion: isVersion1 ? "2.00" : specVersion,
  })
  return isVersion1 ? ({ ...profile, specVersion, fields: VERSION_1_FIELDS } as Profile) : profile
}

export function testCard(changes: CardChanges = {}): Card {
  return createCard({
    profile: profileWith(changes),
    seed: "driver",
    onFault: (error) => {
      throw error
    },
  })
}

/** The contactless side of a card: its answer to reset as readers make it up (card-structure §3.3). */
export function contactlessCard(changes: CardChanges = {}): Card {
  const spec = profileToSpec(profileWith(changes))
  const atr = hex("3B8D8001" + "00815431008660110816000001" + "00")
  const options = { ...spec.options, contactless: "restricted" } as const
  return cardFromLayout(compileLayout({ ...spec, atr, options }), { seed: "driver" })
}

export interface Stage {
  readonly card: Card
  readonly reader: MemoryReader
  readonly keypad: ScriptedKeypad
  readonly driver: SSCardDriver
}

/** A driver in front of a card, with test keys for its PSAM. @param pins what is typed */
export function stage(
  card: Card = testCard(),
  pins: readonly string[] = [],
  options: DriverOptions = { keys: testKeyService() },
): Stage {
  const reader = memoryReader(card)
  const keypad = scriptedKeypad(pins)
  return { card, reader, keypad, driver: createDriver({ contact: { readers: reader }, keypad, ...options }) }
}

export const CARD_ID = "320800D156000005160000018F385B8F"
/** The other card's code under SM4 keys. */
export const CARD_ID_SM4 = "320800D15600000516000001F4EF9485"
export const CARD_NUMBER = "SB0000012"

export const cardIdOf = ({ algorithm }: Generation): string => (algorithm === "sm4" ? CARD_ID_SM4 : CARD_ID)

const ALGORITHMS: Readonly<Record<string, Algorithm>> = { "01": "3des", "03": "sm4" }

/**
 * The back office: it knows nothing but the strings of the steps, and asks the HSM for what they name (driver-api §6).
 */
export interface BackOffice {
  /** @param stepOne of iReadCardBas_HSM_Step1 @returns the key string of Step 2 */
  answerBasic(stepOne: string): Promise<string>
  /** @param step `alg|keyAddress|R1|R2|` @returns 32 digits */
  authenticate(step: string): Promise<string>
  /** @param step `alg|keyAddress|R|header|PIN|` @returns the whole command */
  pinCommand(step: string): Promise<string>
}

async function unwrap<T extends object>(answer: Promise<KeyAnswer<T>>): Promise<T> {
  const got = await answer
  if (!got.ok) throw new Error(got.message)
  return got
}

/** Test keys of which a key service has lost some. */
export function keysWithout(names: readonly string[], code: KeyRefusalCode = "KEY_UNKNOWN"): CardKeyService {
  const keys = testKeyService()
  return {
    ...keys,
    internalAuthentication: async (request) =>
      names.includes(request.key.name) ? keyRefusal(code) : keys.internalAuthentication(request),
    externalAuthentication: async (request) =>
      names.includes(request.key.name) ? keyRefusal(code) : keys.externalAuthentication(request),
    secureCommand: async (request) =>
      names.includes(request.key.name) ? keyRefusal(code) : keys.secureCommand(request),
  }
}

/** @param atr 26 digits @param region of the cards that the office serves: it has them in its files */
export function backOffice(
  keys: CardKeyService = testKeyService(),
  atr = "00815431008660110816000001",
  region = "320800",
): BackOffice {
  const factors = (digits = atr) => ({ atr: hex(`3B6D0000${digits}`), region })
  const padded = (algorithm: Algorithm, proof: Uint8Array, original: Uint8Array) =>
    algorithm === "3des" ? concat(proof, original) : proof

  return {
    async answerBasic(stepOne) {
      const [, digits, alg, , r1, r2, r3, r4] = stepOne.split("|")
      const algorithm = ALGORITHMS[alg!]!
      const request = { algorithm, factors: factors(digits) }
      const original = hex(r2!)
      const internal = await unwrap(
        keys.internalAuthentication({ ...request, key: keyNamed("IRK"), factor: hex(r1!), original }),
      )
      const first = toHex(padded(algorithm, internal.proof, original))
      if (r3 === "") return `${first}||`
      const external = await unwrap(
        keys.externalAuthentication({
          ...request,
          key: keyNamed("RKssse"),
          challenge: hex(r3!),
          previous: hex(r4!),
        }),
      )
      return `${first}|${toHex(external.data)}|`
    },
    async authenticate(step) {
      const [alg, address, r1, r2] = step.split("|")
      const key = socialSecurityKeys.find(({ hsmAddress = 0, psamId = 0 }) =>
        address!.length === 4 || !address!.startsWith("0000")
          ? hsmAddress === Number.parseInt(address!.slice(0, 4), 16)
          : psamId === Number.parseInt(address!.slice(4), 16),
      )!
      const answer = await unwrap(
        keys.externalAuthentication({
          algorithm: ALGORITHMS[alg!]!,
          factors: factors(),
          key,
          challenge: hex(r1!),
          previous: hex(r2!),
        }),
      )
      return toHex(answer.data)
    },
    async pinCommand(step) {
      const [alg, , r, header, pin] = step.split("|")
      const isReload = pin !== ""
      const answer = await unwrap(
        keys.secureCommand({
          algorithm: ALGORITHMS[alg!]!,
          factors: factors(),
          key: keyNamed("STKssse"),
          challenge: hex(r!),
          header: hex(header! + (isReload ? "0001" : "0000")),
          data: isReload ? concat(pin!.length / 2, hex(pin!)) : new Uint8Array(0),
          encipher: isReload,
        }),
      )
      return toHex(answer.command)
    },
  }
}
