import { toHex } from "../../apdu/index.js"
import { type Algorithm, deriveCardKey, type Sm4MacForm, testMasterKey } from "../../crypto/index.js"
import {
  type CardKeyRequest,
  type CardKeyService,
  diversificationFactors,
  type KeyAnswer,
  type KeyCall,
  type KeyDefinition,
  type KeyRefusal,
  type KeyServiceName,
  keyAtAddress,
  keyNamed,
  keyRefusal,
  parseKeyCall,
  softwareKeyService,
  softwareMedicalKeys,
} from "../../dictionary/index.js"
import { answerStep, type DialogueContext } from "./dialogue.js"

export interface KeyServerOptions {
  /** Master keys, 16 bytes; undefined for those that the HSM does not hold. Default: the published test masters. */
  readonly masterKey?: (algorithm: Algorithm, key: KeyDefinition) => Uint8Array | undefined
  /** Regions that are served, whole or their first digits (`3208`); default all. */
  readonly regions?: readonly string[]
  /** Which key PIN messages at the address of the PUK are made with (card-structure §16.4). Default `STK`. */
  readonly pinMessageKey?: "STK" | "PUK"
  /** How a 4-byte MAC is made on SM4 cards. Default `xor4`. */
  readonly sm4Mac?: Sm4MacForm
  /** Told about every request, for logs: which key of which region, never what was made with it. */
  readonly onEvent?: (event: KeyServerEvent) => void
}

/** A request that was worked on. */
export interface KeyServerEvent {
  readonly type: "key-used"
  readonly service: KeyServiceName | "debit"
  readonly key: string
  readonly region: string
  /** `ok`, or the code of the refusal. */
  readonly outcome: string
}

/**
 * The back office's HSM service: works with the master keys of cards. In process it is a key service like any other; as
 * JSON it answers what pages of drivers ask (driver-api §6). Keys never leave it.
 */
export interface KeyServer extends CardKeyService {
  /**
   * Answers a request in JSON, as `hsmKeyService` of a terminal sends it.
   *
   * @throws {InputError} naming a field that is missing or wrong
   */
  call(document: unknown): Promise<KeyAnswer<{ readonly data: string }>>
  /**
   * Answers the output of a driver's `.._HSM_Step1` (or `_Step2`) with the input of the step after it.
   *
   * @param document `step`, the name of the function that gave the output; `output`, its text; `aab301` and `aaz507`,
   *   region and historical bytes of the card, which only the first step of reading tells by itself
   * @throws {InputError} naming a field that is missing or wrong
   */
  dialogue(document: unknown): Promise<KeyAnswer<{ readonly input: string }>>
}

/** Which keys may be worked with how: a terminal gets no message under a key that is for something else. */
const ROLES: Readonly<Record<KeyServerEvent["service"], readonly KeyDefinition["role"][]>> = {
  internalAuthentication: ["internal"],
  externalAuthentication: ["unblock", "read", "update"],
  secureCommand: ["maintenance", "unblock"],
  debit: ["debit"],
}

/**
 * Makes the HSM service.
 *
 * @example
 * const keys = createKeyServer()
 * await keys.call({ serviceFlag: "246", aab301: "320800", aaz507: "00815431008660110816000001", sfbs: "01", ... })
 */
export function createKeyServer(options: KeyServerOptions = {}): KeyServer {
  const { regions, pinMessageKey = "STK", sm4Mac = "xor4", onEvent } = options
  const { masterKey = (algorithm: Algorithm, key: KeyDefinition) => testMasterKey(algorithm, key.testId) } = options

  function cardKey(service: KeyServerEvent["service"], request: CardKeyRequest): Uint8Array | KeyRefusal {
    const { key, algorithm, factors } = request
    const answer = refusalFor(service, request) ?? masterKey(algorithm, key) ?? keyRefusal("KEY_UNKNOWN", key.name)
    onEvent?.({
      type: "key-used",
      service,
      key: key.name,
      region: factors.region,
      outcome: answer instanceof Uint8Array ? "ok" : answer.code,
    })
    if (!(answer instanceof Uint8Array)) return answer
    return deriveCardKey(algorithm, answer, diversificationFactors(key.levels, factors))
  }

  function refusalFor(service: KeyServerEvent["service"], { key, factors }: CardKeyRequest): KeyRefusal | undefined {
    if (regions && !regions.some((region) => factors.region.startsWith(region)))
      return keyRefusal("KEY_UNKNOWN", `region ${factors.region}`)
    return ROLES[service].includes(key.role) ? undefined : keyRefusal("KEY_REFUSED", key.name)
  }

  const service = (name: KeyServiceName) => softwareKeyService((request) => cardKey(name, request), { sm4Mac })[name]
  const keys = {
    internalAuthentication: service("internalAuthentication"),
    externalAuthentication: service("externalAuthentication"),
    secureCommand: service("secureCommand"),
  } as CardKeyService

  const keyAt: DialogueContext["keyAt"] = (address, name) => keyForAddress(address, name, pinMessageKey)
  const medicalKeys = softwareMedicalKeys((request) => cardKey("debit", request), sm4Mac)
  const context: DialogueContext = { keys, keyAt, medicalKeys }

  return {
    ...keys,
    async call(document) {
      const call = parseKeyCall(document, keyAt)
      return "service" in call ? work(keys, call) : call
    },
    dialogue: async (document) => answerStep(document, context),
  }
}

async function work(
  keys: CardKeyService,
  { service, request }: KeyCall,
): Promise<KeyAnswer<{ readonly data: string }>> {
  switch (service) {
    case "internalAuthentication": {
      const answer = await keys.internalAuthentication(request)
      return answer.ok ? { ok: true, data: toHex(answer.proof) } : answer
    }
    case "externalAuthentication": {
      const answer = await keys.externalAuthentication(request)
      return answer.ok ? { ok: true, data: toHex(answer.data) } : answer
    }
    case "secureCommand": {
      const answer = await keys.secureCommand(request)
      return answer.ok ? { ok: true, data: toHex(answer.command) } : answer
    }
  }
}

/** Drivers name the PUK's address for the PIN message as well, which cards want under the STK (card-structure §16.4). */
function keyForAddress(
  address: string,
  service: KeyServiceName,
  pinMessageKey: "STK" | "PUK",
): KeyDefinition | undefined {
  const key = keyAtAddress(address)
  return service === "secureCommand" && key?.role === "unblock" && pinMessageKey === "STK" ? keyNamed("STKssse") : key
}
