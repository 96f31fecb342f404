import { commandApdu, hex } from "../../apdu/index.js"
import { parseScript, type ScriptStep } from "../apdu-script.js"
import { inputError } from "../input-error.js"
import type { Text } from "../language.js"
import { selectionOf } from "./selection.js"

/** What a line of the shell asks for. */
export type ShellCommand =
  | { readonly kind: "send"; readonly steps: readonly ScriptStep[] }
  /** Every record of the current file, or its whole content. */
  | { readonly kind: "readAll" }
  | { readonly kind: "verify" }
  | { readonly kind: "authenticate"; readonly key: string }
  | { readonly kind: "files" | "atr" | "reset" | "help" | "exit" | "nothing" }

/** The words that begin a line, and what follows them. */
export const VERBS: Readonly<Record<string, { readonly form: string; readonly text: Text }>> = {
  select: {
    form: "PATH",
    text: { en: "SSSE/EF05, DF04/EF08, MF, PSE, an AID", zh: "SSSE/EF05、DF04/EF08、MF、PSE、AID" },
  },
  read: {
    form: "[record N | tag XX | binary [OFFSET [LENGTH]] | all]",
    text: { en: "of the current file", zh: "读取当前文件" },
  },
  update: {
    form: "record N HEX | binary OFFSET HEX",
    text: { en: "write to the current file", zh: "写入当前文件" },
  },
  append: { form: "HEX", text: { en: "a record to a cyclic file", zh: "向循环文件追加记录" } },
  verify: { form: "[status]", text: { en: "the PIN, which is asked for", zh: "校验密码(提示输入)" } },
  challenge: { form: "[LENGTH]", text: { en: "a random number of the card", zh: "取随机数" } },
  authenticate: { form: "KEY", text: { en: "with a key, where --keys is given", zh: "外部认证(需 --keys)" } },
  files: { form: "", text: { en: "names in the current directory", zh: "当前目录的文件名" } },
  reset: { form: "", text: { en: "the card", zh: "复位卡片" } },
  atr: { form: "", text: { en: "the answer to reset", zh: "复位应答" } },
  help: { form: "", text: { en: "these words", zh: "显示本说明" } },
  exit: { form: "", text: { en: "leave", zh: "退出" } },
}

const READ_ALL: ShellCommand = { kind: "readAll" }

/**
 * Understands a line: one of the words above, or a command in hex, with a pattern behind `=` where an answer is expected.
 *
 * @param directory the directory that is selected
 * @throws {InputError} for anything else; what was typed is repeated only as far as it is a word
 */
export function parseLine(line: string, directory: string): ShellCommand {
  const text = line.replace(/#.*$/, "").trim()
  if (text === "") return { kind: "nothing" }
  const [verb = "", ...words] = text.split(/\s+/)
  switch (verb.toLowerCase()) {
    case "select":
      return send(selectionOf(only(words, verb), directory))
    case "read":
      return parseRead(words)
    case "update":
      return parseUpdate(words)
    case "append":
      return send([commandApdu(0x00, 0xdc, 0x00, 0x03, hex(words.join(""), "append"))])
    case "verify":
      return words[0] === "status" ? send([commandApdu(0x00, 0x20, 0x00, 0x00)]) : { kind: "verify" }
    case "challenge":
      return send([commandApdu(0x00, 0x84, 0x00, 0x00, undefined, words[0] ? number(words[0], verb, 256) : 8)])
    case "authenticate":
      return { kind: "authenticate", key: only(words, verb) }
    case "quit":
      return { kind: "exit" }
    case "files":
    case "reset":
    case "atr":
    case "help":
    case "exit":
      return { kind: verb.toLowerCase() as "files" }
    default:
      return parseHex(text, verb)
  }
}

function parseHex(text: string, verb: string): ShellCommand {
  if (!/^[0-9A-Fa-f\s]+(=.*)?$/.test(text))
    throw inputError("line", {
      en: `expected a command in hex, or one of ${Object.keys(VERBS).join(", ")}; got ${JSON.stringify(verb)}`,
      zh: `应为十六进制指令或 ${Object.keys(VERBS).join("、")},收到 ${JSON.stringify(verb)}`,
    })
  return { kind: "send", steps: parseScript(text) }
}

function parseRead([what, ...words]: readonly string[]): ShellCommand {
  if (what === undefined || what === "all") return READ_ALL
  if (what === "binary") {
    const [offset = 0, length = 256] = words.map((word, at) => number(word, "read", at === 0 ? 0x7fff : 256))
    return send([commandApdu(0x00, 0xb0, offset >> 8, offset & 0xff, undefined, length)])
  }
  if (what === "tag") {
    const [tag = 0] = hex(only(words, "read tag"), "tag")
    return send([commandApdu(0x00, 0xb2, tag, 0x00, undefined, 256)])
  }
  const record = number(what === "record" ? only(words, "read record") : what, "read", 254)
  return send([commandApdu(0x00, 0xb2, record, 0x04, undefined, 256)])
}

function parseUpdate([what, at = "", ...words]: readonly string[]): ShellCommand {
  const data = hex(words.join(""), "update")
  if (what === "record") return send([commandApdu(0x00, 0xdc, number(at, "update", 254), 0x04, data)])
  if (what !== "binary") throw expected("update")
  const offset = number(at, "update", 0x7fff)
  return send([commandApdu(0x00, 0xd6, offset >> 8, offset & 0xff, data)])
}

function send(commands: readonly Uint8Array[]): ShellCommand {
  return { kind: "send", steps: commands.map((command) => ({ line: undefined, command, pattern: undefined })) }
}

function only(words: readonly string[], verb: string): string {
  if (words.length === 1) return words[0]!
  throw expected(verb.split(" ")[0]!)
}

/** A decimal number. */
function number(word: string, verb: string, maximum: number): number {
  const value = /^\d{1,5}$/.test(word) ? Number(word) : -1
  if (value >= 0 && value <= maximum) return value
  throw expected(verb)
}

function expected(verb: string) {
  const { form = "" } = VERBS[verb.toLowerCase()] ?? {}
  return inputError(verb, { en: `expected ${verb} ${form}`, zh: `应为 ${verb} ${form}` })
}
