import { assertBytes, hex, InputError, toHex } from "../apdu/index.js"
import type { Algorithm } from "../crypto/index.js"
import { keyRefusal, keyRefusalCodes } from "./key-refusals.js"
import type { CardKeyService, KeyAnswer, KeyRefusal, KeyRefusalCode } from "./key-service.js"
import type { CardFactors } from "./social-security/card-keys.js"
import { findKey, type KeyDefinition, socialSecurityKeys } from "./social-security/keys.js"

/** Where an HSM service takes requests, by POST, as JSON. */
export const KEY_SERVICE_PATH = "/key-service"

/** What may be asked of a key service; `serviceFlag` in a document (driver-api §6). */
export const SERVICE_FLAGS = {
  externalAuthentication: "244",
  secureCommand: "245",
  internalAuthentication: "246",
} as const satisfies Record<keyof CardKeyService, string>

export type KeyServiceName = keyof CardKeyService

/** One request to a key service: what is asked, and its arguments. */
export type KeyCall = {
  readonly [Name in KeyServiceName]: {
    readonly service: Name
    readonly request: Parameters<CardKeyService[Name]>[0]
  }
}[KeyServiceName]

/**
 * A request as JSON, with the field names of the driver interface (driver-api §6). Fields that a page sends besides
 * (aac002, aaz500 ..) are ignored.
 */
export interface KeyCallDocument {
  readonly serviceFlag: string
  /** Region, 6 digits. */
  readonly aab301: string
  /** Historical bytes of the answer to reset, 26 hex digits. */
  readonly aaz507: string
  /** Algorithm: 01 3DES, 03 SM4. */
  readonly sfbs: string
  /** Address of the key, 4 hex digits, with the PSAM id behind it in some drivers. */
  readonly mydz?: string
  /** Name of the key; some have no address. */
  readonly key?: string
  /** Last challenge, or factor of the internal authentication: 16 hex digits. */
  readonly sjs1: string
  /** The challenge before it, or original information: 16 hex digits. */
  readonly sjs2?: string
  /** CLA INS P1 P2 of a secure command, its data in hex, and whether they are to be enciphered. */
  readonly header?: string
  readonly data?: string
  readonly encipher?: boolean
}

const ALGORITHM_CODES: Readonly<Record<Algorithm, string>> = { "3des": "01", sm4: "03" }
/** SSF33, which no open implementation has. */
const SSF33 = "02"
const HISTORICAL_BYTES = 13

/** The JSON of a request. */
export function keyCallDocument({ service, request }: KeyCall): KeyCallDocument {
  const { key, algorithm, factors } = request
  const head = {
    serviceFlag: SERVICE_FLAGS[service],
    aab301: factors.region,
    aaz507: toHex(factors.atr.slice(-HISTORICAL_BYTES)),
    sfbs: ALGORITHM_CODES[algorithm],
    ...(key.hsmAddress !== undefined && { mydz: key.hsmAddress.toString(16).toUpperCase().padStart(4, "0") }),
    key: key.name,
  }
  switch (service) {
    case "internalAuthentication":
      return { ...head, sjs1: random("factor", request.factor), sjs2: random("original", request.original) }
    case "externalAuthentication":
      return { ...head, sjs1: random("challenge", request.challenge), sjs2: random("previous", request.previous) }
    case "secureCommand":
      return {
        ...head,
        sjs1: random("challenge", request.challenge),
        header: toHex(request.header),
        data: toHex(request.data),
        encipher: request.encipher,
      }
  }
}

/**
 * Reads a request.
 *
 * @param keyAt the key that an address stands for in a request of that kind
 * @returns a refusal where key or algorithm are unknown
 * @throws {InputError} naming a field that is missing or not of its form; values are not repeated
 */
export function parseKeyCall(
  json: unknown,
  keyAt: (address: string, service: KeyServiceName) => KeyDefinition | undefined,
): KeyCall | KeyRefusal {
  const document = documentOf(json)
  const service = serviceOf(documentField(document, "serviceFlag", /^\d{3}$/, "three digits"))
  const factors = factorsOf(document)
  const algorithm = algorithmOf(documentField(document, "sfbs", /^0[123]$/, "01, 02 or 03"))
  const sjs1 = hex(documentField(document, "sjs1", /^[0-9A-Fa-f]{16}$/, "16 hexadecimal digits"))
  const key = keyOf(document, service, keyAt)
  const rest = service === "secureCommand" ? secureParts(document) : originalPart(document, service)
  if (algorithm === undefined) return keyRefusal("ALGORITHM_NOT_SUPPORTED", "SSF33")
  if (key === undefined) return keyRefusal("KEY_UNKNOWN")
  const challenge = service === "internalAuthentication" ? { factor: sjs1 } : { challenge: sjs1 }
  return { service, request: { key, algorithm, factors, ...challenge, ...rest } } as KeyCall
}

/** Region and card factor of a document. @throws {InputError} */
export function factorsOf(document: Readonly<Record<string, unknown>>): CardFactors {
  return {
    region: documentField(document, "aab301", /^[0-9A-Fa-f]{6}$/, "six digits"),
    atr: hex(documentField(document, "aaz507", /^([0-9A-Fa-f]{2}){10,33}$/, "10 to 33 bytes in hexadecimal digits")),
  }
}

/** The algorithm of a code; undefined for SSF33. */
export function algorithmOf(code: string): Algorithm | undefined {
  if (code === SSF33) return undefined
  return code === ALGORITHM_CODES.sm4 ? "sm4" : "3des"
}

/**
 * The key at an address of a driver's key server: 4 hex digits, in some drivers with the PSAM id behind them. Address 0000
 * with a PSAM id stands for a key without one (card-structure §16.4).
 *
 * @example keyAtAddress("004C")?.name // "RKssse"
 */
export function keyAtAddress(address: string): KeyDefinition | undefined {
  const [hsmAddress, psamId] = [Number.parseInt(address.slice(0, 4), 16), Number.parseInt(address.slice(4), 16)]
  return socialSecurityKeys.find((key) => {
    if (!Number.isNaN(psamId) && key.psamId !== psamId) return false
    return hsmAddress === 0 ? !Number.isNaN(psamId) : key.hsmAddress === hsmAddress
  })
}

/** What an HSM service answers, as JSON. */
export type KeyAnswerDocument =
  | { readonly ok: true; readonly data: string }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly messageZh?: string }

/**
 * Reads what an HSM service answered.
 *
 * @returns the bytes; a refusal; undefined when it is no such answer
 */
export function parseKeyAnswer(json: unknown): KeyAnswer<{ readonly data: Uint8Array }> | undefined {
  if (typeof json !== "object" || json === null) return undefined
  const { ok, data, code, message, messageZh } = json as Record<string, unknown>
  if (ok === true && typeof data === "string" && /^([0-9A-Fa-f]{2})+$/.test(data)) return { ok: true, data: hex(data) }
  if (ok !== false || typeof message !== "string") return undefined
  const known = keyRefusalCodes.includes(code as KeyRefusalCode) ? (code as KeyRefusalCode) : "KEY_REFUSED"
  return { ok: false, code: known, message, messageZh: typeof messageZh === "string" ? messageZh : message }
}

/** A JSON value as an object. @throws {InputError} field `body` */
export function documentOf(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Record<string, unknown>
  throw new InputError("body", "expected a JSON object")
}

/** A text field of a form. @throws {InputError} naming it; its value is not repeated */
export function documentField(
  document: Readonly<Record<string, unknown>>,
  name: string,
  form: RegExp,
  expected: string,
): string {
  const value = document[name]
  if (typeof value === "string" && form.test(value)) return value
  throw new InputError(name, value === undefined ? `missing; expected ${expected}` : `expected ${expected}`)
}

function serviceOf(flag: string): KeyServiceName {
  const names = Object.keys(SERVICE_FLAGS) as KeyServiceName[]
  const name = names.find((service) => SERVICE_FLAGS[service] === flag)
  if (name) return name
  throw new InputError("serviceFlag", `expected one of ${Object.values(SERVICE_FLAGS).join(", ")}`)
}

function keyOf(
  document: Readonly<Record<string, unknown>>,
  service: KeyServiceName,
  keyAt: (address: string, service: KeyServiceName) => KeyDefinition | undefined,
): KeyDefinition | undefined {
  if (document.key !== undefined)
    return findKey(documentField(document, "key", /^[0-9A-Za-z]{2,16}$/, "the name of a key"))
  if (document.mydz === undefined && service === "internalAuthentication") return findKey("IRK")
  return keyAt(addressOf(document), service)
}

/** @throws {InputError} field `mydz` */
export function addressOf(document: Readonly<Record<string, unknown>>): string {
  return documentField(document, "mydz", /^[0-9A-Fa-f]{4}([0-9A-Fa-f]{2})?$/, "4 or 6 hexadecimal digits")
}

function originalPart(document: Readonly<Record<string, unknown>>, service: KeyServiceName) {
  const sjs2 = hex(documentField(document, "sjs2", /^[0-9A-Fa-f]{16}$/, "16 hexadecimal digits"))
  return service === "internalAuthentication" ? { original: sjs2 } : { previous: sjs2 }
}

function secureParts(document: Readonly<Record<string, unknown>>) {
  const { encipher = false } = document
  if (typeof encipher !== "boolean") throw new InputError("encipher", "expected true or false")
  const data = documentField(
    { data: "", ...document },
    "data",
    /^([0-9A-Fa-f]{2}){0,251}$/,
    "at most 251 bytes in hexadecimal",
  )
  const header = documentField(
    document,
    "header",
    /^[0-9A-Fa-f]4[0-9A-Fa-f]{6}$/,
    "4 bytes in hexadecimal, the class ending in 4",
  )
  if (encipher && (data === "" || Number.parseInt(data.slice(0, 2), 16) !== data.length / 2 - 1))
    throw new InputError("data", "expected a length byte and so many bytes")
  return { header: hex(header), data: hex(data), encipher }
}

function random(name: string, bytes: Uint8Array): string {
  assertBytes(name, bytes, 8)
  return toHex(bytes)
}
