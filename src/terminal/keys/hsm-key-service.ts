import {
  assertSecureHeader,
  type CardKeyService,
  KEY_SERVICE_PATH,
  type KeyAnswer,
  type KeyCall,
  keyCallDocument,
  keyRefusal,
  parseKeyAnswer,
} from "../../dictionary/index.js"

export interface HsmKeyOptions {
  /** How long an answer may take; default 10 s. */
  readonly timeoutMilliseconds?: number
}

const TIMEOUT = 10_000
/** Longest answer that makes sense: a command of 260 bytes in hex, and texts. */
const LONGEST_ANSWER = 4096

/**
 * Works with the keys of a back office over HTTP: `createKeyServer` behind `startKeyServer`, or anything that takes the
 * same JSON (driver-api §6).
 *
 * @param url of the service, for example `http://127.0.0.1:8585`
 * @throws {TypeError} when it is no URL of http or https
 * @example hsmKeyService("http://127.0.0.1:8585")
 */
export function hsmKeyService(url: string, { timeoutMilliseconds = TIMEOUT }: HsmKeyOptions = {}): CardKeyService {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base?.protocol !== "http:" && base?.protocol !== "https:")
    throw new TypeError(`url: expected one of http or https, got ${JSON.stringify(url)}`)
  const endpoint = new URL(`.${KEY_SERVICE_PATH}`, base.href.endsWith("/") ? base : `${base.href}/`)

  async function ask(call: KeyCall): Promise<KeyAnswer<{ readonly data: Uint8Array }>> {
    const body = JSON.stringify(keyCallDocument(call))
    const answer = await post(endpoint, body, timeoutMilliseconds).catch(() => undefined)
    return parseKeyAnswer(answer) ?? keyRefusal("KEY_SERVICE_UNREACHABLE", endpoint.host)
  }

  return {
    async internalAuthentication(request) {
      const answer = await ask({ service: "internalAuthentication", request })
      return answer.ok ? { ok: true, proof: answer.data } : answer
    },
    externalAuthentication: (request) => ask({ service: "externalAuthentication", request }),
    async secureCommand(request) {
      assertSecureHeader(request.header)
      const answer = await ask({ service: "secureCommand", request })
      return answer.ok ? { ok: true, command: answer.data } : answer
    },
  }
}

async function post(endpoint: URL, body: string, timeout: number): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(timeout),
  })
  // 400 tells what is wrong with the request; anything else is not said by a key service.
  if (response.status !== 200 && response.status !== 400) return undefined
  let text = ""
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > LONGEST_ANSWER) return undefined
  }
  return JSON.parse(text)
}
