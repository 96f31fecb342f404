import { createInterface } from "node:readline"
import { inputError } from "./input-error.js"
import type { Text } from "./language.js"
import type { PinArguments } from "./options.js"
import type { Output } from "./output.js"
import { askWithoutEcho, type Terminal } from "./terminal-prompt.js"

/** A secret that a command needs: what to call it, and the environment variable that may hold it. */
export interface SecretRequest {
  readonly name: string
  /** Environment variables that may hold it, the first that is set wins. */
  readonly variables: readonly ("SHEBAO_PIN" | "SHEBAO_NEW_PIN" | "SHEBAO_BANK_PIN" | "SHEBAO_NEW_BANK_PIN")[]
  readonly prompt: Text
  /** Ask a second time and compare. */
  readonly twice?: boolean
}

/** Where secrets come from. */
export interface SecretSources {
  readonly terminal: Terminal
  readonly environment: NodeJS.ProcessEnv
  /** Picks the language of remarks on the terminal. */
  say(text: Text): string
}

/** How often a person may mistype before the command ends. */
const ENTRIES = 3
const NO_PIN: Text = { en: "expected 4 to 12 digits", zh: "应为 4 至 12 位数字" }
const DIFFERENT: Text = { en: "the two entries differ", zh: "两次输入不一致" }
const CANCELLED: Text = { en: "entry was cancelled", zh: "已取消输入" }

/** Gets secrets, one after the other. */
export interface SecretReader {
  /**
   * Gets PINs: from standard input (one a line, in the order of the requests), else from their environment variables,
   * else by asking on the terminal without echo.
   *
   * @throws {InputError} when a PIN is not 4 to 12 digits, is missing, or the repetition differs; code `ENTRY_CANCELLED`
   * when the person does not want to
   */
  read(requests: readonly SecretRequest[], fromStandardInput: boolean): Promise<string[]>
}

export function secretReader({ terminal, environment, say }: SecretSources): SecretReader {
  let lines: LineReader | undefined
  let linesUsed = 0

  async function nextLine({ name }: SecretRequest): Promise<string> {
    lines ??= lineReader(terminal.input)
    linesUsed += 1
    const line = await lines()
    if (line !== undefined) return line.trim()
    throw inputError(name, {
      en: `expected on line ${linesUsed} of standard input`,
      zh: `标准输入第 ${linesUsed} 行缺失`,
    })
  }

  async function ask(request: SecretRequest): Promise<string> {
    const { name, variables } = request
    if (!terminal.input.isTTY) {
      const names = variables.join(" / ")
      throw inputError(name, {
        en: `no terminal to ask on: use --pin-stdin or set ${names}`,
        zh: `没有可输入的终端:请用 --pin-stdin 或设置 ${names}`,
      })
    }
    for (let entry = 1; ; entry++) {
      const typed = await askOnce(request)
      const problem = typeof typed === "string" ? problemOf(typed) : typed.problem
      if (problem === undefined) return typed as string
      if (entry === ENTRIES) throw inputError(name, problem)
      terminal.output.write(`${say(problem)}\n`)
    }
  }

  async function askOnce({ name, prompt, twice }: SecretRequest): Promise<string | { readonly problem: Text }> {
    const typed = await askWithoutEcho(terminal, `${say(prompt)}: `)
    const again = twice && typed !== undefined ? await askWithoutEcho(terminal, `${say(prompt)} (2): `) : typed
    if (typed === undefined || again === undefined) throw inputError(name, CANCELLED, { code: "ENTRY_CANCELLED" })
    return again === typed ? typed : { problem: DIFFERENT }
  }

  return {
    async read(requests, fromStandardInput) {
      const secrets: string[] = []
      for (const request of requests) {
        const given = fromStandardInput ? await nextLine(request) : variableOf(request, environment)
        const problem = given === undefined ? undefined : problemOf(given)
        if (problem) throw inputError(request.name, problem)
        secrets.push(given ?? (await ask(request)))
      }
      return secrets
    },
  }
}

/** What is wrong with a PIN; never the PIN itself. */
function problemOf(pin: string): Text | undefined {
  return /^\d{4,12}$/.test(pin) ? undefined : NO_PIN
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

let ofThisProcess: SecretReader | undefined

/** Gets PINs for this process; never from an argument. See {@link SecretReader.read}. */
export function readSecrets(
  requests: readonly SecretRequest[],
  { pinStdin = false }: PinArguments,
  { say }: Output,
): Promise<string[]> {
  ofThisProcess ??= secretReader({
    terminal: { input: process.stdin, output: process.stderr },
    environment: process.env,
    say,
  })
  return ofThisProcess.read(requests, pinStdin)
}
