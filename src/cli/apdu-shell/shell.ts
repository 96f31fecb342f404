import { hexNumber, InputError, SW, type Transport, toHex } from "../../apdu/index.js"
import { type CardKeyService, type DirectoryName, findKey } from "../../dictionary/index.js"
import {
  beginAuthentication,
  type CardSession,
  type CardView,
  finishAuthentication,
  follow,
  freshView,
  type KeyFacts,
  socialSecurityClient,
} from "../../terminal/index.js"
import type { ScriptStep } from "../apdu-script.js"
import { inputError } from "../input-error.js"
import { type Output, tableLines } from "../output.js"
import type { LineSource } from "./lines.js"
import { fileNames } from "./selection.js"
import { parseLine, type ShellCommand, VERBS } from "./words.js"

/** What the shell works with. */
export interface ShellSetting {
  readonly session: CardSession
  /** The session with whatever shows what goes over it. */
  readonly card: Transport
  readonly lines: LineSource
  readonly output: Output
  /** Sends a step and judges its answer. @returns true when the answer is as expected */
  sendStep(step: ScriptStep, transport: Transport): Promise<boolean>
  /** The PIN, from where PINs come. */
  readPin(): Promise<string | undefined>
  /** Told that the card was reset: whatever shows what goes over it must not think that anything is selected. */
  onReset(): void
  /** Told which directory is selected now, for completion. */
  onDirectory(name: string): void
  /** With `--keys`: what `authenticate` works with. */
  readonly keyed?: { readonly keys: CardKeyService; readonly facts: KeyFacts }
}

/**
 * Runs the shell until its lines end, somebody leaves, or, where nobody types, an answer is not as expected.
 *
 * @returns false when an answer was not as expected
 * @throws {InputError} for a line that is not understood, where nobody types
 */
export async function runShell(setting: ShellSetting): Promise<boolean> {
  const { lines, output, card } = setting
  let view = freshView
  const followed: Transport = {
    async transmit(command) {
      const response = await card.transmit(command)
      view = follow(view, command, response).view
      setting.onDirectory(directoryOf(view))
      return response
    },
    close: () => card.close(),
  }
  for (;;) {
    const line = await lines.next(`${promptOf(view)}> `)
    if (line === undefined) return true
    try {
      const command = parseLine(line, directoryOf(view))
      if (command.kind === "exit") return true
      if (command.kind === "reset") {
        output.line(toHex(await setting.session.reset()))
        view = freshView
        setting.onReset()
      } else if (!(await perform(command, { ...setting, card: followed }, directoryOf(view)))) return false
    } catch (error) {
      if (!(error instanceof InputError) || !lines.interactive) throw error
      output.remark(output.language === "zh" ? (error.messageZh ?? error.message) : error.message)
    }
  }
}

/** Where the card stands, as far as the tables know. */
function directoryOf({ directory }: CardView): string {
  return directory.kind === "social" ? directory.directory.name : ""
}

function promptOf(view: CardView): string {
  const directory = directoryOf(view)
  return view.file ? `${directory}/${hexNumber(view.file.fid, 4)}` : directory
}

async function perform(command: ShellCommand, setting: ShellSetting, directory: string): Promise<boolean> {
  const { output, card, lines, session } = setting
  switch (command.kind) {
    case "send":
      for (const step of command.steps) if (!(await setting.sendStep(step, card)) && !lines.interactive) return false
      return true
    case "readAll":
      await readAll(card)
      return true
    case "verify": {
      const pin = await setting.readPin()
      if (pin !== undefined) await socialSecurityClient(card).verifyPin(pin)
      return true
    }
    case "authenticate":
      await authenticate(command.key, setting, directory)
      return true
    case "files":
      output.line(fileNames(directory).join("  "))
      return true
    case "atr":
      output.line(toHex(session.atr))
      return true
    case "help":
      for (const line of tableLines(
        Object.entries(VERBS).map(([verb, { form, text }]) => [verb, form, output.say(text)]),
      ))
        output.line(line)
      return true
    default:
      return true
  }
}

/** Records until there is no more; of a file without records its content. */
async function readAll(card: Transport): Promise<void> {
  const client = socialSecurityClient(card)
  for (let number = 1; number < 255; number++) {
    const outcome = await client.readRecord(number)
    if (outcome.ok) continue
    if (outcome.statusWord === SW.INCOMPATIBLE_FILE_STRUCTURE) await client.readBinary()
    return
  }
}

async function authenticate(name: string, { card, keyed, output }: ShellSetting, directory: string): Promise<void> {
  const key = findKey(name)
  if (!key) throw inputError("authenticate", { en: "expected the name of a key", zh: "应为密钥名称" })
  if (!keyed)
    throw inputError("authenticate", { en: "say with --keys where keys come from", zh: "请用 --keys 指明密钥来源" })
  if (key.directory !== "SSSE" && key.directory !== (directory as DirectoryName))
    output.remark(output.say({ en: `${name} is a key of ${key.directory}`, zh: `${name} 属于 ${key.directory}` }))
  const step = await beginAuthentication(card, keyed.facts, name)
  if (!step.ok) return
  const answer = await keyed.keys.externalAuthentication(step)
  if (answer.ok) await finishAuthentication(card, step, answer.data)
  else output.remark(output.say({ en: answer.message, zh: answer.messageZh }))
}
