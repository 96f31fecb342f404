import { createInterface } from "node:readline"
import { InputError } from "../apdu/index.js"

/** A secret that a command needs: what to call it, and the environment variable that may hold it. */
export interface SecretRequest {
  readonly name: string
  /** Environment variables that may hold it, the first that is set wins. */
  readonly variables: readonly ("SHEBAO_PIN" | "SHEBAO_NEW_PIN" | "SHEBAO_BANK_PIN")[]
  readonly prompt: string
  /** Ask a second time and compare. */
  readonly twice?: boolean
}

/**
 * Gets PINs: from standard input with `--pin-stdin` (one a line, in the order of the requests), else from their
 * environment variables, else by asking on the terminal without echo. Never from an argument.
 *
 * @throws {InputError} when a PIN is not 4 to 12 digits, is missing, or the repetition differs
 */
export async function readSecrets(requests: readonly SecretRequest[], fromStandardInput: boolean): Promise<string[]> {
  const lines = fromStandardInput ? await standardInputLines() : []
  const secrets: string[] = []
  for (const request of requests) {
    const value = fromStandardInput ? lines[linesUsed++] : (fromEnvironment(request) ?? (await ask(request)))
    if (value === undefined) throw new InputError(request.name, `expected on line ${linesUsed} of standard input`)
    if (!/^\d{4,12}$/.test(value)) throw new InputError(request.name, "expected 4 to 12 digits")
    secrets.push(value)
  }
  return secrets
}

function fromEnvironment(request: SecretRequest): string | undefined {
  for (const variable of request.variables) if (process.env[variable]) return process.env[variable]
  return undefined
}

/** Lines of standard input that earlier requests took. */
let linesUsed = 0
let standardInput: Promise<string[]> | undefined

function standardInputLines(): Promise<string[]> {
  standardInput ??= (async () => {
    const lines: string[] = []
    for await (const line of createInterface({ input: process.stdin })) lines.push(line.trim())
    return lines
  })()
  return standardInput
}

async function ask(request: SecretRequest): Promise<string | undefined> {
  if (!process.stdin.isTTY) {
    throw new InputError(
      request.name,
      `no terminal to ask on: use --pin-stdin or set ${request.variables.join(" or ")}`,
    )
  }
  const first = await askWithoutEcho(`${request.prompt}: `)
  if (request.twice && (await askWithoutEcho(`${request.prompt} (2): `)) !== first)
    throw new InputError(request.name, "the two entries differ")
  return first
}

function askWithoutEcho(prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const input = process.stdin
    let typed = ""
    const finish = () => {
      input.setRawMode(false)
      input.pause()
      input.off("data", onData)
      process.stderr.write("\n")
    }
    const onData = (chunk: Buffer) => {
      for (const character of chunk.toString("utf8")) {
        if (character === "\r" || character === "\n") {
          finish()
          resolve(typed)
          return
        }
        if (character === "\x03" || character === "\x04") {
          finish()
          reject(new InputError("pin", "entry was cancelled"))
          return
        }
        if (character === "\x7f" || character === "\b") typed = typed.slice(0, -1)
        else typed += character
      }
    }
    process.stderr.write(prompt)
    input.setRawMode(true)
    input.resume()
    input.on("data", onData)
  })
}
