import { createInterface } from "node:readline"
import { InputError } from "../apdu/index.js"
import type { Text } from "./language.js"
import { askWithoutEcho, type Terminal } from "./terminal-prompt.js"

/** A secret that a command needs: what to call it, and the environment variable that may hold it. */
export interface SecretRequest {
  readonly name: string
  /** Environment variables that may hold it, the first that is set wins. */
  readonly variables: readonly ("SHEBAO_PIN" | "SHEBAO_NEW_PIN" | "SHEBAO_BANK_PIN")[]
  readonly prompt: string
  /** Ask a second time and compare. */
  readonly twice?: boolean
}

/** Where secrets come from. */
export interface SecretSources {
  readonly terminal: Terminal
  readonly environment: NodeJS.ProcessEnv
}

/** Gets secrets, one after the other. */
export interface SecretReader {
  /**
   * Gets PINs: from standard input (one a line, in the order of the requests), else from their environment variables,
   * else by asking on the terminal without echo.
   *
   * @throws {InputError} when a PIN is not 4 to 12 digits, is missing, or the repetition differs
   */
  read(requests: readonly SecretRequest[], fromStandardInput: boolean): Promise<string[]>
}

export function secretReader({ terminal, environment }: SecretSources): SecretReader {
  let lines: LineReader | undefined
  let linesUsed = 0

  async function nextLine({ name }: SecretRequest): Promise<string> {
    lines ??= lineReader(terminal.input)
    linesUsed += 1
    const line = await lines()
    if (line !== undefined) return line.trim()
    throw secretError(name, {
      en: `expected on line ${linesUsed} of standard input`,
      zh: `标准输入第 ${linesUsed} 行缺失`,
    })
  }

  async function ask({ name, variables, prompt, twice }: SecretRequest): Promise<string> {
    if (!terminal.input.isTTY) {
      const names = variables.join(" / ")
      throw secretError(name, {
        en: `no terminal to ask on: use --pin-stdin or set ${names}`,
        zh: `没有可输入的终端:请用 --pin-stdin 或设置 ${names}`,
      })
    }
    const typed = await askWithoutEcho(terminal, `${prompt}: `)
    if (twice && typed !== undefined && (await askWithoutEcho(terminal, `${prompt} (2): `)) !== typed)
      throw secretError(name, { en: "the two entries differ", zh: "两次输入不一致" })
    if (typed === undefined) throw secretError(name, { en: "entry was cancelled", zh: "已取消输入" })
    return typed
  }

  return {
    async read(requests, fromStandardInput) {
      const secrets: string[] = []
      for (const request of requests) {
        const secret = fromStandardInput
          ? await nextLine(request)
          : (variableOf(request, environment) ?? (await ask(request)))
        if (!/^\d{4,12}$/.test(secret))
          throw secretError(request.name, { en: "expected 4 to 12 digits", zh: "应为 4 至 12 位数字" })
        secrets.push(secret)
      }
      return secrets
    },
  }
}

type LineReader = () => Promise<string | undefined>

/** Lines as they come: whoever writes them need not close the stream before we go on, nor before we end. */
function lineReader(input: NodeJS.ReadableStream): LineReader {
  const reader = createInterface({ input })
  const lines = reader[Symbol.asyncIterator]()
  return async () => {
    reader.resume()
    const { value, done } = await lines.next()
    if (!done) reader.pause()
    return done ? undefined : value
  }
}

function variableOf({ variables }: SecretRequest, environment: NodeJS.ProcessEnv): string | undefined {
  return variables.map((name) => environment[name]).find((value) => value !== undefined && value !== "")
}

function secretError(name: string, { en, zh }: Text): InputError {
  return new InputError(name, en, { messageZh: `${name}:${zh}` })
}

const ofThisProcess = secretReader({
  terminal: { input: process.stdin, output: process.stderr },
  environment: process.env,
})

/** Gets PINs for this process; never from an argument. See {@link SecretReader.read}. */
export const readSecrets = ofThisProcess.read
