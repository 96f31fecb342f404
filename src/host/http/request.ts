import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingMessage } from "node:http"
import { InputError } from "../../apdu/index.js"

/** Why a request is not answered. */
export class Rejection extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}

/** `name` of `name:port`, in small letters. */
export function hostName(host: string): string {
  const bare = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host)?.[1] ?? `[${host}]`
  return bare.toLowerCase()
}

/** The text of a body. @throws {Rejection} 413 when it is longer than it may be */
export async function readBody(request: IncomingMessage, maximum: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maximum) throw new Rejection(413, `expected at most ${maximum} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

/** @throws {InputError} field `body` for what is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words would repeat what came.
    throw new InputError("body", "expected JSON", { messageZh: "body:应为JSON" })
  }
}

const digest = (text: string) => createHash("sha256").update(text).digest()

/**
 * Who a bearer token belongs to.
 *
 * @param tokens name of a caller by his token; undefined when none is asked for
 * @throws {Rejection} 401 without a token that is known
 */
export function callerOf(
  { headers }: IncomingMessage,
  tokens: ReadonlyMap<string, string> | undefined,
): string | undefined {
  if (!tokens) return undefined
  const given = digest(/^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "")
  let caller: string | undefined
  // All are compared, whichever fits: the time tells nothing.
  for (const [token, name] of tokens) if (timingSafeEqual(digest(token), given)) caller = name
  if (caller === undefined) throw new Rejection(401, "expected a bearer token", { "www-authenticate": "Bearer" })
  return caller
}
